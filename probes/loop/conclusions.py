"""Conclusions: turns results into the states they lead to, and into events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from probes.events import Event, EventKind, episode_id, parse, serialize
from probes.hysteresis import State, Step, advance
from probes.loop.clock import FLOOR
from probes.memory.store import Conclusion, Store
from probes.model import Announce, Check, Outcome, Plan, Result

__all__ = ["HOLD", "Observer", "conclude", "of_prober"]

HOLD = timedelta(minutes=5)
"""How long a service is held back at most while one it depends on is bad, or suspected to be."""
_SECOND = timedelta(seconds=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""What is said to have begun before (a file whose time was never set) is known since it was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """The prober that concludes."""

    name: str
    plan: Plan
    store: Store


def conclude(
    observer: Observer, check: Check, results: Sequence[Result], now: datetime, *, floor: datetime = FLOOR
) -> list[Event]:
    """Take the results of a look into the store, with what follows from them; return the events.

    Results that are not later than the last one are passed over. No event is dated later than `now`, but for the
    seconds that keep apart what follows from one look; before `floor`, which no right clock can show, nothing follows.
    """
    if now < floor:
        return []
    plan, store = observer.plan, observer.store
    parents = {id_: _states_of(plan, id_, store) for id_ in check.depends_on}
    case = _CheckContext(check=check, prober=observer.name, probers=len(plan.probers), parents=parents, now=now)
    latest: dict[str, State] = {}
    conclusions: list[Conclusion] = []
    for result in results:
        service = result.service or check.service
        state = latest.get(service)
        if state is None:
            state = store.state(check.name, service) or State()
            if any(at > now for at in (state.confirmed, state.closed) if at is not None):
                continue  # by a clock that was put back by a little: nothing is dated before what was filed
        conclusion = case.judge(service, state, result)
        if conclusion is not None:
            latest[service] = conclusion.state
            conclusions.append(conclusion)
    store.conclude(check.name, conclusions)
    return [event for conclusion in conclusions for event in conclusion.events]


def of_prober(kind: EventKind, prober: str, blind_since: datetime, since: datetime, now: datetime) -> Event:
    """Return the event that a prober is offline, or back, since an instant."""
    id_ = episode_id(prober, "", "blind", blind_since)
    return Event(event=kind, id=id_, prober=prober, at=_second(now), since=min(_second(since), _second(now)))


def _states_of(plan: Plan, service: str, store: Store) -> list[State]:
    found = (store.state(check.name, service) for check in plan.checks if service in check.services)
    return [state for state in found if state is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _CheckContext:
    """What a result is judged by, apart from the state."""

    check: Check
    prober: str
    probers: int
    parents: Mapping[str, Sequence[State]]
    """By each service that the check depends on, how this prober's checks see it."""
    now: datetime

    def judge(self, service: str, state: State, result: Result) -> Conclusion | None:
        """Return what a result leads to, None if it is to be passed over."""
        if state.last is not None and result.at <= state.last:
            return None
        if result.since is not None and result.since < _EARLIEST:
            result = replace(result, since=None)
        at = _moment(state, self.now)
        following, steps = advance(state, result, at, self.check.policy, hold=self._holds(state, result))
        events = tuple(self._event(service, step, _second(at)) for step in steps)
        return Conclusion(service=service, result=result, state=following, events=events)

    def _holds(self, state: State, result: Result) -> bool:
        """Return whether to wait and see if a service is bad by itself: what it depends on is bad, or suspected."""
        states = [parent for states in self.parents.values() for parent in states]
        if not any(parent.open or parent.bad_since is not None for parent in states):
            return False
        return result.at - (state.bad_since or result.since or result.at) < HOLD

    def _event(self, service: str, step: Step, at: datetime) -> Event:
        over = step.event is EventKind.CLOSE
        opens = step.event in (EventKind.OPEN, EventKind.REOPEN)
        event = Event(
            event=step.event,
            id=episode_id(self.prober, service, self.check.name, step.episode),
            prober=self.prober,
            at=at,
            since=min(_second(step.since), at),
            service=service,
            check=self.check.name,
            kind=self.check.kind,
            status=Outcome.OPERATIONAL if over else step.status,
            reason=None if over else step.reason,
            announce=self.check.announce or _announce(step.status),
            probers=self.probers,
            behind=self._behind() if opens else "",
        )
        return event if over else _told(event, step)

    def _behind(self) -> str:
        return next((id_ for id_, states in self.parents.items() if any(state.open for state in states)), "")


def _moment(state: State, now: datetime) -> datetime:
    """Return when to conclude: at least a second after the last event, for their files' names tell no more."""
    told = [at for at in (state.confirmed, state.closed) if at is not None]
    return max([now, *(_second(at) + _SECOND for at in told)])


def _told(event: Event, step: Step) -> Event:
    """Return an event with what was measured and written, unless that is more than an event may hold."""
    full = replace(event, figures=step.figures, title=step.title, text=step.text)
    try:
        return parse(serialize(full))
    except ValueError:  # EventError, or a text that cannot even be written
        return event


def _announce(status: Outcome) -> Announce:
    return Announce.AFTER_10M if status is Outcome.DEGRADED else Announce.AT_ONCE


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
