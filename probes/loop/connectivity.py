"""Whether this prober is online, and what that means for what it has found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from probes.events import EventKind, path_of, serialize
from probes.loop.canaries import QUIET_SECONDS, Answers, ask
from probes.loop.clock import FLOOR, TOLERANCE
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
        mind: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`mind` sees whether the clock was set, before anything is dated by it."""
        self._mind = mind
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
        """Return results; a bad one is unknown unless strangers answer who are asked after it was found.

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
        """Ask the canaries now; who waits for an answer already shares the next one that is asked for."""
        begun = self._begun
        async with self._asking:
            if self._begun == begun:
                self._begun += 1
                self._answers = await ask(self._canaries)
                if self._mind:
                    await self._mind()
                self._judge(self._answers.online, self._now())

    def put_forward(self, before: datetime, now: datetime) -> None:
        """Let what the prober does not see end by a clock that said `before`, and go on by the one that says `now`."""
        blind_since = self._blind_since
        self._back_since = None
        self._note("back_since", None)
        if blind_since is not None and blind_since <= before:
            ends = of_prober(EventKind.SEEING, self._name, blind_since, before, before)
            begins = of_prober(EventKind.BLIND, self._name, now, now, now)
            self._blind_since = begins.since
            files = {path_of(event): serialize(event) for event in (ends, begins)}
            self._note("blind_since", begins.since, files)

    def put_back(self, now: datetime) -> None:
        """Drop what lies ahead of a clock that was put back to `now`; it ends when its time comes."""
        self._back_since = min(self._back_since, now) if self._back_since else None
        if self._blind_since is not None and self._blind_since > now:
            self._store.withdraw(now)
            ahead = {*self._ahead(), self._blind_since}
            self._store.note("blind_ahead", " ".join(at.isoformat() for at in sorted(ahead)))
            self._blind_since = self._back_since = None
            self._note("blind_since", None)

    def _ahead(self) -> list[datetime]:
        """Return when the prober went offline by a clock that was ahead."""
        return [datetime.fromisoformat(at) for at in self._store.noted("blind_ahead").split()]

    def _end_what_was_ahead(self, now: datetime) -> None:
        """End what has begun only now; if the prober is offline, that ends both."""
        ahead = self._ahead()
        come = [at for at in ahead if at <= now]
        if come:
            blind_since = self._blind_since
            ended = [at for at in come if blind_since is None or blind_since > at]
            events = [of_prober(EventKind.SEEING, self._name, at, at, at) for at in ended]
            left = " ".join(at.isoformat() for at in ahead if at not in come)
            self._store.note("blind_ahead", left, {path_of(event): serialize(event) for event in events})

    def _judge(self, online: bool, now: datetime) -> None:
        """Note what an answer means; for a minute after coming back nothing counts yet."""
        if now < FLOOR:
            return
        if self._blind_since is not None and self._blind_since - now > TOLERANCE:
            self.put_back(now)
        self._end_what_was_ahead(now)
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
