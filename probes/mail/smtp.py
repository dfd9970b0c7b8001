"""SMTP: connects, encrypts and logs in as the target demands."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target, Tls, tls_context

if TYPE_CHECKING:
    import aiosmtplib

__all__ = ["smtp_session"]

_GOODBYE_SECONDS = 1.0
_GO_AHEAD_AND_MORE = re.compile(rb"(?:220-[^\n]*\n)*220(?:[ \r][^\n]*)?\n.", re.DOTALL)


@asynccontextmanager
async def smtp_session(
    target: Target, address: Address, login: Login | None, helo: str, timeout_seconds: float
) -> AsyncIterator[aiosmtplib.SMTP]:
    """Yield a session that is ready for MAIL FROM; with `tls: starttls` it is encrypted or it is not at all.

    Raises:
        ProbeError: What the server said instead; errors of the network and of TLS pass through.
    """
    import aiosmtplib

    trusted = tls_context(target.ca_file) if target.tls is not Tls.NONE else None
    connection = await _connect(address)
    client = aiosmtplib.SMTP(
        hostname=target.name,
        sock=connection,
        use_tls=target.tls is Tls.IMPLICIT,
        start_tls=False,  # the default would go on in plain text where STARTTLS is missing
        tls_context=trusted,
        local_hostname=helo,
        timeout=timeout_seconds,
    )
    plain: asyncio.BaseTransport | None = None
    try:
        try:
            await client.connect()
            plain = client.transport
            await client.ehlo()
            if target.tls is Tls.STARTTLS:
                await _start_tls(client, connection)
                await client.ehlo()
            if login:
                await _log_in(client, login)
        except aiosmtplib.SMTPException as error:
            raise _finding(error, login) from None
        yield client
        await _say_goodbye(client)
    finally:
        client.close()
        if isinstance(plain, asyncio.WriteTransport):
            plain.abort()  # TLS, or a handshake that fails, would leave it open
        connection.close()
        await asyncio.sleep(0)  # transports close in the next turn of the loop


class _Overheard(socket.socket):
    """Remembers what came in plain text; TLS is read by `recv_into`."""

    heard = b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = super().recv(size, flags)
        self.heard += data
        return data


async def _connect(address: Address) -> _Overheard:
    connection = _Overheard(address.family, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(connection, (address.ip, address.port))
    except BaseException:
        connection.close()
        raise
    return connection


async def _start_tls(client: aiosmtplib.SMTP, connection: _Overheard) -> None:
    import aiosmtplib

    if not client.supports_extension("starttls"):
        raise ProbeError(Reason.STARTTLS_MISSING, "STARTTLS is not offered")
    connection.heard = b""
    try:
        await client.starttls()
    except aiosmtplib.SMTPResponseException as error:
        raise ProbeError(Reason.STARTTLS_MISSING, f"STARTTLS is refused: {error.code}") from None
    finally:
        # The library drops it without a word (CVE-2011-0411 and its like).
        if _GO_AHEAD_AND_MORE.match(connection.heard):
            raise ProbeError(Reason.STARTTLS_INJECTED, "plain text came before the handshake")


async def _log_in(client: aiosmtplib.SMTP, login: Login) -> None:
    import aiosmtplib

    secret = login.secret()
    if not client.supported_auth_methods:
        raise ProbeError(Reason.LOGIN_REFUSED, "no way to log in is offered")
    # The library's own `login` tries one way after the other, and whoever fails too often is locked out.
    log_in = client.auth_plain if "plain" in client.supported_auth_methods else client.login
    try:
        await log_in(login.username, secret)
    except aiosmtplib.SMTPAuthenticationError as error:
        raise login.refused(f"{error.code} {error.message}") from None
    except aiosmtplib.SMTPResponseException:
        # What a server says once it knows the password is kept back.
        raise ProbeError(Reason.PROTOCOL, "no answer of the protocol to the login") from None


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    import aiosmtplib

    try:
        await client.quit(timeout=_GOODBYE_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        return  # everything that was to be found out has been


def _finding(error: Exception, login: Login | None) -> Exception:
    """Return what an error of the library says of the server."""
    import aiosmtplib

    below = error.__cause__ or error.__context__
    if isinstance(below, ssl.SSLError):
        return below
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return ProbeError(Reason.TIMEOUT, "no answer in time")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _refusal(error.code, error.message, login)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | aiosmtplib.SMTPConnectError):
        return ProbeError(Reason.RESET, "the server broke off the conversation")
    return ProbeError(Reason.PROTOCOL, type(error).__name__)


def _refusal(code: int, text: str, login: Login | None) -> ProbeError:
    """Return what an answer means that is not the expected one (RFC 5321, 4.2.1: 4 for now, 5 for good).

    Whom a server turns away for now, another server, tries again: mail is late, not lost. A person who logs in does
    not.
    """
    late = 400 <= code < 500 and login is None
    reason = Reason.STATUS if code >= 400 else Reason.PROTOCOL
    return ProbeError(reason, f"{code} {text}", outcome=Outcome.DEGRADED if late else None)
