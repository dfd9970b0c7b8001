"""Pause: waits, but no longer than until everything ends."""

from __future__ import annotations

import asyncio
import contextlib

__all__ = ["pause"]


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait for some seconds, or until `stop` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
