"""The message of a round trip: how it is written, known again, and judged by its headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime, parsedate_to_datetime
from itertools import pairwise

__all__ = ["HEADER", "Arrival", "compose", "hops", "is_signed", "mark_of", "read_headers"]

HEADER = "X-Lagebild-Probe"
_MARK = re.compile(r"(?P<owner>[0-9a-z-]+/[0-9a-z-]+)/(?P<token>[0-9a-f]{32})")
_SIGNED = ("multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime")
_PARSING = policy.compat32  # strict policies raise on what is in the wild


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message of a round trip, found in a mailbox."""

    token: str
    arrived_at: datetime
    junk: bool
    """Whether it was filed as spam."""
    headers: Message


def compose(owner: str, token: str, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return a message that programs do not answer (RFC 3834); `owner` is `<prober>/<check>`."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"Probe {token[:8]}"
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Message-ID"] = f"<{token}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message[HEADER] = f"{owner}/{token}"
    message.set_content("This message measures how long mail takes. It is deleted when it arrives.\n")
    return message


def read_headers(data: bytes) -> Message:
    """Return the headers of a message."""
    return message_from_bytes(data, policy=_PARSING)


def mark_of(headers: Message, owner: str) -> str | None:
    """Return the token of a message that `owner` has sent, None if it is anybody else's."""
    match = _MARK.fullmatch(str(headers.get(HEADER, "")).strip())
    return match["token"] if match and match["owner"] == owner else None


def is_signed(headers: Message) -> bool:
    """Return whether a message is signed or encrypted by S/MIME or PGP, as far as its headers say (RFC 8551)."""
    return headers.get_content_type().lower() in (*_SIGNED, "multipart/encrypted")


def hops(headers: Message) -> Sequence[float]:
    """Return how many seconds each server took to hand the message on, the first one first (RFC 5321, 4.4).

    Servers whose clocks are ahead of the next one's count as having taken none.
    """
    times = [at for at in map(_stamped, _received(headers)) if at is not None][::-1]
    return [max((later - earlier).total_seconds(), 0.0) for earlier, later in pairwise(times)]


def _received(headers: Message) -> Iterable[str]:
    return (str(value) for value in headers.get_all("Received", []))


def _stamped(line: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(line.rpartition(";")[2].strip())
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
