"""Matching: searches answers for patterns in a thread, and gives up when it takes too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from probes.kind import ProbeError
from probes.model import Outcome, Reason

__all__ = ["in_time"]

Value = TypeVar("Value")

_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="pattern")
_SHARE, _MOST_SECONDS = 0.25, 2.0
"""Of the check's timeout, and at most: what takes too long must be found out before the look as a whole is late."""


async def in_time(match: Callable[[], Value], timeout_seconds: float) -> Value:
    """Return what a function finds by patterns, in a thread and within a share of the check's timeout.

    Raises:
        ProbeError: It takes longer; that says nothing of the service.
    """
    seconds = min(timeout_seconds * _SHARE, _MOST_SECONDS)
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(_POOL, match)
    except TimeoutError:
        note = f"a regular expression takes longer than {seconds:g} s on what was answered; make it simpler"
        raise ProbeError(Reason.CONTENT, note, outcome=Outcome.UNKNOWN) from None
