"""Servers: finds the name servers to ask: those named in the plan, or those of the zone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from probes.net.host_names import is_address
from probes.net.target import IpProtocol

if TYPE_CHECKING:
    import dns.asyncresolver

__all__ = ["ResolverError", "Server", "Wanted", "find"]

_TYPES = {IpProtocol.BOTH: ("A", "AAAA"), IpProtocol.IP4: ("A",), IpProtocol.IP6: ("AAAA",)}


class ResolverError(Exception):
    """Raised if the resolver, not the zone, has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One address of a name server."""

    name: str
    ip: str
    """Empty: the name has none."""

    def __str__(self) -> str:
        return self.name if self.ip in (self.name, "") else f"{self.name} ({self.ip})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to find, and with whose help."""

    hosts: Sequence[str]
    """Names or addresses; empty: those that the zone of `query_name` names itself."""
    query_name: str
    ip_protocol: IpProtocol
    resolver: str = ""
    """The address of the resolver to ask; empty: the machine's."""
    resolver_port: int = 53


async def find(wanted: Wanted, seconds: float) -> list[Server]:
    """Return every address of every server, within a time.

    Raises:
        ResolverError: The resolver fails.
    """
    if wanted.hosts and all(is_address(host) for host in wanted.hosts):
        return [Server(name=host, ip=host) for host in wanted.hosts]  # that needs nobody's help
    import dns.exception

    try:
        async with asyncio.timeout(seconds):
            resolver = _resolver(wanted, seconds)
            names = wanted.hosts or await _of_zone(resolver, wanted.query_name)
            found = await asyncio.gather(*(_addresses(resolver, name, wanted.ip_protocol) for name in names))
    except (dns.exception.DNSException, OSError) as error:
        raise ResolverError(type(error).__name__) from None
    return [server for servers in found for server in servers]


def _resolver(wanted: Wanted, seconds: float) -> dns.asyncresolver.Resolver:
    import dns.asyncresolver

    resolver = dns.asyncresolver.Resolver(configure=not wanted.resolver)
    if wanted.resolver:
        resolver.nameservers, resolver.port = [wanted.resolver], wanted.resolver_port
    resolver.lifetime = seconds
    return resolver


async def _of_zone(resolver: dns.asyncresolver.Resolver, name: str) -> list[str]:
    import dns.asyncresolver

    zone = await dns.asyncresolver.zone_for_name(name, resolver=resolver)
    return [str(record.target) for record in await resolver.resolve(zone, "NS")]


async def _addresses(resolver: dns.asyncresolver.Resolver, name: str, ip_protocol: IpProtocol) -> list[Server]:
    import dns.resolver

    if is_address(name):
        return [Server(name=name, ip=name)]
    found: list[Server] = []
    for type_ in _TYPES[ip_protocol]:
        try:
            found += [Server(name=name, ip=str(record)) for record in await resolver.resolve(name, type_)]
        except dns.resolver.NoAnswer:
            continue
        except dns.resolver.NXDOMAIN:
            break
    return found or [Server(name=name, ip="")]
