"""What the last twelve calendar months were for each service."""

from __future__ import annotations

from datetime import date
from typing import Any

from generator.facts import Seconds, ServiceMonth, service_months, service_years
from generator.facts.stretches import sum_of
from generator.model import ServiceStatus

HOUR = 3600


def months_of(make: Any, now: str, *incidents: Any) -> tuple[ServiceMonth, ...]:
    """Return the months of the mail service."""
    found: tuple[ServiceMonth, ...] = service_months(make.facts(now, *incidents))["mail"]
    return found


def outage(make: Any, start: str, end: str | None) -> Any:
    """Return an outage of the mail service, which goes on if it has no end."""
    updates = [make.update(start, "investigating"), *([make.update(end, "resolved")] if end else [])]
    return make.incident({"mail": "major_outage"}, *updates)


def test_there_are_twelve_with_the_present_one_last(make: Any) -> None:
    """On 19 February the months go from last March to this February."""
    found = months_of(make, "2024-02-19 12:00")

    assert [month.first for month in found] == [
        *(date(2023, month, 1) for month in range(3, 13)),
        date(2024, 1, 1),
        date(2024, 2, 1),
    ]


def test_an_outage_across_new_year_counts_in_both_months(make: Any) -> None:
    """Each month has the hours that fell into it, and the worst of its days."""
    found = months_of(make, "2024-02-19 12:00", outage(make, "2023-12-31 21:00", "2024-01-01 02:00"))

    december, january, february = found[-3:]
    assert (december.seconds.major_outage, january.seconds.major_outage, february.seconds.major_outage) == (
        2 * HOUR,
        3 * HOUR,
        0,
    )
    assert [month.worst for month in found[-3:]] == [
        ServiceStatus.MAJOR_OUTAGE,
        ServiceStatus.MAJOR_OUTAGE,
        ServiceStatus.OPERATIONAL,
    ]


def test_what_began_today_shows_before_it_has_a_length(make: Any) -> None:
    """Today counts for the state of the month, but for none of its figures."""
    month = months_of(make, "2024-02-19 12:00", outage(make, "2024-02-19 08:00", None))[-1]

    assert (month.worst, month.seconds.major_outage) == (ServiceStatus.MAJOR_OUTAGE, 0)


def test_months_add_up_to_the_year(make: Any) -> None:
    """In December the twelve months are the year."""
    told = outage(make, "2023-03-25 12:00", "2023-03-26 12:00")
    facts = make.facts("2023-12-31 12:00", told)

    found = service_months(facts)

    for year in service_years(facts, 2023):
        assert sum_of(month.seconds for month in found[year.service.id]) == year.seconds
        assert year.seconds != Seconds()
