"""What a calendar year was for each service."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from generator.facts import Seconds, ServiceYear, service_years
from generator.model import ServiceStatus

HOUR = 3600
DAY = 24 * HOUR


def outage(make: Any, start: str, end: str | None) -> Any:
    """Return an outage of the mail service, which goes on if it has no end."""
    updates = [make.update(start, "investigating"), *([make.update(end, "resolved")] if end else [])]
    return make.incident({"mail": "major_outage"}, *updates)


def year_of(make: Any, now: str, year: int, *incidents: Any, site: Any = None) -> ServiceYear:
    """Return a year of the site's first service, the mail service by default."""
    found: ServiceYear = service_years(make.facts(now, *incidents, site=site), year)[0]
    return found


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
def test_a_year_that_is_over_is_whole(make: Any, year: int, days: int) -> None:
    """A past year has each of its days, and the two changes of the clock even out."""
    found = year_of(make, "2026-01-01 12:00", year)

    assert (found.days[0].date, found.days[-1].date, len(found.days)) == (date(year, 1, 1), date(year, 12, 31), days)
    assert found.seconds == Seconds(operational=days * DAY)
    assert found.uptime_ppm == 1_000_000


def test_a_year_under_way_ends_today(make: Any) -> None:
    """Of this year there are the days up to today; today counts for no figure."""
    found = year_of(make, "2024-02-19 12:00", 2024, outage(make, "2024-02-19 08:00", None))

    assert (found.days[-1].date, found.days[-1].worst) == (date(2024, 2, 19), ServiceStatus.MAJOR_OUTAGE)
    assert [day.today for day in found.days].count(True) == 1
    assert found.seconds == Seconds(operational=49 * DAY)


def test_on_new_year_there_is_only_today(make: Any) -> None:
    """On 1 January the year has one day and no figure."""
    found = year_of(make, "2024-01-01 12:00", 2024)

    assert [day.today for day in found.days] == [True]
    assert (found.seconds, found.uptime_ppm) == (Seconds(), None)


@pytest.mark.parametrize("year", [2025, 9998, 9999, 0])
def test_a_year_to_come_has_no_days(make: Any, year: int) -> None:
    """Of a year that lies ahead, or that no calendar has, nothing is claimed."""
    found = service_years(make.facts("2024-02-19 12:00"), year)

    assert [service.days for service in found if service.days] == []


def test_an_outage_over_new_year_counts_in_both(make: Any) -> None:
    """Each year has the seconds that fell into it by local time."""
    trouble = outage(make, "2023-12-31 21:00", "2024-01-01 05:00")

    before, after = (year_of(make, "2024-02-19 12:00", year, trouble) for year in (2023, 2024))

    assert (before.seconds.major_outage, after.seconds.major_outage) == (2 * HOUR, 6 * HOUR)
    assert (before.days[-1].incidents, after.days[0].incidents) == (("trouble",), ("trouble",))


def test_what_goes_on_reaches_into_each_year(make: Any) -> None:
    """An outage without an end fills a whole past year and the days of this one so far."""
    trouble = outage(make, "2022-12-30 23:00", None)

    past, this = (year_of(make, "2024-01-02 12:00", year, trouble) for year in (2023, 2024))

    assert past.seconds == Seconds(major_outage=365 * DAY)
    assert [day.worst for day in this.days] == [ServiceStatus.MAJOR_OUTAGE] * 2


def test_a_year_before_the_record_claims_nothing(make: Any) -> None:
    """Before the record began no day has a state, whatever was told of it, and there is no uptime."""
    site = make.site(make.service("mail", since=date(2024, 2, 10)))
    trouble = outage(make, "2023-03-01 10:00", "2023-03-01 11:00")

    past, this = (year_of(make, "2024-02-19 12:00", year, trouble, site=site) for year in (2023, 2024))

    assert {day.worst for day in past.days} == {None}
    assert (past.seconds, past.uptime_ppm, past.rough) == (Seconds(not_recorded=365 * DAY), None, ())
    assert this.seconds == Seconds(not_recorded=40 * DAY, operational=9 * DAY)


def test_a_year_with_a_vague_time_is_rough(make: Any) -> None:
    """A year into which a vague time went says so."""
    trouble = make.incident(
        {"mail": "partial_outage"},
        make.update("2023-03-01 10:00", "investigating"),
        make.update("2023-03-01 12:00", "resolved"),
        started=make.day("2023-03-01"),
    )

    rough, exact = (year_of(make, "2024-02-19 12:00", year, trouble) for year in (2023, 2024))

    assert (rough.rough, exact.rough) == ((ServiceStatus.PARTIAL_OUTAGE,), ())
    assert (rough.uptime_rough, exact.uptime_rough) == (True, False)
