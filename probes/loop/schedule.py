"""Schedule: says when a check looks, and how long its results are believed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from probes.kind import ProbeContext
from probes.kinds import KINDS
from probes.model import Check, Result

__all__ = ["phase", "stale_after", "wait"]

_SPREAD_SECONDS = 60.0
_FRESH = timedelta(minutes=5)


def phase(check: Check) -> float:
    """Return how many seconds to wait before the first look, so that not all begin at once; the same at every start."""
    digest = hashlib.sha256(check.name.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 * min(check.interval_seconds, _SPREAD_SECONDS)


def wait(check: Check, results: Sequence[Result], context: ProbeContext) -> float:
    """Return how many seconds after the beginning of a look, which found these results, the next one is due."""
    pace = KINDS[check.kind].pace
    if pace:
        return pace(check, context)
    bad = any(result.outcome.bad for result in results)
    return check.retry_interval_seconds if bad else check.interval_seconds


def stale_after(check: Check, last: datetime) -> datetime:
    """Return until when a result is to be believed: three times the time between results, at least five minutes.

    Most checks have a result at every look; a round trip has one for each message that it sends.
    """
    between = KINDS[check.kind].between
    seconds = between(check.options) if between else check.interval_seconds
    return last + max(timedelta(seconds=3 * seconds), _FRESH)
