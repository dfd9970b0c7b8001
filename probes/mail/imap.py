"""IMAP: speaks with one address from a thread; loads IMAPClient, so import it where it is used."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
from collections.abc import Callable, Iterator
from functools import partial

import imapclient
from imapclient.exceptions import IMAPClientError, LoginError

from probes.kind import ProbeError
from probes.model import Reason
from probes.net.blocking import Sockets
from probes.net.handshake import Handshake, connected
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target, Tls

__all__ = ["imap_session"]

_NO_REPLY = (imaplib.IMAP4.error, IMAPClientError)
_NO_IMAP = (ValueError, LookupError, AssertionError)
"""Errors the library raises on malformed answers."""
_BROKEN_OFF = re.compile(r"(?:command: \w+ => )?socket error: ")
_GARBAGE = re.compile(
    r"(?:command: \w+ => )?(?:unexpected |got more than )|no CAPABILITY|server not IMAP4|b['\"](?!\* BYE)"
)
_COMMAND = re.compile(r"(?:command: )?(select|examine|noop|search|fetch)\b", re.IGNORECASE)
_GOODBYE_SECONDS = 1.0
_MOST_BYTES = 4 * 1024 * 1024
"""Largest amount read in one session."""
_ANSWER_BYTES = 128
"""Least that each line and literal counts for: the library keeps them all."""


@contextlib.contextmanager
def imap_session(
    target: Target, address: Address, sockets: Sockets, login: Login | None, timeout_seconds: float
) -> Iterator[imapclient.IMAPClient]:
    """Yield a session, encrypted and logged in as the target demands.

    Raises:
        ProbeError: What the server said instead; errors of the network and of TLS pass through.
    """
    quotable = True
    try:
        client = _Client(target, address, sockets, timeout_seconds)
        try:
            if target.tls is Tls.STARTTLS:
                _start_tls(client, Handshake(target, sockets))
            if login:
                quotable = False
                _log_in(client, login)
            yield client
            _say_goodbye(client)
        finally:
            with contextlib.suppress(OSError):
                client.shutdown()
    except _NO_REPLY as error:
        raise _finding(error, quotable=quotable) from None
    except OSError:
        raise  # among them a bad certificate, which is a ValueError too
    except _NO_IMAP as error:
        raise ProbeError(Reason.PROTOCOL, f"{type(error).__name__} in the answer") from None


def _start_tls(client: imapclient.IMAPClient, handshake: Handshake) -> None:
    if not client.has_capability("STARTTLS"):
        raise ProbeError(Reason.STARTTLS_MISSING, "STARTTLS is not offered")
    try:
        client.starttls(handshake)
    except imaplib.IMAP4.abort:
        raise
    except _NO_REPLY as error:
        raise ProbeError(Reason.STARTTLS_MISSING, str(error)) from None


def _log_in(client: imapclient.IMAPClient, login: Login) -> None:
    secret = login.secret()
    try:
        if (login.username + secret).isascii() and not client.has_capability("LOGINDISABLED"):
            client.login(login.username, secret)
        else:
            client.plain_login(login.username, secret)
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise error.__context__ from None  # no answer at all
        raise login.refused(str(error)) from None


def _say_goodbye(client: imapclient.IMAPClient) -> None:
    """Log out; how that goes matters to nobody."""
    with contextlib.suppress(OSError, *_NO_REPLY, *_NO_IMAP):
        client.socket().settimeout(_GOODBYE_SECONDS)
        client.logout()


def _finding(error: Exception, *, quotable: bool) -> ProbeError:
    """Return what an error of the library says of the server; what it said once it knew the password is kept back."""
    text = str(error)
    if _BROKEN_OFF.match(text):
        return ProbeError(Reason.RESET, "the server broke off the conversation")
    if _GARBAGE.match(text):
        return ProbeError(Reason.PROTOCOL, text if quotable else "no answer of the protocol")
    command = _COMMAND.match(text)
    kept_back = f"{command[1].upper()} was refused" if command else "the server refused to go on"
    return ProbeError(Reason.STATUS, text if quotable else kept_back)


class _Client(imapclient.IMAPClient):
    """IMAPClient, but connected to an address instead of a name; the certificate must still be the name's."""

    def __init__(self, target: Target, address: Address, sockets: Sockets, timeout_seconds: float) -> None:
        self._connect: Callable[[], socket.socket] = partial(connected, target, address, sockets, timeout_seconds)
        super().__init__(
            target.name, address.port, use_uid=True, ssl=target.tls is Tls.IMPLICIT, timeout=timeout_seconds
        )
        self._imap.debug = 0  # it would log every line, also one in which a server repeats the password

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library's name
        return _Connection(self.host, self.port, self._connect)


class _Connection(imaplib.IMAP4):
    """imaplib's, but connected already, and with an end to its patience: a server names the length of a literal."""

    _heard_bytes = 0

    def __init__(self, host: str, port: int, connect: Callable[[], socket.socket]) -> None:
        self._connect_now = connect
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:  # noqa: ARG002 - it is set already
        return self._connect_now()

    def read(self, size: int) -> bytes:
        self._hear(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._hear(len(line))
        return line

    def _hear(self, size: int) -> None:
        self._heard_bytes += size + _ANSWER_BYTES
        if self._heard_bytes > _MOST_BYTES:
            raise self.abort(f"got more than {_MOST_BYTES} bytes")
