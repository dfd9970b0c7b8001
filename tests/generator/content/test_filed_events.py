"""What the probers have filed is read with care."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator import sources
from generator.content.judge import judge
from generator.problems import Level, Problem
from probes.events import Event, EventKind, episode_id, path_of, serialize
from probes.model import Outcome, Reason

SPEC = Path(__file__).parents[2] / "spec"
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
PROBES = """\
probes:
  probers: [zrh1]
  checks:
    - {name: search, kind: tcp, service: mail-archive, host: archive.example.ch, port: 443}
"""
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
    webmail = "  - {id: webmail, name: Webmail, group: archive}\n"
    text = (SPEC / "status.yaml").read_text("utf-8").replace("tasks:\n", f"{webmail}tasks:\n")
    (tmp_path / "status.yaml").write_text(text + PROBES, "utf-8")
    (tmp_path / "incidents").mkdir()
    return tmp_path


def at(minutes: float) -> datetime:
    """Return an instant so many minutes after the beginning."""
    return BEGAN + timedelta(minutes=minutes)


def file(tree: Path, event: Event) -> Path:
    """Write an event where a prober would, and return the file."""
    path = tree / path_of(event)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialize(event))
    return path


def check(tree: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a tree."""
    return judge(sources.read(tree), NOW).problems


def test_sound(tree: Path) -> None:
    """An event file is read, and nothing is wrong with it."""
    file(tree, OPEN)

    judged = judge(sources.read(tree), NOW)

    assert (judged.events, judged.problems) == ((OPEN,), ())


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 2}', b"\xff\xfe", b"[" * 10_000])
def test_damaged(tree: Path, damage: bytes) -> None:
    """A file that no prober wrote is left out with a word, and stops nothing."""
    path = file(tree, OPEN)
    path.write_bytes(damage)

    judged = judge(sources.read(tree), NOW)

    (problem,) = judged.problems
    assert (problem.code, problem.level, judged.events) == ("bad-event", Level.WARNING, ())


def test_too_large(tree: Path) -> None:
    """Not even a file that is not read at all stops a build."""
    file(tree, OPEN).write_bytes(b"0" * 300_000)

    (problem,) = check(tree)

    assert (problem.code, problem.level) == ("too-large", Level.WARNING)
    assert problem.hint == "it is left out; only probers write here"


def test_misplaced(tree: Path) -> None:
    """A copy under another name does not count twice."""
    path = file(tree, OPEN)
    path.rename(path.with_name("copy.json"))

    (problem,) = check(tree)

    assert (problem.code, problem.path) == ("bad-event", "incidents/auto/2024/03/copy.json")
