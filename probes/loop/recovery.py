"""How a prober that has lost its store learns from the event files what it had concluded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from probes.events import Event, EventKind, episode_id
from probes.hysteresis import State, Step, reseeded
from probes.memory.store import Store
from probes.model import Plan

__all__ = ["seed"]

_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_OF_PROBER = (EventKind.BLIND, EventKind.SEEING)
_BEGINS = (EventKind.OPEN, EventKind.REOPEN)


def seed(plan: Plan, prober: str, events: Iterable[Event], store: Store, now: datetime) -> list[str]:
    """Plant the state of each episode of this prober that is open, where the store knows nothing of its check.

    What lies ahead of `now` was told by a clock that was wrong: it is ended when its time comes. Returns a line for
    the operators for each that is open.
    """
    mine = sorted((event for event in events if event.prober == prober), key=lambda one: (one.at, _ORDER[one.event]))
    past = [event for event in mine if event.at <= now]
    _plant_blindness(past, mine[len(past) :], store)
    looked_at = [(check.name, service) for check in plan.checks for service in check.services]
    new = {place for place in looked_at if store.state(*place) is None}
    said: list[str] = []
    for told in _open(past):
        place, state = (told[-1].check, told[-1].service), _state(told)
        if place in new and state is not None:
            new.remove(place)
            store.plant(*place, state)
            said.append(f"{place[0]}: {place[1]} is taken to be bad still, as was published")
    for told in _open(mine):
        place, ahead = (told[-1].check, told[-1].service), _ahead(told, now)
        state = store.state(*place) or State()
        if place in looked_at and ahead and not (state.last or state.ahead):
            store.plant(*place, replace(state, ahead=ahead))
    return said


def _plant_blindness(past: Sequence[Event], ahead: Sequence[Event], store: Store) -> None:
    if store.knows("blind_since"):
        return
    turns = [event for event in past if event.event in _OF_PROBER]
    if turns and turns[-1].event is EventKind.BLIND:
        store.note("blind_since", turns[-1].since.isoformat())
    turns = [event for event in ahead if event.event in _OF_PROBER]
    if turns and turns[-1].event is EventKind.BLIND:
        store.note("blind_ahead", turns[-1].since.isoformat())


def _open(mine: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield what was told of each episode that is open, the one first that was told of last."""
    episodes: dict[str, list[Event]] = {}
    for event in mine:
        if event.event not in _OF_PROBER:
            episodes.setdefault(event.id, []).append(event)
    open_ = [told for told in episodes.values() if told[-1].event is not EventKind.CLOSE]
    yield from sorted(open_, key=lambda told: told[-1].at, reverse=True)


def _ahead(told: Sequence[Event], now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return the instants at which to end what lies ahead of `now`: at the very second, or after it was reopened."""
    if not _is_own(told[0]):
        return ()
    after = {event.at + timedelta(seconds=event.event is EventKind.REOPEN) for event in told if event.at > now}
    return tuple((told[0].since, at) for at in sorted(after))


def _is_own(first: Event) -> bool:
    return episode_id(first.prober, first.service, first.check, first.since) == first.id


def _state(told: Sequence[Event]) -> State | None:
    """Return the state that an episode is in; None if it is not this prober's own, or how it began is not known."""
    begun = [place for place, event in enumerate(told) if event.event in _BEGINS]
    first, last = told[0], told[-1]
    if not begun or not _is_own(first):
        return None
    bout = told[begun[-1] :]
    worst = max(bout, key=lambda event: event.status.severity)
    step = Step(event=bout[0].event, episode=first.since, since=bout[0].since, status=worst.status, reason=last.reason)
    return reseeded(step, last.at)
