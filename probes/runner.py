"""The prober: looks at everything again and again, and sees to it that what follows is published."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from probes.conclude import conclude, stale_after
from probes.events import Event
from probes.kind import Ground
from probes.kinds import KINDS
from probes.model import Check, Outcome, Plan, Result
from probes.observations import Observation, Observations, serialize
from probes.outlet import Outlet
from probes.pause import pause
from probes.post import Post
from probes.sight import Sight
from probes.store import Store
from probes.trial import look

__all__ = ["Prober"]

AT_A_TIME = 64
"""So many checks look at once."""
OBSERVE_SECONDS = 60.0
TIDY_SECONDS = 3600.0


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
        self._ground = Ground(now=now, prober=name, state=state, tokens=store)
        self._sight = Sight(name, plan.canaries, store, now, tell)
        self._post = Post(store, outlet, tell)
        self._gate = asyncio.Semaphore(AT_A_TIME)
        self._warned: dict[str, tuple[str, ...]] = {}

    async def once(self) -> list[tuple[Check, Sequence[Result]]]:
        """Look at everything once, publish what follows, and return what was found."""
        found = await asyncio.gather(*(self._look(check) for check in self._plan.checks))
        self._post.deliver()
        self._observe()
        return list(zip(self._plan.checks, found, strict=True))

    async def run(self, stop: asyncio.Event) -> None:
        """Look at everything at its interval until `stop` is set; then publish what is still there."""
        parts = [*(self._watch(check, stop) for check in self._plan.checks), self._report(stop)]
        parts += [self._sight.watch(stop), self._post.run(stop)]
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(part) for part in parts]
                await stop.wait()
                for task in tasks:
                    task.cancel()
        finally:
            stop.set()
            self._post.deliver()
            self._observe()

    async def _watch(self, check: Check, stop: asyncio.Event) -> None:
        """Look by one check, again and again; never twice at a time."""
        await pause(_phase(check), stop)
        while not stop.is_set():
            results = await self._look(check)
            await pause(self._wait(check, results), stop)

    async def _look(self, check: Check) -> Sequence[Result]:
        async with self._gate:
            found = await look(check, self._ground)
        results = await self._sight.believed(found)
        for result in results:
            for event in conclude(self._plan, self._name, check, result, self._now(), self._store):
                self._tell(_said(event))
        self._warn(check, results)
        return results

    def _wait(self, check: Check, results: Sequence[Result]) -> float:
        pace = KINDS[check.kind].pace
        if pace:
            return pace(check, self._ground)
        bad = any(result.outcome.bad for result in results)
        return check.retry_interval_seconds if bad else check.interval_seconds

    def _warn(self, check: Check, results: Sequence[Result]) -> None:
        """Tell the operators what they should know when it comes up, not at every look."""
        lines = [warning for result in results for warning in result.warnings]
        lines += [one.note for one in results if one.outcome is Outcome.UNKNOWN and one.note]
        former = self._warned.get(check.name, ())
        # The days that are left change all the time; the words before them tell whether it is the same warning.
        keys = tuple(line.rstrip("0123456789. days") for line in lines)
        for line, key in zip(lines, keys, strict=True):
            if key not in former:
                self._tell(f"warning: {check.name}: {line}")
        self._warned[check.name] = keys

    async def _report(self, stop: asyncio.Event) -> None:
        """Put down every minute what was last seen, and tidy the store every hour."""
        tidied: datetime | None = None
        while not stop.is_set():
            await pause(OBSERVE_SECONDS, stop)
            await asyncio.to_thread(self._outlet.observe, self._name, serialize(self.observations()))
            if tidied is None or self._now() - tidied >= timedelta(seconds=TIDY_SECONDS):
                tidied = self._now()
                self._store.tidy(tidied)

    def _observe(self) -> None:
        self._outlet.observe(self._name, serialize(self.observations()))

    def observations(self) -> Observations:
        """Return everything the prober knows."""
        now = self._now()
        return Observations(
            prober=self._name,
            at=now,
            blind=self._sight.blind_since is not None,
            checks=tuple(
                self._observation(check, service, now) for check in self._plan.checks for service in check.services
            ),
        )

    def _observation(self, check: Check, service: str, now: datetime) -> Observation:
        last, known = self._store.last(check.name, service), self._store.last_known(check.name, service)
        state = self._store.state(check.name, service)
        return Observation(
            check=check.name,
            kind=check.kind,
            service=service,
            outcome=last.outcome if last else Outcome.UNKNOWN,
            open=bool(state and state.open),
            last_result_at=known,
            stale_after=stale_after(check, known or now),
            hours=self._store.hours(check.name, service, now),
        )


def _said(event: Event) -> str:
    reason = f" ({event.reason})" if event.reason else ""
    return f"{event.event}: {event.service} by {event.check}{reason} since {event.since:%Y-%m-%dT%H:%M:%SZ}"


def _phase(check: Check) -> float:
    """Return how long to wait before the first look, so that not all begin at once; the same at every start."""
    digest = hashlib.sha256(check.name.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 * min(check.interval_seconds, 60.0)
