"""Canaries: asks hosts of others whether the prober itself is online; two of three must answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from probes.kind import ProbeError
from probes.model import Canary, Reason
from probes.net.reach import resolve
from probes.net.target import Target

__all__ = ["EVERY_SECONDS", "QUIET_SECONDS", "Answers", "ask"]

EVERY_SECONDS = 15.0
"""Interval at which they are asked, and again after every failure."""
QUIET_SECONDS = 60.0
"""Time after coming back during which nothing counts: failures from before may still come in."""
_TIMEOUT_SECONDS = 4.0
_FAMILIES = {socket.AF_INET: Reason.IPV4_FAILED, socket.AF_INET6: Reason.IPV6_FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What asking the canaries once has shown."""

    online: bool = True
    lame: frozenset[Reason] = frozenset()
    """What says nothing of a service: that it fails over a version of IP by which no canary answers either."""


async def ask(canaries: Sequence[Canary]) -> Answers:
    """Ask all at once. Online are two of three that answer, of more the same share; a prober without any always is."""
    answered = await asyncio.gather(*(_answers(canary) for canary in canaries))
    good = sum(any(by_family.values()) for by_family in answered)
    return Answers(
        online=good * 3 >= len(canaries) * 2,
        lame=frozenset(reason for family, reason in _FAMILIES.items() if _is_lame(family, answered)),
    )


def _is_lame(family: int, answered: Sequence[dict[int, bool]]) -> bool:
    asked = [by_family[family] for by_family in answered if family in by_family]
    return bool(asked) and not any(asked)


async def _answers(canary: Canary) -> dict[int, bool]:
    """Return by each version of IP that a canary has an address of whether it answers."""
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            addresses = await resolve(Target(host=canary.host, port=canary.port))
    except (ProbeError, OSError):
        return {}
    connected = await asyncio.gather(*(_connects(address.ip, address.port) for address in addresses))
    return {address.family: answers for address, answers in zip(addresses, connected, strict=True)}


async def _connects(ip: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            _, writer = await asyncio.open_connection(ip, port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
