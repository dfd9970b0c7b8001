"""Addresses: tell which ones a site may be published at, and which ones a visitor may be sent to."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE | re.ASCII)
_LONGEST_HOST = 253
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)*/?")
"""What stands in a path wherever it is written: in the rules of hosts a `*`, a `:` and a blank mean something else."""
_NEVER = re.compile(r"[\s\"'<>\\^`{|}]")
"""What stands in no address, and would end one in a page, a rule or a terminal."""
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$*+/=_~^-]{1,64}")


def is_site_address(text: str) -> bool:
    """Return whether a site may be published there: a web address of plain letters, without a query or a fragment."""
    parts = _split(text)
    if parts is None or "?" in text or "#" in text or not text.isascii():
        return False
    return _PATH.fullmatch(parts.path) is not None


def is_link(text: str, *, mail: bool = False) -> bool:
    """Return whether visitors may be sent there: by https or http, or by `mailto:` too."""
    if mail and text.startswith("mailto:"):
        return not _NEVER.search(text) and is_mail_address(text.removeprefix("mailto:").partition("?")[0])
    return _split(text) is not None


def is_mail_address(text: str) -> bool:
    """Return whether a text is somebody's mailbox, written as everybody writes it."""
    mailbox, at, host = text.rpartition("@")
    return bool(at) and _MAILBOX.fullmatch(mailbox) is not None and _is_host(host)


def confides(text: str) -> bool:
    """Return whether a name or a password may stand in what is written as an address."""
    return "@" in text.partition("://")[2].partition("/")[0]


def named(text: str) -> str:
    """Return an address as a problem may name it: without what could be a password, for logs are read by many."""
    return "what contains an @" if "@" in text and not text.startswith("mailto:") else f'"{text}"'


def _split(text: str) -> SplitResult | None:
    """Return the parts of a web address, None where it is none or names somebody."""
    if _NEVER.search(text) or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or "@" in parts.netloc or port == 0:
        return None
    host = parts.hostname or ""
    return parts if f"[{host}]" in parts.netloc.lower() or _is_host(host) else None


def _is_host(host: str) -> bool:
    """Return whether a text is a host's name; letters beyond ASCII are left to IDNA."""
    written = "".join(letter if letter.isascii() or not letter.isalnum() else "x" for letter in host)
    return len(host) <= _LONGEST_HOST and _HOST.fullmatch(written) is not None
