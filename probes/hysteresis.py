"""Hysteresis: decides when a run of results becomes an episode, and when the episode is over; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from probes.events import EventKind
from probes.model import Outcome, Policy, Reason, Result

__all__ = ["RecentResult", "State", "Step", "advance", "reseeded"]

RecentResult = tuple[datetime, Outcome, Reason | None]
"""What is remembered of a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered of one service as one check sees it, from one result to the next."""

    recent: tuple[RecentResult, ...] = ()
    """The last results that said something, oldest first; as many as the policy looks back at."""
    last: datetime | None = None
    """When the last result of any kind was known, `unknown` included."""
    bad_since: datetime | None = None
    """The first bad result of the present run of bad ones; one good result amid them does not end the run."""
    good_since: datetime | None = None
    """The first good result since the last bad one."""
    good: int = 0
    """How many good ones in a row."""
    episode: datetime | None = None
    """Which episode is open, or was last: its first bad result, of which its id is made."""
    open: bool = False
    since: datetime | None = None
    """When what is open now began: `episode`, or later if it was reopened."""
    status: Outcome = Outcome.OPERATIONAL
    """How bad what is open has become; it is not called better before it is over."""
    reason: Reason | None = None
    closed: datetime | None = None
    """When the last episode was closed."""
    opened: tuple[datetime, ...] = ()
    """When the last episodes were opened; no more than it takes to call it flapping."""
    confirmed: datetime | None = None
    """When the open episode was last told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A conclusion: an event in the making."""

    event: EventKind
    episode: datetime
    """The first bad result of the episode, of which its id is made."""
    since: datetime
    status: Outcome
    reason: Reason | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    title: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)


def advance(
    state: State, result: Result, now: datetime, policy: Policy, *, hold: bool = False
) -> tuple[State, tuple[Step, ...]]:
    """Return the state after a result, and what is to be concluded from it.

    A result that is `unknown`, or not later than the one before, moves nothing. With `hold` nothing is opened, though
    everything is counted: what the service depends on is suspected first. Public times are those of the first bad and
    the first good result, not of the moment at which they are certain.
    """
    if state.last is not None and result.at <= state.last:
        return state, ()
    if result.outcome is Outcome.UNKNOWN:
        return replace(state, last=result.at), ()
    state = _counted(state, result, policy)
    if state.open:
        return _over(state, result, now, policy) or _worse(state, result, now, policy)
    if hold or not result.outcome.bad:
        return state, ()
    return _begun(state, result, now, policy)


def reseeded(step: Step, at: datetime) -> State:
    """Return the state that an open episode was in when `step` was published, for a prober that has lost its own."""
    return State(
        episode=step.episode,
        open=True,
        since=step.since,
        status=step.status,
        reason=step.reason,
        opened=(at,),
        confirmed=at,
    )


def _counted(state: State, result: Result, policy: Policy) -> State:
    if state.recent and _apart(state.recent[-1][0], result.at) > policy.forget_after_seconds:
        state = replace(state, recent=(), bad_since=None)
    kept = max(policy.window, policy.often_window)
    recent = (*state.recent, (result.at, result.outcome, result.reason))[-kept:]
    began = result.since or result.at
    if result.outcome.bad:
        return replace(
            state, last=result.at, recent=recent, good=0, good_since=None, bad_since=state.bad_since or began
        )
    good = state.good + 1
    # With so many good ones in a row no earlier bad one can take part in opening any more.
    ended = good > policy.window - policy.bad
    return replace(
        state,
        last=result.at,
        recent=recent,
        good=good,
        good_since=state.good_since or began,
        bad_since=None if ended else state.bad_since,
    )


def _begun(state: State, result: Result, now: datetime, policy: Policy) -> tuple[State, tuple[Step, ...]]:
    """Open an episode, or reopen the last one, if the results are proof enough."""
    found = _proven(state, result, policy)
    if found is None:
        return state, ()
    since, status, reason = found
    again = False
    if state.closed is not None:
        again = _apart(state.closed, now) <= policy.reopen_within_seconds
        # What dates itself back (an alert that was silenced for a while) does not undo what was found good.
        since = max(since, state.closed)
    state = replace(
        state,
        open=True,
        episode=state.episode if again else since,
        since=since,
        status=status,
        reason=reason,
        opened=(*state.opened, now)[-policy.flapping_opens :],
        confirmed=now,
    )
    return state, (_step(EventKind.REOPEN if again else EventKind.OPEN, state, since, status, result),)


def _proven(state: State, result: Result, policy: Policy) -> tuple[datetime, Outcome, Reason | None] | None:
    """Return since when, how bad and why, if the results are enough to open."""
    began = state.bad_since or result.at
    if result.certain:
        return began, result.outcome, result.reason
    bad = _bad(state.recent[-policy.window :])
    if len(bad) >= policy.bad and _outweighed(state, policy) and _apart(began, result.at) >= policy.bad_for_seconds:
        return began, *_median(bad)
    often = _bad(state.recent[-policy.often_window :])
    if len(often) >= policy.often_bad and _apart(often[0][0], result.at) >= policy.often_for_seconds:
        return often[0][0], Outcome.DEGRADED, Reason.INTERMITTENT
    return None


def _outweighed(state: State, policy: Policy) -> bool:
    """Return whether the bad results since the last good one are enough to pass over it: three with 4 of 5.

    Else a blip and a chance failure a minute after it would pass for an outage.
    """
    needed = max(2 * policy.bad - policy.window, 1)
    return all(outcome.bad for _, outcome, _ in state.recent[-needed:])


def _worse(state: State, result: Result, now: datetime, policy: Policy) -> tuple[State, tuple[Step, ...]]:
    """Say that an episode has become worse, or from time to time that it goes on."""
    began = state.since
    if began is None or not result.outcome.bad:
        return state, ()
    found = _worsened(state, result, policy)
    if found is not None:
        since, status, reason = found
        state = replace(state, status=status, reason=reason, confirmed=now)
        return state, (_step(EventKind.ESCALATE, state, max(since, began), status, result),)
    if _apart(state.confirmed or began, now) >= policy.still_every_seconds:
        state = replace(state, confirmed=now)
        return state, (_step(EventKind.STILL, state, began, state.status, result),)
    return state, ()


def _worsened(state: State, result: Result, policy: Policy) -> tuple[datetime, Outcome, Reason | None] | None:
    """Return since when, how bad and why, if it has become worse than it was called."""
    if result.certain and result.outcome.severity > state.status.severity:
        return result.since or result.at, result.outcome, result.reason
    bad = _bad(state.recent[-policy.window :])
    if len(bad) < policy.bad:
        return None
    status, reason = _median(bad)
    if status.severity <= state.status.severity:
        return None
    return next(at for at, outcome, _ in bad if outcome.severity >= status.severity), status, reason


def _over(state: State, result: Result, now: datetime, policy: Policy) -> tuple[State, tuple[Step, ...]] | None:
    """Close the episode if it has been good for long enough; None if not."""
    if state.good < policy.good or state.good_since is None or state.episode is None:
        return None
    # Judged by its first good result: it must not cease to be flapping while it is watched for that.
    opens = [at for at in state.opened if _apart(at, state.good_since) <= policy.flapping_within_seconds]
    flapping = len(opens) >= policy.flapping_opens
    needed = policy.flapping_good_for_seconds if flapping else policy.good_for_seconds
    if _apart(state.good_since, result.at) < needed:
        return None
    step = Step(
        event=EventKind.CLOSE,
        episode=state.episode,
        since=max(state.good_since, state.since or state.good_since),
        status=Outcome.OPERATIONAL,
        figures=result.figures,
    )
    # What led to the episode must not lead to the next one.
    return (
        replace(
            state,
            open=False,
            bad_since=None,
            since=None,
            status=Outcome.OPERATIONAL,
            reason=None,
            closed=now,
            recent=(),
        ),
        (step,),
    )


def _step(event: EventKind, state: State, since: datetime, status: Outcome, result: Result) -> Step:
    assert state.episode is not None  # noqa: S101 - it is open
    return Step(
        event=event,
        episode=state.episode,
        since=since,
        status=status,
        reason=state.reason,
        figures=result.figures,
        title=result.title,
        text=result.text,
    )


def _bad(recent: Sequence[RecentResult]) -> list[RecentResult]:
    return [seen for seen in recent if seen[1].bad]


def _median(bad: Sequence[RecentResult]) -> tuple[Outcome, Reason | None]:
    """Return the lower median, how bad at least half of them were, and why the last that was so bad was bad."""
    ordered = sorted((outcome for _, outcome, _ in bad), key=lambda outcome: outcome.severity)
    median = ordered[(len(ordered) - 1) // 2]
    return median, next(reason for _, outcome, reason in reversed(bad) if outcome is median)


def _apart(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()
