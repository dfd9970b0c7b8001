"""What happens to a service within a month: real outages, blips, and looks that fail by themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

DAY = 86400.0
_BLIP_SECONDS = (5.0, 45.0)
_OUTAGE_SECONDS = (600.0, 7200.0)
Span = tuple[float, float]
"""From and to; seconds since the beginning of the month."""
Look = tuple[int, float]
"""How many looks were before it, and when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens to one service; spans lie in order and do not touch."""

    seconds: float
    outages: Sequence[Span]
    """Of ten minutes to two hours: each is to be opened."""
    spans: Sequence[Span]
    """Outages and blips: whoever looks within finds the service failing."""


def month(dice: Random, *, days: int, blips_a_day: int = 2, outages: int = 2) -> Month:
    """Draw what happens."""
    seconds = days * DAY
    real = _drawn(dice, outages, _OUTAGE_SECONDS, seconds)
    blips = [span for span in _drawn(dice, days * blips_a_day, _BLIP_SECONDS, seconds) if not _meets(span, real)]
    return Month(seconds=seconds, outages=real, spans=sorted([*real, *blips]))


def failing(what: Month, dice: Random, *, chance: float, interval: float, retry: float, phase: float) -> Iterator[Look]:
    """Yield the looks that find the service failing; the good ones between need not be gone through one by one.

    Args:
        what: What happens.
        dice: Decide which looks fail by themselves.
        chance: With which probability one does.
        interval: Seconds from a good look to the next.
        retry: Seconds from a failing look to the next.
        phase: When the first look is.
    """
    spans, place, index, at = what.spans, 0, 0, phase
    luck = _streak(dice, chance)
    while at < what.seconds:
        while place < len(spans) and spans[place][1] <= at:
            place += 1
        inside = place < len(spans) and spans[place][0] <= at
        if inside or luck == 0:
            yield index, at
            luck = luck - 1 if luck else _streak(dice, chance)
            index, at = index + 1, at + retry
            continue
        passed = luck
        if place < len(spans):
            passed = min(passed, math.ceil((spans[place][0] - at) / interval))
        index, at, luck = index + passed, at + passed * interval, luck - passed


def _streak(dice: Random, chance: float) -> int:
    """Return how many looks do not fail by themselves before one does."""
    return int(math.log(1.0 - dice.random()) / math.log(1.0 - chance)) if chance else 1 << 60


def _drawn(dice: Random, count: int, lasting: Span, seconds: float) -> list[Span]:
    """Draw spans that lie a while apart, so that each is one."""
    found: list[Span] = []
    while len(found) < count:
        start = dice.uniform(0, seconds - lasting[1])
        span = (start, start + dice.uniform(*lasting))
        if not _meets((span[0] - lasting[1], span[1] + lasting[1]), found):
            found.append(span)
    return sorted(found)


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] <= end and start <= span[1] for start, end in others)
