"""Months: sum up the last calendar months of each service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from generator.facts.measures import Day, ServiceMonth
from generator.facts.model import Facts
from generator.facts.severities import worst
from generator.facts.stretches import sum_of
from generator.facts.uptime import rough_states
from generator.facts.years import service_years

MONTHS = 12


def service_months(facts: Facts) -> Mapping[str, tuple[ServiceMonth, ...]]:
    """Return the last `MONTHS` calendar months of each service by its id, the present one last.

    Like a year, they rest on the facts and not on their `now`, so they hold as long as the facts do.
    """
    days: dict[str, list[Day]] = {}
    for year in (facts.today.year - 1, facts.today.year):
        for found in service_years(facts, year):
            days.setdefault(found.service.id, []).extend(found.days)
    return {id_: tuple(_months(found)[-MONTHS:]) for id_, found in days.items()}


def _months(days: Sequence[Day]) -> list[ServiceMonth]:
    months = (list(found) for _, found in groupby(days, key=lambda day: (day.date.year, day.date.month)))
    return [
        ServiceMonth(
            first=found[0].date,
            worst=worst(recorded) if (recorded := [day.worst for day in found if day.worst]) else None,
            seconds=sum_of(day.seconds for day in found),
            rough=rough_states(day.rough for day in found),
        )
        for found in months
    ]
