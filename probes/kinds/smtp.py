"""The kind `smtp`: encrypts, logs in and asks which recipients are accepted; it never sends a message."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.mail.smtp import smtp_session
from probes.model import Check, Outcome, Reason
from probes.net.login import Login, read_login
from probes.net.reach import Address, Finding, over_each_family
from probes.net.target import Target, Tls, certificate_warnings, read_mail_target
from probes.options import Options

if TYPE_CHECKING:
    import aiosmtplib

__all__ = ["KIND"]

_TAKING_BACK_SECONDS = 1.0
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_HELO = re.compile(r"[0-9A-Za-z.-]+|\[[0-9A-Za-z.:]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    login: Login | None
    helo: str
    mail_from: str
    """Empty: the null sender, to which nobody answers."""
    rcpt_good: str
    """An address that exists."""
    rcpt_bad: str
    """An address that does not."""


def _read(options: Options) -> _Options:
    helo = options.text("helo", "probe.invalid")
    if not _HELO.fullmatch(helo):
        options.fault("helo", "wrong-type", f'helo: "{helo}" is not a host name', 'e.g. "probe.example.ch"')
    return _Options(
        target=read_mail_target(options, implicit=465, plain=25, tls=Tls.STARTTLS),
        login=read_login(options),
        helo=helo,
        mail_from=_address(options, "mail_from"),
        rcpt_good=_address(options, "rcpt_good"),
        rcpt_bad=_address(options, "rcpt_bad"),
    )


def _address(options: Options, key: str) -> str:
    text = options.text(key)
    if text and (not _ADDRESS.fullmatch(text) or text.count("@") != 1 or any(mark in text for mark in "<>")):
        options.fault(key, "wrong-type", f'{key}: "{text}" is not an e-mail address', "e.g. probe@example.ch")
    return text


async def _look(check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    target, started = options.target, monotonic()
    async with smtp_session(target, address, options.login, options.helo, check.timeout_seconds) as client:
        took = monotonic() - started
        tls = client.get_transport_info("ssl_object") if target.tls is not Tls.NONE else None
        warnings = tuple(certificate_warnings(tls, target, context.now())) if tls else ()
        reason, note = await _recipients(client, options)
    # The good address is proof of an outage; what is turned away for now, or accepted wrongly, degrades the service.
    if reason is Reason.RECIPIENT_REFUSED:
        raise ProbeError(reason, note)
    outcome = Outcome.DEGRADED if reason else Outcome.OPERATIONAL
    return Finding(took_seconds=took, outcome=outcome, reason=reason, note=note, warnings=warnings)


async def _recipients(client: aiosmtplib.SMTP, options: _Options) -> tuple[Reason | None, str]:
    """Ask whether mail to the two addresses would be accepted, and take everything back (RFC 5321, RSET)."""
    import aiosmtplib

    if not options.rcpt_good and not options.rcpt_bad:
        return None, ""
    try:
        found = await _asked(client, options)
    except aiosmtplib.SMTPTimeoutError:
        raise ProbeError(Reason.TIMEOUT, "no answer in time") from None
    except aiosmtplib.SMTPResponseException as error:
        reason = Reason.STATUS if error.code >= 400 else Reason.PROTOCOL
        raise ProbeError(reason, _quoted(error.code, error.message, options)) from None
    except aiosmtplib.SMTPException:
        raise ProbeError(Reason.RESET, "the server broke off the conversation") from None
    with contextlib.suppress(aiosmtplib.SMTPException):  # everything that was to be found out has been
        await client.rset(timeout=_TAKING_BACK_SECONDS)
    return found


async def _asked(client: aiosmtplib.SMTP, options: _Options) -> tuple[Reason | None, str]:
    """Return what is wrong with the two answers.

    Greylisting turns the good address away with 450 until it has seen the prober for some minutes, and knows it from
    then on: that ends before degraded performance is announced, if it opens anything at all.
    """
    import aiosmtplib

    try:
        await client.mail(options.mail_from)
    except aiosmtplib.SMTPSenderRefused as error:
        if not 400 <= error.code < 500:
            raise
        return Reason.RECIPIENT_DEFERRED, _quoted(error.code, error.message, options)
    if options.rcpt_good:
        code, text = await _recipient(client, options.rcpt_good)
        if code >= 400:
            reason = Reason.RECIPIENT_REFUSED if code >= 500 else Reason.RECIPIENT_DEFERRED
            return reason, _quoted(code, text, options)
    if options.rcpt_bad and (await _recipient(client, options.rcpt_bad))[0] < 400:
        return Reason.RECIPIENT_ACCEPTED, f"{options.rcpt_bad} was accepted"
    return None, ""


async def _recipient(client: aiosmtplib.SMTP, address: str) -> tuple[int, str]:
    import aiosmtplib

    try:
        answer = await client.rcpt(address)
    except aiosmtplib.SMTPRecipientRefused as error:
        return error.code, error.message
    return answer.code, answer.message


def _quoted(code: int, text: str, options: _Options) -> str:
    """Return an answer as a note; what a server says once it knows a password is kept back, but for numbers."""
    enhanced = re.match(r"\d\.\d{1,3}\.\d{1,3}\b", text)
    return f"{code} {text}" if options.login is None else f"{code} {enhanced[0] if enhanced else ''}"


KIND = Kind(measures=N_("Mail server (SMTP)"), read=_read, probe=over_each_family(_look), timeout_seconds=30)
