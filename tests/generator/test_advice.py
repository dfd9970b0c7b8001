"""Staff are told what they should know of what the probers have filed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from generator.problems import Level, Problem
from probes.events import EventKind, episode_id, path_of
from probes.model import Announce, Outcome
from probes.monitoring.webhook import Intake, ingest
from tests.checked import check
from tests.filed import BEGAN, NOW, OPEN, PROBES, at, file, plant

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
    return plant(tmp_path)


def write(tree: Path, adopts: str = "") -> None:
    """Write the incident that staff have on the same service."""
    line = f"adopts: [{adopts}]\n" if adopts else ""
    (tree / "incidents/2024").mkdir()
    (tree / "incidents/2024/2024-03-01-archive.yaml").write_text(BY_STAFF.replace("{adopts}", line))


def found(tree: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a tree."""
    return check(tree, NOW)


def test_adopts_nothing(tree: Path) -> None:
    """An id that no prober filed is named, with the one that was meant."""
    file(tree, OPEN)
    write(tree, adopts=f"{OPEN.id[:-1]}x")

    codes = {problem.code: problem for problem in found(tree)}

    assert codes["unknown-incident"].hint == f'did you mean "{OPEN.id}"?'


def test_both_open(tree: Path) -> None:
    """Who writes about what the probers have told already is told how to make it one."""
    file(tree, OPEN)
    write(tree)

    (problem,) = found(tree)

    assert (problem.code, problem.hint) == ("unadopted", f"add adopts: [{OPEN.id}]")


def test_adopted(tree: Path) -> None:
    """Once adopted nothing is left to say."""
    file(tree, OPEN)
    write(tree, adopts=OPEN.id)

    assert found(tree) == ()


def write_beside(tree: Path, name: str, service: str, adopts: str, hour: str = "11:30") -> None:
    """Write another incident by staff."""
    text = f"services: {{{service}: major_outage}}\nadopts:\n  - {adopts}\nupdates:\n"
    text += f"  - at: 2024-03-01 {hour}\n    status: investigating\n"
    (tree / "incidents/2024" / f"{name}.yaml").write_text(text)


def test_adopted_twice(tree: Path) -> None:
    """Of two files that adopt the same id the one that does not have it is named, with the line."""
    file(tree, OPEN)
    write(tree, adopts=OPEN.id)
    write_beside(tree, "2024-03-01-again", "mail-archive", OPEN.id)

    (problem,) = found(tree)

    assert str(problem).splitlines() == [
        f'incidents/2024/2024-03-01-again.yaml:3:5: warning: adopted-twice: adopts: "{OPEN.id}"'
        " is taken over by incidents/2024/2024-03-01-archive.yaml already",
        "  hint: name it in one of the two files only; this one does not have it",
    ]


def test_comes_back_and_is_adopted_again(tree: Path) -> None:
    """Nothing is wrong with a second file that adopts what came back after the first one was resolved."""
    file(tree, OPEN)
    file(tree, replace(OPEN, event=EventKind.CLOSE, status=Outcome.OPERATIONAL, reason=None, at=at(22), since=at(20)))
    file(tree, replace(OPEN, event=EventKind.REOPEN, at=at(42), since=at(40)))
    write(tree, adopts=OPEN.id)
    first = tree / "incidents/2024/2024-03-01-archive.yaml"
    first.write_text(first.read_text() + "  - at: 2024-03-01 11:25\n    status: resolved\n")
    write_beside(tree, "2024-03-01-again", "mail-archive", OPEN.id, hour="11:45")

    assert found(tree) == ()


def test_adopted_elsewhere(tree: Path) -> None:
    """An id that is on another service is named, with what to do."""
    file(tree, OPEN)
    (tree / "incidents/2024").mkdir()
    write_beside(tree, "2024-03-01-webmail", "webmail", OPEN.id)

    (problem,) = found(tree)

    assert (problem.code, problem.line) == ("adopted-elsewhere", 3)
    assert problem.hint == "name mail-archive under services:, or take the id out"


def test_named_like_an_automatic_incident(tree: Path) -> None:
    """A file that bears the id of an automatic incident is named, and stops nothing."""
    file(tree, OPEN)
    (tree / "incidents/2024").mkdir()
    write_beside(tree, OPEN.id, "webmail", "x")

    codes = {problem.code: problem.level for problem in found(tree)}

    assert codes["duplicate-id"] is Level.WARNING


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("name: search, kind", "name: other, kind", 'check "search" of mail-archive'),
        ("service: mail-archive", "service: webmail", 'check "search" of mail-archive'),
        ("probers: [zrh1]", "probers: [gva1]", 'prober "zrh1"'),
        (PROBES, "", 'prober "zrh1"'),
    ],
)
def test_orphaned(tree: Path, before: str, after: str, missing: str) -> None:
    """What goes on after its check or prober has gone stays open, and staff are told how to end it."""
    file(tree, OPEN)
    config = tree / "status.yaml"
    config.write_text(config.read_text().replace(before, after))

    (problem,) = found(tree)

    assert (problem.code, problem.path, problem.level) == ("orphaned-incident", path_of(OPEN), Level.WARNING)
    assert problem.message == (
        f"mail-archive stays major_outage since 2024-03-01 11:00: {missing} is not in status.yaml,"
        " and nobody else can close it"
    )
    assert f"adopts: [{OPEN.id}]" in problem.hint


def test_orphaned_and_over(tree: Path) -> None:
    """Nothing is said of what was over before its check has gone, or what staff have taken over."""
    other = replace(OPEN, id=episode_id("zrh1", "webmail", "page", BEGAN), service="webmail", check="page")
    file(tree, OPEN)
    file(tree, other)
    file(tree, replace(other, event=EventKind.CLOSE, status=Outcome.OPERATIONAL, reason=None, at=at(22), since=at(20)))
    (tree / "status.yaml").write_text((tree / "status.yaml").read_text().replace(PROBES, ""))
    write(tree, adopts=OPEN.id)

    assert found(tree) == ()


def test_webhook(tree: Path) -> None:
    """Nothing is said of what a webhook has opened: its source is never a check of status.yaml."""
    desk = Intake(prober="zrh1", check="hook", services=["mail-archive"])
    alert = {"status": "firing", "fingerprint": "ab12", "startsAt": "2024-03-01T10:00:00Z"}
    alert |= {"labels": {"alertname": "Slow", "status_service": "mail-archive"}, "annotations": {}}
    (opened,), _ = ingest(json.dumps({"version": "4", "alerts": [alert]}).encode(), desk, NOW)
    file(tree, opened)

    assert found(tree) == ()


def test_proposed(tree: Path) -> None:
    """What is only proposed is shown to staff, who alone can make it public."""
    file(tree, replace(OPEN, announce=Announce.PROPOSE))

    (problem,) = found(tree)

    assert problem.code == "proposed-incident"
    assert f"adopts: [{OPEN.id}]" in problem.hint
