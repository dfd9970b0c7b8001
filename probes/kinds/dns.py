"""The kind `dns`: what name servers answer, and whether they agree."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from probes.kind import Ground, Kind, ProbeError
from probes.model import Check, Outcome, Reason, Result
from probes.options import Options

if TYPE_CHECKING:
    import dns.message

__all__ = ["KIND"]

_RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
_TYPES = ("A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    hosts: tuple[str, ...]
    """The name servers to ask, by address or name; empty: those that the zone names itself."""
    port: int
    query_name: str
    query_type: str
    valid_rcodes: tuple[str, ...]
    answer_matches: re.Pattern[str] | None
    """A record of the answer must match."""
    authoritative: bool
    """Whether the servers must answer with authority."""
    serial: bool
    """Whether the servers must have the same version of the zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    server: str
    took_seconds: float = 0.0
    fault: Reason | None = None
    note: str = ""
    records: frozenset[str] = frozenset()
    serial: int | None = None


def _read(options: Options) -> _Options:
    query_type = options.text("query_type", "A").upper()
    if query_type not in _TYPES:
        options.fault("query_type", "unknown-value", f'"{query_type}" is no type of record', allowed=_TYPES)
    codes = tuple(code.upper() for code in options.texts("valid_rcodes")) or ("NOERROR",)
    for code in codes:
        if code not in _RCODES:
            options.fault("valid_rcodes", "unknown-value", f'"{code}" is no code of an answer', allowed=_RCODES)
    return _Options(
        hosts=options.texts("host"),
        port=options.whole("port", 53, low=1, high=65535),
        query_name=options.text("query_name", required=True).rstrip(".") + ".",
        query_type=query_type,
        valid_rcodes=codes,
        answer_matches=options.pattern("fail_if_answer_not_matches_regexp"),
        authoritative=options.flag("authoritative", default=False),
        serial=options.flag("serial", default=False),
    )


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind
    share = check.timeout_seconds * 0.9
    servers = await _servers(options, share / 2)
    answers = await asyncio.gather(*(_ask(options, server, share / 2) for server in servers))
    outcome, reason, note = _verdict(check, options, answers)
    took = max((answer.took_seconds for answer in answers if answer.fault is None), default=None)
    if outcome is Outcome.OPERATIONAL and took and check.degraded_above_seconds and took > check.degraded_above_seconds:
        outcome, reason = Outcome.DEGRADED, Reason.SLOW
    return (Result(at=ground.now(), outcome=outcome, reason=reason, took_seconds=took, note=note[:200]),)


async def _servers(options: _Options, timeout_seconds: float) -> Sequence[str]:
    """Return the addresses of the servers to ask; a resolver that fails says nothing of the zone."""
    import dns.asyncresolver
    import dns.exception
    import dns.name

    resolver = dns.asyncresolver.Resolver()
    resolver.cache = None
    resolver.lifetime = timeout_seconds
    try:
        names: Sequence[str] = options.hosts
        if not names:
            zone = await dns.asyncresolver.zone_for_name(options.query_name, resolver=resolver)
            names = [str(record.target) for record in await resolver.resolve(zone, "NS")]
        found: list[str] = []
        for name in names:
            found += [name] if _is_address(name) else [str(one) for one in await resolver.resolve(name, "A")]
    except dns.exception.DNSException as error:
        raise ProbeError(Reason.NAME_NOT_FOUND, f"resolver: {type(error).__name__}", outcome=Outcome.UNKNOWN) from None
    return found


def _is_address(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


async def _ask(options: _Options, server: str, timeout_seconds: float) -> _Answer:
    import dns.exception

    started = monotonic()
    try:
        message = await _query(options, server, options.query_type, timeout_seconds)
        serial = await _serial(options, server, timeout_seconds) if options.serial else None
    except dns.exception.Timeout:
        return _Answer(server=server, fault=Reason.TIMEOUT, note=f"{server}: no answer")
    except OSError as error:
        return _Answer(server=server, fault=Reason.UNREACHABLE, note=f"{server}: {error}")
    except (dns.exception.DNSException, ValueError) as error:
        return _Answer(server=server, fault=Reason.PROTOCOL, note=f"{server}: {type(error).__name__}")
    fault, note = _fault(options, message)
    records = frozenset(str(record) for rrset in message.answer for record in rrset)
    return _Answer(
        server=server,
        took_seconds=monotonic() - started,
        fault=fault,
        note=f"{server}: {note}" if note else "",
        records=records,
        serial=serial,
    )


async def _query(options: _Options, server: str, query_type: str, timeout_seconds: float) -> dns.message.Message:
    import dns.asyncquery
    import dns.message

    question = dns.message.make_query(options.query_name, query_type)
    message, _ = await dns.asyncquery.udp_with_fallback(question, server, timeout=timeout_seconds, port=options.port)
    return message


async def _serial(options: _Options, server: str, timeout_seconds: float) -> int | None:
    """Return the serial of the zone; it stands in the answer, or beside it where the name is not the zone's own."""
    import dns.rdatatype

    message = await _query(options, server, "SOA", timeout_seconds)
    for rrset in (*message.answer, *message.authority):
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(rrset[0].serial)
    return None


def _fault(options: _Options, message: dns.message.Message) -> tuple[Reason | None, str]:
    import dns.flags
    import dns.rcode

    rcode = dns.rcode.to_text(message.rcode())
    if rcode not in options.valid_rcodes:
        return Reason.STATUS, f"it answers {rcode}"
    if options.authoritative and not message.flags & dns.flags.AA:
        return Reason.PROTOCOL, "it has no authority"
    records = [str(record) for rrset in message.answer for record in rrset]
    pattern = options.answer_matches
    if rcode == "NOERROR" and not records:
        return Reason.CONTENT, "the answer is empty"
    if pattern and not any(pattern.search(record) for record in records):
        return Reason.CONTENT, "no record is as it should be"
    return None, ""


def _verdict(check: Check, options: _Options, answers: Sequence[_Answer]) -> tuple[Outcome, Reason | None, str]:
    """Judge the zone: out if no server answers rightly, degraded if some do not or if they differ."""
    faulty = [answer for answer in answers if answer.fault]
    sound = [answer for answer in answers if not answer.fault]
    note = "; ".join(answer.note for answer in faulty)
    if not sound:
        return check.status, faulty[0].fault if faulty else Reason.NAME_NOT_FOUND, note
    serials = {answer.serial for answer in sound}
    if options.serial and len(serials) > 1:
        return Outcome.DEGRADED, Reason.ZONE_DIFFERS, f"serials {sorted(str(serial) for serial in serials)}"
    if len({answer.records for answer in sound}) > 1:
        return Outcome.DEGRADED, Reason.ZONE_DIFFERS, "the answers differ"
    if faulty:
        return Outcome.DEGRADED, faulty[0].fault, note
    return Outcome.OPERATIONAL, None, ""


KIND = Kind(read=_read, probe=_probe)
