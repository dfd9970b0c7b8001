"""What each rule opens and closes, given the looks that failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from bench.simulation.world import Look, Month, Span, failing
from generator.facts.automatic.runs import in_order, runs
from generator.facts.automatic.standings import standings
from generator.model import ServiceStatus
from probes.events import Event, episode_id
from probes.hysteresis import State, Step, advance
from probes.kinds import KINDS
from probes.model import Outcome, Policy, Reason, Result

INTERVAL, RETRY = KINDS["http"].interval_seconds, KINDS["http"].retry_interval_seconds
NEVER = float("inf")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""When a month begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a prober looks, from one result to the next."""

    interval: float = INTERVAL
    retry: float = RETRY
    takes: float = 0.0
    """How long a failing look takes until it gives up; only then it is known, and the time to the next begins."""

    @property
    def again(self) -> float:
        """Return how long it is from the beginning of a failing look to the next look."""
        return self.takes + self.retry


def kuma(bad: Sequence[Look]) -> list[Span]:
    """Return what is open when one failure opens and one success closes (Uptime Kuma's default, maxretries 0)."""
    return _in_a_row(bad, failures=1, successes=1)


def gatus(bad: Sequence[Look]) -> list[Span]:
    """Return what is open when three failures open and two successes close (Gatus' default)."""
    return _in_a_row(bad, failures=3, successes=2)


def _in_a_row(bad: Sequence[Look], *, failures: int, successes: int) -> list[Span]:
    """Count failures in a row and successes in a row; all looks are `INTERVAL` apart."""
    found: list[Span] = []
    opened, run, last = NEVER, 0, (-2, 0.0)
    for index, at in bad:
        good = index - last[0] - 1
        if opened != NEVER and good >= successes:
            found.append((opened, last[1] + successes * INTERVAL))
            opened = NEVER
        run = 1 if good else run + 1
        if opened == NEVER and run >= failures:
            opened = at
        last = (index, at)
    return [*found, (opened, NEVER)] if opened != NEVER else found


def lagebild(months: Month, dice: Sequence[Random], *, chance: float, pace: Pace) -> list[Span]:
    """Return what is told, by a prober for each of the dice; where there are several, a majority of them must agree."""
    said = [
        event
        for number, mine in enumerate(dice)
        for event in _events(f"prober-{number}", len(dice), concluded(months, mine, chance=chance, pace=pace))
    ]
    found, opened = [], NEVER
    for standing in standings("it", runs(in_order(said)), {}, ()):
        at = (standing.at - EPOCH).total_seconds()
        if standing.status is not ServiceStatus.OPERATIONAL and opened == NEVER:
            opened = at
        elif standing.status is ServiceStatus.OPERATIONAL:
            found.append((opened, at))
            opened = NEVER
    return [*found, (opened, NEVER)] if opened != NEVER else found


def concluded(what: Month, dice: Random, *, chance: float, pace: Pace) -> Iterator[tuple[datetime, Step]]:
    """Yield what one prober concludes, and when."""
    phase = dice.uniform(0, pace.interval)
    looks = failing(what, dice, chance=chance, interval=pace.interval, retry=pace.again, phase=phase)
    policy, state = Policy(), State()
    for at, outcome in told(list(looks), policy, pace):
        result = Result(at=at, outcome=outcome, reason=Reason.TIMEOUT if outcome.bad else None)
        state, steps = advance(state, result, at, policy)
        for step in steps:
            yield at, step


def told(bad: Sequence[Look], policy: Policy, pace: Pace) -> Iterator[tuple[datetime, Outcome]]:
    """Yield the results that can make a difference: those that can take part in opening, and the good ones thereafter.

    Nothing opens on fewer bad results than the least that the policy names, within as many results as it looks back at.
    What lies farther from so many is left out.
    """
    reach, fewest = max(policy.window, policy.often_window), min(policy.bad, policy.often_bad)
    quiet = _good_looks_that_close(policy, pace)
    crowded = _crowded(bad, reach, fewest)
    for (before, at, near), (index, next_at, next_near) in pairwise([*crowded, (1 << 60, NEVER, False)]):
        if near:
            yield EPOCH + timedelta(seconds=at + pace.takes), Outcome.OUTAGE
        good = index - before - 1
        after = good if near and good <= quiet + reach else quiet if near else 0
        for place in range(after):
            yield EPOCH + timedelta(seconds=at + pace.again + place * pace.interval), Outcome.OPERATIONAL
        if next_near:
            for place in range(min(good - after, reach), 0, -1):
                yield EPOCH + timedelta(seconds=next_at - place * pace.interval), Outcome.OPERATIONAL


def _good_looks_that_close(policy: Policy, pace: Pace) -> int:
    longest = max(policy.good_for_seconds, policy.flapping_good_for_seconds)
    return policy.good + int(longest / pace.interval) + 1


def _crowded(bad: Sequence[Look], reach: int, fewest: int) -> list[tuple[int, float, bool]]:
    """Return the failing looks, and of each whether there are enough others near it, or near one that is near it."""
    first = (-(1 << 60), -NEVER, False)
    near = [False] * len(bad)
    for place in range(len(bad) - fewest + 1):
        if bad[place + fewest - 1][0] - bad[place][0] < reach:
            before = place
            while before > 0 and bad[place][0] - bad[before - 1][0] <= reach:
                before -= 1
            near[before : place + fewest] = [True] * (place + fewest - before)
    return [first, *((index, at, is_near) for (index, at), is_near in zip(bad, near, strict=True))]


def _events(prober: str, probers: int, steps: Iterator[tuple[datetime, Step]]) -> Iterator[Event]:
    for at, step in steps:
        yield Event(
            event=step.event,
            id=episode_id(prober, "it", "check", step.episode),
            prober=prober,
            at=at,
            since=step.since,
            service="it",
            check="check",
            kind="http",
            status=step.status,
            reason=step.reason,
            probers=probers,
        )
