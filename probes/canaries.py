"""Whether the prober itself is online: three strangers are asked, and two must answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from probes.model import Canary

__all__ = ["EVERY_SECONDS", "QUIET_SECONDS", "online"]

EVERY_SECONDS = 15.0
"""How often they are asked; and after every failure."""
QUIET_SECONDS = 60.0
"""For so long after coming back nothing counts: what failed meanwhile may still be on its way."""
_TIMEOUT_SECONDS = 4.0


async def online(canaries: Sequence[Canary]) -> bool:
    """Return whether two of three canaries can be reached, of more the same share; True if there are none."""
    if not canaries:
        return True
    answered = await asyncio.gather(*(_answers(canary) for canary in canaries))
    return sum(answered) * 3 >= len(canaries) * 2


async def _answers(canary: Canary) -> bool:
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            _, writer = await asyncio.open_connection(canary.host, canary.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
