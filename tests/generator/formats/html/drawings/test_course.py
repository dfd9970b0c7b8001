"""The course of an incident as a picture says what happened, for how long, and when it was told."""

from __future__ import annotations

from generator.formats.html.drawings.course import WIDTH, Course, course
from tests.generator.formats.conftest import Press

HALVES = """\
services: {gateway: degraded_performance, archive: major_outage}
started: 2024-03-04 08:00
updates:
  - at: 2024-03-04 10:00
    status: investigating
    services: {archive: operational}
    text: {de: x, fr: x, en: x}
  - at: 2024-03-04 12:00
    status: resolved
    text: {de: x, fr: x, en: x}
"""
NOTICE = """\
kind: notice
title: {de: x, fr: x, en: x}
updates:
  - {at: 2024-03-04 10:00, text: {de: x, fr: x, en: x}}
"""


def drawn(press: Press, text: str, now: str = "2024-03-05 09:00") -> Course | None:
    """Return the picture of one incident in English."""
    made = press.edition(now, {"trouble": text})
    return course(made, "en", made.facts.incident("trouble"))


def test_lengths_are_to_scale(press: Press) -> None:
    """A service that was bad for half of the time has a bar of half the width; words say the same."""
    picture = drawn(press, HALVES)

    assert picture is not None
    whole, half = picture.tracks
    assert [(part.x, part.width) for part in whole.stretches] == [(0, WIDTH)]
    assert [(part.x, part.width) for part in half.stretches] == [(0, WIDTH // 2)]
    assert whole.description == "Degraded performance: 4\u00a0March\u00a02024, 08:00–12:00"
    assert half.states == (("major_outage", "2\N{NO-BREAK SPACE}h"),)


def test_what_was_told_late_shows(press: Press) -> None:
    """Each update has a tick where it was told, so that the first one stands far from the beginning."""
    picture = drawn(press, HALVES)

    assert picture is not None
    assert picture.told == f"M{WIDTH // 2} 0v6M{WIDTH} 0v6"
    assert (picture.first, picture.last) == ("4\u00a0March\u00a02024, 08:00", "4\u00a0March\u00a02024, 12:00")


def test_what_is_not_over_has_no_end(press: Press) -> None:
    """What goes on reaches the edge, has no length, and the axis does not name an end."""
    picture = drawn(press, HALVES.partition("  - at: 2024-03-04 12:00")[0], now="2024-03-04 10:00")

    assert picture is not None
    (part,) = picture.tracks[0].stretches
    assert part.x + part.width == WIDTH
    assert picture.tracks[0].states == (("degraded_performance", ""),)
    assert picture.last == "ongoing"


def test_a_blink_stays_visible(press: Press) -> None:
    """A minute beside a month is still drawn, and within the picture."""
    text = HALVES.replace("03-04 12:00", "04-04 12:00").replace("03-04 10:00", "03-04 08:01")
    picture = drawn(press, text, now="2024-05-05 09:00")

    assert picture is not None
    (blink,) = picture.tracks[1].stretches
    assert blink.width > 0
    assert blink.x + blink.width <= WIDTH


def test_a_notice_has_no_course(press: Press) -> None:
    """What changes no service's state has no picture."""
    assert drawn(press, NOTICE) is None


DAYS = """\
services: {gateway: major_outage}
started: 2024-03-04
updates:
  - {at: 2024-03-04, status: investigating, text: {de: x, fr: x, en: x}}
  - {at: 2024-03-05, status: resolved, text: {de: x, fr: x, en: x}}
"""
PLANNED = """\
kind: maintenance
services: {gateway: under_maintenance}
window: {from: 2024-03-04 08:00, to: 2024-03-04 12:00}
updates:
  - {at: 2024-03-04 06:00, text: {de: x, fr: x, en: x}}
"""


def test_what_was_over_within_a_day_is_told_at_its_end(press: Press) -> None:
    """No outage is drawn beyond the word that it is over: a day counts up to its end, and so does its tick."""
    picture = drawn(press, DAYS)

    assert picture is not None
    assert picture.told == f"M0 0v6M{WIDTH} 0v6"


def test_planned_work_is_drawn_to_its_planned_end(press: Press) -> None:
    """The course of a maintenance starts where it does, whenever it was announced; its end is known from the plan."""
    picture = drawn(press, PLANNED, now="2024-03-04 09:00")

    assert picture is not None
    (part,) = picture.tracks[0].stretches
    assert (part.x, part.x + part.width, picture.told) == (0, WIDTH, "")
    assert picture.last == "planned end: 4\u00a0March\u00a02024, 12:00"


def test_an_end_that_nobody_knows_makes_a_length_the_least(press: Press) -> None:
    """Where the end is not known, what is known is how long it lasted at least."""
    text = DAYS.replace("started: 2024-03-04", "started: 2024-03-04\nended: unknown")
    picture = drawn(press, text, now="2024-03-09 09:00")

    assert picture is not None
    ((_, lasted),) = picture.tracks[0].states
    assert lasted.startswith("at least ")


def test_the_least_is_no_estimate(press: Press) -> None:
    """A length that is the least it can be is not marked as an estimate, and no mark is explained."""
    text = DAYS.replace("started: 2024-03-04", "started: 2024-03-04\nended: unknown")
    picture = drawn(press, text, now="2024-03-09 09:00")

    assert picture is not None
    assert not picture.rough
    assert "≈" not in picture.tracks[0].description
    assert picture.tracks[0].description.endswith("end unknown")


def test_an_unknown_beginning_is_no_time(press: Press) -> None:
    """Where nobody knows when it began, the axis begins with the first word, and says that it is one."""
    text = HALVES.partition("  - at: 2024-03-04 12:00")[0].replace("started: 2024-03-04 08:00", "started: unknown")
    picture = drawn(press, text, now="2024-03-04 11:00")

    assert picture is not None
    assert picture.first == "reported: 4\u00a0March\u00a02024, 10:00"
    assert picture.tracks[0].description == "Degraded performance: start unknown"


def test_a_length_is_an_estimate_only_where_there_is_one(press: Press) -> None:
    """While an incident is open it has no length, so none is called an estimate."""
    opened = drawn(press, DAYS.partition("  - {at: 2024-03-05")[0], now="2024-03-05 09:00")
    over = drawn(press, DAYS)

    assert opened is not None
    assert over is not None
    assert (opened.rough, over.rough) == (False, True)


def test_one_bar_is_not_drawn(press: Press) -> None:
    """A single bar from one end to the other says nothing that words do not say: it is left out once all is over."""
    over = drawn(press, DAYS)
    two = drawn(press, HALVES)

    assert over is not None
    assert two is not None
    assert (over.plain, two.plain) == (True, False)
