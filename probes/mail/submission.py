"""Submission: hands in the message of a round trip, and says what a refusal means."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from probes.kind import ProbeError
from probes.mail.smtp import smtp_session
from probes.model import Outcome, Reason
from probes.net.first_address import at_first_address
from probes.net.login import Login
from probes.net.reach import NOTE_LENGTH, Address, reason_of
from probes.net.target import Target

if TYPE_CHECKING:
    import aiosmtplib

__all__ = ["Refusal", "Submission", "submit"]

_FOR_NOW = re.compile(r"4\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Where messages are handed in, from whom and for whom."""

    target: Target
    login: Login | None
    helo: str
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message was not taken."""

    note: str
    for_now: bool = False
    """Whether it may be taken later (RFC 5321, 4.2.1), as greylisting has it: by itself this says nothing."""
    own_fault: bool = False
    """Whether the prober is to blame: a password it lacks, a network without a way there."""


async def submit(submission: Submission, message: bytes, timeout_seconds: float) -> Refusal | None:
    """Hand in a message; return why it was not taken, None if it was."""

    async def hand_in(address: Address) -> None:
        session = (submission.target, address, submission.login, submission.helo, timeout_seconds)
        async with smtp_session(*session) as client:
            await client.sendmail(submission.sender, [submission.recipient], message)

    import aiosmtplib

    try:
        async with asyncio.timeout(timeout_seconds):
            await at_first_address(submission.target, hand_in)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _answered(error.recipients[0])
    except aiosmtplib.SMTPResponseException as error:
        return _answered(error)
    except aiosmtplib.SMTPException as error:
        return Refusal(note=f"the conversation was broken off: {type(error).__name__}")
    except ProbeError as error:
        return _before_the_message(error)
    except OSError as error:
        return Refusal(note=_line(f"{reason_of(error)}: {error}"))
    return None


def _answered(error: aiosmtplib.SMTPResponseException) -> Refusal:
    return Refusal(note=_line(f"{error.code} {error.message}"), for_now=400 <= error.code < 500)


def _before_the_message(error: ProbeError) -> Refusal:
    """Return what it means that there was no session to hand it in; its note begins with the code, if one was said."""
    for_now = error.reason is Reason.STATUS and bool(_FOR_NOW.match(error.note))
    note = _line(f"{error.reason}: {error.note}")
    return Refusal(note=note, for_now=for_now, own_fault=error.outcome is Outcome.UNKNOWN)


def _line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)[:NOTE_LENGTH]
