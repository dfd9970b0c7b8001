"""How the simulation is shown, and what it is to hold."""

from __future__ import annotations

from collections.abc import Sequence

from bench.report import table
from bench.simulation.trial import DAYS, NOISY, ONE, SEEDS, SERVICES, TWO, Tally, run

FALSE_MEDIAN_AT_MOST, FALSE_AT_MOST = 4, 10
DELAY_MEDIAN_AT_MOST, DELAY_P95_AT_MOST = 95, 125
_PART = """\
## False alarms

{services} services over {days} days, {seeds} times with other dice: to each two blips a day of 5 to 45 s, which are to
be passed over, and two outages of ten minutes to two hours, which are to be opened.
Of the looks 3 % (1 %) fail by themselves.
Ours are results fed to `probes.hysteresis.advance` at the intervals of the runner.
What two probers say is merged as the site merges it, so that the later of the two decides.
Gatus and Uptime Kuma look every 60 s.
A look takes no time but where it says so.
The target is that of openings without an outage, median and most, and of the time to open, median and p95.

{table}
"""
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


def simulation_part() -> str:
    """Return the part of the report, with everything played anew."""
    return _PART.format(services=SERVICES, days=DAYS, seeds=len(SEEDS), table=simulation_table(run()))


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
