"""Durations: measure how long disturbances lasted, taken together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from generator.facts.measures import Durations
from generator.facts.model import IncidentFacts
from generator.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lasted:
    id: str
    seconds: int
    rough: bool


def durations_of(stories: Iterable[IncidentFacts]) -> Durations:
    """Return how many of some entries were disturbances and how long those lasted.

    A vague beginning counts from its earliest and a vague end up to its latest instant, as in every figure.
    """
    disturbances = [story for story in stories if story.incident.kind is Kind.INCIDENT and not story.retracted]
    known = [lasted for story in disturbances if (lasted := _lasted(story))]
    longest = max(known, key=lambda lasted: lasted.seconds, default=None)
    return Durations(
        count=len(disturbances),
        known=len(known),
        rough=sum(lasted.rough for lasted in known),
        median_seconds=int(median(lasted.seconds for lasted in known)) if known else None,
        longest=longest.id if longest else None,
        longest_seconds=longest.seconds if longest else None,
    )


def _lasted(story: IncidentFacts) -> _Lasted | None:
    first, end = story.started.first, story.ended
    if first is None or end is None or end.last is None or end.last < first:
        return None
    return _Lasted(
        id=story.incident.id,
        seconds=int((end.last - first).total_seconds()),
        rough=story.started.rough or end.rough,
    )
