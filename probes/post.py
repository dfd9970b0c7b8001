"""The way of events from the outbox to where the generator reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from probes.outlet import Outlet, Published
from probes.pause import pause
from probes.store import Store

__all__ = ["Post"]

_LOOK_SECONDS = 0.5


class Post:
    """Empties the outbox: what is out is forgotten, whatever else happens, and nothing before."""

    def __init__(self, store: Store, outlet: Outlet, tell: Callable[[str], None]) -> None:
        self._store, self._outlet, self._tell = store, outlet, tell

    def deliver(self) -> None:
        """Publish what is there, once."""
        files = self._store.outbox()
        if files:
            self._settle(self._outlet.publish(files))

    async def run(self, stop: asyncio.Event) -> None:
        """Publish what comes until `stop` is set; in a thread, for a push may take long and the checks go on."""
        wait = 0.0
        while not stop.is_set():
            await pause(max(wait, _LOOK_SECONDS), stop)
            files = self._store.outbox()
            wait = 0.0
            if files:
                published = await asyncio.to_thread(self._outlet.publish, files)
                self._settle(published)
                wait = published.retry_in_seconds or 0.0

    def _settle(self, published: Published) -> None:
        self._store.sent_out(published.out)
        if published.alarm != self._store.noted("alarm"):
            self._store.note("alarm", published.alarm)
            if published.alarm:
                self._tell(f"alarm: {published.alarm}")
