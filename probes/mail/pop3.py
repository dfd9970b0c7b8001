"""POP3: speaks with one address from a thread."""

from __future__ import annotations

import contextlib
import poplib
import socket
from collections.abc import Callable, Iterator
from functools import partial

from probes.kind import ProbeError
from probes.model import Reason
from probes.net.blocking import Sockets
from probes.net.handshake import Handshake, connected
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target, Tls

__all__ = ["pop3_session"]

_MOST_BYTES = 512 * 1024
"""Largest size of one answer; the longest are the headers of a message."""
_NO_POP3 = (ValueError, LookupError)
"""Errors the library raises on malformed answers."""


@contextlib.contextmanager
def pop3_session(
    target: Target, address: Address, sockets: Sockets, login: Login | None, timeout_seconds: float
) -> Iterator[poplib.POP3]:
    """Yield a session, encrypted and logged in as the target demands. What was marked is deleted at its end.

    Raises:
        ProbeError: What the server said instead; errors of the network and of TLS pass through.
    """
    quotable = True
    try:
        client = _Connection(target, address, sockets, timeout_seconds)
        try:
            if target.tls is Tls.STARTTLS:
                _start_tls(client, Handshake(target, sockets))
            if login:
                quotable = False
                _log_in(client, login)
            yield client
            client.quit()
        finally:
            with contextlib.suppress(OSError):
                client.close()
    except poplib.error_proto as error:
        raise _finding(error, quotable=quotable) from None
    except OSError:
        raise  # among them a bad certificate, which is a ValueError too
    except _NO_POP3 as error:
        raise ProbeError(Reason.PROTOCOL, f"{type(error).__name__} in the answer") from None


def _start_tls(client: poplib.POP3, handshake: Handshake) -> None:
    try:
        offered = client.capa()
    except poplib.error_proto as error:
        if not _is_answer(error):
            raise
        offered = {}  # RFC 2449: who does not know CAPA offers nothing
    if "STLS" not in offered:
        raise ProbeError(Reason.STARTTLS_MISSING, "STLS is not offered")
    try:
        client.stls(handshake)  # type: ignore[arg-type] # it asks no more of a context
    except poplib.error_proto as error:
        if not _is_answer(error):
            raise
        raise ProbeError(Reason.STARTTLS_MISSING, "STLS was refused") from None


def _log_in(client: poplib.POP3, login: Login) -> None:
    secret = login.secret()
    try:
        client.user(login.username)
        client.pass_(secret)
    except poplib.error_proto as error:
        if not _is_answer(error):
            raise
        raise login.refused(_text(error)) from None


def _is_answer(error: poplib.error_proto) -> bool:
    return _text(error).startswith("-ERR") and not _is_end(error)


def _is_end(error: poplib.error_proto) -> bool:
    return _first(error).args == ("-ERR EOF",)  # the library's own; a server's would be bytes


def _text(error: poplib.error_proto) -> str:
    said = _first(error).args[0]
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _first(error: BaseException) -> BaseException:
    """Return what happened first: the library lets every error of CAPA look alike."""
    while isinstance(error.__context__, poplib.error_proto):
        error = error.__context__
    return error


def _finding(error: poplib.error_proto, *, quotable: bool) -> ProbeError:
    """Return what an error of the library says of the server; what it said once it knew the password is kept back."""
    if _is_end(error):
        return ProbeError(Reason.RESET, "the server broke off the conversation")
    if _is_answer(error):
        return ProbeError(Reason.STATUS, _text(error) if quotable else "the server refused a command")
    return ProbeError(Reason.PROTOCOL, _text(error) if quotable else "no answer of the protocol")


class _Connection(poplib.POP3):
    """poplib's, but connected to an address instead of a name; the certificate must still be the name's."""

    def __init__(self, target: Target, address: Address, sockets: Sockets, timeout_seconds: float) -> None:
        self._connect: Callable[[], socket.socket] = partial(connected, target, address, sockets, timeout_seconds)
        super().__init__(target.name, address.port, timeout_seconds)

    def _create_socket(self, timeout: float) -> socket.socket:  # noqa: ARG002 - it is set already
        return self._connect()

    def _getresp(self) -> bytes:
        self._heard_bytes = 0
        return super()._getresp()  # type: ignore[misc,no-any-return] # a way in for subclasses that typeshed leaves out

    def _getline(self) -> tuple[bytes, int]:
        line, size = super()._getline()  # type: ignore[misc]
        self._heard_bytes += size
        if self._heard_bytes > _MOST_BYTES:
            raise poplib.error_proto(f"got more than {_MOST_BYTES} bytes")
        return line, size
