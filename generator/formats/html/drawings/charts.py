"""A year in charts: its incidents by month, and the time in each state by service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from generator.facts import IncidentFacts, ServiceYear, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings import day_bars
from generator.formats.html.drawings.year_view import HEIGHTS, Month, Shape, Sign, key, month_names
from generator.formats.html.page import View
from generator.i18n import Speech, Spoken, approximate
from generator.model import Kind, ServiceStatus

LOWEST = 4
"""So many incidents a month a chart has room for at least, so that a single one does not look like many."""
LENGTH = 1000
"""The units that the longest bar takes."""
WIDEST = 6
"""The width of a major outage in a column of ten."""
WORST_FIRST = sorted(ServiceStatus, key=severity, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMonth:
    """A column of incidents for each month, ten units wide; the worse, the wider and the further down."""

    title: str
    description: str
    height: int
    """One unit an incident."""
    shapes: tuple[Shape, ...]
    months: tuple[tuple[Month, str], ...]
    """Each with the number of its incidents; blank for none."""
    key: tuple[Sign, ...]
    table: View


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A service's time in each state, the worst first; as long as it was not simply operational."""

    id: str
    name: Spoken
    shapes: tuple[Shape, ...]
    total: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByService:
    """A bar for each service that was not operational all the time."""

    title: str
    bars: tuple[Bar, ...]
    key: tuple[Sign, ...]
    table: View
    """Of all services."""


def by_month(speech: Speech, year: int, listed: Iterable[IncidentFacts]) -> ByMonth | None:
    """Return the year's incidents by the month in which each began; None if there were none.

    What is listed in this year but began in another counts for the month next to it.
    """
    counts = [Counter[ServiceStatus]() for _ in range(12)]
    for facts in listed:
        if facts.incident.kind is Kind.INCIDENT and not facts.retracted:
            counts[_month(speech, year, facts) - 1][facts.worst] += 1
    if not any(counts):
        return None
    totals = [count.total() for count in counts]
    names = month_names(speech, (date(year, month, 1) for month in range(1, 13)))
    states = [state for state in WORST_FIRST if any(count[state] for count in counts)]
    height = max(LOWEST, *totals)
    said = [_pair(speech, month.name, total) for month, total in zip(names, totals, strict=True) if total]
    return ByMonth(
        title=speech.gettext("Incidents by month"),
        description=speech.list(said),
        height=height,
        shapes=tuple(_columns(counts, states, height)),
        months=tuple((month, str(total) if total else "") for month, total in zip(names, totals, strict=True)),
        key=key(speech, set(states)),
        table={
            "caption": speech.gettext("Incidents by month"),
            "heads": [
                speech.gettext("Month"),
                speech.gettext("Incidents"),
                *(words.status_name(speech, state) for state in states),
            ],
            "rows": [
                [
                    speech.opening(month.name),
                    speech.number(count.total()),
                    *(speech.number(count[state]) for state in states),
                ]
                for month, count in zip(names, counts, strict=True)
                if count
            ],
        },
    )


def by_service(edition: Edition, lang: str, services: Sequence[ServiceYear]) -> ByService | None:
    """Return how long each service was in which state, over whole days; None if each was operational all the time."""
    speech = edition.speeches[lang]
    lost = {service.service.id: service.seconds.lost for service in services}
    longest = max((sum(states.values()) for states in lost.values()), default=0)
    if not longest:
        return None
    return ByService(
        title=speech.gettext("Time in each state, by service"),
        bars=tuple(
            _bar(edition, speech, service, lost[service.service.id], longest)
            for service in services
            if lost[service.service.id]
        ),
        key=key(speech, {state for states in lost.values() for state in states}),
        table=table(edition, speech, services),
    )


def table(edition: Edition, speech: Speech, services: Sequence[ServiceYear]) -> View:
    """Return the uptime of each service with the time in each state."""
    heads, lengths = day_bars.lengths(speech, services)
    return {
        "caption": speech.gettext("Uptime, and the time in each state"),
        "heads": [speech.gettext("Service"), speech.gettext("Uptime"), *heads],
        "rows": [
            [
                speech.text(service.service.name, edition.languages).text,
                "–" if service.uptime_ppm is None else speech.uptime(service.uptime_ppm, rough=service.uptime_rough),
                *row,
            ]
            for service, row in zip(services, lengths, strict=True)
        ],
    }


def _month(speech: Speech, year: int, facts: IncidentFacts) -> int:
    began = speech.local_date(facts.started.first or facts.told)
    return min(max(began, date(year, 1, 1)), date(year, 12, 31)).month


def _pair(speech: Speech, what: str, n: int) -> str:
    return speech.gettext("{month}: {n}", month=what, n=speech.number(n))


def _columns(
    counts: Sequence[Mapping[ServiceStatus, int]], states: Sequence[ServiceStatus], height: int
) -> list[Shape]:
    feet = [height] * len(counts)
    shapes = []
    for state in states:
        width = HEIGHTS[state] * WIDEST / 10
        path = ""
        for place, count in enumerate(counts):
            n = count[state]
            if n:
                feet[place] -= n
                path += f"M{10 * place + (10 - width) / 2:g} {feet[place]}h{width:g}v{n}h-{width:g}z"
        shapes.append(Shape(state=state, path=path))
    return shapes


def _bar(edition: Edition, speech: Speech, year: ServiceYear, lost: Mapping[ServiceStatus, int], longest: int) -> Bar:
    shapes, x = [], 0.0
    for state, long in lost.items():
        height, width = HEIGHTS[state], LENGTH * long / longest
        shapes.append(Shape(state=state, path=f"M{x:.1f} {10 - height}h{width:.1f}v{height}h-{width:.1f}z"))
        x += width
    said = speech.list(day_bars.stretches(speech, year.seconds, rough=year.rough))
    return Bar(
        id=f"{year.service.id}-lost",
        name=speech.text(year.service.name, edition.languages),
        shapes=tuple(shapes),
        total=approximate(speech.duration(sum(lost.values())), not lost.keys().isdisjoint(year.rough)),
        description=speech.opening(said),
    )
