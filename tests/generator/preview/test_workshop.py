"""What the preview builds of a tree, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.preview.draft import Draft
from generator.preview.workshop import Workshop
from generator.problems import Level

pytestmark = pytest.mark.slow

Build = Callable[[], Draft]
WriteIncident = Callable[[str, str], None]

SECOND = "en/incidents/2026/second/index.html"


@pytest.fixture
def build(workshop: Workshop, now: datetime) -> Build:
    """Return a function that builds, and does not care how far it is."""
    return lambda: workshop.build(now, lambda _done, _total: None)


def test_nothing_is_written_in_the_tree(tree: Path, workshop: Workshop, build: Build) -> None:
    """A preview leaves the tree as it was: without a site, and without accepted versions."""
    before = sorted(tree.rglob("*"))

    build()

    assert sorted(tree.rglob("*")) == before
    assert (workshop.site / SECOND).is_file()


def test_a_faulty_file_stands_at_its_last_sound_version(
    workshop: Workshop, build: Build, write_incident: WriteIncident
) -> None:
    """A mistake in one incident is reported, and takes no page away."""
    build()
    write_incident("second", "inbond")

    draft = build()

    assert [problem.code for problem in draft.problems if problem.level is Level.ERROR] == ["unknown-service"]
    assert "The second" in (workshop.site / SECOND).read_text()


def test_a_new_faulty_file_is_left_out(workshop: Workshop, build: Build, write_incident: WriteIncident) -> None:
    """An incident that never was sound has no page, but the others have theirs."""
    write_incident("second", "inbond")

    build()

    assert not (workshop.site / SECOND).exists()
    assert (workshop.site / "en/incidents/2026/first/index.html").is_file()


def test_what_a_real_build_accepted_stands_in(
    tree: Path, workshop: Workshop, build: Build, write_incident: WriteIncident
) -> None:
    """A file that is faulty from the start stands at the version that the tree's last build accepted."""
    accepted = tree / ".lagebild/accepted/incidents/2026/second.yaml"
    accepted.parent.mkdir(parents=True)
    accepted.write_bytes((tree / "incidents/2026/second.yaml").read_bytes())
    write_incident("second", "inbond")

    build()

    assert (workshop.site / SECOND).is_file()


def test_what_a_real_build_published_does_not_vanish(tree: Path, workshop: Workshop, build: Build) -> None:
    """A published incident whose file is away stays in the preview; a draft that nobody has seen just goes."""
    accepted = tree / ".lagebild/accepted/incidents/2026/second.yaml"
    accepted.parent.mkdir(parents=True)
    accepted.write_bytes((tree / "incidents/2026/second.yaml").read_bytes())
    build()
    (tree / "incidents/2026").rename(tree / "away")

    draft = build()

    assert [problem.path for problem in draft.problems if problem.code == "incident-deleted"] == [
        "incidents/2026/second.yaml"
    ]
    assert (workshop.site / SECOND).is_file()
    assert not (workshop.site / "en/incidents/2026/first").exists()


def test_without_a_configuration_there_is_no_site(tree: Path, build: Build) -> None:
    """Where status.yaml leaves nothing to build on, the draft is its problems alone."""
    (tree / "status.yaml").unlink()

    draft = build()

    assert draft.site is None
    assert [problem.code for problem in draft.problems] == ["missing-file"]


def test_the_site_may_change_hands(tree: Path, workshop: Workshop, build: Build) -> None:
    """The permanent name of the site can be edited in the preview, where nobody has subscribed yet."""
    build()
    status = tree / "status.yaml"
    status.write_text(status.read_text().replace("feed_authority: example.ch", "feed_authority: example.org"))

    draft = build()

    assert "example.org" in (workshop.site / "en/feed.atom").read_text()
    assert draft.site == workshop.site


def test_a_later_time_is_filled_in(workshop: Workshop, build: Build, now: datetime) -> None:
    """Renewing a draft fills the time in where it shows, and changes no other file."""
    draft = build()
    page = workshop.site / SECOND
    before = page.stat()

    renewed = draft.renew(now + timedelta(minutes=7))

    assert renewed
    assert "2026-11-24T09:07:00Z" in (workshop.site / "en/index.html").read_text()
    assert page.stat() == before


def test_a_draft_holds_until_the_next_transition(tree: Path, build: Build) -> None:
    """A draft says when it has to be built again though nothing was written: here, when an update lies ahead."""
    with (tree / "incidents/2026/second.yaml").open("a") as file:
        file.write("  - at: 2026-11-24 11:30\n    status: resolved\n")

    draft = build()

    assert draft.until == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
