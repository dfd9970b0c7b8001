"""Clock changes: ends what is open when the clock is set, and starts from nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from probes.events import Event, EventKind, episode_id
from probes.hysteresis import State
from probes.memory.store import Store
from probes.model import Plan

__all__ = ["newest", "start_again"]


def newest(state: State) -> datetime | None:
    """Return the last instant in a state."""
    instants = (state.last, state.confirmed, state.closed, *state.opened)
    return max((at for at in instants if at is not None), default=None)


def start_again(plan: Plan, prober: str, before: datetime, now: datetime, store: Store) -> list[Event]:
    """Start from nothing when a clock that read `before` is set to `now`; return the events that end what was open.

    What is open ends by the earlier of the two readings: nobody has watched it since. Of what is dated later than
    `now`, what is not yet published is dropped; the rest ends in its own second, once that has come.
    """
    states: dict[tuple[str, str], State] = {}
    events: list[Event] = []
    for check in plan.checks:
        for service in check.services:
            state = store.state(check.name, service)
            if state is None:
                continue
            ends = _ends(state, min(before, now), now)
            closed = ends or ([state.closed] if state.closed else [])
            past = closed[-1:] if closed and closed[-1] <= now else []
            # What dates itself back, as an alert does, must not undo this end (`probes.hysteresis`).
            states[check.name, service] = State(episode=state.episode, closed=past[0]) if past else State()
            events += [
                Event(
                    event=EventKind.CLOSE,
                    id=episode_id(prober, service, check.name, state.episode),
                    prober=prober,
                    at=at,
                    since=at,
                    service=service,
                    check=check.name,
                    kind=check.kind,
                    probers=len(plan.probers),
                )
                for at in ends
                if state.episode is not None
            ]
    store.start_again(states, events, now)
    return [event for event in events if event.at <= now]


def _ends(state: State, end: datetime, now: datetime) -> list[datetime]:
    """Return when to file a close for an episode, earliest first; none if it is over.

    A close sorts after everything in its second but a reopening.
    """
    if not state.open and (state.closed is None or state.closed <= now):
        return []
    begun, end = max(state.opened, default=state.since or end).replace(microsecond=0), end.replace(microsecond=0)
    first = begun + timedelta(seconds=state.since != state.episode)
    ends = {max(end, first) if begun <= end else first}
    if state.confirmed is not None and state.confirmed > now:
        ends.add(state.confirmed.replace(microsecond=0))
    return sorted(ends)
