"""Where local days begin."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from generator.facts.calendar import calendar_until, local_day, midnight


def test_day_turns_at_local_midnight() -> None:
    """An instant belongs to the day of the site's zone."""
    day = local_day(datetime(2024, 2, 19, 23, 0, tzinfo=UTC), "Europe/Zurich")

    assert day == date(2024, 2, 20)


def test_skipped_midnight_begins_at_the_end_of_the_gap() -> None:
    """Where the clock jumps from 00:00 to 01:00 the day begins at that instant."""
    began = midnight(date(2018, 11, 4), "America/Sao_Paulo")

    assert began == datetime(2018, 11, 4, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 7, 1), 24)])
def test_days_are_as_long_as_they_are(day: date, hours: int) -> None:
    """A calendar knows the 23 and 25 hours of the days on which the clock changes."""
    calendar = calendar_until(day, 3, "Europe/Zurich")

    assert calendar.dates[-1] == day
    assert calendar.length(2) == hours * 3600
