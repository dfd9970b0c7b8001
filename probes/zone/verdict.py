"""Verdict: judges the answers of a zone's name servers taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from probes.model import Check, Outcome, Reason, Result
from probes.net.reach import one_line
from probes.zone.answers import Answer
from probes.zone.records import Rules

__all__ = ["Expected", "difference", "judged", "result"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What every server must answer."""

    valid_rcodes: tuple[str, ...] = ("NOERROR",)
    rules: Rules = field(default_factory=Rules)
    authoritative: bool = False
    """Whether it must answer with authority."""


def judged(answer: Answer, expected: Expected) -> Answer:
    """Return an answer with what is wrong with it."""
    if answer.trouble or answer.away:
        return answer
    if answer.rcode not in expected.valid_rcodes:
        return replace(answer, trouble=Reason.STATUS, note=f"it answers {answer.rcode}")
    if expected.authoritative and not answer.authoritative:
        return replace(answer, trouble=Reason.PROTOCOL, note="its answer is not authoritative")
    if answer.rcode == "NOERROR" and not answer.records:
        return replace(answer, trouble=Reason.CONTENT, note="the answer is empty")
    if expected.rules.broken(answer.records):
        return replace(answer, trouble=Reason.CONTENT, note="the records do not match")
    return answer


def difference(answers: Sequence[Answer]) -> str:
    """Return how the servers that answer rightly do not agree, empty if they do."""
    sound = [answer for answer in answers if not (answer.trouble or answer.away)]
    serials = {answer.serial for answer in sound}
    if len(serials) > 1:
        return f"serials {', '.join(sorted(str(serial) for serial in serials))}"
    return "the answers differ" if len({answer.contents for answer in sound}) > 1 else ""


def result(check: Check, answers: Sequence[Answer], differ: str, warnings: Sequence[str], now: datetime) -> Result:
    """Judge the zone: out if no server answers rightly, degraded if some do not or if they `differ`.

    Servers that there is no way to from here are left out, with a warning; without any other nothing is known.
    """
    faulty = [answer for answer in answers if answer.trouble]
    sound = [answer for answer in answers if not (answer.trouble or answer.away)]
    took = max((answer.took_seconds for answer in sound), default=None)
    limit = check.degraded_above_seconds
    outcome: Outcome
    reason: Reason | None
    if not (sound or faulty):
        outcome, reason = Outcome.UNKNOWN, None
    elif took is None:
        outcome, reason = check.status, faulty[0].trouble
    elif differ:
        outcome, reason = Outcome.DEGRADED, Reason.ZONE_DIFFERS
    elif faulty:
        outcome, reason = Outcome.DEGRADED, faulty[0].trouble
    elif limit is not None and took > limit:
        outcome, reason = Outcome.DEGRADED, Reason.SLOW
    else:
        outcome, reason = Outcome.OPERATIONAL, None
    note = one_line("; ".join(filter(None, (differ, *(f"{one.server}: {one.note}" for one in faulty)))))
    away = (f"no route to {one.server} from here" for one in answers if one.away)
    return Result(at=now, outcome=outcome, reason=reason, took_seconds=took, note=note, warnings=(*warnings, *away))
