"""How maintenance follows the clock, and what may be said against it."""

from __future__ import annotations

from typing import Any

import pytest

from generator.facts.stages import WindowChange, window_change
from generator.model import ServiceStatus

ANNOUNCED = "2023-04-01 08:00"
START, END = "2023-04-12 09:45", "2023-04-12 10:45"


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2023-04-12 09:44", "scheduled"),
        ("2023-04-12 09:45", "in_progress"),
        ("2023-04-12 10:44", "in_progress"),
        ("2023-04-12 10:45", "completed"),
    ],
)
def test_maintenance_follows_the_clock(make: Any, now: str, status: str) -> None:
    """Work is scheduled before its window, in progress within it and completed after it."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"))

    story = make.story(now, incident)

    assert story.status == status
    assert story.upcoming == (status == "scheduled")
    assert story.open == (status == "in_progress")
    assert bool(story.statuses) == (status == "in_progress")


def test_span_lies_within_the_window(make: Any) -> None:
    """The impact of planned work is its window."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"))

    story = make.story("2023-04-13 00:00", incident)

    assert [(span.status.value, span.start, span.end) for span in story.spans] == [
        ("under_maintenance", make.at(START), make.at(END))
    ]
    assert (story.started, story.ended) == (make.minute(START), make.minute(END))


def test_window_ahead_has_no_span(make: Any) -> None:
    """Planned work that has not begun affects nothing."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"))

    facts = make.facts("2023-04-10 00:00", incident)

    assert [story.incident.id for story in facts.upcoming] == ["work"]
    assert facts.upcoming[0].spans == ()
    assert facts.upcoming[0].impact.value == "maintenance"
    assert facts.answer.status is ServiceStatus.OPERATIONAL


def test_early_start_counts_when_told(make: Any) -> None:
    """`in_progress` told before the window begins the work; the window's end still completes it."""
    incident = make.maintenance(
        START, END, make.update(ANNOUNCED, "scheduled"), make.update("2023-04-12 09:30", "in_progress")
    )

    early = make.story("2023-04-12 09:35", incident)
    late = make.story(END, incident)

    assert early.status == "in_progress"
    assert early.started == make.minute("2023-04-12 09:30")
    assert late.status == "completed"
    assert [(span.start, span.end) for span in late.spans] == [(make.at("2023-04-12 09:30"), make.at(END))]


def test_completed_early_ends_the_impact_when_effective(make: Any) -> None:
    """`completed` told within the window ends the work at its `effective`, for good."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        make.update("2023-04-12 10:20", "completed", effective="2023-04-12 10:10"),
    )

    story = make.story("2023-04-12 10:20", incident)

    assert story.status == "completed"
    assert story.statuses == {}
    assert [span.end for span in story.spans] == [make.at("2023-04-12 10:10")]
    assert story.ended == make.minute("2023-04-12 10:10")


def test_completed_before_the_window_means_it_never_begins(make: Any) -> None:
    """What is completed before its window does not begin by the clock."""
    incident = make.maintenance(
        START, END, make.update(ANNOUNCED, "scheduled"), make.update("2023-04-11 10:20", "completed")
    )

    story = make.story("2023-04-12 10:00", incident)

    assert story.status == "completed"
    assert story.spans == ()


def test_verifying_is_under_way(make: Any) -> None:
    """While the work is verified the service is still under maintenance, in one span."""
    incident = make.maintenance(
        START, END, make.update(ANNOUNCED, "scheduled"), make.update("2023-04-12 10:30", "verifying")
    )

    facts = make.facts("2023-04-12 10:35", incident)

    assert [story.status for story in facts.under_way] == ["verifying"]
    assert len(facts.under_way[0].spans) == 1
    assert facts.answer.status is ServiceStatus.UNDER_MAINTENANCE


def test_overrun_is_said_by_an_update(make: Any) -> None:
    """`in_progress` told after the window's end keeps the work going until something else is said."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        make.update("2023-04-12 10:50", "in_progress", effective="2023-04-12 10:00"),
    )

    story = make.story("2023-04-12 14:00", incident)

    assert story.status == "in_progress"
    assert [(span.start, span.end) for span in story.spans] == [(make.at(START), None)]


def test_late_announcement_does_not_stop_the_clock(make: Any) -> None:
    """`scheduled` told within the window says nothing against the clock."""
    incident = make.maintenance(START, END, make.update("2023-04-12 10:00", "scheduled"))

    story = make.story("2023-04-12 10:05", incident)

    assert story.status == "in_progress"


