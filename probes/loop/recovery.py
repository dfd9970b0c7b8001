"""Recovery: learns from event files what a prober that has lost its store had concluded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from probes.events import Event, EventKind, episode_id
from probes.hysteresis import State, Step, reseeded
from probes.memory.store import Store
from probes.model import Outcome, Plan

__all__ = ["recover"]

_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_OF_PROBER = (EventKind.BLIND, EventKind.SEEING)
_BEGINS = (EventKind.OPEN, EventKind.REOPEN)
_ENDS = (EventKind.CLOSE, EventKind.SEEING)


def recover(plan: Plan, prober: str, events: Iterable[Event], store: Store, now: datetime) -> list[str]:
    """Restore the state of this prober's open episodes where the store knows nothing of their checks.

    What is dated later than `now` was filed by a wrong clock: it ends in its own second, once that has come. Return a
    line for the operators for each episode that is open.
    """
    episodes: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.at, _ORDER[event.event])):
        if event.prober == prober:
            episodes.setdefault(event.id, []).append(event)
    past = [mine for told in episodes.values() if (mine := [event for event in told if event.at <= now])]
    latest_first = sorted(past, key=lambda told: told[-1].at, reverse=True)
    _recover_blindness(latest_first, store)
    if store.newest() is None:
        ahead = [event for told in episodes.values() if _is_own(told[0]) for event in told if event.at > now]
        store.file([_end(event, event.at) for event in ahead if event.event not in _ENDS], now)
    new = {
        (check.name, service)
        for check in plan.checks
        for service in check.services
        if store.state(check.name, service) is None
    }
    lines: list[str] = []
    for told in latest_first:
        place = told[-1].check, told[-1].service
        state = _state(told)
        if state is None or place not in new:
            continue
        new.remove(place)
        if episodes[told[0].id][-1].at > now:
            store.file([_end(told[-1], now.replace(microsecond=0))], now)
            continue
        store.keep_state(*place, state)
        lines.append(f"{place[0]}: {place[1]} is taken to be bad still, as was published")
    return lines


def _recover_blindness(latest_first: Sequence[Sequence[Event]], store: Store) -> None:
    if store.knows("blind_since"):
        return
    last = next((told[-1] for told in latest_first if told[-1].event in _OF_PROBER), None)
    if last is not None and last.event is EventKind.BLIND:
        store.note("blind_since", last.since.isoformat())


def _end(event: Event, at: datetime) -> Event:
    """Return the end of what an event says; it sorts after everything in its second but a reopening."""
    at += timedelta(seconds=event.event is EventKind.REOPEN)
    kind = EventKind.SEEING if event.event is EventKind.BLIND else EventKind.CLOSE
    told = replace(event, event=kind, at=at, since=at, status=Outcome.OPERATIONAL, reason=None)
    return replace(told, behind="", figures={}, title={}, text={})


def _is_own(first: Event) -> bool:
    return first.event in _OF_PROBER or episode_id(first.prober, first.service, first.check, first.since) == first.id


def _state(told: Sequence[Event]) -> State | None:
    """Return the state of an open episode; None if it is over, not this prober's own, or its beginning is not known."""
    begun = [place for place, event in enumerate(told) if event.event in _BEGINS]
    first, last = told[0], told[-1]
    if last.event is EventKind.CLOSE or not begun or not _is_own(first):
        return None
    bout = told[begun[-1] :]
    worst = max(bout, key=lambda event: event.status.severity)
    step = Step(event=bout[0].event, episode=first.since, since=bout[0].since, status=worst.status, reason=last.reason)
    return reseeded(step, last.at)
