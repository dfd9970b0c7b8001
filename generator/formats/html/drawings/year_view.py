"""A year at a glance: a strip of days for each service, and the sentences it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from generator.facts import Day, ServiceYear, sum_of, worst
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings import day_bars
from generator.i18n import Speech, Spoken
from generator.model import ServiceStatus

NOT_RECORDED = "not_recorded"
HEIGHTS = {NOT_RECORDED: 1, ServiceStatus.OPERATIONAL: 2} | day_bars.HEIGHTS
"""How high the days of each state stand, of ten: sound ones are a low, calm band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All of a picture that has the same state, as one path."""

    state: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A state as it looks in the pictures, and its name."""

    state: str
    path: str
    """On a ground four wide and ten high."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's name, in the lengths that there may be room for."""

    name: str
    brief: str
    initial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A service's year, one unit a day; days to come are blank."""

    id: str
    name: Spoken
    path: str
    """Of the service's page."""
    shapes: tuple[Shape, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The days of a service with something to report, in words."""

    name: Spoken
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """A year of some services."""

    width: int
    leap: bool
    ticks: str
    """Where months begin."""
    months: tuple[Month, ...]
    strips: tuple[Strip, ...]
    key: tuple[Sign, ...]
    """The states that the strips show."""
    reports: tuple[Account, ...]


def year_view(edition: Edition, lang: str, year: int, services: Sequence[ServiceYear]) -> YearView:
    """Draw a year of some services on a grid ten units high, one unit a day."""
    speech = edition.speeches[lang]
    firsts = [date(year, month, 1) for month in range(1, 13)]
    width = (date(year, 12, 31) - firsts[0]).days + 1
    shown = {_state(day) for service in services for day in service.days}
    return YearView(
        width=width,
        leap=width > 365,
        ticks="".join(f"M{(first - firsts[0]).days} 0V10" for first in firsts[1:]),
        months=month_names(speech, firsts),
        strips=tuple(_strip(edition, lang, service) for service in services),
        key=key(speech, shown),
        reports=tuple(
            Account(name=_name(edition, speech, service), sentences=tuple(told))
            for service in services
            if (told := list(_told(speech, service)))
        ),
    )


def month_names(speech: Speech, firsts: Iterable[date]) -> tuple[Month, ...]:
    """Return what some months are called, by their first days."""
    return tuple(
        Month(name=speech.month_name(day), brief=speech.brief_month_name(day), initial=speech.month_initial(day))
        for day in firsts
    )


def key(speech: Speech, states: set[str]) -> tuple[Sign, ...]:
    """Return the signs of some states, the best first."""
    return tuple(
        Sign(
            state=state,
            path=f"M0 {10 - height}h4v{height}h-4z",
            name=speech.gettext("No data")
            if state == NOT_RECORDED
            else words.status_name(speech, ServiceStatus(state)),
        )
        for state, height in HEIGHTS.items()
        if state in states
    )


def _strip(edition: Edition, lang: str, year: ServiceYear) -> Strip:
    speech = edition.speeches[lang]
    paths: dict[str, list[str]] = {}
    for state, x, count in _runs(year.days):
        height = HEIGHTS[state]
        paths.setdefault(state, []).append(f"M{x} {10 - height}h{count}v{height}h-{count}z")
    return Strip(
        id=year.service.id,
        name=_name(edition, speech, year),
        path=edition.addresses.service(lang, year.service.id),
        shapes=tuple(Shape(state=state, path="".join(paths[state])) for state in HEIGHTS if state in paths),
        description=" ".join(_described(speech, year)),
    )


def _name(edition: Edition, speech: Speech, year: ServiceYear) -> Spoken:
    return speech.text(year.service.name, edition.languages)


def _state(day: Day) -> str:
    return NOT_RECORDED if day.worst is None else day.worst


def _runs(days: Sequence[Day]) -> Iterator[tuple[str, int, int]]:
    """Yield each run of days in the same state: the state, where it begins, and how many days it takes."""
    x = 0
    for state, run in groupby(days, key=_state):
        count = len(list(run))
        yield state, x, count
        x += count


def _described(speech: Speech, year: ServiceYear) -> Iterator[str]:
    bad = sum(day_bars.bad(day.worst) for day in year.days)
    missing = sum(day.worst is None for day in year.days)
    if bad:
        yield speech.ngettext(
            "{n} day with an incident or maintenance.", "{n} days with incidents or maintenance.", bad
        )
    elif missing < len(year.days):
        yield speech.gettext("No incidents.")
    if missing:
        yield speech.ngettext("No data for {n} day.", "No data for {n} days.", missing)


def _told(speech: Speech, year: ServiceYear) -> Iterator[str]:
    """Yield a sentence for each run of days with something to report, the earliest first."""
    for bad, run in groupby(year.days, key=lambda day: day_bars.bad(day.worst)):
        if bad:
            days = list(run)
            yield _sentence(speech, days) if len(days) > 1 else day_bars.sentence(speech, days[0])


def _sentence(speech: Speech, days: Sequence[Day]) -> str:
    whole = Day(
        date=days[0].date,
        worst=worst(day.worst for day in days if day.worst),
        seconds=sum_of(day.seconds for day in days),
        rough=tuple({state: None for day in days for state in day.rough}),
    )
    said = speech.opening(speech.days(days[0].date, days[-1].date))
    return speech.gettext("{day}: {what}", day=said, what=day_bars.happened(speech, whole))
