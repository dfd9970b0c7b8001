"""Command: runs a program that is not trusted, and bounds what it starts, says and reads."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
from collections.abc import Sequence

__all__ = ["run"]

_MOST_OUTPUT = 65_536
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME")
"""All that a program hears of the prober's environment, which may hold passwords."""
_AFTERWARDS_SECONDS = 1.0
"""How long to wait for the last of the output when a program has ended, which others may still hold open."""


async def run(command: Sequence[str]) -> tuple[int, str]:
    """Return the exit code and the beginning of the output of a program.

    It runs in a process group of its own, which ends with it or with this call. What it has started ends too, unless
    it has left the group (setpgid(2), setsid(2)): that is out of reach, but nobody waits for it.

    Raises:
        OSError, ValueError: It cannot be started.
    """
    kept = bytearray()
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", 0) as output:
        reading = asyncio.create_task(_keep(output, kept))
        try:
            code = await _run_to_its_end(command, write_end)
            await asyncio.wait({reading}, timeout=_AFTERWARDS_SECONDS)
            return code, kept.decode("utf-8", "replace")
        finally:
            reading.cancel()
            await asyncio.wait({reading})


async def _run_to_its_end(command: Sequence[str], output: int) -> int:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
    finally:
        os.close(output)
    try:
        return await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


async def _keep(output: io.FileIO, kept: bytearray) -> None:
    """Read everything, and keep the beginning."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), output)
    try:
        while chunk := await reader.read(8192):
            kept += chunk[: _MOST_OUTPUT - len(kept)]
    finally:
        transport.close()
