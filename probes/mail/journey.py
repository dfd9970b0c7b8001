"""Journey: sends the message of a round trip when one is due, and looks for those under way."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from probes.kind import ProbeContext, ProbeError, Token
from probes.mail.arrivals import Expected, arrived, awaited
from probes.mail.letter import Arrival, compose
from probes.mail.mailbox import KEPT_FOR, Mailbox, Visit, find, remove
from probes.mail.submission import Refusal, Submission, submit
from probes.memory.stretches import forget, unbroken_since
from probes.model import Check, Outcome, Reason, Result
from probes.net.blocking import Sockets, blocking
from probes.net.first_address import at_first_address
from probes.net.reach import NOTE_LENGTH, Address, reason_of
from probes.net.target import Target

__all__ = ["Journey", "travel"]

Value = TypeVar("Value")
Visiting = Callable[[Address, float], Visit]
"""From an address and a limit in seconds to a visit."""

_MOST_UNDER_WAY = 12
"""Number of messages under way above which no more are sent: a sick queue is not flooded."""
_SCOUT_EVERY = 1800.0
"""Interval at which one is sent all the same, in place of a missing one, to notice that mail flows again."""
_SET_BACK = timedelta(minutes=1)
_SENDING, _FINDING, _REMOVING = 0.4, 0.35, 0.2
"""How the check's timeout is shared: a server that hangs must not hide what the others have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """From where to where, how often, and how a message should arrive."""

    submission: Submission
    mailbox: Mailbox
    send_every_seconds: float
    expected: Expected
    """With the check's own `status` put in at every look."""


async def travel(check: Check, journey: Journey, context: ProbeContext) -> Sequence[Result]:
    """Send a message if one is due, and return what is new about those under way, each result later than the last."""
    results = list(_set_back(check, context))
    if _due(check, journey, context):
        results += await _send(check, journey, context)
    if context.tokens.pending(check.name):
        results += await _look(check, journey, context)
    return _one_after_the_other(results)


def _set_back(check: Check, context: ProbeContext) -> Iterator[Result]:
    """Yield a word for the operators if the last message lies in the future: nothing is sent until then."""
    last, now = context.tokens.last_sent(check.name), context.now()
    if last is not None and last - now > _SET_BACK:
        yield Result(at=now, outcome=Outcome.UNKNOWN, note="the clock was set back: the last message is in the future")


def _due(check: Check, journey: Journey, context: ProbeContext) -> bool:
    last, pending = context.tokens.last_sent(check.name), context.tokens.pending(check.name)
    since = (context.now() - last).total_seconds() if last else float("inf")
    if len(pending) < _MOST_UNDER_WAY:
        return since >= journey.send_every_seconds
    return pending[0].counted is Outcome.OUTAGE and since >= max(journey.send_every_seconds, _SCOUT_EVERY)


async def _send(check: Check, journey: Journey, context: ProbeContext) -> list[Result]:
    """Send a message; return a result only if it is not taken."""
    submission, tokens, now = journey.submission, context.tokens, context.now()
    token = Token(check=check.name, token=secrets.token_hex(16), sent_at=now)
    message = compose(_owner(check, context), token.token, submission.sender, submission.recipient, now)
    # That it was tried is noted first, that it is under way when it was taken: who is ended in between must neither
    # send another at once nor wait for what was never sent.
    tokens.put(token)
    tokens.drop(token)
    refusal = await submit(submission, message.as_bytes(), check.timeout_seconds * _SENDING)
    if refusal:
        return [_refused(check, journey, context, refusal, now)]
    forget(context.notes, _deferral(check))
    if len(tokens.pending(check.name)) >= _MOST_UNDER_WAY:
        tokens.drop(tokens.pending(check.name)[0])
    tokens.put(token)
    return []


