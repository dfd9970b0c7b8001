"""The kind `roundtrip`: a message that is sent through the service, waited for, timed and deleted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from probes.blocking import blocking
from probes.kind import Ground, Kind, ProbeError, Token
from probes.letter import Arrival, compose, hops, is_signed
from probes.login import Login, read_login
from probes.mailbox import KEPT_FOR, Mailbox, Protocol, collect
from probes.model import Check, Outcome, Policy, Reason, Result
from probes.options import Options
from probes.reach import reason_of, resolve
from probes.submission import smtp_session
from probes.target import Target, Tls, read_target

__all__ = ["KIND"]

SLOWEST_SENDING = 120.0
"""At most one message in so many seconds, whatever the plan says."""
MOST_UNDER_WAY = 12
"""A sick queue is not flooded: no more messages are sent while so many are on their way."""
_LATE_AFTER = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submission:
    target: Target
    login: Login | None
    helo: str
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    submission: _Submission
    mailbox: Mailbox
    send_every_seconds: float
    outage_above_seconds: float
    signed: bool
    """Whether the message must arrive signed."""
    headers: Mapping[str, re.Pattern[str]]
    """What headers of the message must match."""


def _read(options: Options) -> _Options:
    submit, fetch = options.part("submit", "submit"), options.part("fetch", "fetch")
    for key, part in (("submit", submit), ("fetch", fetch)):
        if part is None:
            options.fault(key, "missing-key", f'a check of this kind needs "{key}"')
    empty = Options({}, (), [], "")
    expect = options.part("expect", "expect")
    headers = expect.part("headers", "headers") if expect else None
    read = _Options(
        submission=_submission(submit or empty),
        mailbox=_mailbox(fetch or empty),
        send_every_seconds=options.seconds("send_every", 300, low=SLOWEST_SENDING),
        outage_above_seconds=options.seconds("outage_above", 3600, low=60),
        signed=expect.flag("signed", default=False) if expect else False,
        headers=headers.all_patterns() if headers else {},
    )
    for part in (submit, fetch, expect):
        if part:
            part.finish()
    return read


def _submission(part: Options) -> _Submission:
    return _Submission(
        target=read_target(part, port=587, tls=Tls.STARTTLS),
        login=read_login(part),
        helo=part.text("helo", "probe.invalid"),
        sender=part.text("from", required=True),
        recipient=part.text("to", required=True),
    )


def _mailbox(part: Options) -> Mailbox:
    protocol = part.choice("protocol", Protocol, Protocol.IMAP)
    implicit = part.text("tls", Tls.IMPLICIT.value) == Tls.IMPLICIT.value
    ports = {Protocol.IMAP: (143, 993), Protocol.POP3: (110, 995)}
    return Mailbox(
        protocol=protocol,
        target=read_target(part, port=ports[protocol][implicit], tls=Tls.IMPLICIT),
        login=read_login(part, required=True),
        inbox=part.text("inbox", "INBOX"),
        junk=part.texts("junk") or ("Junk", "Spam", "Quarantine"),
    )


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind
    results: list[Result] = []
    if _due(check, options, ground):
        failure = await _send(check, options, ground)
        results += [failure] if failure else []
    if ground.tokens.pending(check.name):
        results += await _look(check, options, ground)
    return _one_after_the_other(results)


def _due(check: Check, options: _Options, ground: Ground) -> bool:
    last = ground.tokens.last_sent(check.name)
    if last is None:
        return True
    free = len(ground.tokens.pending(check.name)) < MOST_UNDER_WAY
    return free and (ground.now() - last).total_seconds() >= options.send_every_seconds


async def _send(check: Check, options: _Options, ground: Ground) -> Result | None:
    """Send a message; return a result only if it is refused for good."""
    submission, now = options.submission, ground.now()
    token = Token(check=check.name, token=secrets.token_hex(16), sent_at=now)
    message = compose(_owner(check, ground), token.token, submission.sender, submission.recipient, now)
    ground.tokens.put(token)  # first: a message that nobody waits for would stay in the mailbox
    try:
        await _submit(check, submission, message.as_bytes())
    except (ProbeError, OSError) as error:
        ground.tokens.drop(token)
        return _refused(check, ground, error)
    return None


async def _submit(check: Check, submission: _Submission, message: bytes) -> None:
    import aiosmtplib

    address = (await resolve(submission.target))[0]
    session = (submission.target, address, submission.login, submission.helo, check.timeout_seconds * 0.8)
    try:
        async with smtp_session(*session) as client:
            await client.sendmail(submission.sender, [submission.recipient], message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _answered(error.recipients[0].code) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(error.code) from None
    except aiosmtplib.SMTPException as error:
        raise ProbeError(Reason.SUBMISSION_REFUSED, type(error).__name__) from None


def _answered(code: int) -> ProbeError:
    soft = 400 <= code < 500
    note = f"the message was refused with {code}"
    return ProbeError(Reason.SUBMISSION_REFUSED, note, outcome=Outcome.UNKNOWN if soft else None)


def _refused(check: Check, ground: Ground, error: ProbeError | OSError) -> Result:
    """Return what a refusal means; one for the time being, as greylisting has it, says nothing by itself."""
    if isinstance(error, ProbeError):
        outcome, note = error.outcome or check.status, f"{error.reason}: {error.note}"
        reason = error.reason if error.reason is Reason.LOGIN_REFUSED else Reason.SUBMISSION_REFUSED
    else:
        outcome, reason, note = check.status, Reason.SUBMISSION_REFUSED, f"{reason_of(error)}: {error}"
    return Result(at=ground.now(), outcome=outcome, reason=reason, note=note[:200])


async def _look(check: Check, options: _Options, ground: Ground) -> list[Result]:
    """Look for what is under way; what cannot be seen is not called late."""
    pending = {token.token: token for token in ground.tokens.pending(check.name)}
    now, owner = ground.now(), _owner(check, ground)
    try:
        address = (await resolve(options.mailbox.target))[0]
        arrivals = await blocking(
            lambda sockets: collect(
                options.mailbox, address, sockets, owner, set(pending), now, check.timeout_seconds * 0.8
            )
        )
    except (ProbeError, OSError) as error:
        reason = error.reason if isinstance(error, ProbeError) else reason_of(error)
        return [Result(at=ground.now(), outcome=Outcome.UNKNOWN, note=f"the mailbox cannot be read: {reason}")]
    results: list[Result] = []
    for arrival in sorted(arrivals, key=lambda found: pending[found.token].sent_at):
        token = pending.pop(arrival.token)
        ground.tokens.drop(token)
        results += _arrived(check, options, ground, token, arrival)
    for token in pending.values():
        results += _awaited(check, options, ground, token)
    return results


def _arrived(check: Check, options: _Options, ground: Ground, token: Token, arrival: Arrival) -> Iterator[Result]:
    now = ground.now()
    delay = (min(max(arrival.arrived_at, token.sent_at), max(now, token.sent_at)) - token.sent_at).total_seconds()
    figures = {"delay_seconds": delay}
    between = hops(arrival.headers)
    if between:
        figures |= {"hops": float(len(between)), "slowest_hop_seconds": max(between)}
    result = Result(at=now, outcome=Outcome.OPERATIONAL, took_seconds=delay, figures=figures)
    if arrival.junk:
        yield replace(result, outcome=Outcome.DEGRADED, reason=Reason.MISFILED, since=token.sent_at)
    elif not _as_expected(options, arrival):
        yield replace(result, outcome=Outcome.DEGRADED, reason=Reason.ALTERED, since=token.sent_at)
    elif delay <= (check.degraded_above_seconds or _LATE_AFTER):
        yield result
    elif token.counted is Outcome.UNKNOWN:
        yield replace(result, outcome=Outcome.DEGRADED, reason=Reason.DELAYED, since=token.sent_at)


def _as_expected(options: _Options, arrival: Arrival) -> bool:
    matched = all(pattern.search(str(arrival.headers.get(name, ""))) for name, pattern in options.headers.items())
    return matched and (not options.signed or is_signed(arrival.headers))


def _awaited(check: Check, options: _Options, ground: Ground, token: Token) -> Iterator[Result]:
    """Count a message that has not arrived: once when it is late, once more when it is missing."""
    now = ground.now()
    age = (now - token.sent_at).total_seconds()
    if now - token.sent_at > KEPT_FOR:
        ground.tokens.drop(token)
        return
    figures = {"delay_seconds": age}
    if age > options.outage_above_seconds and token.counted is not Outcome.OUTAGE:
        ground.tokens.put(replace(token, counted=Outcome.OUTAGE))
        yield Result(
            at=now, outcome=check.status, reason=Reason.MISSING, since=token.sent_at, certain=True, figures=figures
        )
    elif age > (check.degraded_above_seconds or _LATE_AFTER) and token.counted is Outcome.UNKNOWN:
        ground.tokens.put(replace(token, counted=Outcome.DEGRADED))
        yield Result(at=now, outcome=Outcome.DEGRADED, reason=Reason.DELAYED, since=token.sent_at, figures=figures)


def _one_after_the_other(results: Sequence[Result]) -> list[Result]:
    """Return results that differ in time, for of two at the same instant only one would count."""
    ordered: list[Result] = []
    last: datetime | None = None
    for result in results:
        at = result.at if last is None or result.at > last else last + timedelta(microseconds=1)
        ordered.append(replace(result, at=at))
        last = at
    return ordered


def _owner(check: Check, ground: Ground) -> str:
    return f"{ground.prober}/{check.name}"


def _pace(check: Check, ground: Ground) -> float:
    """Return when to look again: soon after sending, seldom while a message is late."""
    pending = ground.tokens.pending(check.name)
    if not pending:
        return 15.0
    return 5.0 if (ground.now() - pending[-1].sent_at).total_seconds() < 60 else 30.0


KIND = Kind(
    read=_read,
    probe=_probe,
    policy=Policy(window=3, bad=2, bad_for_seconds=0, often_bad=1000, good=2, good_for_seconds=0),
    interval_seconds=30,
    retry_interval_seconds=30,
    timeout_seconds=30,
    pace=_pace,
)
