"""How a prober that has lost its store learns from the event files what it had concluded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from probes.events import Event, EventKind, episode_id
from probes.hysteresis import State, Step, reseeded
from probes.model import Plan
from probes.store import Store

__all__ = ["seed"]

_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_BEGINS = (EventKind.OPEN, EventKind.REOPEN)


def seed(plan: Plan, prober: str, events: Iterable[Event], store: Store) -> list[str]:
    """Plant the state of each episode of this prober that is open, where the store knows nothing of its check.

    Returns a line for the operators for each.
    """
    mine = sorted((event for event in events if event.prober == prober), key=lambda one: (one.at, _ORDER[one.event]))
    _plant_blindness(mine, store)
    looked_at = {(check.name, service) for check in plan.checks for service in check.services}
    said: list[str] = []
    for told in _open(mine):
        last = told[-1]
        state = _state(told)
        if (last.check, last.service) not in looked_at or state is None or store.state(last.check, last.service):
            continue
        store.plant(last.check, last.service, state)
        said.append(f"{last.check}: {last.service} is taken to be bad still, as was published")
    return said


def _plant_blindness(mine: Sequence[Event], store: Store) -> None:
    turns = [event for event in mine if event.event in (EventKind.BLIND, EventKind.SEEING)]
    if turns and turns[-1].event is EventKind.BLIND and not store.knows("blind_since"):
        store.note("blind_since", turns[-1].since.isoformat())


def _open(mine: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield what was told of each episode that is open, the one first that was told of last."""
    episodes: dict[str, list[Event]] = {}
    for event in mine:
        if event.event not in (EventKind.BLIND, EventKind.SEEING):
            episodes.setdefault(event.id, []).append(event)
    open_ = [told for told in episodes.values() if told[-1].event is not EventKind.CLOSE]
    yield from sorted(open_, key=lambda told: told[-1].at, reverse=True)


def _state(told: Sequence[Event]) -> State | None:
    """Return the state that an episode is in; None if it is not this prober's own, or how it began is not known."""
    begun = [place for place, event in enumerate(told) if event.event in _BEGINS]
    first, last = told[0], told[-1]
    if not begun or episode_id(first.prober, first.service, first.check, first.since) != first.id:
        return None
    bout = told[begun[-1] :]
    worst = max(bout, key=lambda event: event.status.severity)
    step = Step(event=bout[0].event, episode=first.since, since=bout[0].since, status=worst.status, reason=last.reason)
    return reseeded(step, last.at)
