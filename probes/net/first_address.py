"""First address: works with the first address of a host that accepts a connection."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable
from typing import TypeVar

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.reach import Address, no_route, resolve
from probes.net.target import Target

__all__ = ["at_first_address"]

Value = TypeVar("Value")

_NOBODY = (errno.ECONNREFUSED, errno.EHOSTUNREACH)


async def at_first_address(
    target: Target,
    work: Callable[[Address], Awaitable[Value]],
    *,
    resolved: Callable[[Target], Awaitable[list[Address]]] = resolve,
) -> Value:
    """Return what `work` returns at the first address (IPv4, then IPv6) that accepts a connection.

    Which of them answers is the business of other checks; mail takes the one that does.
    `resolved` finds the addresses.

    Raises:
        ProbeError: The name has no address, or there is no route to any from here, which says nothing of the service.
        OSError: What `work` raises; if nobody listens anywhere, the first such error.
    """
    refusal: OSError | None = None
    for address in await resolved(target):
        try:
            return await work(address)
        except OSError as error:
            if error.errno in _NOBODY:
                refusal = refusal or error
            elif not no_route(error):
                raise
    if refusal is None:
        raise ProbeError(Reason.UNREACHABLE, f"no route to {target.host} from here", outcome=Outcome.UNKNOWN)
    raise refusal
