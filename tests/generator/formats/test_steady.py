"""Time alone changes no more of the site than what says when it was made, so that readers are not sent old news."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.slow

Lagebild = Callable[..., CompletedProcess[str]]

FIRST, LATER = "2024-02-20T09:00:00+01:00", "2024-02-20T09:20:00+01:00"
"""Two moments between which no fact changes by the clock."""
LIVE = re.compile(r"heartbeat\.json|metrics\.txt|index\.html|(embed/)?[a-z]{2}/index\.html|embed/index\.html")
"""What says when the site was made: the heartbeat, the metrics, the root, the overviews, and the pages for frames."""
PROBES = """
probes:
  probers: [zrh]
  checks:
    - {name: archive, kind: http, service: mail-archive, url: "https://archive.example.ch/"}
"""
SEEN = {
    "version": 1,
    "prober": "zrh",
    "at": "2024-02-20T07:59:00Z",
    "blind": False,
    "checks": [
        {
            "check": "archive",
            "kind": "http",
            "service": "mail-archive",
            "outcome": "major_outage",
            "open": True,
            "last_result_at": "2024-02-20T07:58:40Z",
            "stale_after": "2024-02-20T08:30:00Z",
            "hours": [["2024-02-19T22:00:00Z", 60, 0, 0.31, 0.9]],
        }
    ],
}
"""What the prober last saw, in both trees: it holds beyond the later moment."""


@pytest.fixture
def build(checkout: Path, lagebild: Lagebild, tmp_path: Path) -> Callable[[str, str], Path]:
    """Return what builds this content, probed, at a moment in a tree of that name, and returns the site."""

    def built(tree: str, now: str) -> Path:
        folder = tmp_path / tree
        if not folder.exists():
            folder.mkdir()
            shutil.copy(checkout / "status.yaml", folder)
            shutil.copytree(checkout / "incidents", folder / "incidents")
            with (folder / "status.yaml").open("a", encoding="utf-8") as config:
                config.write(PROBES)
            (folder / "observations").mkdir()
            (folder / "observations" / "zrh.json").write_text(json.dumps(SEEN))
        done = lagebild("-C", folder, "build", "--now", now)
        assert done.returncode == 0, done.stderr
        return folder / "site"

    return built


def read(site: Path) -> dict[str, bytes]:
    """Return a site's files by path."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_two_builds_differ_only_in_what_says_when(build: Callable[[str, str], Path]) -> None:
    """Two trees of the same content, built apart at different times, make the same bytes but for what is live."""
    first, later = read(build("first", FIRST)), read(build("later", LATER))
    assert b'class="responses__median"' in first["de/services/mail-archive/index.html"]

    changed = {path for path in first.keys() | later.keys() if first.get(path) != later.get(path)}

    unsteady = sorted(path for path in changed if not LIVE.fullmatch(path))
    assert unsteady == []
    assert "heartbeat.json" in changed
    assert datetime.fromisoformat(json.loads(first["heartbeat.json"])["next_transition_at"]) > datetime.fromisoformat(
        LATER
    )


def test_a_rebuild_leaves_alone_what_is_the_same(build: Callable[[str, str], Path]) -> None:
    """A rebuild writes no file whose bytes are the same, so its time holds, and with it what servers answer by."""
    site = build("tree", FIRST)
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}

    build("tree", LATER)

    touched = [
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and before.get(path) != path.stat().st_mtime_ns
    ]
    assert [path for path in touched if not LIVE.fullmatch(path)] == []
    assert "heartbeat.json" in touched
