"""Plays the same months by each rule, over many seeds, and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles

from bench.simulation.rules import INTERVAL, Pace, gatus, kuma, lagebild
from bench.simulation.world import Month, Span, failing, month

SEEDS = tuple(range(1, 21))
SERVICES, DAYS = 20, 30
NOISY, CALM = 0.03, 0.01
"""Of the looks fail by themselves."""
Rule = Callable[[Month, str, float], list[Span]]
"""What is open when, given what happens, a name for the dice, and how many looks fail by themselves."""


def _ours(probers: int, pace: Pace) -> Rule:
    def rule(what: Month, name: str, chance: float) -> list[Span]:
        return lagebild(what, [_dice(f"{name}/{n}") for n in range(probers)], chance=chance, pace=pace)

    return rule


def _theirs(count: Callable[[Sequence[tuple[int, float]]], list[Span]]) -> Rule:
    def rule(what: Month, name: str, chance: float) -> list[Span]:
        dice = _dice(f"{name}/0")
        phase = dice.uniform(0, INTERVAL)
        looks = failing(what, dice, chance=chance, interval=INTERVAL, retry=INTERVAL, phase=phase)
        return count(list(looks))

    return rule


ONE, TWO = "lagebild, one prober", "lagebild, two probers that must agree"
RULES: dict[str, Rule] = {
    ONE: _ours(1, Pace()),
    "the same, failing looks take 10 s each": _ours(1, Pace(takes=10)),
    TWO: _ours(2, Pace()),
    "Gatus: 3 failures, 2 successes": _theirs(gatus),
    "Uptime Kuma: maxretries 0": _theirs(kuma),
}


@dataclass(kw_only=True)
class Tally:
    """What a rule made of all seeds."""

    rule: str
    chance: float
    false_by_seed: list[int] = field(default_factory=list)
    """Openings while no outage was."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the beginning of each outage until it was open."""
    missed: int = 0
    """Outages that were over before they were opened."""

    @property
    def false_median(self) -> float:
        """Return how many false openings a seed has: the median."""
        return median(self.false_by_seed)

    @property
    def false_most(self) -> int:
        """Return how many false openings the worst seed has."""
        return max(self.false_by_seed)

    @property
    def delay_median(self) -> float:
        """Return the median of the delays."""
        return median(self.delays)

    @property
    def delay_p95(self) -> float:
        """Return the delay that 95 of 100 outages do not exceed."""
        return quantiles(self.delays, n=20, method="inclusive")[-1]


def run(
    rules: Iterable[str] = RULES,
    *,
    seeds: Sequence[int] = SEEDS,
    services: int = SERVICES,
    days: int = DAYS,
    chances: Sequence[float] = (NOISY, CALM),
) -> list[Tally]:
    """Return the tally of every rule, first for the first of the chances."""
    tallies = [Tally(rule=rule, chance=chance) for chance in chances for rule in rules]
    for seed in seeds:
        names = [f"{seed}/{service}" for service in range(services)]
        months = [month(_dice(name), days=days) for name in names]
        for tally in tallies:
            rule = RULES[tally.rule]
            count(tally, months, [rule(what, name, tally.chance) for what, name in zip(months, names, strict=True)])
    return tallies


def count(tally: Tally, months: Sequence[Month], told: Sequence[Sequence[Span]]) -> None:
    """Add a seed to a tally: what happened to each service, and what was told of it."""
    false = 0
    for what, spans in zip(months, told, strict=True):
        false += sum(not any(start <= opened < end for start, end in what.outages) for opened, _ in spans)
        for start, end in what.outages:
            seen = next((max(opened, start) for opened, closed in spans if opened < end and closed > start), None)
            if seen is None:
                tally.missed += 1
            else:
                tally.delays.append(seen - start)
    tally.false_by_seed.append(false)


def _dice(name: str) -> Random:
    return Random(name)  # noqa: S311 - repeatable, nothing secret
