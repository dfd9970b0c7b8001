"""The course of an incident as a picture says what happened, for how long, and when it was told."""

from __future__ import annotations

from generator.formats.html.course import WIDTH, Course, course
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
    assert whole.description == "Degraded performance: 4 March 2024, 08:00–12:00"
    assert half.states == (("major_outage", "2\N{NO-BREAK SPACE}hrs"),)


def test_what_was_told_late_shows(press: Press) -> None:
    """Each update has a tick where it was told, so that the first one stands far from the beginning."""
    picture = drawn(press, HALVES)

    assert picture is not None
    assert picture.told == f"M{WIDTH // 2} 0v6M{WIDTH} 0v6"
    assert (picture.first, picture.last) == ("4 March 2024, 08:00", "4 March 2024, 12:00")


def test_what_is_not_over_has_no_end(press: Press) -> None:
    """What goes on reaches the edge, has no length, and the axis does not name an end."""
    picture = drawn(press, HALVES.partition("  - at: 2024-03-04 12:00")[0], now="2024-03-04 10:00")

    assert picture is not None
    (part,) = picture.tracks[0].stretches
    assert part.x + part.width == WIDTH
    assert picture.tracks[0].states == (("degraded_performance", ""),)
    assert picture.last == "not over yet"


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
