"""What the probers have filed is read with care, and staff are told what they should know of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator import content, sources
from generator.problems import Level, Problem
from probes.events import Event, EventKind, episode_id, path_of, serialize
from probes.model import Announce, Outcome, Reason

SPEC = Path(__file__).parent.parent / "spec"
BEGAN = datetime(2024, 3, 1, 10, tzinfo=UTC)
NOW = BEGAN + timedelta(hours=1)
OPEN = Event(
    event=EventKind.OPEN,
    id=episode_id("zrh1", "mail-archive", "search", BEGAN),
    prober="zrh1",
    at=BEGAN + timedelta(minutes=2),
    since=BEGAN,
    service="mail-archive",
    check="search",
    kind="http",
    status=Outcome.OUTAGE,
    reason=Reason.TIMEOUT,
)
BY_STAFF = """\
services: {mail-archive: major_outage}
started: 2024-03-01 11:00
{adopts}updates:
  - at: 2024-03-01 11:20
    status: investigating
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree without incidents."""
    shutil.copy(SPEC / "status.yaml", tmp_path)
    (tmp_path / "incidents").mkdir()
    return tmp_path


def file(tree: Path, event: Event) -> Path:
    """Write an event where a prober would, and return the file."""
    path = tree / path_of(event)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialize(event))
    return path


def write(tree: Path, adopts: str = "") -> None:
    """Write the incident that staff have on the same service."""
    line = f"adopts: [{adopts}]\n" if adopts else ""
    (tree / "incidents/2024").mkdir()
    (tree / "incidents/2024/2024-03-01-archive.yaml").write_text(BY_STAFF.replace("{adopts}", line))


def check(tree: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a tree."""
    return content.judge(sources.read(tree), NOW).problems


def test_sound(tree: Path) -> None:
    """An event file is read, and nothing is wrong with it."""
    file(tree, OPEN)

    judged = content.judge(sources.read(tree), NOW)

    assert (judged.events, judged.problems) == ((OPEN,), ())


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 2}', b"\xff\xfe", b"[" * 10_000])
def test_damaged(tree: Path, damage: bytes) -> None:
    """A file that no prober wrote is left out with a word, and stops nothing."""
    path = file(tree, OPEN)
    path.write_bytes(damage)

    judged = content.judge(sources.read(tree), NOW)

    (problem,) = judged.problems
    assert (problem.code, problem.level, judged.events) == ("bad-event", Level.WARNING, ())


def test_too_large(tree: Path) -> None:
    """Not even a file that is not read at all stops a build."""
    file(tree, OPEN).write_bytes(b"0" * 300_000)

    (problem,) = check(tree)

    assert (problem.code, problem.level) == ("too-large", Level.WARNING)


def test_misplaced(tree: Path) -> None:
    """A copy under another name does not count twice."""
    path = file(tree, OPEN)
    path.rename(path.with_name("copy.json"))

    (problem,) = check(tree)

    assert (problem.code, problem.path) == ("bad-event", "incidents/auto/2024/03/copy.json")


def test_adopts_nothing(tree: Path) -> None:
    """An id that no prober filed is named, with the one that was meant."""
    file(tree, OPEN)
    write(tree, adopts=f"{OPEN.id[:-1]}x")

    codes = {problem.code: problem for problem in check(tree)}

    assert codes["unknown-incident"].hint == f'did you mean "{OPEN.id}"?'


def test_both_open(tree: Path) -> None:
    """Who writes about what the probers have told already is told how to make it one."""
    file(tree, OPEN)
    write(tree)

    (problem,) = check(tree)

    assert (problem.code, problem.hint) == ("unadopted", f"add adopts: [{OPEN.id}]")


def test_adopted(tree: Path) -> None:
    """Once adopted nothing is left to say."""
    file(tree, OPEN)
    write(tree, adopts=OPEN.id)

    assert check(tree) == ()


def test_proposed(tree: Path) -> None:
    """What is only proposed is shown to staff, who alone can make it public."""
    file(tree, replace(OPEN, announce=Announce.PROPOSE))

    (problem,) = check(tree)

    assert problem.code == "proposed-incident"
    assert f"adopts: [{OPEN.id}]" in problem.hint
