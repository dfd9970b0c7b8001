"""The kind `dns`: asks name servers, and compares their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.memory.zones import ZoneMemory, keep, recall
from probes.model import Check, Outcome, Reason, Result
from probes.net.host_names import host_name, is_address
from probes.net.matching import in_time
from probes.net.target import IpProtocol
from probes.options import Options
from probes.zone.answers import Asked, ask
from probes.zone.records import read_rules
from probes.zone.servers import ResolverError, Server, Wanted, find
from probes.zone.verdict import Expected, difference, judged, result

__all__ = ["KIND"]

_RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
_TYPES = ("A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT")
_FINDING, _ASKING = 0.4, 0.5
"""Parts of the check's timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    wanted: Wanted
    asked: Asked
    expected: Expected
    serial_grace_seconds: float
    """How long servers may differ: a change takes a while to reach them all."""


def _read(options: Options) -> _Options:
    wanted = _wanted(options)
    port, serial = options.whole("port", 53, low=1, high=65535), options.flag("serial", default=False)
    return _Options(
        wanted=wanted,
        asked=Asked(name=wanted.query_name, type=_query_type(options), port=port, serial=serial),
        expected=Expected(
            valid_rcodes=_rcodes(options),
            rules=read_rules(options.part("validate_answer_rrs", "validate_answer_rrs")),
            authoritative=options.flag("authoritative", default=False),
        ),
        serial_grace_seconds=options.seconds("serial_grace", 0),
    )


def _wanted(options: Options) -> Wanted:
    resolver = options.text("resolver")
    if resolver and not is_address(resolver):
        hint = 'e.g. "9.9.9.9"; without it the resolvers of the system are asked'
        options.fault("resolver", "wrong-type", f'resolver: "{resolver}" is not an IP address', hint)
    return Wanted(
        hosts=_hosts(options),
        query_name=_query_name(options),
        ip_protocol=options.choice("ip_protocol", IpProtocol, IpProtocol.BOTH),
        resolver=resolver,
        resolver_port=options.whole("resolver_port", 53, low=1, high=65535),
    )


def _query_type(options: Options) -> str:
    query_type = options.text("query_type", "A").upper()
    if query_type not in _TYPES:
        options.fault("query_type", "unknown-value", f'"{query_type}" is not a record type', allowed=_TYPES)
    return query_type


def _rcodes(options: Options) -> tuple[str, ...]:
    codes = tuple(code.upper() for code in options.texts("valid_rcodes"))
    for code in codes:
        if code not in _RCODES:
            options.fault("valid_rcodes", "unknown-value", f'"{code}" is not a response code', allowed=_RCODES)
    return codes or ("NOERROR",)


def _query_name(options: Options) -> str:
    """Return the name with its last dot; more is allowed in it than in that of a host (RFC 2181, 11)."""
    text = options.text("query_name", required=True).rstrip(".")
    try:
        name = text if text.isascii() else host_name(text)
    except ValueError:
        name = ""
    if text and not (len(name) <= 253 and all(1 <= len(label) <= 63 for label in name.split("."))):
        options.fault("query_name", "wrong-type", f'query_name: "{text}" is not a name', 'e.g. "example.ch"')
    return f"{name}."


def _hosts(options: Options) -> tuple[str, ...]:
    try:
        return tuple(host_name(host) for host in options.texts("host"))
    except ValueError:
        hint = 'e.g. ["ns1.example.ch", "192.0.2.1"]'
        options.fault("host", "wrong-type", "host must be a list of names or addresses", hint)
        return ()


async def _probe(check: Check, options: _Options, context: ProbeContext) -> Sequence[Result]:
    memory = recall(context.notes, check.name, " ".join((options.wanted.query_name, *options.wanted.hosts)))
    servers, known, warnings = await _servers(check, options, memory)
    seconds = check.timeout_seconds * _ASKING
    asked = await asyncio.gather(*(ask(server, options.asked, seconds) for server in servers))
    answers = await in_time(lambda: [judged(answer, options.expected) for answer in asked], check.timeout_seconds)
    differ, now = difference(answers), context.now()
    since = (memory.differ_since or now) if differ else None
    new = replace(memory, servers=known, differ_since=since)
    if new != memory:
        keep(context.notes, check.name, new)
    if since and (now - since).total_seconds() < options.serial_grace_seconds:
        warnings, differ = [*warnings, f"{differ} since {since:%Y-%m-%dT%H:%M:%SZ}"], ""
    return (result(check, answers, differ, warnings, now),)


async def _servers(
    check: Check, options: _Options, memory: ZoneMemory
) -> tuple[list[Server], tuple[tuple[str, str], ...], list[str]]:
    """Return the servers to ask, those to remember, and warnings.

    A resolver that fails says nothing of the zone; its servers, if they are known already, do.
    """
    try:
        found = await find(options.wanted, check.timeout_seconds * _FINDING)
    except ResolverError as error:
        if not memory.servers:
            raise ProbeError(Reason.NAME_NOT_FOUND, f"resolver: {error}", outcome=Outcome.UNKNOWN) from None
        known = [Server(name=name, ip=ip) for name, ip in memory.servers]
        return known, memory.servers, [f"the resolver fails: {error}"]
    return found, tuple(sorted((server.name, server.ip) for server in found)), []


KIND = Kind(measures=N_("Name resolution (DNS)"), read=_read, probe=_probe)
