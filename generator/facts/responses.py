"""Responses: put together by the hour and by the local day how fast services answered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from generator.facts.calendar import calendar_until
from generator.facts.probing import ResponseFacts, Responses
from probes.observations import Hour, Observation

HOUR = timedelta(hours=1)
HOURS = 24
DAYS = 30


def full_hour(now: datetime) -> datetime:
    """Return when the hour of an instant began."""
    return now.replace(minute=0, second=0, microsecond=0)


def midnights_until(today: date, time_zone: str) -> list[datetime]:
    """Return the midnights between which the days lie that are shown, up to that which begins `today`."""
    midnights = calendar_until(today - timedelta(days=1), DAYS, time_zone).midnights
    return [datetime.fromtimestamp(midnight, UTC) for midnight in midnights]


def response_facts(
    check: str, kind: str, seen: Sequence[tuple[datetime, Observation]], now: datetime, midnights: Sequence[datetime]
) -> ResponseFacts | None:
    """Return how fast a service answered to one check; None if it never did within the time that is shown.

    `seen` is what each prober knows of it, with the time at which it was written down; `midnights` divide the days.
    """
    over = full_hour(now)
    measured = [
        hour
        for at, known in seen
        for hour in known.hours
        if hour.start + HOUR <= min(at, over) and hour.median_seconds is not None and hour.p95_seconds is not None
    ]
    hours = _buckets(measured, [over - HOUR * ago for ago in range(HOURS, -1, -1)])
    days = _buckets(measured, midnights)
    if all(found.median_seconds is None for found in (*hours, *days)):
        return None
    return ResponseFacts(check=check, kind=kind, hours=hours, days=days)


def _buckets(measured: Iterable[Hour], edges: Sequence[datetime]) -> tuple[Responses, ...]:
    """Return what was measured between each edge and the next; an hour belongs to where it begins."""
    found: Mapping[int, list[Hour]] = {place: [] for place in range(len(edges) - 1)}
    for hour in measured:
        place = bisect_right(edges, hour.start) - 1
        if place in found:
            found[place].append(hour)
    return tuple(_together(edges[place], hours) for place, hours in found.items())


def _together(start: datetime, hours: Sequence[Hour]) -> Responses:
    """Return what several hours amount to.

    The median is that of the hours' medians, each as heavy as its hour has results; of the upper bounds the highest
    counts, so that the promise that goes with a percentile holds.
    """
    return Responses(
        start=start,
        median_seconds=_median([(hour.median_seconds or 0.0, max(hour.looks, 1)) for hour in hours]),
        p95_seconds=max((hour.p95_seconds or 0.0 for hour in hours), default=None),
    )


def _median(weighed: Sequence[tuple[float, int]]) -> float | None:
    half = sum(weight for _, weight in weighed) / 2
    passed = 0
    for value, weight in sorted(weighed):
        passed += weight
        if passed >= half:
            return value
    return None
