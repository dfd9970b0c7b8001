"""Answers: reads what one name server says."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from probes.model import Reason
from probes.net.reach import no_route, reason_of
from probes.zone.servers import Server

if TYPE_CHECKING:
    import dns.message

__all__ = ["Answer", "Asked", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every server is asked."""

    name: str
    type: str
    port: int
    serial: bool
    """Whether the version of the zone is asked for as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, or why nothing did."""

    server: Server
    took_seconds: float = 0.0
    trouble: Reason | None = None
    note: str = ""
    away: bool = False
    """There is no route to the server from here."""
    rcode: str = ""
    authoritative: bool = False
    records: tuple[str, ...] = ()
    """As in a zone file, see `probes.zone.records`."""
    contents: frozenset[tuple[str, str, str]] = frozenset()
    """Name, type and data of each record, by which answers are compared: how long it may be kept says nothing."""
    serial: int | None = None


async def ask(
    server: Server, asked: Asked, seconds: float, *, find_way: Callable[[str, int], None] | None = None
) -> Answer:
    """Return what a server answers within a time; nothing raises.

    `find_way` raises an OSError if there is no route to an address (default: the machine is asked).
    """
    import dns.exception

    started = monotonic()
    try:
        if not server.ip:
            return _failed(server, Reason.NAME_NOT_FOUND, "it has no address")
        (find_way or _find_way)(server.ip, asked.port)
        async with asyncio.timeout(seconds):
            message = await _query(server, asked, asked.type, seconds)
            serial = await _serial(server, asked, seconds) if asked.serial else None
    except (TimeoutError, dns.exception.Timeout):
        return _failed(server, Reason.TIMEOUT, "no answer")
    except OSError as error:
        if no_route(error):
            return Answer(server=server, away=True)
        return _failed(server, reason_of(error), str(error))
    except (dns.exception.DNSException, EOFError, ValueError) as error:
        return _failed(server, Reason.PROTOCOL, type(error).__name__)
    return _read(server, message, serial, monotonic() - started)


def _failed(server: Server, trouble: Reason, note: str) -> Answer:
    return Answer(server=server, trouble=trouble, note=note)


def _find_way(ip: str, port: int) -> None:
    """Raise an OSError if there is no route: a query would only be lost, like one to a server that is down."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as way:
        way.connect((ip, port))


async def _query(server: Server, asked: Asked, type_: str, seconds: float) -> dns.message.Message:
    """Ask over UDP, and over TCP if the answer does not fit (RFC 7766)."""
    import dns.asyncquery
    import dns.message

    question = dns.message.make_query(asked.name, type_)
    message, _ = await dns.asyncquery.udp_with_fallback(question, server.ip, timeout=seconds, port=asked.port)
    return message


async def _serial(server: Server, asked: Asked, seconds: float) -> int | None:
    """Return the serial of the zone; it stands in the answer, or beside it where the name is not the zone's own."""
    import dns.rdatatype

    message = await _query(server, asked, "SOA", seconds)
    for rrset in (*message.answer, *message.authority):
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(rrset[0].serial)
    return None


def _read(server: Server, message: dns.message.Message, serial: int | None, took_seconds: float) -> Answer:
    import dns.flags
    import dns.rcode
    import dns.rdatatype

    records = [
        (str(rrset.name), rrset.ttl, dns.rdatatype.to_text(rrset.rdtype), str(record))
        for rrset in message.answer
        for record in rrset
    ]
    return Answer(
        server=server,
        took_seconds=took_seconds,
        rcode=dns.rcode.to_text(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
        records=tuple(f"{name}\t{ttl}\tIN\t{type_}\t{data}" for name, ttl, type_, data in records),
        contents=frozenset((name.lower(), type_, data) for name, _, type_, data in records),
        serial=serial,
    )
