"""How incidents and notices stand at `now`."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model import Action, Cause, MailFate


def test_nothing_is_known_before_the_first_word(make: Any) -> None:
    """An incident without a visible update is absent, even if it had begun."""
    incident = make.incident(
        {"mail": "major_outage"}, make.update("2024-02-19 10:00", "investigating"), started="2024-02-19 08:00"
    )

    facts = make.facts("2024-02-19 09:59", incident)

    assert facts.incidents == ()
    assert facts.next_transition == make.at("2024-02-19 10:00")


def test_only_told_updates_are_visible(make: Any) -> None:
    """An update with a future time does not show."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 12:00", "resolved"),
    )

    story = make.story("2024-02-19 11:00", incident)

    assert [update.status for update in story.updates] == ["investigating"]
    assert (story.status, story.open, story.ended) == ("investigating", True, None)


def test_resolved_incident_does_not_affect_the_status(make: Any) -> None:
    """A resolved incident is over, affects nothing and is recent for 14 days."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 12:00", "resolved"),
    )

    recent = make.facts("2024-03-04 11:59", incident)
    gone = make.facts("2024-03-04 12:00", incident)

    assert (recent.open, recent.answer.status.value, recent.answer.indicator.value) == ((), "operational", "none")
    assert [story.incident.id for story in recent.recent] == ["trouble"]
    assert recent.next_transition == make.at("2024-03-04 12:00")
    assert gone.recent == ()
    assert gone.incident("trouble").ended == make.minute("2024-02-19 12:00")


def test_notice_without_an_end_stands_for_14_days(make: Any) -> None:
    """A notice leaves the overview 14 days after its last update, and nobody told its end."""
    notice = make.notice(make.update("2021-03-10 09:30"), make.update("2021-03-12 09:30"))

    standing = make.facts("2021-03-26 09:29", notice)
    gone = make.facts("2021-03-26 09:30", notice)

    assert [story.incident.id for story in standing.notices] == ["advice"]
    assert standing.notices[0].status is None
    assert gone.notices == ()
    assert gone.incident("advice").ended == make.unknown()


def test_notice_with_an_end_stands_until_then(make: Any) -> None:
    """A notice with `ends` stays until then, however long ago it was told."""
    notice = make.notice(make.update("2021-03-10 09:30"), ends=make.day("2021-04-30"))

    standing = make.facts("2021-04-30 21:59", notice)
    gone = make.facts("2021-04-30 22:00", notice)

    assert len(standing.notices) == 1
    assert gone.notices == ()
    assert gone.incident("advice").ended == make.day("2021-04-30")


def test_notice_changes_no_status(make: Any) -> None:
    """A notice concerns services but affects none, and is not listed as open on them."""
    notice = make.notice(make.update("2021-03-10 09:30"))

    facts = make.facts("2021-03-11 00:00", notice)

    assert facts.incident("advice").services == ("mail",)
    assert (facts.incident("advice").impact.value, facts.answer.status.value) == ("none", "operational")
    assert facts.services[0].incidents == ()


@pytest.mark.parametrize(
    ("started", "late"),
    [("2024-02-19 09:00", True), ("2024-02-19 09:01", False), ("2024-02-19 10:00", False)],
)
def test_told_late_from_one_hour_on(make: Any, started: str, late: bool) -> None:
    """The first word is late if it came an hour or more after the beginning."""
    incident = make.incident(
        {"mail": "major_outage"}, make.update("2024-02-19 10:00", "investigating"), started=started
    )

    story = make.story("2024-02-19 10:00", incident)

    assert story.told_late is late


def test_vague_beginnings_are_late_from_their_last_instant_on(make: Any) -> None:
    """The word came late if even the latest possible beginning was an hour before; an unknown one never is."""
    told = make.update("2024-02-19 20:00", "investigating")
    incidents = [
        make.incident({"mail": "major_outage"}, told, started=make.minute("2024-02-19 12:00", about=True)),
        make.incident({"mail": "major_outage"}, told, started=make.day("2024-02-18")),
        make.incident({"mail": "major_outage"}, told, started=make.day("2024-02-19")),
        make.incident({"mail": "major_outage"}, told, started=make.unknown()),
    ]

    late = [make.story("2024-02-19 21:00", incident).told_late for incident in incidents]

    assert late == [True, True, False, False]


def test_next_word_is_overdue_once_its_time_has_passed(make: Any) -> None:
    """A promised word is overdue from its time on while the incident is open."""
    incident = make.incident(
        {"mail": "major_outage"}, make.update("2024-02-19 10:00", "investigating", next_update="2024-02-19 11:00")
    )

    before = make.facts("2024-02-19 10:59", incident)
    after = make.facts("2024-02-19 11:00", incident)

    assert not before.open[0].overdue
    assert before.next_transition == make.at("2024-02-19 11:00")
    assert after.open[0].overdue


def test_word_after_the_promised_time_keeps_the_promise(make: Any) -> None:
    """An update told at or after the promised time leaves nothing overdue; an earlier one keeps the promise due."""
    early = make.update("2024-02-19 10:30", "identified")
    kept = make.update("2024-02-19 11:10", "identified")
    first = make.update("2024-02-19 10:00", "investigating", next_update="2024-02-19 11:00")
    incident = make.incident({"mail": "major_outage"}, first, early, kept)

    due = make.story("2024-02-19 11:05", incident)
    told = make.story("2024-02-19 11:10", incident)

    assert due.overdue
    assert (told.next_update, told.overdue) == (None, False)


def test_resolved_incident_is_never_overdue(make: Any) -> None:
    """Once over, no next word is due."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating", next_update="2024-02-19 11:00"),
        make.update("2024-02-19 10:30", "resolved"),
    )

    story = make.story("2024-02-19 12:00", incident)

    assert (story.next_update, story.overdue) == (None, False)


