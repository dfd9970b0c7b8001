"""Hops: reads from the `Received` headers which server held a message for how long (RFC 5321, 4.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import pairwise

__all__ = ["Hop", "hops", "received_at"]

_BY = re.compile(r"\bby\s+([A-Za-z0-9.-]{1,100})")
_MOST = 50
"""More servers than any mail passes; RFC 5321 calls a hundred a loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A message's stay at one server."""

    by: str
    """The server, as it calls itself; empty if it does not."""
    seconds: float
    """How long until the next server had it; none if the next one's clock is behind."""


def hops(headers: Message) -> Sequence[Hop]:
    """Return every stay but the last one, in the order of time; a header without a time is left out."""
    stamps = [(by, at) for by, at in map(_stamp, _received(headers)) if at is not None][::-1]
    return [Hop(by=by, seconds=max((left - came).total_seconds(), 0.0)) for (by, came), (_, left) in pairwise(stamps)]


def received_at(headers: Message) -> datetime | None:
    """Return when the last server received a message, None if it does not say."""
    return next((at for _, at in map(_stamp, _received(headers)[:1])), None)


def _received(headers: Message) -> Sequence[str]:
    return [str(line) for line in headers.get_all("Received", [])[:_MOST]]


def _stamp(line: str) -> tuple[str, datetime | None]:
    path, _, date = line.rpartition(";")
    by = _BY.search(path)
    return by[1] if by else "", _time(date.strip())


def _time(date: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(date)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
