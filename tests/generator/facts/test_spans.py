"""Which service was in which state, and when, because of one incident."""

from __future__ import annotations

from typing import Any

from generator.model import ServiceStatus


def test_impact_begins_at_started_and_ends_with_resolved(make: Any) -> None:
    """A service is affected from `started`, which may precede the first word, until `resolved`."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 12:00", "resolved"),
        started="2024-02-19 08:00",
    )

    (span,) = make.story("2024-02-20 00:00", incident).spans

    assert (span.service, span.status) == ("mail", ServiceStatus.MAJOR_OUTAGE)
    assert (span.start, span.end) == (make.at("2024-02-19 08:00"), make.at("2024-02-19 12:00"))
    assert not span.rough


def test_impact_without_an_end_goes_on(make: Any) -> None:
    """A span that nobody ended has no end, and its status is what the incident does now."""
    incident = make.incident({"mail": "partial_outage"}, make.update("2024-02-19 10:00", "investigating"))

    story = make.story("2024-03-20 00:00", incident)

    assert [span.end for span in story.spans] == [None]
    assert story.statuses == {"mail": ServiceStatus.PARTIAL_OUTAGE}


def test_resolved_ends_the_impact_when_it_was_effective(make: Any) -> None:
    """A `resolved` told later than it was effective ends the impact back then."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 15:00", "resolved", effective="2024-02-19 11:30"),
    )

    story = make.story("2024-02-19 15:00", incident)

    assert [span.end for span in story.spans] == [make.at("2024-02-19 11:30")]
    assert story.statuses == {}


def test_resolved_ends_what_was_to_change_later(make: Any) -> None:
    """What is said to be over affects nothing, though an earlier word had dated a change ahead."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "monitoring", {"mail": "degraded_performance"}, effective="2024-02-19 10:30"),
        make.update("2024-02-19 10:10", "resolved", effective="2024-02-19 11:00"),
    )

    story = make.story("2024-02-19 10:10", incident)

    assert not story.open
    assert story.statuses == {}


def test_nothing_shows_before_it_was_told(make: Any) -> None:
    """Before `resolved` was told, the impact goes on, wherever it was effective."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 15:00", "resolved", effective="2024-02-19 11:30"),
    )

    story = make.story("2024-02-19 14:59", incident)

    assert [span.end for span in story.spans] == [None]


def test_ended_overrides_resolved(make: Any) -> None:
    """A file's `ended` bounds the impact, whenever `resolved` was told."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 15:00", "resolved"),
        ended="2024-02-19 12:00",
    )

    (span,) = make.story("2024-02-20 00:00", incident).spans

    assert span.end == make.at("2024-02-19 12:00")


def test_impact_over_while_unresolved(make: Any) -> None:
    """With `ended` in the past an unresolved incident stays open but affects nothing."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "monitoring"),
        ended="2024-02-19 12:00",
    )

    facts = make.facts("2024-02-19 13:00", incident)

    assert [story.incident.id for story in facts.open] == ["trouble"]
    assert facts.open[0].statuses == {}
    assert facts.answer.status is ServiceStatus.OPERATIONAL


def test_updates_change_services_when_effective(make: Any) -> None:
    """An update's `services` take over at its `effective`; a service set to operational is well again."""
    incident = make.incident(
        {"mail": "major_outage", "archive": "degraded_performance"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 12:00", "identified", {"mail": "degraded_performance"}, effective="2024-02-19 11:00"),
        make.update("2024-02-19 13:00", "monitoring", {"archive": "operational"}),
    )

    story = make.story("2024-02-19 14:00", incident)

    assert [(span.service, span.status.value, span.start.hour, span.end and span.end.hour) for span in story.spans] == [
        ("archive", "degraded_performance", 10, 13),
        ("mail", "major_outage", 10, 11),
        ("mail", "degraded_performance", 11, None),
    ]
    assert story.statuses == {"mail": ServiceStatus.DEGRADED_PERFORMANCE}
    assert story.worst is ServiceStatus.MAJOR_OUTAGE


def test_later_word_on_the_same_time_is_right(make: Any) -> None:
    """What is told later about an earlier time replaces what was told before."""
    incident = make.incident(
        {"mail": "degraded_performance"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 11:00", "identified", {"mail": "major_outage"}, effective="2024-02-19 09:00"),
    )

    story = make.story("2024-02-19 12:00", incident)

    assert [(span.status.value, span.start.hour) for span in story.spans] == [("major_outage", 9)]


def test_repeated_status_is_one_span(make: Any) -> None:
    """Saying the same status again does not cut the span."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 11:00", "identified", {"mail": "major_outage"}),
    )

    story = make.story("2024-02-19 12:00", incident)

    assert len(story.spans) == 1


def test_vague_edges_are_rough(make: Any) -> None:
    """A bare date begins at its first and ends at its last local midnight, and the span says it is rough."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update(make.day("2024-02-19"), "investigating"),
        make.update(make.day("2024-02-21"), "resolved"),
    )

    story = make.story("2024-02-25 00:00", incident)

    assert [(span.start, span.end) for span in story.spans] == [
        (make.at("2024-02-18 23:00"), make.at("2024-02-21 23:00"))
    ]
    assert story.spans[0].rough
    assert story.rough


def test_vague_end_counts_at_once_for_the_state(make: Any) -> None:
    """What was resolved "today" no longer affects a service, though the figures count the day."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-21 10:00", "investigating"),
        make.update(make.day("2024-02-21"), "resolved", told=make.at("2024-02-21 12:00")),
    )

    story = make.story("2024-02-21 13:00", incident)

    assert story.statuses == {}
    assert [span.end for span in story.spans] == [make.at("2024-02-21 23:00")]


def test_about_is_rough(make: Any) -> None:
    """A time told with "about" makes the span rough."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 16:25", "investigating"),
        started=make.minute("2024-02-19 12:00", about=True),
    )

    story = make.story("2024-02-20 00:00", incident)

    assert story.rough


