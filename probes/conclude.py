"""What follows from a result: the state it leads to, and the events to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from probes.events import Event, EventKind, episode_id, path_of, serialize
from probes.hysteresis import State, Step, advance
from probes.model import Announce, Check, Outcome, Plan, Result
from probes.store import Store

__all__ = ["conclude", "of_prober", "stale_after"]

HOLD = timedelta(minutes=5)
"""How long a service is held back at most while one it depends on is suspected."""


def conclude(plan: Plan, prober: str, check: Check, result: Result, now: datetime, store: Store) -> list[Event]:
    """Take a result into the store, with what follows from it; return the events."""
    service = result.service or check.service
    state = store.state(check.name, service) or State()
    suspects = [(id_, state_) for id_ in check.depends_on for state_ in _states_of(plan, id_, store)]
    following, steps = advance(state, result, now, check.policy, hold=_held(state, result, now, suspects))
    behind = next((id_ for id_, other in suspects if other.open), "")
    events = [_event(plan, prober, check, service, step, now, behind) for step in steps]
    store.conclude(check.name, service, following, result, {path_of(event): serialize(event) for event in events})
    return events


def of_prober(kind: EventKind, prober: str, since: datetime, now: datetime) -> Event:
    """Return the event that a prober is offline (since when), or back."""
    since = min(_second(since), _second(now))
    return Event(event=kind, id=episode_id(prober, "", "blind", since), prober=prober, at=_second(now), since=since)


def stale_after(check: Check, last: datetime) -> datetime:
    """Return until when a result is to be believed: three times the time between results, at least five minutes."""
    between = max(check.interval_seconds, getattr(check.options, "send_every_seconds", 0.0))
    return last + max(timedelta(seconds=3 * between), timedelta(minutes=5))


def _states_of(plan: Plan, service: str, store: Store) -> list[State]:
    found = (store.state(check.name, service) for check in plan.checks if service in check.services)
    return [state for state in found if state is not None]


def _held(state: State, result: Result, now: datetime, suspects: Sequence[tuple[str, State]]) -> bool:
    """Return whether to wait for what the service depends on: it is suspected, but nothing has been concluded of it."""
    if not any(other.bad_since is not None and not other.open for _, other in suspects):
        return False
    since = state.bad_since or result.since or result.at
    return now - since < HOLD


def _event(plan: Plan, prober: str, check: Check, service: str, step: Step, now: datetime, behind: str) -> Event:
    at = _second(now)
    over = step.event is EventKind.CLOSE
    event = Event(
        event=step.event,
        id=episode_id(prober, service, check.name, step.episode),
        prober=prober,
        at=at,
        since=min(_second(step.since), at),
        service=service,
        check=check.name,
        kind=check.kind,
        status=Outcome.OPERATIONAL if over else step.status,
        reason=None if over else step.reason,
        announce=check.announce or _announce(step.status),
        probers=len(plan.probers),
    )
    return event if over else replace(event, behind=behind, figures=step.figures, title=step.title, text=step.text)


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _announce(status: Outcome) -> Announce:
    return Announce.AFTER_10M if status is Outcome.DEGRADED else Announce.AT_ONCE
