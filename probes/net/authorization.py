"""Authorization: reads and sends a name with its password, or a token, for a web server."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass

from probes.options import Options
from probes.secret import SecretError, SecretSource

__all__ = ["Authorization", "read_authorization"]

_TOKEN = re.compile(r"[!-~]+")
"""A token of RFC 6750 has fewer characters still, but those that are in use have any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """How to log in; empty: not at all."""

    username: str = ""
    password: SecretSource | None = None
    bearer_token: SecretSource | None = None

    def headers(self) -> dict[str, bytes]:
        """Return the header for it (RFC 6750, RFC 7617); the secret is read each time, for it may have changed.

        Raises:
            SecretError: The secret cannot be had, or cannot stand in a header.
        """
        if self.bearer_token:
            return {"Authorization": b"Bearer " + _token(self.bearer_token)}
        if self.username and self.password:
            pair = f"{self.username}:{self.password.read().reveal()}"
            return {"Authorization": b"Basic " + b64encode(pair.encode())}
        return {}


def _token(source: SecretSource) -> bytes:
    """Return a token that a header can hold: a library that is given another one repeats it in its error."""
    text = source.read().reveal()
    if not _TOKEN.fullmatch(text):
        raise SecretError(f"{source.place}: a token holds no spaces, line ends or letters beyond ASCII")
    return text.encode()


def read_authorization(options: Options) -> Authorization:
    """Read how to log in."""
    username, password = options.text("username"), options.secret("password")
    bearer_token = options.secret("bearer_token")
    if bool(username) != bool(password):
        needed = "password_env" if username else "username"
        options.fault("username", "missing-key", "username and password belong together", f"write {needed} as well")
    if bearer_token and username:
        hint = "keep the one that the server asks for"
        options.fault("username", "wrong-type", "username and bearer_token exclude each other", hint)
    return Authorization(username=username, password=password, bearer_token=bearer_token)
