"""Uptime: measure how long a service was in which state, by local day and over some days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from generator.facts.calendar import Calendar
from generator.facts.measures import Day, Figure, Seconds, Span
from generator.facts.severities import severity, worst
from generator.facts.stretches import NOTHING, clip, merge, seconds_of, sum_of
from generator.model import Service, ServiceStatus, Site

BARS = 90
"""How many whole days are shown one by one."""
PERIODS = (1, 7, 30, 90, 365)
"""Over how many whole days a figure is made."""


def uptime_ppm(seconds: Seconds, weights: Mapping[ServiceStatus, int]) -> int | None:
    """Return the uptime in millionths, rounded down, or None if nothing is on record.

    `weights` says how much a second in each status counts as lost, in percent.
    """
    whole = 100 * seconds.recorded
    if not whole:
        return None
    lost = sum(weights.get(state, 0) * long for state, long in seconds.lost.items())
    return 1_000_000 * (whole - lost) // whole


def on_record_since(site: Site, service: Service) -> date | None:
    """Return the first day of which something is claimed, or None where the record has no beginning."""
    return max((day for day in (site.record_since, service.since) if day), default=None)


def days_of(spans: Sequence[Span], calendar: Calendar, since: date | None) -> list[Day]:
    """Return the whole days of a calendar for one service.

    Days before `since` are not recorded, whatever the spans say. `spans` are sorted by their start.
    """
    touching: dict[int, list[Span]] = {}
    for span in spans:
        for place in _days_touched(span, calendar):
            touching.setdefault(place, []).append(span)
    tallies = _tallies(spans, calendar)
    found: list[Day] = []
    for place, day in enumerate(calendar.dates):
        length = calendar.length(place)
        recorded = since is None or day >= since
        if place not in touching:
            status = ServiceStatus.OPERATIONAL if recorded else None
            found.append(Day(date=day, worst=status, seconds=_untouched(length, recorded)))
            continue
        seconds = seconds_of(tallies[place], length) if recorded else _untouched(length, recorded)
        found.append(_day(day, touching[place], seconds, recorded=recorded))
    return found


def today_of(spans: Sequence[Span], midnight: datetime, day: date, since: date | None) -> Day:
    """Return the day that is not over, for one service: what touched it so far, and no figures."""
    these = [span for span in spans if span.end is None or span.end > midnight]
    return _day(day, these, Seconds(), recorded=since is None or day >= since, today=True)


def figures_of(days: Sequence[Day], weights: Mapping[ServiceStatus, int]) -> tuple[Figure, ...]:
    """Return the figures over the last of some whole days."""
    figures: list[Figure] = []
    rough: tuple[ServiceStatus, ...]
    seconds, rough, done = Seconds(), (), 0
    for period in PERIODS:
        more = days[max(len(days) - period, 0) : len(days) - done]
        seconds = sum_of((seconds, *(day.seconds for day in more)))
        rough = rough_states((rough, *(day.rough for day in more if day.worst is not None)))
        done = period
        figures.append(
            Figure(
                days=period,
                seconds=seconds,
                uptime_ppm=uptime_ppm(seconds, weights),
                uptime_rough=uptime_rough(rough, weights),
                rough=rough,
            )
        )
    return tuple(figures)


def rough_states(parts: Iterable[Iterable[ServiceStatus]]) -> tuple[ServiceStatus, ...]:
    """Return the states that occur in some parts."""
    return tuple(sorted({status for part in parts for status in part}, key=severity))


def uptime_rough(rough: Iterable[ServiceStatus], weights: Mapping[ServiceStatus, int]) -> bool:
    """Return whether an uptime rests on a vague time, by the states that do."""
    return any(weights.get(status) for status in rough)


@lru_cache(maxsize=16)
def _untouched(length: int, recorded: bool) -> Seconds:
    return Seconds(operational=length) if recorded else Seconds(not_recorded=length)


def _day(day: date, these: Sequence[Span], seconds: Seconds, *, recorded: bool, today: bool = False) -> Day:
    return Day(
        date=day,
        worst=worst(span.status for span in these) if recorded else None,
        seconds=seconds,
        incidents=tuple(dict.fromkeys(span.incident for span in these)),
        today=today,
        rough=_rough(these),
    )


def _rough(these: Sequence[Span]) -> tuple[ServiceStatus, ...]:
    """Return the states of which the length rests on a vague time: its own, or that of a worse one that hides it."""
    vague = [span for span in these if span.rough]
    resting = (s.status for s in these if s.rough or any(_hides(worse, s) for worse in vague))
    return rough_states([resting])


def _hides(worse: Span, span: Span) -> bool:
    starts_before_end = span.end is None or worse.start < span.end
    overlap = starts_before_end and (worse.end is None or span.start < worse.end)
    return overlap and severity(worse.status) > severity(span.status)


def _tallies(spans: Sequence[Span], calendar: Calendar) -> dict[int, list[int]]:
    midnights = calendar.midnights
    tallies: dict[int, list[int]] = {}
    for stretch in merge(spans, midnights[0], midnights[-1]):
        day, start = bisect_right(midnights, stretch.start) - 1, stretch.start
        while start < stretch.end:
            end = min(stretch.end, midnights[day + 1])
            tallies.setdefault(day, list(NOTHING))[severity(stretch.status)] += end - start
            day, start = day + 1, end
    return tallies


def _days_touched(span: Span, calendar: Calendar) -> range:
    midnights = calendar.midnights
    start, end = clip(span, midnights[0], midnights[-1])
    if start >= end:
        return range(0)
    return range(bisect_right(midnights, start) - 1, bisect_left(midnights, end))
