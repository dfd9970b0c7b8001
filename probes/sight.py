"""Whether this prober is online, and what that means for what it has found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from probes.canaries import EVERY_SECONDS, QUIET_SECONDS, online
from probes.conclude import of_prober
from probes.events import EventKind, path_of, serialize
from probes.model import Canary, Outcome, Result
from probes.pause import pause
from probes.store import Store

__all__ = ["Sight"]

_OFFLINE = "this prober is offline"


class Sight:
    """Asks the canaries, says once when the prober goes offline and once when it is back."""

    def __init__(
        self,
        name: str,
        canaries: Sequence[Canary],
        store: Store,
        now: Callable[[], datetime],
        tell: Callable[[str], None],
    ) -> None:
        self._name, self._canaries, self._store, self._now, self._tell = name, canaries, store, now, tell
        self._asking = asyncio.Lock()
        self._asked_at: datetime | None = None
        self._answer = True

    @property
    def blind_since(self) -> datetime | None:
        """Return since when the prober is offline, None if it is online."""
        noted = self._store.noted("blind_since")
        return datetime.fromisoformat(noted) if noted else None

    async def believed(self, results: Sequence[Result]) -> Sequence[Result]:
        """Return results; bad ones are unknown unless strangers answer after they were found, and all if it is offline.

        What is good is believed at any time but while the prober is known to be offline.
        """
        bad = [result.at for result in results if result.outcome.bad]
        sees = await self._sees(max(bad)) if bad else self.blind_since is None
        if sees:
            return results
        return [replace(result, outcome=Outcome.UNKNOWN, reason=None, note=_OFFLINE) for result in results]

    async def watch(self, stop: asyncio.Event) -> None:
        """Ask every fifteen seconds until `stop` is set."""
        while self._canaries and not stop.is_set():
            await self._sees(self._now())
            await pause(EVERY_SECONDS, stop)

    async def _sees(self, after: datetime) -> bool:
        """Return whether the prober is online, as asked after an instant; who waits for an answer shares it."""
        async with self._asking:
            if self._asked_at is None or self._asked_at < after:
                self._asked_at = self._now()
                self._answer = self._judged(await online(self._canaries))
            return self._answer

    def _judged(self, answered: bool) -> bool:
        """Note what an answer means; for a minute after coming back nothing counts yet."""
        blind, now = self.blind_since, self._now()
        if not answered:
            self._store.note("seen_again", "")
            if blind is None:
                self._turn(EventKind.BLIND, now)
            return False
        if blind is None:
            return True
        again = self._store.noted("seen_again")
        if not again:
            self._store.note("seen_again", now.isoformat())
            return False
        if (now - datetime.fromisoformat(again)).total_seconds() < QUIET_SECONDS:
            return False
        self._turn(EventKind.SEEING, blind)
        return True

    def _turn(self, kind: EventKind, since: datetime) -> None:
        event = of_prober(kind, self._name, since, self._now())
        blind = event.since.isoformat() if kind is EventKind.BLIND else ""
        self._store.note("blind_since", blind, {path_of(event): serialize(event)})
        self._tell(_OFFLINE if blind else "this prober is online again")
