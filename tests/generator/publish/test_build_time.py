"""The short way of a build without news."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.disk.lock import acquire
from generator.formats.output import Output
from generator.publish.build_time import renew
from generator.publish.options import Target
from generator.publish.publisher import publish
from generator.time_slots import Stamp

CHECKOUT = Path(__file__).resolve().parents[3]
OWNER = "status.example.ch,2026"
TEXTS = {
    "assets/a.css": "style",
    "de/incidents/x/index.html": "incident",
    "de/index.html": "as of \x1atime\x1a",
    "heartbeat.json": r'{"generated_at": "\u001aiso\u001a", "next_update_before": "\u001adue\u001a"}',
    "metrics.txt": "generated \x1aepoch\x1a",
}


def outputs() -> list[Output]:
    """Return a small site, parts of which are stamped."""
    return [
        Output(path=path, inputs=text, render=text.encode, stamped="\x1a" in text or "\\u001a" in text)
        for path, text in TEXTS.items()
    ]


def target_in(folder: Path) -> Target:
    """Return the target of the small site."""
    return Target(folder=folder / "site", state=folder / "state", owner=OWNER)


def publish_at(folder: Path, stamp: Stamp, *, edition: str = "") -> str:
    """Publish the small site and return the publication's signature."""
    extra = [Output(path="extra.html", inputs=edition, render=edition.encode)] if edition else []
    return publish([*outputs(), *extra], target_in(folder), stamp).signature


NOON = Stamp(iso="2026-11-24T11:00:00Z", time="12:00", due="2026-11-24T13:00:00Z", epoch="1795518000")


ONE = Stamp(iso="2026-11-24T12:00:00Z", time="13:00", due="2026-11-24T14:00:00Z", epoch="1795521600")


def renew_at_one(folder: Path, signature: str, *, owner: str = OWNER) -> bool:
    """Take the short way at one o'clock."""
    return renew(str(folder / "site"), str(folder / "state"), owner=owner, signature=signature, stamp=ONE)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return what stands in a folder: bytes by path, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def test_the_short_way_leads_to_the_same_site(tmp_path: Path) -> None:
    """A site that was filled anew is the same byte for byte as one that was published at that time."""
    signature = publish_at(tmp_path, NOON)
    publish_at(tmp_path / "other", ONE)

    done = renew_at_one(tmp_path, signature)

    assert done
    assert tree(tmp_path / "site") == tree(tmp_path / "other" / "site")
    assert (tmp_path / "site" / "heartbeat.json").read_bytes() == (
        b'{"generated_at": "2026-11-24T12:00:00Z", "next_update_before": "2026-11-24T14:00:00Z"}'
    )


def test_only_stamped_files_are_written(tmp_path: Path) -> None:
    """The short way touches no file without slots."""
    signature = publish_at(tmp_path, NOON)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*") if path.is_file()}

    renew_at_one(tmp_path, signature)

    touched = {path.name for path, mtime_ns in before.items() if path.stat().st_mtime_ns != mtime_ns}
    assert touched <= {"heartbeat.json", "index.html", "metrics.txt"}
    assert (tmp_path / "site/de/incidents/x/index.html").stat().st_mtime_ns in before.values()


def test_the_long_way_follows_the_short_one(tmp_path: Path) -> None:
    """After the short way a publication renders nothing that has not changed, and has the same signature."""
    signature = publish_at(tmp_path, NOON)
    renew_at_one(tmp_path, signature)

    again = publish(outputs(), target_in(tmp_path), ONE)

    assert (again.written, again.unchanged, again.skipped) == (0, 0, len(TEXTS))
    assert again.signature == signature


def link_in_disguise(path: Path) -> None:
    """Put a link of the same size and time in the place of a file."""
    state = path.stat()
    path.unlink()
    path.with_name("x" * state.st_size).touch()
    path.symlink_to("x" * state.st_size)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns), follow_symlinks=False)


