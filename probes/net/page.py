"""Page: asks a web server for one page over a connection of its own."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.connection import connected

if TYPE_CHECKING:
    import h11

__all__ = ["Page", "Question", "ask"]

_AT_ONCE = 65_536
_MOST_HEADERS = 100_000
_REDIRECTS = (301, 302, 303, 307, 308)
_QUOTED = re.compile(r":? (?:b['\"]|bytearray\().*", re.DOTALL)
"""What h11 quotes of an answer, in which a server may repeat what it was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a server is asked."""

    method: str
    path: str
    headers: Mapping[str, bytes]
    most_bytes: int
    """So much of the page is read."""
    follows: bool
    """Whether a page that leads elsewhere need not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What it answered."""

    status: int
    location: str = ""
    """Where a redirect leads."""
    body: bytes = b""
    tls: ssl.SSLObject | None = None
    """The connection, for its certificate; it is over."""


async def ask(question: Question, host: str, port: int, *, tls: ssl.SSLContext | None, name: str) -> Page:
    """Return the page; `host` is connected, `name` is what the certificate must bear.

    A connection that is kept would hide a certificate that has become bad. This is h11 alone, without httpx: see
    docs/decisions/0022-one-http-stack-and-bounded-patterns.md.

    Raises:
        ProbeError: The server does not speak the protocol, or breaks off; the question cannot be put (unknown).
        OSError: The network or the handshake failed.
    """
    import h11

    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
    try:
        said = protocol.send(h11.Request(method=question.method, target=question.path, headers=_headers(question)))
        end = protocol.send(h11.EndOfMessage())
    except h11.LocalProtocolError:  # Its words would repeat the header.
        raise ProbeError(Reason.PROTOCOL, "a header cannot be sent as it is", outcome=Outcome.UNKNOWN) from None
    async with connected(host, port, tls=tls, name=name) as (reader, writer):
        writer.write((said or b"") + (end or b""))
        try:
            page = await _page(reader, protocol, question)
        except h11.RemoteProtocolError as error:
            raise ProbeError(Reason.PROTOCOL, _QUOTED.sub("", str(error))) from None
        return replace(page, tls=writer.get_extra_info("ssl_object"))


def _headers(question: Question) -> list[tuple[bytes, bytes]]:
    length = [(b"Content-Length", b"0")] if question.method == "POST" else []
    return [*((name.encode(), value) for name, value in question.headers.items()), *length, (b"Connection", b"close")]


async def _page(reader: asyncio.StreamReader, protocol: h11.Connection, question: Question) -> Page:
    """Return what comes; informational answers go before the one that counts (RFC 9110, 15.2)."""
    import h11

    page, body, heard = Page(status=0), bytearray(), False
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(_AT_ONCE)
            if not data and not heard:
                raise ProbeError(Reason.RESET, "the server broke off without an answer")
            heard = True
            protocol.receive_data(data)
        elif isinstance(event, h11.Response):
            page = Page(status=event.status_code, location=_location(event))
            if page.location and question.follows:
                return page
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) >= question.most_bytes:
                break
        elif isinstance(event, h11.EndOfMessage):
            break
    return replace(page, body=bytes(body[: question.most_bytes]))


def _location(answer: h11.Response) -> str:
    if answer.status_code not in _REDIRECTS:
        return ""
    return next((value.decode("utf-8", "replace") for name, value in answer.headers if name == b"location"), "")
