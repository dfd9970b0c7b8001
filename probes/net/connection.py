"""Connection: opens one for a single look, and leaves nothing of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["connected"]


@asynccontextmanager
async def connected(
    host: str, port: int, *, tls: ssl.SSLContext | None = None, name: str = ""
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Yield a connection, with `tls` encrypted from the beginning for a certificate that bears `name`.

    Raises:
        OSError: There is none to be had.
    """
    reader, writer = await asyncio.open_connection(host, port, ssl=tls, server_hostname=name if tls else None)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()  # To close it would wait for the other side once more.
