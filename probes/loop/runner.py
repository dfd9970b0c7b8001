"""Runner: looks at everything at its interval, and has what follows published."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from probes.events import Event
from probes.kind import ProbeContext
from probes.loop.canaries import EVERY_SECONDS
from probes.loop.clock import TOLERANCE, Reading, doubt, leap
from probes.loop.clock_changes import newest, start_again
from probes.loop.conclusions import Observer, conclude
from probes.loop.connectivity import Connectivity
from probes.loop.look import look, place_of
from probes.loop.pause import pause
from probes.loop.recovery import recover
from probes.loop.report import observed
from probes.loop.schedule import phase, wait
from probes.loop.warnings import Warnings
from probes.memory.store import GoneError, Store
from probes.model import Check, Outcome, Plan, Result
from probes.observations import Observations, serialize
from probes.outlets.delivery import Delivery
from probes.outlets.outlet import Outlet

__all__ = ["Prober"]

AT_A_TIME = 200
"""Number of checks that look at once: with it, a thousand that all time out still look twice a minute."""
NAMES_AT_A_TIME = 64
"""Number of host names resolved at once: a resolver that hangs must not hold up everything."""
OBSERVE_SECONDS = 60.0
TIDY_SECONDS = 3600.0
_TROUBLE_SECONDS = 15.0
"""Time before a step is tried again that failed for reasons of the prober's own, such as a full disk."""

_DOUBT_SECONDS = 5.0
"""Interval at which a doubtful clock is read."""

Value = TypeVar("Value")


