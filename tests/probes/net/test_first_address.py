"""How one address of several is worked with."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from probes.kind import ProbeError
from probes.model import Outcome
from probes.net.first_address import at_first_address
from probes.net.reach import Address
from probes.net.target import Target

BOTH = [
    Address(family=socket.AF_INET, ip="192.0.2.1", port=25),
    Address(family=socket.AF_INET6, ip="2001:db8::1", port=25),
]


def reached(**failures: int) -> str:
    """Return where work was done if one or both addresses (`ip4`, `ip6`) fail with an error of the system."""

    async def work(address: Address) -> str:
        number = failures.get("ip4" if address.family == socket.AF_INET else "ip6")
        if number:
            raise OSError(number, "it failed")
        return address.ip

    async def resolved(_target: Target) -> list[Address]:
        return BOTH

    return asyncio.run(at_first_address(Target(host="mx.test", port=25), work, resolved=resolved))


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH])
def test_the_next_address(number: int) -> None:
    """Where nobody answers at the first address, the next one is as good."""
    assert reached() == "192.0.2.1"
    assert reached(ip4=number) == "2001:db8::1"


def test_no_second_try() -> None:
    """What has begun and failed is not done again elsewhere: a message would be sent twice."""
    with pytest.raises(ConnectionResetError):
        reached(ip4=errno.ECONNRESET)


def test_refused_everywhere() -> None:
    """A refusal counts, even where the other version of IP has no route from here."""
    with pytest.raises(ConnectionRefusedError):
        reached(ip4=errno.ECONNREFUSED, ip6=errno.ENETUNREACH)


def test_no_route_at_all() -> None:
    """A prober without a way there knows nothing of the service."""
    with pytest.raises(ProbeError) as raised:
        reached(ip4=errno.ENETUNREACH, ip6=errno.ENETUNREACH)

    assert raised.value.outcome is Outcome.UNKNOWN
