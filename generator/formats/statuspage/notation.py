"""Notation: write ids, times and names as Statuspage does."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from generator.formats.edition import Edition

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 12
_NOT_IN_A_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]+")


def permanent_id(edition: Edition, kind: str, key: str = "") -> str:
    """Return the id (`[a-z0-9]{12}`) of what has this key among its kind: on this site for ever, in every language."""
    name = f"{edition.site.feed_authority}/{kind}/{key}"
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "big")
    digits = ""
    while len(digits) < _LENGTH:
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits


def instant(edition: Edition, at: datetime) -> str:
    """Return a time by the site's clock, for some clients print it as it stands; parsers insist on milliseconds."""
    return at.astimezone(ZoneInfo(edition.site.time_zone)).isoformat(timespec="milliseconds")


def instant_or_none(edition: Edition, at: datetime | None) -> str | None:
    """Return a time, if there is one."""
    return instant(edition, at) if at else None


def plain(text: str) -> str:
    """Return a text of several lines without the other control characters."""
    return _NOT_IN_A_TEXT.sub("", text).strip()
