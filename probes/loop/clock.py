"""Clock: judges whether it can be believed, and notices when it is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["FLOOR", "TOLERANCE", "Reading", "doubt", "leap"]

TOLERANCE = timedelta(minutes=2)
"""Largest difference that is put down to slewing and delays; a larger one means that the clock was set."""
FLOOR = datetime(2026, 11, 1, tzinfo=UTC)
"""The release of this package: no right clock shows an earlier time."""
_SETTLED = timedelta(minutes=10)
"""Time after which a clock behind the last measurement is believed: then the former clock was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What two clocks said at one instant."""

    wall: datetime
    steady_seconds: float
    """Reading of a monotonic clock, from an arbitrary start."""


def leap(before: Reading, after: Reading) -> timedelta:
    """Return by how much the wall clock was set between two readings, negative if it was put back; else nothing."""
    passed = timedelta(seconds=after.steady_seconds - before.steady_seconds)
    by = after.wall - before.wall - passed
    return by if abs(by) > TOLERANCE else timedelta()


def doubt(now: datetime, newest: datetime | None, doubted_since: datetime | None) -> str:
    """Return why a clock is not to be believed, empty if it is.

    `newest` is the last instant that anything was measured at; `doubted_since` is what this clock said when it was
    doubted first, None if it was not.
    """
    if now < FLOOR:
        return f"it says {now:%Y-%m-%d}, before this version was made"
    if newest is None or newest - now <= TOLERANCE:
        return ""
    if doubted_since is not None and now - doubted_since >= _SETTLED:
        return ""
    return f"it says {now:%Y-%m-%dT%H:%M:%SZ}, before what was measured last, {newest:%Y-%m-%dT%H:%M:%SZ}"
