"""The kind `heartbeat`."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from probes.hysteresis import State, advance
from probes.kind import ProbeContext
from probes.kinds import KINDS
from probes.memory.beats import beat, beat_file, last_beat
from probes.model import Outcome, Reason
from probes.spec import parse
from tests.probes.lab.plans import check_of, look

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIGEST = {"expect_every": "24h", "grace": "2h"}


def at(context: ProbeContext, hours: float) -> ProbeContext:
    """Return a context on which it is so many hours past noon."""
    return replace(context, now=lambda: NOON + hours * HOUR)


@pytest.mark.parametrize(
    ("hours", "outcome", "since_hours"),
    [(0, Outcome.OPERATIONAL, 0), (26, Outcome.OPERATIONAL, 0), (26.1, Outcome.OUTAGE, 26), (200, Outcome.OUTAGE, 26)],
)
def test_beats(context: ProbeContext, hours: float, outcome: Outcome, since_hours: float) -> None:
    """A job is overdue from its deadline on, however late that is noticed."""
    beat(context.state, "it", NOON)

    (found,) = look(check_of("heartbeat", **DIGEST), at(context, hours))

    assert (found.outcome, found.since) == (outcome, NOON + since_hours * HOUR)
    assert found.reason is (Reason.OVERDUE if outcome.bad else None)


def test_episode(context: ProbeContext) -> None:
    """One overdue job is an episode from its deadline to its next report."""
    check, state, events = check_of("heartbeat", **DIGEST), State(), []

    for hours in (1, 25, 27, 28, 30):
        if hours in (1, 30):
            beat(context.state, "it", NOON + (hours - 1) * HOUR)
        (found,) = look(check, at(context, hours))
        state, steps = advance(state, found, found.at, KINDS["heartbeat"].policy)
        events += [(step.event.value, (step.since - NOON) / HOUR) for step in steps]

    assert events == [("open", 26), ("close", 29)]


def test_never_beaten(context: ProbeContext) -> None:
    """A job that has never reported may not have been set up yet."""
    (found,) = look(check_of("heartbeat", **DIGEST), context)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "it has never reported")


@pytest.mark.parametrize(("minutes", "outcome"), [(4, Outcome.OPERATIONAL), (6, Outcome.UNKNOWN)])
def test_beat_that_lies_ahead(context: ProbeContext, minutes: float, outcome: Outcome) -> None:
    """A beat of tomorrow would hide all that are missed until then; clocks differ by a little, though."""
    beat(context.state, "it", NOON + timedelta(minutes=minutes))

    (found,) = look(check_of("heartbeat", **DIGEST), at(context, 0))

    assert found.outcome is outcome


def test_file_of_the_job(context: ProbeContext, tmp_path: Path) -> None:
    """A file that a job leaves anyway is as good as a beat: its time of change counts, whatever it says."""
    file = tmp_path / "digest.log"
    file.write_text("2020-01-01T00:00:00+00:00")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))

    (found,) = look(check_of("heartbeat", file=file, **DIGEST), at(context, 30))

    assert (found.outcome, found.since) == (Outcome.OUTAGE, NOON + 26 * HOUR)


def test_file_that_cannot_be_looked_at(context: ProbeContext, tmp_path: Path) -> None:
    """What the prober cannot look at says nothing of the job."""
    (tmp_path / "digest.log").write_text("")
    file = tmp_path / "digest.log" / "within"

    (found,) = look(check_of("heartbeat", file=file, **DIGEST), context)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, f"{file}: Not a directory")


def test_last_beat_counts(tmp_path: Path) -> None:
    """The last beat replaces those before, and leaves nothing beside it."""
    for hours in range(3):
        beat(tmp_path, "it", NOON + hours * HOUR)

    assert last_beat(beat_file(tmp_path, "it")) == NOON + 2 * HOUR
    assert [path.name for path in (tmp_path / "beats").iterdir()] == ["it"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({}, ("missing-key", ("checks", 0))),
        ({"expect_every": "30s"}, ("bad-interval", ("checks", 0, "expect_every"))),
        ({"expect_every": "1h", "grace": "soon"}, ("bad-interval", ("checks", 0, "grace"))),
    ],
)
def test_options(options: dict[str, str], fault: tuple[str, tuple[str | int, ...]]) -> None:
    """What is wrong with a plan is said with its place."""
    check = {"name": "it", "kind": "heartbeat", "service": "gateway", **options}

    _, faults = parse({"probers": ["zrh1"], "checks": [check]}, {"gateway": ()})

    assert [(found.code, found.path) for found in faults] == [fault]


def test_others_cannot_enter(tmp_path: Path) -> None:
    """A job that reports before the prober has run makes its folder as the prober would: its owner's alone."""
    beat(tmp_path / "zrh1", "it", NOON)

    assert stat.S_IMODE((tmp_path / "zrh1").stat().st_mode) == 0o700
