"""The kind `roundtrip`: sends a message through the service, waits for it, times it and deletes it."""

from __future__ import annotations

from probes.kind import N_, Kind, ProbeContext
from probes.mail.arrivals import Expected
from probes.mail.journey import Journey, travel
from probes.mail.mailbox import Mailbox, Protocol
from probes.mail.submission import Submission
from probes.model import Check, Outcome, Policy
from probes.net.login import read_login
from probes.net.target import Tls, read_target
from probes.options import Options

__all__ = ["KIND"]

_FASTEST_SENDING = 120.0
"""Shortest interval between two messages, whatever the plan says."""
_LATE_AFTER = 300.0


def _read(options: Options) -> Journey:
    submit_part, fetch = _required(options, "submit"), _required(options, "fetch")
    expect = options.part("expect", "expect") or _nothing()
    headers = expect.part("headers", "headers")
    late = options.seconds("degraded_above", _LATE_AFTER) or _LATE_AFTER
    missing = options.seconds("outage_above", 3600, low=60)
    if missing <= late:
        key = "outage_above" if "outage_above" in options else "degraded_above"
        message = "outage_above must be longer than degraded_above"
        options.fault(key, "bad-interval", message, "lengthen outage_above, or shorten degraded_above")
    journey = Journey(
        submission=_submission(submit_part),
        mailbox=_mailbox(fetch),
        send_every_seconds=options.seconds("send_every", 300, low=_FASTEST_SENDING),
        expected=Expected(
            late_above_seconds=late,
            missing_above_seconds=missing,
            status=Outcome.OUTAGE,
            signed=expect.flag("signed", default=False),
            headers=headers.all_patterns() if headers else {},
        ),
    )
    for part in (submit_part, fetch, expect):
        part.finish()
    return journey


def _required(options: Options, key: str) -> Options:
    part = options.part(key, key)
    if key not in options:
        hint = f"docs/reference/checks.md says what stands in {key}"
        options.fault("", "missing-key", f'a check of this kind needs "{key}"', hint)
    return part or _nothing()


def _nothing() -> Options:
    """Return empty options, where the missing mapping itself has been reported already."""
    return Options({}, (), [], "")


def _submission(part: Options) -> Submission:
    return Submission(
        target=read_target(part, port=587, tls=Tls.STARTTLS),
        login=read_login(part),
        helo=part.text("helo", "probe.invalid"),
        sender=_address(part, "from"),
        recipient=_address(part, "to"),
    )


def _address(part: Options, key: str) -> str:
    text = part.text(key, required=True)
    if text and not (text.isascii() and text.count("@") == 1 and not any(character in text for character in " <>,")):
        part.fault(key, "wrong-type", f'{key}: "{text}" is not an address', "e.g. probe@example.org")
    return text


def _mailbox(part: Options) -> Mailbox:
    protocol = part.choice("protocol", Protocol, Protocol.IMAP)
    implicit = part.text("tls", Tls.IMPLICIT.value) == Tls.IMPLICIT.value
    ports = {Protocol.IMAP: (143, 993), Protocol.POP3: (110, 995)}
    for key in ("inbox", "junk"):
        if protocol is Protocol.POP3 and key in part:
            hint = f"remove {key}, or read the mailbox by IMAP"
            part.fault(key, "wrong-type", "a mailbox that is read by POP3 has no folders", hint)
    return Mailbox(
        protocol=protocol,
        target=read_target(part, port=ports[protocol][implicit], tls=Tls.IMPLICIT),
        login=read_login(part, required=True),
        inbox=part.text("inbox", "INBOX"),
        junk=part.texts("junk") or ("Junk", "Spam", "Quarantine"),
    )


def _pace(check: Check, context: ProbeContext) -> float:
    """Return when to look again: soon after sending, seldom while a message is late."""
    pending = context.tokens.pending(check.name)
    if not pending:
        return 15.0
    return 5.0 if (context.now() - pending[-1].sent_at).total_seconds() < 60 else 30.0


def _between(journey: Journey) -> float:
    return journey.send_every_seconds


KIND = Kind(
    measures=N_("Delivery of a test message"),
    read=_read,
    probe=travel,
    policy=Policy(window=3, bad=2, bad_for_seconds=0, often_bad=1000, good=2, good_for_seconds=0),
    interval_seconds=30,
    retry_interval_seconds=30,
    timeout_seconds=30,
    pace=_pace,
    between=_between,
)
