"""Handshake: begins TLS on the connection of a thread that can be ended meanwhile, and trusts nothing said before."""

from __future__ import annotations

import socket
import ssl

from probes.kind import ProbeError
from probes.model import Reason
from probes.net.blocking import Sockets
from probes.net.reach import Address
from probes.net.target import Target, Tls, tls_context

__all__ = ["Handshake", "connected"]


class Handshake:
    """Stands in for the `ssl.SSLContext` that a library is given for STARTTLS; it calls `wrap_socket` alone."""

    def __init__(self, target: Target, sockets: Sockets) -> None:
        """Take what the certificate must be, and where connections are kept to be ended."""
        self._target, self._sockets = target, sockets

    def wrap_socket(self, connection: socket.socket, **_ignored: object) -> ssl.SSLSocket:
        """Return the connection encrypted; the certificate must be for the target's name, whatever is asked for.

        Raises:
            ProbeError: The server spoke on in plain text (CVE-2011-0411 and its like).
            OSError: The handshake failed.
        """
        if _pending(connection):
            raise ProbeError(Reason.STARTTLS_INJECTED, "plain text came before the handshake")
        return _encrypted(connection, self._target, self._sockets)


def connected(target: Target, address: Address, sockets: Sockets, timeout_seconds: float) -> socket.socket:
    """Return a connection with an address, encrypted if the target speaks TLS from the beginning.

    Raises:
        ProbeError, OSError: There is none to be had.
    """
    connection = _ByLine(address.family, socket.SOCK_STREAM)
    sockets.keep(connection)
    connection.settimeout(timeout_seconds)
    connection.connect((address.ip, address.port))
    return _encrypted(connection, target, sockets) if target.tls is Tls.IMPLICIT else connection


def _encrypted(connection: socket.socket, target: Target, sockets: Sockets) -> ssl.SSLSocket:
    trusted = tls_context(target.ca_file)
    wrapped = trusted.wrap_socket(connection, server_hostname=target.name, do_handshake_on_connect=False)
    sockets.keep(wrapped)  # before the handshake: a server can hang in the middle of that too
    wrapped.do_handshake()
    return wrapped


class _ByLine(socket.socket):
    """Hands out one line at a time: what follows it stays where `_pending` sees it, in no buffer of a library."""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if flags:
            return super().recv(size, flags)
        ahead = super().recv(size, socket.MSG_PEEK)
        return super().recv(ahead.find(b"\n") + 1 or len(ahead) or size)

    def recv_into(self, buffer: memoryview, size: int = 0, flags: int = 0, /) -> int:  # type: ignore[override]
        line = self.recv(size or len(buffer), flags)
        buffer[: len(line)] = line
        return len(line)


def _pending(connection: socket.socket) -> bool:
    timeout = connection.gettimeout()
    connection.setblocking(False)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(timeout)
