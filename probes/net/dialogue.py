"""Dialogue: exchanges lines with a server, before and after TLS begins."""

from __future__ import annotations

import asyncio
import ssl

from probes.kind import ProbeError
from probes.model import Reason

__all__ = ["Dialogue"]

MAX_LINE = 8192


class Dialogue:
    """Reads and writes lines; nothing that was sent before the handshake is believed after it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def line(self) -> str:
        """Return the next line without its end.

        Raises:
            ProbeError: The server broke off, or does not speak in lines.
        """
        try:
            data = await self._reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            reason = Reason.PROTOCOL if error.partial else Reason.RESET
            raise ProbeError(reason, "the server broke off the conversation") from None
        except asyncio.LimitOverrunError:
            raise ProbeError(Reason.PROTOCOL, "the server sent a line without an end") from None
        if len(data) > MAX_LINE:
            raise ProbeError(Reason.PROTOCOL, "the server sent a line that is too long")
        return data.decode("utf-8", "replace").rstrip("\r\n")

    async def say(self, text: str) -> None:
        """Send a line."""
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Begin TLS; the certificate must be for `name`.

        Raises:
            ProbeError: Something was sent that the server said before it was encrypted (CVE-2011-0411 and its like).
            OSError: The handshake failed.
        """
        # asyncio has no public way to ask.
        if self._reader._buffer:  # type: ignore[attr-defined]
            raise ProbeError(Reason.STARTTLS_INJECTED, "plain text came before the handshake")
        await self._writer.start_tls(context, server_hostname=name)

    def tls(self) -> ssl.SSLObject | None:
        """Return the TLS connection, None while there is none."""
        connection = self._writer.get_extra_info("ssl_object")
        return connection if isinstance(connection, ssl.SSLObject) else None