def _refused(check: Check, journey: Journey, context: ProbeContext, refusal: Refusal, sent_at: datetime) -> Result:
    """Return what a refusal means; temporary ones count once they have lasted long enough for mail to be late."""
    nothing = Result(at=context.now(), outcome=Outcome.UNKNOWN, note=refusal.note)
    if refusal.own_fault:
        return nothing
    bad = replace(nothing, outcome=check.status, reason=Reason.SUBMISSION_REFUSED)
    if not refusal.for_now:
        return bad
    within = timedelta(seconds=3 * journey.send_every_seconds)
    since = unbroken_since(context.notes, _deferral(check), sent_at, within=within)
    for_so_long = (context.now() - since).total_seconds()
    if for_so_long <= journey.expected.late_above_seconds:
        return nothing
    if for_so_long <= journey.expected.missing_above_seconds:
        return replace(bad, outcome=Outcome.DEGRADED, since=since)
    return replace(bad, since=since)


async def _look(check: Check, journey: Journey, context: ProbeContext) -> list[Result]:
    """Look for what is under way; what cannot be seen is not called late."""
    expected = replace(journey.expected, status=check.status)
    pending = context.tokens.pending(check.name)
    try:
        visiting = _visiting(check, journey, context, [token.token for token in pending])
        found = await _visit(journey.mailbox.target, visiting, find, check.timeout_seconds * _FINDING)
    except (ProbeError, OSError) as error:
        return [Result(at=context.now(), outcome=Outcome.UNKNOWN, note=f"the mailbox cannot be read: {_why(error)}")]
    results = list(_judged(expected, context, pending, found))
    if found:
        results = await _tidied(check, journey, context, list(found), results)
    return results


def _judged(
    expected: Expected, context: ProbeContext, pending: Sequence[Token], found: Mapping[str, Arrival]
) -> Iterator[Result]:
    """Yield what is new about each message, the first one sent first, and note it."""
    now = context.now()
    for token in pending:
        if arrival := found.get(token.token):
            context.tokens.drop(token)
            if result := arrived(expected, token, arrival, now):
                yield result
        elif now - token.sent_at > KEPT_FOR:
            context.tokens.drop(token)
        elif counted := awaited(expected, token, now):
            context.tokens.put(counted[0])
            yield counted[1]


async def _tidied(
    check: Check, journey: Journey, context: ProbeContext, tokens: Sequence[str], results: list[Result]
) -> list[Result]:
    """Delete what has arrived; return the results, with a warning if that cannot be done."""
    try:
        visiting = _visiting(check, journey, context, tokens)
        await _visit(journey.mailbox.target, visiting, remove, check.timeout_seconds * _REMOVING)
    except (ProbeError, OSError) as error:
        warning = f"its own messages cannot be deleted: {_why(error)}"
        return [replace(result, warnings=(warning,)) for result in results]
    return results


def _visiting(check: Check, journey: Journey, context: ProbeContext, tokens: Sequence[str]) -> Visiting:
    """Return what makes a visit for some messages, given an address and the seconds it may take."""

    def visit(address: Address, timeout_seconds: float) -> Visit:
        return Visit(
            mailbox=journey.mailbox,
            address=address,
            owner=_owner(check, context),
            tokens=frozenset(tokens),
            now=context.now(),
            timeout_seconds=timeout_seconds,
        )

    return visit


async def _visit(
    target: Target, visiting: Visiting, what: Callable[[Visit, Sockets], Value], timeout_seconds: float
) -> Value:
    """Do something in the mailbox."""

    async def at(address: Address) -> Value:
        visit = visiting(address, timeout_seconds)
        return await blocking(lambda sockets: what(visit, sockets))

    async with asyncio.timeout(timeout_seconds):
        return await at_first_address(target, at)


def _why(error: ProbeError | OSError) -> str:
    if isinstance(error, ProbeError):
        return ": ".join(filter(None, (error.reason, error.note)))[:NOTE_LENGTH]
    return reason_of(error)


def _one_after_the_other(results: Sequence[Result]) -> list[Result]:
    """Return results that differ in time, for of two at the same instant only one would count."""
    ordered: list[Result] = []
    for result in results:
        earliest = ordered[-1].at + timedelta(microseconds=1) if ordered else result.at
        ordered.append(replace(result, at=max(result.at, earliest)))
    return ordered


def _deferral(check: Check) -> str:
    """Return the name under which it is noted since when messages have been refused for now."""
    return f"deferred/{check.name}"


def _owner(check: Check, context: ProbeContext) -> str:
    return f"{context.prober}/{check.name}"