def test_unknown_start_counts_from_the_first_word(make: Any) -> None:
    """Where nobody knows the beginning, the impact counts from the first update, roughly."""
    incident = make.incident(
        {"mail": "major_outage"}, make.update("2024-02-19 16:00", "investigating"), started=make.unknown()
    )

    (span,) = make.story("2024-02-20 00:00", incident).spans

    assert (span.start, span.rough) == (make.at("2024-02-19 16:00"), True)


def test_unknown_end_counts_to_the_last_known_word(make: Any) -> None:
    """Where nobody knows the end, the impact counts to the last time that somebody told of it, roughly."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2022-03-21 08:00", "investigating"),
        make.update("2022-03-23 09:00", "identified"),
        make.update(make.unknown(), "resolved", told=make.at("2022-03-23 09:00")),
        ended=make.unknown(),
    )

    story = make.story("2022-04-01 00:00", incident)

    assert [(span.end, span.rough) for span in story.spans] == [(make.at("2022-03-23 09:00"), True)]
    assert story.ended == make.unknown()
    assert not story.open


def test_unknown_end_counts_the_last_known_day_whole(make: Any) -> None:
    """Where the last word is known to the day only, the impact counts until the end of that day."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update(make.day("2022-03-21"), "investigating"),
        make.update(make.day("2022-03-23"), "identified"),
        make.update(make.unknown(), "resolved", told=make.day("2022-03-23").first),
    )

    story = make.story("2022-04-01 00:00", incident)

    assert [(span.end, span.rough) for span in story.spans] == [(make.at("2022-03-23 23:00"), True)]


def test_unknown_end_does_not_count_before_the_last_word(make: Any) -> None:
    """An end that nobody knows is not assumed while words of the file are still to come."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2022-03-21 08:00", "investigating"),
        make.update("2022-03-23 09:00", "resolved"),
        ended=make.unknown(),
    )

    story = make.story("2022-03-22 00:00", incident)

    assert story.statuses == {"mail": ServiceStatus.MAJOR_OUTAGE}


def test_retracted_incident_did_nothing(make: Any) -> None:
    """A false alarm keeps its place but has no spans, no impact and no open state from the moment it is taken back."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        retracted=make.retraction("2024-02-19 11:00"),
    )

    before = make.facts("2024-02-19 10:59", incident)
    after = make.facts("2024-02-19 11:00", incident)

    assert before.answer.status is ServiceStatus.MAJOR_OUTAGE
    assert after.answer.status is ServiceStatus.OPERATIONAL
    assert after.open == ()
    assert after.incident("trouble").retracted
    assert after.incident("trouble").spans == ()
    assert after.incident("trouble").impact.value == "none"


def test_reopened_incident_affects_what_it_names_again(make: Any) -> None:
    """A word after `resolved` opens the incident again, with the services that it names."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 11:00", "resolved"),
        make.update("2024-02-19 12:00", "investigating", {"mail": "partial_outage"}),
    )

    story = make.story("2024-02-19 13:00", incident)

    assert story.open
    assert story.ended is None
    assert [(span.status.value, span.start.hour) for span in story.spans] == [
        ("major_outage", 10),
        ("partial_outage", 12),
    ]