@pytest.mark.parametrize("path", ["assets/a.css", "de/incidents/x/index.html", ".lagebild"])
@pytest.mark.parametrize(
    "meddle",
    [
        Path.unlink,
        lambda path: path.write_bytes(b"other"),
        lambda path: path.rename(path.with_name("moved")),
        lambda path: (path.rename(path.with_name("moved")), path.symlink_to("moved")),
        link_in_disguise,
    ],
    ids=["removed", "changed", "renamed", "linked", "disguised"],
)
def test_meddling_ends_the_short_way(tmp_path: Path, path: str, meddle: Callable[[Path], object]) -> None:
    """If a file is not as it was left, nothing is written."""
    signature = publish_at(tmp_path, NOON)
    meddle(tmp_path / "site" / path)
    before = tree(tmp_path / "site")

    done = renew_at_one(tmp_path, signature)

    assert not done
    assert tree(tmp_path / "site") == before


def test_a_link_to_a_folder_ends_the_short_way(tmp_path: Path) -> None:
    """No stamped file is written through a link, even if all files behind it are as they were left."""
    signature = publish_at(tmp_path, NOON)
    outside = (tmp_path / "site/de").rename(tmp_path / "outside")
    (tmp_path / "site/de").symlink_to(outside)
    before = tree(outside)

    done = renew_at_one(tmp_path, signature)

    assert not done
    assert tree(outside) == before


@pytest.mark.parametrize("lost", ["manifest.json", "unstamped/*"])
def test_lost_memory_ends_the_short_way(tmp_path: Path, lost: str) -> None:
    """Without the manifest or the unfilled bytes there is no short way."""
    signature = publish_at(tmp_path, NOON)
    for path in tmp_path.glob(f"state/targets/*/{lost}"):
        path.unlink()

    assert not renew_at_one(tmp_path, signature)


def test_an_interrupted_publication_ends_the_short_way(tmp_path: Path) -> None:
    """After a publication that did not end, the next one takes the long way."""
    signature = publish_at(tmp_path, NOON)

    def fail() -> bytes:
        raise ZeroDivisionError

    broken = [*outputs(), Output(path="z.html", inputs="?", render=fail)]
    with pytest.raises(ZeroDivisionError):
        publish(broken, target_in(tmp_path), NOON)

    assert not renew_at_one(tmp_path, signature)


def test_another_publication_ends_the_short_way(tmp_path: Path) -> None:
    """What was remembered of one publication is not applied to another."""
    signature = publish_at(tmp_path, NOON)
    publish_at(tmp_path, NOON, edition="other")

    assert not renew_at_one(tmp_path, signature)


def test_another_owner_ends_the_short_way(tmp_path: Path) -> None:
    """The site of another owner is not written to."""
    signature = publish_at(tmp_path, NOON)

    assert not renew_at_one(tmp_path, signature, owner="other.example,2020")


def test_another_build_ends_the_short_way(tmp_path: Path) -> None:
    """While another build is at work, the short way is closed at once."""
    signature = publish_at(tmp_path, NOON)

    with acquire(str(tmp_path / "state")):
        assert not renew_at_one(tmp_path, signature)


def test_a_first_build_takes_the_long_way(tmp_path: Path) -> None:
    """Where nothing was published yet, nothing is made."""
    assert not renew_at_one(tmp_path, "")
    assert os.listdir(tmp_path) == []


def test_what_a_kill_left_is_cleared(tmp_path: Path) -> None:
    """What an interrupted short way was writing is gone after the next one."""
    signature = publish_at(tmp_path, NOON)
    for folder in ("site", "site/de"):
        (tmp_path / folder / ".lagebild-new").write_bytes(b"half a pa")

    done = renew_at_one(tmp_path, signature)

    assert done
    assert not list(tmp_path.glob("site/**/.lagebild-new"))


def test_the_short_way_is_light() -> None:
    """The modules of the short way load none of the modules that cost much to load."""
    program = "import sys, generator.disk.cache, generator.publish.build_time; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    heavy = {"dataclasses", "inspect", "pathlib", "typing", "generator.formats", "generator.model"}
    assert heavy.isdisjoint(loaded.stdout.split())
