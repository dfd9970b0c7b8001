"""Whether the clock can be believed: it may be wrong after a start, and be set at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["FLOOR", "TOLERANCE", "Reading", "doubt", "leap"]

TOLERANCE = timedelta(minutes=2)
"""By so much clocks are slewed and loops delayed; what is more is a clock that was set."""
FLOOR = datetime(2026, 11, 1, tzinfo=UTC)
"""No machine runs this package before it was released."""
_SETTLED = timedelta(minutes=10)
"""After so long a clock that lies before what was measured is believed: then the clock before it was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What two clocks said at one instant."""

    wall: datetime
    steady_seconds: float
    """Of a clock that nobody sets; where it begins means nothing."""


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
