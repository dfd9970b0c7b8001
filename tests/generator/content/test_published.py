"""What was published does not vanish: an incident that is gone is an error, unless staff say that it is removed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import pipeline
from generator.pipeline import Built
from generator.publish.options import BuildOptions
from probes.events import Event, EventKind, path_of, serialize
from probes.model import Outcome, Reason

Lagebild = Callable[..., subprocess.CompletedProcess[str]]

SPEC = Path(__file__).parents[2] / "spec"
NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
FIRST, SECOND = "incidents/2024/first.yaml", "incidents/2023/second.yaml"
TOLD = """\
title: {de: ID, fr: ID, en: ID}
services: {mail-archive: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
"""
GATEWAY = "  - id: gateway\n    name: Gateway\n    group: archive\n"
OPENED = Event(
    event=EventKind.OPEN,
    id="1579c2c277536c70",
    prober="zrh1",
    at=datetime(2024, 2, 29, 10, 1, tzinfo=UTC),
    since=datetime(2024, 2, 29, 10, tzinfo=UTC),
    service="gateway",
    check="archive",
    kind="http",
    status=Outcome.OUTAGE,
    reason=Reason.TIMEOUT,
)
EVENT = path_of(OPENED)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree of two incidents and one event, of which a site was built."""
    tree = tmp_path / "tree"
    for path, id_ in ((FIRST, "first"), (SECOND, "second")):
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_text(TOLD.replace("ID", id_), "utf-8")
    (tree / "incidents/2024/first.en.md").write_text("What we learned.", "utf-8")
    (tree / EVENT).parent.mkdir(parents=True)
    (tree / EVENT).write_bytes(serialize(OPENED))
    config = (SPEC / "status.yaml").read_text("utf-8")
    (tree / "status.yaml").write_text(config.replace("tasks:", f"{GATEWAY}tasks:"), "utf-8")
    assert build(tree).report is not None
    assert page(tree, OPENED.id).exists()
    return tree


def build(tree: Path, *, keep_going: bool = False) -> Built:
    """Build a tree."""
    return pipeline.build(tree, tree / "site", NOW, BuildOptions(keep_going=keep_going))


def page(tree: Path, id_: str, year: int = 2024) -> Path:
    """Return where an incident's page lies."""
    return tree / f"site/en/incidents/{year}/{id_}/index.html"


def said(built: Built, *codes: str) -> list[str]:
    """Return the problems with one of the codes, without the hints."""
    return [str(problem).partition("\n")[0] for problem in built.problems if problem.code in codes]


def test_a_missing_incident_stops_the_build(tree: Path) -> None:
    """An incident that was published and is gone is an error, and the site stays as it was."""
    (tree / FIRST).unlink()

    built = build(tree)

    assert built.report is None
    assert said(built, "incident-deleted") == [f"{FIRST}: incident-deleted: this incident was published and is gone"]
    assert page(tree, "first").exists()


@pytest.mark.parametrize("gone", ["incidents", "incidents/2024", FIRST, EVENT])
def test_what_is_missing_stands_at_its_accepted_version(tree: Path, gone: str) -> None:
    """With --keep-going, the site is the same without a file or a folder, but for the count of what is faulty."""
    before = {path: path.read_bytes() for path in (tree / "site/en").rglob("*") if path.is_file()}
    (tree / gone).rename(tree / "away")

    built = build(tree, keep_going=True)

    assert built.report is not None
    assert built.kept
    assert {path: path.read_bytes() for path in (tree / "site/en").rglob("*") if path.is_file()} == before


def test_a_damaged_event_file_does_not_undo_an_outage(tree: Path) -> None:
    """An event file that was published and is no event any more is an error; its accepted version stands."""
    (tree / EVENT).write_text("{")

    stopped, kept = build(tree), build(tree, keep_going=True)

    assert stopped.report is None
    assert said(stopped, "event-deleted") == [
        f"{EVENT}: event-deleted: this event file was published and is gone or damaged"
    ]
    assert kept.report is not None
    assert page(tree, OPENED.id).exists()


def test_a_renamed_incident_is_told_apart_from_a_lost_one(tree: Path) -> None:
    """Another file name is another incident; the error names the new file, and the remedy."""
    (tree / FIRST).rename(tree / "incidents/2024/better.yaml")
    (tree / "incidents/2024/first.en.md").unlink()

    (problem,) = (problem for problem in build(tree).problems if problem.code == "incident-deleted")

    assert str(problem).splitlines() == [
        f"{FIRST}: incident-deleted: this incident was published and is gone; "
        "incidents/2024/better.yaml has the same text, but another id",
        f"  hint: rename incidents/2024/better.yaml to {FIRST}, because the name is the incident's permanent address; "
        "to remove it for good: lagebild remove first --reason TEXT",
    ]


def test_a_moved_incident_is_there(tree: Path) -> None:
    """An incident in another folder is not lost, but its address changes: one build warns of it."""
    (tree / SECOND).rename(tree / "incidents/2024/second.yaml")

    first, second = build(tree), build(tree)

    assert said(first, "incident-moved", "incident-deleted") == [
        f"incidents/2024/second.yaml: warning: incident-moved: this incident was published as {SECOND}, "
        "and the folder is part of its address"
    ]
    assert said(second, "incident-moved", "incident-deleted") == []
    assert page(tree, "second").exists()


@pytest.mark.parametrize("id_", ["first", OPENED.id])
def test_a_removal_that_is_told(lagebild: Lagebild, tree: Path, id_: str) -> None:
    """`lagebild remove` deletes an incident's files and says why in a list; after that nothing is missed."""
    done = lagebild("-C", tree, "remove", id_, "--reason", 'Told: "twice", see second.')

    built = build(tree)

    assert done.returncode == 0
    listed = (tree / "incidents/removed.yaml").read_text("utf-8").splitlines()
    assert listed[1:] == [f'{id_}: "Told: \\"twice\\", see second."']
    assert built.report is not None
    assert not page(tree, id_).exists()
    assert not [path for path in (tree / ".lagebild/accepted").rglob("*") if id_ in path.name]


def test_a_removal_can_be_told_afterwards(lagebild: Lagebild, tree: Path) -> None:
    """Where the file is gone already, `lagebild remove` lists it; twice is once."""
    (tree / FIRST).unlink()
    (tree / "incidents/2024/first.en.md").unlink()

    for _ in range(2):
        lagebild("-C", tree, "remove", "first", "--reason", "Published by mistake.")

    assert (tree / "incidents/removed.yaml").read_text("utf-8").count("first") == 1
    assert build(tree).report is not None


@pytest.mark.parametrize(("id_", "reason"), [("../first", "why"), ("first", " ")])
def test_a_removal_that_cannot_be_read_is_refused(lagebild: Lagebild, tree: Path, id_: str, reason: str) -> None:
    """What is no id, or gives no reason, is not listed, and nothing is deleted."""
    done = lagebild("-C", tree, "remove", id_, "--reason", reason)

    assert done.returncode == 2
    assert not (tree / "incidents/removed.yaml").exists()
    assert (tree / FIRST).exists()


def test_an_incident_that_is_listed_and_there(tree: Path) -> None:
    """An incident that is listed as removed and has a file is shown, with a warning."""
    (tree / "incidents/removed.yaml").write_text("first: why\n", "utf-8")

    built = build(tree)

    assert said(built, "removed-yet-there") == [
        'incidents/removed.yaml:1:1: warning: removed-yet-there: "first" is still there'
    ]
    assert page(tree, "first").exists()


def test_a_page_is_proof_enough(tree: Path) -> None:
    """Without .lagebild/, pages in the target say what was published; what cannot be shown again stops a build."""
    shutil.rmtree(tree / ".lagebild")
    (tree / SECOND).unlink()

    built = build(tree, keep_going=True)

    assert built.report is None
    assert said(built, "incident-deleted") == [f"{SECOND}: incident-deleted: this incident was published and is gone"]
    assert page(tree, "second", 2023).exists()


def test_nothing_is_claimed_where_nothing_is_known(tree: Path) -> None:
    """In a fresh clone, without a site, a build cannot know what is missing."""
    shutil.rmtree(tree / ".lagebild")
    shutil.rmtree(tree / "site")
    (tree / SECOND).unlink()

    assert build(tree).report is not None


def test_a_service_that_incidents_name_cannot_go(tree: Path) -> None:
    """Where a new status.yaml would take incidents away, its accepted version stands, and the problem says so."""
    config = (tree / "status.yaml").read_text("utf-8")
    (tree / "status.yaml").write_text(config.replace("mail-archive", "other"), "utf-8")

    built = build(tree, keep_going=True)

    assert built.report is not None
    assert said(built, "incidents-lost") == [
        "status.yaml: incidents-lost: with this file, published incidents could not be shown: first, second"
    ]
    assert page(tree, "first").exists()
    assert (tree / ".lagebild/accepted/status.yaml").read_text("utf-8") == config


def test_check_finds_what_is_missing(lagebild: Lagebild, tree: Path) -> None:
    """`check` says what a build would, without git."""
    (tree / "incidents/2024").rename(tree / "away")

    done = lagebild("-C", tree, "check", "--now", NOW.isoformat())

    assert done.returncode == 1
    assert f"{FIRST}: incident-deleted: " in done.stdout
