"""The shipped site as a web server finds it: built, with files of every kind and with compressed siblings."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from generator.formats.output import Output
from generator.publish.precompress import compressors, with_siblings
from tests.conftest import SHIPPED_AT, Lagebild

pytest.register_assert_rewrite("tests.hosting.rules", "tests.hosting.serving")

LATER = "2024-02-20T09:20:00+01:00"
"""A moment before anything changes by the clock."""
SAMPLES = {
    "api/v2/summary.json": b'{"page": {}}\n',
    "de/api/v2/incidents/unresolved.json": b'{"incidents": []}\n',
    "badges/de/overall.json": b'{"schemaVersion": 1}\n',
    "badges/de/overall.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "de/feed/1.atom": b"<feed/>\n",
    "de/maintenance.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "embed/de/index.html": b"<!doctype html>\n<title>Status</title>\n",
    "embed/status.js": b"void 0\n",
    "metrics.txt": b"lagebild_open_incidents 1\n",
    "_headers": b"/*\n",
    "_redirects": b"\n",
}
"""Files of kinds that a site may have, written where this one has none."""


STAMPED = {"heartbeat.json", "index.html", "metrics.txt", "de/index.html", "fr/index.html", "en/index.html"}
"""What changes at every build."""


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """A site in a folder, and how to build it once more."""

    root: Path
    build: Callable[[str], None]
    """Builds at a moment."""


@pytest.fixture(scope="module")
def hosted(checkout: Path, lagebild: Lagebild) -> Iterator[Hosted]:
    """Build this repository's content for one server, complete with samples and siblings."""
    folder = TemporaryDirectory(prefix="lagebild-")  # pytest's own folders are closed to a server's user
    tree = Path(folder.name)
    tree.chmod(0o755)
    root = tree / "site"
    shutil.copy(checkout / "status.yaml", tree)
    shutil.copytree(checkout / "incidents", tree / "incidents")

    def build(now: str) -> None:
        built = lagebild("-C", tree, "build", "--now", now)
        assert built.returncode == 0, built.stderr

    build(SHIPPED_AT)
    for path, data in SAMPLES.items():
        if not (root / path).exists():
            write(root / path, data)
    compress(root)
    with folder:
        yield Hosted(root=root, build=build)


def compress(root: Path) -> None:
    """Put compressed siblings beside the files that have some, as `build --precompress` does."""
    outputs = [
        Output(path=name, inputs=name, render=partial(Path.read_bytes, path), stamped=name in STAMPED)
        for path in root.rglob("*")
        if path.is_file()
        for name in [path.relative_to(root).as_posix()]
    ]
    for output in with_siblings(outputs, compressors()):
        if not (root / output.path).exists():
            write(root / output.path, output.render())


def write(path: Path, data: bytes) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
