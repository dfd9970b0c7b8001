"""Address: read where a site lies, and keep its credentials out of what is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx

FORM = "https://HOST or https://HOST/PATH"


class PollError(Exception):
    """The site cannot be reached, or answers what it should not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a site lies, and who asks."""

    base: str
    """Without a trailing slash, and without the credentials: it may be shown and stored."""
    auth: tuple[str, str] | None
    """User and password."""

    @classmethod
    def parse(cls, address: str) -> Address:
        """Return the address of a site.

        Raises:
            PollError: It is none. The message does not show it, for it may hold a password.
        """
        try:
            parts = urlsplit(address)
            _ = parts.port, httpx.URL(address)
        except (httpx.InvalidURL, ValueError):
            raise PollError(f"the address is not of the form {FORM}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise PollError(f"the address is not of the form {FORM}")
        credentials, _, host = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        auth = (unquote(user), unquote(password)) if credentials else None
        return cls(base=f"{parts.scheme}://{host}{parts.path}".rstrip("/"), auth=auth)


def without_credentials(text: str) -> str:
    """Return the text without the user and the password of an address in it."""
    return re.sub(r"//.*@", "//", text, flags=re.DOTALL)
