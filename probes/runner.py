"""The prober: looks at everything again and again, and sees to it that what follows is published."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar

from probes.canaries import EVERY_SECONDS
from probes.conclude import conclude
from probes.events import Event
from probes.kind import Ground
from probes.model import Check, Outcome, Plan, Result
from probes.observations import serialize
from probes.observing import observed
from probes.outlet import Outlet
from probes.pause import pause
from probes.post import Post
from probes.schedule import phase, wait
from probes.sight import Sight
from probes.store import Store
from probes.telling import Warnings
from probes.trial import look

__all__ = ["Prober"]

AT_A_TIME = 200
"""So many checks look at once: enough that a thousand that all time out are still looked at twice a minute."""
NAMES_AT_A_TIME = 64
"""So many names of hosts are resolved at once; a resolver that hangs must not hold up everything."""
OBSERVE_SECONDS = 60.0
TIDY_SECONDS = 3600.0
_TROUBLE_SECONDS = 15.0
"""When to try again what has failed in a way that is no finding, such as a disk that is full."""

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
    ) -> None:
        """`state` is the prober's own folder, outside git; `tell` hears a line for the operators."""
        self._name, self._plan, self._store, self._outlet = name, plan, store, outlet
        self._now, self._tell = now, tell
        self._ground = Ground(now=now, prober=name, state=state, tokens=store.tokens)
        self._sight = Sight(name, plan.canaries, store, now, tell)
        self._post = Post(store, outlet, tell)
        self._warnings, self._troubles = Warnings(tell), Warnings(tell)
        self._gate = asyncio.Semaphore(AT_A_TIME)
        self._began = now()
        self._writing = asyncio.Lock()

    async def once(self) -> list[tuple[Check, Sequence[Result]]]:
        """Look at everything once, publish what follows, and return what was found."""
        self._store.tokens.reload()
        self._warnings.recall(self._store.noted("warned"))
        with _many_threads():
            await self._sight.look()
            found = await asyncio.gather(*(self.look(check) for check in self._plan.checks))
            await self._end()
        self._store.note("warned", self._warnings.told())
        return list(zip(self._plan.checks, found, strict=True))

    async def run(self, stop: asyncio.Event) -> None:
        """Look at everything at its interval until `stop` is set; then publish what is still there."""
        self._store.tokens.reload()
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
        if not self._post.stuck:
            await asyncio.to_thread(self._post.empty)
        await self._observe()

    async def look(self, check: Check) -> Sequence[Result]:
        """Look by one check, take in what it finds, and return it."""
        async with self._gate:
            found = await look(check, self._ground)
        results = await self._sight.believed(found)
        taken = conclude, self._plan, self._name, check, results, self._now(), self._store
        for event in await self._written(*taken):
            self._tell(_said(event))
        blind = self._sight.blind_since is not None
        unknown = [one.note for one in found if one.outcome is Outcome.UNKNOWN and one.note and not blind]
        self._warnings.hear(check.name, [*(line for one in found for line in one.warnings), *unknown])
        return results

    async def _watch(self, check: Check, stop: asyncio.Event) -> None:
        """Look by one check, again and again; never twice at a time."""

        async def step() -> float:
            return wait(check, await self.look(check), self._ground)

        await self.repeat(check.name, step, stop, phase(check))

    async def _ask(self) -> float:
        await self._sight.look()
        return EVERY_SECONDS

    async def _deliver(self) -> float:
        began = monotonic()
        return await asyncio.to_thread(self._post.deliver) + monotonic() - began

    async def _observe(self) -> float:
        """Put down what was last seen; done without haste, for it may be a lot."""
        blind = self._sight.blind_since is not None

        def put_down() -> None:
            seen = observed(self._plan, self._name, self._store, self._now(), self._began, blind=blind)
            self._outlet.observe(self._name, serialize(seen))

        await asyncio.to_thread(put_down)
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
            except sqlite3.DatabaseError:
                raise
            except Exception as error:  # One check that is at odds with itself must not end all the others.
                due, trouble = began + _TROUBLE_SECONDS, _place(error)
            self._troubles.hear(what, [trouble] if trouble else [])


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


def _place(error: Exception) -> str:
    """Say where something failed, without what it said: that might hold a secret."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({Path(frame.filename).name}:{frame.lineno}); please report it"
