"""Matching in a thread."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from probes.net.matching import in_time


def test_cancelled_as_it_ends() -> None:
    """A cancellation that comes at the moment when a match is done is not lost: it comes once."""

    async def cancelled() -> None:
        release = threading.Event()
        task = asyncio.create_task(in_time(release.wait, 60))
        await asyncio.sleep(0)
        release.set()
        time.sleep(0.1)  # the loop hears only afterwards that it is done
        asyncio.get_running_loop().call_soon(task.cancel)
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
