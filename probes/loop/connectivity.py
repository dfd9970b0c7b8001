"""Connectivity: says whether this prober is online, and takes back what it found while offline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from probes.events import EventKind, path_of, serialize
from probes.loop.canaries import QUIET_SECONDS, Answers, ask
from probes.loop.clock import FLOOR
from probes.loop.conclusions import of_prober
from probes.memory.store import Store
from probes.model import Canary, Outcome, Result

__all__ = ["OFFLINE", "Connectivity"]

OFFLINE = "this prober is offline"


class Connectivity:
    """Asks the canaries; says once when the prober goes offline, and once when it is back."""

    def __init__(
        self,
        name: str,
        canaries: Sequence[Canary],
        store: Store,
        now: Callable[[], datetime],
        tell: Callable[[str], None],
        follow_clock: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """`follow_clock` is called before anything is dated: it notices that the clock was set."""
        self._follow_clock = follow_clock
        self._name, self._canaries, self._store, self._now, self._tell = name, canaries, store, now, tell
        self._asking = asyncio.Lock()
        self._begun = 0
        self._answers = Answers()
        self.recall()

    def recall(self) -> None:
        """Restore the state that the store holds."""
        self._blind_since = _time(self._store.noted("blind_since"))
        self._back_since = _time(self._store.noted("back_since"))

    @property
    def blind_since(self) -> datetime | None:
        """Return since when the prober is offline, None if it is online."""
        return self._blind_since

    async def believed(self, results: Sequence[Result]) -> Sequence[Result]:
        """Return results, a bad one as unknown unless canaries that are asked after it was found answer.

        Of a prober that is known to be offline all are unknown. What fails over one version of IP says nothing if that
        version fails the prober itself.
        """
        if any(result.outcome.bad for result in results):
            await self.look()
        if self.blind_since is not None:
            return [_unknown(result, OFFLINE) for result in results]
        lame = self._answers.lame
        return [
            _unknown(result, "this prober is offline over that version of IP") if result.reason in lame else result
            for result in results
        ]

    async def look(self) -> None:
        """Ask the canaries now; callers that come while they are being asked share one further round."""
        begun = self._begun
        async with self._asking:
            if self._begun == begun:
                self._begun += 1
                self._answers = await ask(self._canaries)
                if self._follow_clock:
                    await self._follow_clock()
                self._judge(self._answers.online, self._now())

    def start_again(self, before: datetime, now: datetime) -> None:
        """Let being offline end by the earlier of two readings when a clock that read `before` is set to `now`."""
        if self._blind_since is not None:
            at = max(min(before, now), self._blind_since)
            self._store.file([of_prober(EventKind.SEEING, self._name, self._blind_since, at, at)], now)
        self._blind_since = self._back_since = None
        self._note("blind_since", None)
        self._note("back_since", None)

    def _judge(self, online: bool, now: datetime) -> None:
        """Note what an answer means; for a minute after coming back nothing counts yet."""
        if now < FLOOR:
            return
        if not online:
            self._back_since = None
            if self._blind_since is None:
                self._turn(EventKind.BLIND, now, now)
        elif self._blind_since is not None:
            # A clock that was put back by a little must not make the minute longer.
            self._back_since = min(self._back_since or now, now)
            quiet = (now - self._back_since).total_seconds() >= QUIET_SECONDS
            if quiet and now > self._blind_since:  # else it would end before it began
                self._turn(EventKind.SEEING, self._back_since, now)
        self._note("back_since", self._back_since)

    def _turn(self, kind: EventKind, since: datetime, now: datetime) -> None:
        event = of_prober(kind, self._name, self._blind_since or now, since, now)
        blind_since = event.since if kind is EventKind.BLIND else None
        self._note("blind_since", blind_since, {path_of(event): serialize(event)})
        self._blind_since, self._back_since = blind_since, None
        self._tell(OFFLINE if blind_since else "this prober is online again")

    def _note(self, name: str, at: datetime | None, events: dict[str, bytes] | None = None) -> None:
        value = at.isoformat() if at else ""
        if events or value != self._store.noted(name):
            self._store.note(name, value, events)


def _unknown(result: Result, note: str) -> Result:
    return replace(result, outcome=Outcome.UNKNOWN, reason=None, certain=False, note=note)


def _time(noted: str) -> datetime | None:
    return datetime.fromisoformat(noted) if noted else None