class Prober:
    """One prober with all it needs."""

    def __init__(
        self,
        name: str,
        plan: Plan,
        store: Store,
        outlet: Outlet,
        state: Path,
        *,
        now: Callable[[], datetime],
        tell: Callable[[str], None],
        steady: Callable[[], float] = monotonic,
        published: Sequence[Event] = (),
    ) -> None:
        """`state` is the prober's own folder, outside git; `tell` hears a line for the operators.

        `steady` are the seconds of a clock that nobody sets; from `published` a prober learns that has lost its store.
        """
        self._name, self._plan, self._store, self._outlet = name, plan, store, outlet
        self._observer = Observer(name=name, plan=plan, store=store)
        self._now, self._tell, self._steady = now, tell, steady
        self._published = [event for event in published if event.prober == name]
        self._context = ProbeContext(now=now, prober=name, state=state, tokens=store.tokens, notes=store)
        self._connectivity = Connectivity(name, plan.canaries, store, now, tell, self._follow_clock)
        self._delivery = Delivery(store, outlet, tell)
        self._warnings, self._troubles = Warnings(tell), Warnings(tell)
        self._gate = asyncio.Semaphore(AT_A_TIME)
        self._began = now()
        self._writing = asyncio.Lock()
        self._reading = self._read()
        self._clock_changes = 0
        """How many times the clock has been set."""

    async def once(self) -> list[tuple[Check, Sequence[Result]]]:
        """Look at everything once, publish what follows, and return what was found: nothing if the clock is wrong."""
        self._store.tokens.reload()
        self._warnings.recall(self._store.noted("warned"))
        found: list[tuple[Check, Sequence[Result]]] = []
        if self._begin():
            with _many_threads():
                await self._ask()
                results = await asyncio.gather(*(self.look(check) for check in self._plan.checks))
                await self._end()
            found = list(zip(self._plan.checks, results, strict=True))
        self._store.note("warned", self._warnings.told())
        return found

    async def run(self, stop: asyncio.Event) -> None:
        """Look at everything at its interval until `stop` is set; then publish what is still there.

        Nothing is looked at or published before the clock can be believed.
        """
        self._store.tokens.reload()
        while not self._begin():
            await pause(_DOUBT_SECONDS, stop)
            if stop.is_set():
                return
        with _many_threads():
            looking = [asyncio.create_task(part) for part in self._looking(stop)]
            writing = [asyncio.create_task(part) for part in self._putting_down(stop)]
            await asyncio.wait([*looking, *writing], return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            for task in looking:  # what is being written or published, however, is let through
                task.cancel()
            for end in await asyncio.gather(*looking, *writing, return_exceptions=True):
                if isinstance(end, Exception):
                    raise end
            await self._end()

    def _looking(self, stop: asyncio.Event) -> Iterator[Coroutine[None, None, None]]:
        yield from (self._watch(check, stop) for check in self._plan.checks)
        yield self.repeat("the canaries", self._ask, stop)

    def _putting_down(self, stop: asyncio.Event) -> Iterator[Coroutine[None, None, None]]:
        yield self.repeat("publishing", self._deliver, stop)
        yield self.repeat("observations", self._observe, stop, OBSERVE_SECONDS)
        yield self.repeat("tidying up", self._tidy, stop, TIDY_SECONDS)

    async def _end(self) -> None:
        """Publish what is there, unless it was in vain just now, and put down what was last seen."""
        if not self._delivery.stuck:
            await asyncio.to_thread(self._delivery.empty)
        await self._observe()

    async def look(self, check: Check) -> Sequence[Result]:
        """Look by one check, take in what it finds, and return it."""
        changes = self._clock_changes
        async with self._gate:
            found = await look(check, self._context)
        # Where the clock was set meanwhile it is not known by which reading the results are dated.
        if await self._follow_clock() != changes:
            return ()
        results = await self._connectivity.believed(found)
        if await self._follow_clock() != changes:
            return ()
        now = self._reading.wall
        self._say(await self._written(conclude, self._observer, check, results, now))
        blind = self._connectivity.blind_since is not None
        unknown = [one.note for one in found if one.outcome is Outcome.UNKNOWN and one.note and not blind]
        self._warnings.report(check.name, [*(line for one in found for line in one.warnings), *unknown])
        return results

    def _begin(self) -> bool:
        """Return whether the clock can be believed; if so, learn from what was published where the store is new."""
        before, now = self._reading, self._read()
        self._reading = now
        noted = self._store.noted("doubted_since")
        since = datetime.fromisoformat(noted) if noted and not leap(before, now) else None
        latest = self._newest()
        why = doubt(now.wall, latest, since)
        self._warnings.report("the clock", [f"{why}; nothing is looked at or published"] if why else [])
        began = (since if since and since <= now.wall else now.wall).isoformat() if why else ""
        if began != noted:
            self._store.note("doubted_since", began)
        if why:
            return False
        if latest is not None and latest - now.wall > TOLERANCE:
            self._tell("warning: the clock was ahead once; counting starts again")
            self._connectivity.start_again(latest, now.wall)
            self._say(start_again(self._plan, self._name, latest, now.wall, self._store))
        for line in recover(self._plan, self._name, self._published, self._store, now.wall):
            self._tell(line)
        self._connectivity.recall()
        return True

    def _newest(self) -> datetime | None:
        """Return the last instant that anything is known of."""
        states = (self._store.state(check.name, id_) for check in self._plan.checks for id_ in check.services)
        known = [newest(state) for state in states if state is not None]
        published = [] if any(known) else [event.at for event in self._published]
        return max(
            (at for at in (self._store.newest(), self._connectivity.blind_since, *known, *published) if at),
            default=None,
        )

    def _read(self) -> Reading:
        return Reading(wall=self._now(), steady_seconds=self._steady())

    async def _follow_clock(self) -> int:
        """Start again if the clock was set; return how many times that has happened."""
        before, self._reading = self._reading, self._read()
        now, by = self._reading.wall, leap(before, self._reading)
        if by:
            self._clock_changes += 1
            self._began = now
            way = "back" if by < timedelta() else "forward"
            self._tell(f"warning: the clock was set {way} by {abs(by).total_seconds():.0f} s; counting starts again")
            self._connectivity.start_again(before.wall, now)
            self._say(await self._written(start_again, self._plan, self._name, before.wall, now, self._store))
        return self._clock_changes

    def _say(self, events: Iterable[Event]) -> None:
        for event in events:
            self._tell(_said(event))

    async def _watch(self, check: Check, stop: asyncio.Event) -> None:
        """Look by one check, again and again; never twice at a time."""

        async def step() -> float:
            return wait(check, await self.look(check), self._context)

        await self.repeat(check.name, step, stop, phase(check))

    async def _ask(self) -> float:
        self._store.stand()
        await self._connectivity.look()
        self._store.file_due(self._now())
        return EVERY_SECONDS

    async def _deliver(self) -> float:
        began = monotonic()
        return await asyncio.to_thread(self._delivery.deliver) + monotonic() - began

    async def _observe(self) -> float:
        """Put down what was last seen; done without haste, for it may be a lot."""
        blind = self._connectivity.blind_since is not None

        def put_down() -> str:
            nothing = Observations(prober=self._name, at=self._now(), blind=blind, checks=())
            seen = observed(self._plan, nothing, self._store, self._began)
            return self._outlet.observe(self._name, serialize(seen))

        trouble, before = await asyncio.to_thread(put_down), self._store.noted("unobserved")
        if trouble != before:
            self._store.note("unobserved", trouble)
        self._warnings.report("observations", [trouble] if trouble and before and not blind else [])
        return OBSERVE_SECONDS

    async def _tidy(self) -> float:
        await self._written(self._store.hours.forget_raw, self._now())
        return TIDY_SECONDS

    async def _written(self, write: Callable[..., Value], *arguments: object) -> Value:
        """Write to the disk in a thread, so that nothing waits for it whose time is measured; one after the other."""
        async with self._writing:
            return await asyncio.to_thread(write, *arguments)

    async def repeat(
        self, what: str, step: Callable[[], Awaitable[float]], stop: asyncio.Event, first: float = 0.0
    ) -> None:
        """Take a step again and again, whatever happens in it; it returns how long after its beginning the next is due.

        Raises:
            sqlite3.DatabaseError: The store is damaged; there is no going on with it.
            GoneError: It is not where it was any more.
        """
        due = monotonic() + first
        while True:
            await pause(max(due - monotonic(), 0.0), stop)
            if stop.is_set():
                return
            began, trouble = monotonic(), ""
            try:
                due = began + await step()
            except sqlite3.OperationalError as error:
                due, trouble = began + _TROUBLE_SECONDS, f"the store cannot be used: {error}"
            except (sqlite3.DatabaseError, GoneError):
                raise
            except Exception as error:  # One check that is at odds with itself must not end all the others.
                due, trouble = began + _TROUBLE_SECONDS, f"{place_of(error)}; please report it"
            self._troubles.report(what, [trouble] if trouble else [])


@contextmanager
def _many_threads() -> Iterator[None]:
    """Let the running loop resolve names in more threads than the machine has processors."""
    pool = ThreadPoolExecutor(NAMES_AT_A_TIME, thread_name_prefix="prober")
    asyncio.get_running_loop().set_default_executor(pool)
    try:
        yield
    finally:
        pool.shutdown(wait=False)


def _said(event: Event) -> str:
    reason = f" ({event.reason})" if event.reason else ""
    return f"{event.event}: {event.service} by {event.check}{reason} since {event.since:%Y-%m-%dT%H:%M:%SZ}"
