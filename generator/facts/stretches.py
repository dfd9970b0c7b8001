"""Stretches: add up overlapping spans of one service; each second counts once, the worst wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.facts.measures import Seconds, Span
from generator.facts.model import IncidentFacts
from generator.facts.severities import severity
from generator.model import ServiceStatus

NOTHING = (0,) * len(ServiceStatus)
"""A tally of seconds by severity, before anything was counted."""

_STATUSES = tuple(sorted(ServiceStatus, key=severity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A status between two Unix times."""

    status: ServiceStatus
    start: int
    end: int


def by_service(stories: Iterable[IncidentFacts]) -> dict[str, list[Span]]:
    """Return what some incidents did to each service, by its id, earliest first."""
    found: dict[str, list[Span]] = {}
    for story in stories:
        for span in story.spans:
            found.setdefault(span.service, []).append(span)
    for spans in found.values():
        spans.sort(key=lambda span: (span.start, span.incident, severity(span.status)))
    return found


def merge(spans: Iterable[Span], start: int, end: int) -> list[Stretch]:
    """Return the stretches between two Unix times in which a service was not operational, earliest first.

    Where spans overlap, the worst wins.
    """
    edges: list[tuple[int, int, int]] = []
    for span in spans:
        first, last = clip(span, start, end)
        if first < last:
            rank = severity(span.status)
            edges += ((first, rank, 1), (last, rank, -1))
    edges.sort()
    stretches: list[Stretch] = []
    running = list(NOTHING)
    since = start
    for at, rank, step in edges:
        top = max((rank for rank, count in enumerate(running) if count), default=0)
        if top and since < at:
            stretches.append(Stretch(status=_STATUSES[top], start=since, end=at))
        since = at
        running[rank] += step
    return stretches


def measure(spans: Iterable[Span], start: int, end: int) -> Seconds:
    """Return how long a service was in each state between two Unix times."""
    tally = list(NOTHING)
    for stretch in merge(spans, start, end):
        tally[severity(stretch.status)] += stretch.end - stretch.start
    return seconds_of(tally, end - start)


def sum_of(parts: Iterable[Seconds]) -> Seconds:
    """Return the sum of some stretches' seconds."""
    return Seconds(*map(sum, zip(Seconds(), *parts, strict=True)))


def clip(span: Span, start: int, end: int) -> tuple[int, int]:
    """Return where a span lies between two Unix times; empty if the second is not after the first."""
    last = end if span.end is None else min(int(span.end.timestamp()), end)
    return max(int(span.start.timestamp()), start), last


def seconds_of(tally: Sequence[int], length: int) -> Seconds:
    """Return a tally by severity as seconds; what is left of `length` was operational."""
    return Seconds(length - sum(tally), *tally[1:])
