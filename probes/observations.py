"""Observations: hold what a prober saw last, and the response times; optional, and never the basis of a state.

One file a prober, `observations/<prober>.json` in the tree, rewritten every minute and ignored by git. It feeds
the lines "last probed" and the pictures of response times; losing it loses nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from probes.model import Outcome
from probes.naming import is_name

__all__ = [
    "FOLDER",
    "MAX_BYTES",
    "Hour",
    "Observation",
    "ObservationError",
    "Observations",
    "parse",
    "path_of",
    "serialize",
]

FOLDER = "observations"
MAX_BYTES = 8 * 1024 * 1024
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_MOST_LOOKS = 100_000
"""Largest number of looks in an hour: a check looks once a second at most."""
_MOST_SECONDS = 366 * 86400
_BELIEVED_FOR = timedelta(days=94)
"""A result is believed for three times the longest interval, which is 31 days."""


class ObservationError(ValueError):
    """A file that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The results of one check within one hour."""

    start: datetime
    """A full hour, UTC."""
    looks: int
    """Results that said something of the service."""
    bad: int
    median_seconds: float | None
    """Of the response times; None where there was no response."""
    p95_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One check as one prober knows it."""

    check: str
    kind: str
    service: str
    outcome: Outcome
    """The last result's; unknown before the first."""
    open: bool
    """Whether an episode is open."""
    last_result_at: datetime | None
    """When the last result that said something was known."""
    stale_after: datetime
    """After when, without a newer result, nothing is known of the service by this check any more."""
    hours: tuple[Hour, ...] = ()
    """The last 30 days, oldest first; hours without a result are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Everything one prober knows."""

    prober: str
    at: datetime
    blind: bool
    """Whether the prober itself is offline."""
    checks: tuple[Observation, ...]


def path_of(prober: str) -> str:
    """Return where a prober's file stands, relative to the tree."""
    return f"{FOLDER}/{prober}.json"


def serialize(observations: Observations) -> bytes:
    """Return the file: JSON with sorted keys."""
    said = {
        "version": 1,
        "prober": observations.prober,
        "at": _written(observations.at),
        "blind": observations.blind,
        "checks": [_check(check) for check in observations.checks],
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)


def _check(check: Observation) -> dict[str, object]:
    return {
        "check": check.check,
        "kind": check.kind,
        "service": check.service,
        "outcome": check.outcome.value,
        "open": check.open,
        "last_result_at": _written(check.last_result_at) if check.last_result_at else None,
        "stale_after": _written(check.stale_after),
        "hours": [[_written(h.start), h.looks, h.bad, h.median_seconds, h.p95_seconds] for h in check.hours],
    }


def parse(data: bytes) -> Observations:
    """Return what a file says.

    Raises:
        ObservationError: It is no such file.
    """
    if len(data) > MAX_BYTES:
        raise ObservationError(f"{len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        said = json.loads(data)
        if said["version"] != 1:
            raise ObservationError('"version" is not 1')
        at = _read_time(said["at"])
        return Observations(
            prober=_read_name(said["prober"]),
            at=at,
            blind=bool(said["blind"]),
            checks=tuple(_read_check(check, at) for check in said["checks"]),
        )
    except ObservationError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise ObservationError(f"it is not of the form that probers write ({type(error).__name__})") from error


def _read_time(text: str) -> datetime:
    at = datetime.fromisoformat(text)  # strptime would take most of a build's time, for a file holds thousands
    if at.tzinfo is None or not 2000 <= at.year < 3000:  # the ends of the calendar are no ground to reckon on
        raise ValueError("a time lacks its offset from UTC, or is of another age")
    return at.astimezone(UTC)


def _read_name(said: object) -> str:
    name = str(said)
    if not is_name(name):
        raise ValueError("a name has not the right form")
    return name


def _read_check(said: Mapping[str, object], at: datetime) -> Observation:
    last, stale_after = said["last_result_at"], _read_time(str(said["stale_after"]))
    if stale_after - at > _BELIEVED_FOR:
        raise ValueError("nothing is believed for so long")
    rows = cast("list[tuple[str, int, int, float | None, float | None]]", said["hours"])
    return Observation(
        check=_read_name(said["check"]),
        kind=_read_name(said["kind"]),
        service=_read_name(said["service"]),
        outcome=Outcome(str(said["outcome"])),
        open=bool(said["open"]),
        last_result_at=_read_time(str(last)) if last else None,
        stale_after=stale_after,
        hours=tuple(_read_hour(*row) for row in rows),
    )


def _read_hour(start: str, looks: int, bad: int, median: float | None, p95: float | None) -> Hour:
    if not (type(looks) is type(bad) is int and 0 <= bad <= looks <= _MOST_LOOKS):
        raise ValueError("the looks of an hour are out of bounds")
    median_seconds, p95_seconds = _read_seconds(median), _read_seconds(p95)
    if (median_seconds is None) is not (p95_seconds is None) or (median_seconds or 0) > (p95_seconds or 0):
        raise ValueError("half of an hour's answers cannot be later than nearly all of them")
    return Hour(start=_read_time(start), looks=looks, bad=bad, median_seconds=median_seconds, p95_seconds=p95_seconds)


def _read_seconds(said: float | None) -> float | None:
    if said is None:
        return None
    seconds = float(said)
    if not 0 <= seconds <= _MOST_SECONDS:  # JSON as Python reads it knows NaN, which lies within no bounds
        raise ValueError("a response time is out of bounds")
    return seconds