def test_fate_of_the_mail_is_what_was_last_said(make: Any) -> None:
    """Mail, action and who are affected stand as last told until the incident is over; who stays."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating", mail=MailFate.UNKNOWN, action=Action.NONE),
        make.update("2024-02-19 11:00", "identified", mail=MailFate.DELAYED, who={"en": "some"}),
        make.update("2024-02-19 12:00", "resolved"),
        who={"en": "all"},
    )

    first = make.story("2024-02-19 10:30", incident)
    second = make.story("2024-02-19 11:30", incident)
    over = make.story("2024-02-19 12:30", incident)

    assert (first.mail, first.action, first.who) == ("unknown", "none", {"en": "all"})
    assert (second.mail, second.action, second.who) == ("delayed", "none", {"en": "some"})
    assert (over.mail, over.action, over.who) == (None, None, {"en": "some"})


def test_resolved_update_may_leave_something_to_do(make: Any) -> None:
    """What the `resolved` update itself says of mail and action still stands once over."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating", mail=MailFate.DELAYED),
        make.update("2024-02-19 12:00", "resolved", action=Action.RESEND),
    )

    story = make.story("2024-02-19 13:00", incident)

    assert (story.mail, story.action) == (None, "resend")


def test_false_alarm_is_recent_from_its_retraction(make: Any) -> None:
    """What was taken back stays among the recent for 14 days from then."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-01 10:00", "investigating"),
        retracted=make.retraction("2024-02-19 10:00"),
    )

    recent = make.facts("2024-03-04 09:59", incident)
    gone = make.facts("2024-03-04 10:00", incident)

    assert [story.incident.id for story in recent.recent] == ["trouble"]
    assert gone.recent == ()


def test_services_stand_in_the_order_of_the_site(make: Any) -> None:
    """The services that an incident touched are listed as status.yaml lists them."""
    incident = make.incident(
        {"upstream": "partial_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 11:00", "identified", {"mail": "degraded_performance", "archive": "operational"}),
    )

    story = make.story("2024-02-19 12:00", incident)

    assert story.services == ("mail", "upstream")


def test_a_cause_that_was_found_is_not_unknown(make: Any) -> None:
    """Until an update tells that the cause is found, the file may call it unknown; then whose fault it is is open."""
    first, found = make.update("2024-02-19 08:00", "investigating"), make.update("2024-02-19 09:00", "identified")
    unknown = make.incident({"mail": "major_outage"}, first, found, cause=Cause.UNKNOWN)
    ours = make.incident({"mail": "major_outage"}, first, found, cause=Cause.INTERNAL)

    causes = [make.story(f"2024-02-19 {now}", unknown).cause for now in ("08:30", "09:30")]

    assert causes == [Cause.UNKNOWN, None]
    assert make.story("2024-02-19 09:30", ours).cause is Cause.INTERNAL
