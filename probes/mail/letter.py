"""Letter: writes the message of a round trip, and recognises it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime

__all__ = ["HEADER", "Arrival", "compose", "is_signed", "mark_of", "read_headers"]

HEADER = "X-Lagebild-Probe"
_MARK = re.compile(r"(?P<owner>[0-9a-z-]+/[0-9a-z-]+)/(?P<token>[0-9a-f]{32})")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_ENVELOPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PARSING = policy.compat32  # strict policies raise on what is in the wild
_WRITING = policy.default.clone(max_line_length=998)  # a mark that is folded or encoded would not be known again


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message of a round trip, found in a mailbox."""

    token: str
    arrived_at: datetime
    """By the clock of the server."""
    junk: bool
    """Whether it was filed as spam."""
    headers: Message


def compose(owner: str, token: str, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """Return a message that programs do not answer (RFC 3834); `owner` is `<prober>/<check>`."""
    message = EmailMessage(policy=_WRITING)
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
    match = _MARK.fullmatch("".join(str(headers.get(HEADER, "")).split()))
    return match["token"] if match and match["owner"] == owner else None


def is_signed(headers: Message) -> bool:
    """Return whether a message has the structure of S/MIME (RFC 8551, 3.5); the signature itself is not verified."""
    kind = headers.get_content_type()
    if kind != "multipart/signed":
        return kind in _ENVELOPES
    return str(headers.get_param("protocol", "")).lower() in _SIGNATURES
