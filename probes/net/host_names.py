"""Host names: writes them as the network does."""

from __future__ import annotations

import ipaddress
import re

__all__ = ["host_name", "is_address"]

_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_LONGEST = 253


def host_name(text: str) -> str:
    """Return a name in ASCII (IDNA 2008, as browsers do; the standard library's is of 2003), an address as it is.

    Raises:
        ValueError: It is neither.
    """
    written = text if text.isascii() else _encoded(text)
    if is_address(written) or (len(written) <= _LONGEST and _HOST.fullmatch(written)):
        return written
    raise ValueError("no name of a host")


def is_address(text: str) -> bool:
    """Return whether a text is an address of IP."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _encoded(text: str) -> str:
    import idna

    return idna.encode(text, uts46=True).decode()
