"""How the simulation is shown, and what it is to hold."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report import table
from bench.simulation.trial import NOISY, ONE, TWO, Tally

FALSE_MEDIAN_AT_MOST, FALSE_AT_MOST = 4, 10
DELAY_MEDIAN_AT_MOST, DELAY_P95_AT_MOST = 95, 125
HEADS = (
    "rule",
    "looks that fail by themselves",
    "opened wrongly, median",
    "most",
    "time to open, median s",
    "p95 s",
    "outages not seen",
    "target",
    "",
)


def simulation_table(tallies: Sequence[Tally]) -> str:
    """Return what each rule made of the same months."""
    rows = [
        (
            tally.rule,
            f"{tally.chance:.0%}",
            f"{tally.false_median:,g}",
            f"{tally.false_most:,}",
            f"{tally.delay_median:.0f}",
            f"{tally.delay_p95:.0f}",
            str(tally.missed),
            *_judged(tally),
        )
        for tally in tallies
    ]
    return table(HEADS, rows)


def _judged(tally: Tally) -> tuple[str, str]:
    """Return the target of a row, and whether it is held."""
    if tally.rule == TWO:
        return "none wrong", "held" if not tally.false_most else "MISSED"
    if tally.rule != ONE or tally.chance != NOISY:
        return "", ""
    few = tally.false_median <= FALSE_MEDIAN_AT_MOST and tally.false_most <= FALSE_AT_MOST
    soon = tally.delay_median <= DELAY_MEDIAN_AT_MOST and tally.delay_p95 <= DELAY_P95_AT_MOST
    target = f"≤ {FALSE_MEDIAN_AT_MOST}, ≤ {FALSE_AT_MOST}, ≤ {DELAY_MEDIAN_AT_MOST} s, ≤ {DELAY_P95_AT_MOST} s"
    return target, "held" if few and soon and not tally.missed else "MISSED"
