"""A name with an address of each version of IP, which the machine's own resolver need not know."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from probes.kind import ProbeContext
from probes.loop.look import look as look_once
from probes.model import Check, Result

NAME = "mx.mail.test"


class _Loop(asyncio.SelectorEventLoop):
    async def getaddrinfo(self, host, port, **options):  # type: ignore[no-untyped-def]
        if host != NAME:
            return await super().getaddrinfo(host, port, **options)
        stream = (socket.SOCK_STREAM, 6, "")
        return [(socket.AF_INET, *stream, ("127.0.0.1", port)), (socket.AF_INET6, *stream, ("::1", port, 0, 0))]


def look_over_both(check: Check, context: ProbeContext) -> Sequence[Result]:
    """Look once, where `NAME` has both addresses of loopback."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(look_once(check, context))
