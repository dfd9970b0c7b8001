"""What is left of a state when the clock was set: counting starts again, and no episode reaches across; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from probes.events import EventKind
from probes.hysteresis import State, Step
from probes.model import Outcome

__all__ = ["Dated", "due", "newest", "put_back", "put_forward"]

Dated = tuple[datetime, Step]
"""A conclusion, and when it is filed."""
_SECOND = timedelta(seconds=1)


def newest(state: State) -> datetime | None:
    """Return the last instant that a state speaks of."""
    told = (state.last, state.confirmed, state.closed, *state.opened)
    return max((at for at in told if at is not None), default=None)


def put_back(state: State, now: datetime) -> tuple[State, Sequence[Dated]]:
    """Return what is left when the clock was put back to `now`, and what follows from it.

    What lies ahead is dropped. An episode that began ahead is over for this prober, to be closed when its time comes
    (`due`); one that was closed ahead ends now; one that is open goes on.
    """
    now = _second(now)
    fresh = replace(_uncounted(state), opened=tuple(at for at in state.opened if _second(at) <= now))
    episode, begun = state.episode, _second(max(state.opened, default=state.since or now))
    if episode is None:
        return fresh, ()
    told = _second(state.confirmed or begun)
    if begun > now:
        ends = {begun + (_SECOND if state.since != episode else timedelta()), told} if state.open else set()
        ahead = {*state.ahead, *((episode, at) for at in ends if at >= begun)}
        return State(opened=fresh.opened, ahead=tuple(sorted(ahead))), ()
    if told > now:
        fresh = replace(fresh, confirmed=begun, ahead=tuple(sorted({*state.ahead, (episode, told)})))
    if state.open or state.closed is None or _second(state.closed) <= now:
        return fresh, ()
    return replace(fresh, closed=now), [(now, _close(episode, now))]


def put_forward(state: State, before: datetime, now: datetime) -> tuple[State, Sequence[Dated]]:
    """Return what is left when the clock, which said `before`, was put forward to `now`, and what follows from it.

    What is open ends with the old clock and goes on with the new one: the time between never passed.
    """
    before, now, fresh = _second(before), _second(now), _uncounted(state)
    if not state.open or state.episode is None:
        return fresh, ()
    ends = max([before, *(_second(at) + _SECOND for at in (state.confirmed,) if at is not None)])
    if ends >= now:
        return fresh, ()
    fresh = replace(fresh, since=now, opened=(*state.opened[:-1], now), closed=ends, confirmed=now)
    again = Step(event=EventKind.REOPEN, episode=state.episode, since=now, status=state.status, reason=state.reason)
    return fresh, [(ends, _close(state.episode, ends)), (now, again)]


def due(state: State, now: datetime) -> tuple[State, Sequence[Dated]]:
    """Return a state without what lay ahead and has come, and how that ends; what is open ends by measurement."""
    come = [(episode, at) for episode, at in state.ahead if at <= now]
    if not come:
        return state, ()
    ends = [(at, _close(episode, at)) for episode, at in come if not (state.open and state.episode == episode)]
    return replace(state, ahead=tuple(one for one in state.ahead if one not in come)), ends


def _uncounted(state: State) -> State:
    return replace(state, last=None, recent=(), bad_since=None, good_since=None, good=0)


def _close(episode: datetime, at: datetime) -> Step:
    return Step(event=EventKind.CLOSE, episode=episode, since=at, status=Outcome.OPERATIONAL)


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
