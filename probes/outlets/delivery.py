"""Delivery: takes events from the outbox to where the generator reads them."""

from __future__ import annotations

from collections.abc import Callable

from probes.memory.store import Store
from probes.outlets.outlet import Outlet

__all__ = ["LOOK_SECONDS", "Delivery"]

LOOK_SECONDS = 0.5
"""How soon an event is noticed."""


class Delivery:
    """Empties the outbox: what is out is forgotten, and nothing before."""

    def __init__(self, store: Store, outlet: Outlet, tell: Callable[[str], None]) -> None:
        self._store, self._outlet, self._tell = store, outlet, tell
        self.stuck = False
        """Whether the last attempt left something behind."""

    def deliver(self) -> float:
        """Publish what is there, which may take long; return in how many seconds to come back.

        The operators hear of an alarm when it comes up, and when it is over.
        """
        files = self._store.outbox()
        self.stuck = False
        if not files:
            return LOOK_SECONDS
        published = self._outlet.publish(files)
        if published.out:
            self._store.sent_out(published.out)
        self.stuck = len(published.out) < len(files)
        alarm = published.alarm or (published.passing if self._again(published.passing) else "")
        if alarm != self._store.noted("alarm"):
            self._store.note("alarm", alarm)
            self._tell(f"alarm: {alarm}" if alarm else "events are published again")
        return max(published.retry_in_seconds or 0.0, LOOK_SECONDS)

    def _again(self, passing: str) -> bool:
        """Note what may pass by itself; return whether something of that kind was there the last time as well.

        It is kept in the store, so that it counts from one run to the next.
        """
        before = self._store.noted("passing")
        if passing != before:
            self._store.note("passing", passing)
        return bool(before)

    def empty(self) -> None:
        """Publish all there is, up to the first thing that stays."""
        self.deliver()
        while not self.stuck and self._store.waiting():
            self.deliver()