def test_update_moves_the_window(make: Any) -> None:
    """An update's window replaces the one before it and counts as a change."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        make.update("2023-04-11 08:00", window=make.window("2023-04-13 09:00", "2023-04-13 10:00")),
    )

    before = make.story("2023-04-10 00:00", incident)
    moved = make.story("2023-04-12 10:00", incident)
    done = make.story("2023-04-13 10:00", incident)

    assert (before.window_changes, moved.window_changes) == (0, 1)
    assert moved.status == "scheduled"
    assert moved.window == make.window("2023-04-13 09:00", "2023-04-13 10:00")
    assert [span.start for span in done.spans] == [make.at("2023-04-13 09:00")]


@pytest.mark.parametrize(
    ("window", "change"),
    [
        ((START, "2023-04-12 12:00"), WindowChange.EXTENDED),
        ((START, "2023-04-12 10:00"), WindowChange.MOVED),
        (("2023-04-12 09:30", END), WindowChange.MOVED),
        ((START, END), None),
        (None, None),
    ],
    ids=["ends later", "ends sooner", "begins sooner", "as announced", "no window"],
)
def test_what_an_update_does_to_the_window(make: Any, window: tuple[str, str] | None, change: WindowChange) -> None:
    """An end that moves later, alone, extends the maintenance; whatever else changes the window moves it."""
    later = make.update("2023-04-11 08:00", window=make.window(*window) if window else None)
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"), later)

    assert window_change(incident, incident.updates, later) is change


def test_postponed_work_is_scheduled_again(make: Any) -> None:
    """A window moved ahead while the work was in progress makes it scheduled until the new window."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        make.update(START, "in_progress"),
        make.update("2023-04-12 10:00", window=make.window("2023-04-13 09:00", "2023-04-13 10:00")),
    )

    postponed = make.story("2023-04-12 10:05", incident)
    again = make.story("2023-04-13 09:30", incident)

    assert postponed.status == "scheduled"
    assert postponed.statuses == {}
    assert again.status == "in_progress"


def test_cancelled_work_stays_among_what_is_planned_until_its_window_has_passed(make: Any) -> None:
    """Whoever looks for maintenance that was announced finds that it is called off, and not among what is over."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"), cancelled=make.at("2023-04-11 00:00"))

    before = make.facts("2023-04-12 10:44", incident)
    after = make.facts(END, incident)

    assert ([story.incident.id for story in before.called_off], before.recent) == (["work"], ())
    assert (after.called_off, [story.incident.id for story in after.recent]) == ((), ["work"])


def test_cancelled_work_is_not_upcoming(make: Any) -> None:
    """Work that was called off before its window never happens."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"), cancelled=make.at("2023-04-11 00:00"))

    before = make.story("2023-04-10 00:00", incident)
    after = make.facts("2023-04-12 10:00", incident)

    assert before.upcoming
    assert not before.cancelled
    assert after.upcoming == ()
    assert after.incident("work").cancelled
    assert after.incident("work").spans == ()
    assert after.answer.status is ServiceStatus.OPERATIONAL


def test_work_called_off_within_its_window_ends_then(make: Any) -> None:
    """Cancelling work that is under way ends its impact at that instant."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"), cancelled=make.at("2023-04-12 10:00"))

    story = make.story("2023-04-12 10:30", incident)

    assert [span.end for span in story.spans] == [make.at("2023-04-12 10:00")]
    assert not story.open


def test_retracted_work_is_over(make: Any) -> None:
    """An announcement that was taken back is neither upcoming nor under way."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        retracted=make.retraction("2023-04-02 00:00"),
    )

    story = make.story("2023-04-03 00:00", incident)

    assert (story.status, story.open, story.upcoming) == ("completed", False, False)


def test_planned_outage_lies_within_the_window(make: Any) -> None:
    """Work that takes a service down says so, and only within its window."""
    incident = make.maintenance(START, END, make.update(ANNOUNCED, "scheduled"), services={"mail": "partial_outage"})

    story = make.story("2023-04-13 00:00", incident)

    assert [(span.status.value, span.start, span.end) for span in story.spans] == [
        ("partial_outage", make.at(START), make.at(END))
    ]
    assert story.impact.value == "major"


def test_vague_completion_counts_at_once(make: Any) -> None:
    """Work that was completed "today" is over, and its impact lies within the window all the same."""
    incident = make.maintenance(
        START,
        END,
        make.update(ANNOUNCED, "scheduled"),
        make.update(make.day("2023-04-12"), "completed", told=make.at("2023-04-12 10:00")),
    )

    story = make.story("2023-04-12 10:05", incident)

    assert (story.status, story.statuses) == ("completed", {})
    assert [(span.start, span.end) for span in story.spans] == [(make.at(START), make.at(END))]
