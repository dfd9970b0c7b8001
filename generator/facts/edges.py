"""Edges: count a vague time where something begins or ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from generator.model import Moment, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a stretch of time begins or ends."""

    at: datetime
    """The instant that figures use."""
    known: datetime
    """From when on it counts as reached: a thing that ended "today" is over although the day is not."""
    rough: bool = False


EVER = Edge(at=datetime.min.replace(tzinfo=UTC), known=datetime.min.replace(tzinfo=UTC))
"""Before every time that can be written down."""


def beginning(moment: Moment, told: datetime) -> Edge:
    """Return the edge of what began at a moment; `told` counts if the moment is unknown."""
    at = moment.first or told
    return Edge(at=at, known=at, rough=moment.rough)


def ending(moment: Moment, told: datetime) -> Edge:
    """Return the edge of what ended at a moment; `told` counts if the moment is unknown."""
    return Edge(at=moment.last or told, known=moment.first or told, rough=moment.rough)


def exactly(at: datetime) -> Moment:
    """Return an instant as a moment."""
    return Moment(precision=Precision.MINUTE, first=at, last=at)
