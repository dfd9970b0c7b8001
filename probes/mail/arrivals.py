"""Arrivals: judges what it means that a message of a round trip has arrived, or has not; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from probes.kind import Token
from probes.mail.hops import hops
from probes.mail.letter import Arrival, is_signed
from probes.model import Outcome, Reason, Result
from probes.pattern import Pattern

__all__ = ["Expected", "arrived", "awaited"]

_LONGEST = 8192
"""Length to which a header is matched."""
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How a message should arrive."""

    late_above_seconds: float
    missing_above_seconds: float
    status: Outcome
    """What it means that one is missing."""
    signed: bool = False
    headers: Mapping[str, Pattern] = field(default_factory=dict)
    """What its headers must match, by name."""


def arrived(expected: Expected, token: Token, arrival: Arrival, now: datetime) -> Result | None:
    """Return what the arrival of a message says; None if it is bad and the message has been counted as bad already.

    The clocks of the prober and the server may differ: nothing arrives before it was sent, or after it was found.
    """
    delay = max((min(arrival.arrived_at, now) - token.sent_at).total_seconds(), 0.0)
    found = Result(
        at=now,
        outcome=Outcome.OPERATIONAL,
        took_seconds=delay,
        figures={"delay_seconds": delay},
    )
    if slowest := max(hops(arrival.headers), key=lambda hop: hop.seconds, default=None):
        figures = {**found.figures, "hop_max_seconds": slowest.seconds}
        found = replace(found, figures=figures, note=f"longest at {slowest.by or 'a server'}: {slowest.seconds:g} s")
    reason = _fault(expected, arrival, delay)
    if reason is None:
        return found
    if token.counted.bad:
        return None
    return replace(found, outcome=Outcome.DEGRADED, reason=reason, since=token.sent_at)


def awaited(expected: Expected, token: Token, now: datetime) -> tuple[Token, Result] | None:
    """Return what it says that a message is not there yet, and as what it is counted from now on.

    It is counted once when it is late and once when it is missing, never both at the same look: if the clock was put
    forward meanwhile, the message is there at the next one.
    """
    age = (now - token.sent_at).total_seconds()
    late = Result(
        at=now,
        outcome=Outcome.DEGRADED,
        reason=Reason.DELAYED,
        since=token.sent_at,
        figures={"delay_seconds": age},
    )
    if token.counted is Outcome.UNKNOWN and age > expected.late_above_seconds:
        return replace(token, counted=Outcome.DEGRADED), late
    if token.counted is Outcome.DEGRADED and age > expected.missing_above_seconds:
        missing = replace(late, outcome=expected.status, reason=Reason.MISSING, certain=True)
        return replace(token, counted=Outcome.OUTAGE), missing
    return None


def _fault(expected: Expected, arrival: Arrival, delay: float) -> Reason | None:
    if arrival.junk:
        return Reason.MISFILED
    matched = all(
        any(pattern.found_in(_FOLD.sub(" ", str(value)[:_LONGEST])) for value in arrival.headers.get_all(name, []))
        for name, pattern in expected.headers.items()
    )
    if not matched or (expected.signed and not is_signed(arrival.headers)):
        return Reason.ALTERED
    return Reason.DELAYED if delay > expected.late_above_seconds else None
