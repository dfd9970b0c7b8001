"""Blocking: runs a library that blocks in a thread, and ends it when its time is up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

__all__ = ["Sockets", "blocking", "in_a_thread"]

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")

_POOL = ThreadPoolExecutor(max_workers=32, thread_name_prefix="probe")
"""Bounded: a server that hangs costs one thread until its check is over, never more and more."""


class Sockets:
    """The connections of one piece of work, by which it can be ended from outside."""

    def __init__(self) -> None:
        self._kept: list[socket.socket] = []
        self._ended = False

    def keep(self, connection: socket.socket) -> None:
        """Remember a connection as soon as there is one, and again when TLS has wrapped it."""
        self._kept.append(connection)
        if self._ended:
            self.end()

    def end(self) -> None:
        """Shut every connection down; whoever waits for one of them gets an error at once."""
        self._ended = True
        for connection in self._kept:
            with contextlib.suppress(OSError):
                # Not that of TLS, which first forgets to encrypt while the thread may be about to write.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close every connection, also those that a library has lost sight of when it failed."""
        for connection in self._kept:
            connection.close()


async def blocking(work: Callable[[Sockets], Value]) -> Value:
    """Return what `work` returns; when the caller is cancelled its connections are shut down, and with them it ends."""
    sockets = Sockets()

    def whole() -> Value:
        try:
            return work(sockets)
        finally:
            sockets.close()

    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, whole)
    finally:
        sockets.end()


def in_a_thread(work: Callable[Concatenate[Sockets, Arguments], Value]) -> Callable[Arguments, Awaitable[Value]]:
    """Return a coroutine function that does the work of a blocking one: see `blocking`."""

    async def awaitable(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
        return await blocking(lambda sockets: work(sockets, *args, **kwargs))

    return awaitable
