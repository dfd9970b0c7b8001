"""The simulation counts rightly, leaves out nothing that matters, and its targets hold on a small scale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest

from bench.simulation.rules import EPOCH, Pace, concluded, gatus, kuma, lagebild
from bench.simulation.table import DELAY_MEDIAN_AT_MOST, DELAY_P95_AT_MOST, FALSE_AT_MOST, FALSE_MEDIAN_AT_MOST
from bench.simulation.trial import NOISY, ONE, SERVICES, TWO, Tally, count, run
from bench.simulation.world import DAY, Month, failing, month
from probes.hysteresis import State, Step, advance
from probes.model import Outcome, Policy, Reason, Result

PACE = Pace()


def dice(name: str) -> Random:
    """Return dice that fall alike every time."""
    return Random(name)  # noqa: S311 - repeatable, nothing secret


def every_look(what: Month, chance: float, name: str) -> Iterator[tuple[datetime, Step]]:
    """Yield what a prober concludes that is given every result, as it would be."""
    chances = dice(name)
    phase = chances.uniform(0, PACE.interval)
    bad = dict(failing(what, chances, chance=chance, interval=PACE.interval, retry=PACE.retry, phase=phase))
    state, index, at = State(), 0, phase
    while at < what.seconds:
        failed = index in bad
        outcome = Outcome.OUTAGE if failed else Outcome.OPERATIONAL
        now = EPOCH + timedelta(seconds=at)
        result = Result(at=now, outcome=outcome, reason=Reason.TIMEOUT if failed else None)
        state, steps = advance(state, result, now, Policy())
        yield from ((now, step) for step in steps)
        index, at = index + 1, at + (PACE.retry if failed else PACE.interval)


def test_targets_hold_in_two_months() -> None:
    """The real policy opens as little wrongly and as soon as it must; two that must agree open none."""
    alone, together = run([ONE, TWO], seeds=(1, 2), chances=(NOISY,))

    assert alone.false_median <= FALSE_MEDIAN_AT_MOST
    assert alone.false_most <= FALSE_AT_MOST
    assert alone.delay_median <= DELAY_MEDIAN_AT_MOST
    assert alone.delay_p95 <= DELAY_P95_AT_MOST
    assert together.false_most == 0
    assert alone.missed == together.missed == 0
    assert len(alone.delays) == len(together.delays) == 2 * 2 * SERVICES


@pytest.mark.parametrize("chance", [0.03, 0.15, 0.4])
def test_what_is_left_out_makes_no_difference(chance: float) -> None:
    """Results that can take no part in opening or closing are not gone through; the same is concluded."""
    what = month(dice("what"), days=20, blips_a_day=10)

    thinned = list(concluded(what, dice("who"), chance=chance, pace=PACE))

    assert len(thinned) > 4
    assert thinned == list(every_look(what, chance, "who"))


def test_same_seeds_give_the_same_figures() -> None:
    """The simulation is the same every time it runs, and another one with other seeds."""
    small = {"services": 2, "days": 3}

    assert run([ONE, TWO], seeds=(1,), **small) == run([ONE, TWO], seeds=(1,), **small)
    assert run([ONE], seeds=(1,), **small) != run([ONE], seeds=(2,), **small)


def test_looks_fail_within_what_happens_and_by_chance() -> None:
    """Whoever looks within an outage or a blip finds it, and of the others as many fail as are to."""
    what = month(dice("month"), days=30)
    pace = {"interval": 60.0, "retry": 20.0, "phase": 7.0}

    certain = [at for _, at in failing(what, dice("looks"), chance=0.0, **pace)]
    noisy = list(failing(what, dice("looks"), chance=0.03, **pace))

    assert all(any(start <= at < end for start, end in what.spans) for at in certain)
    assert all(any(start <= at < start + 60 for at in certain) for start, _ in what.outages)
    by_chance = [at for _, at in noisy if not any(start <= at < end for start, end in what.spans)]
    assert len(by_chance) / noisy[-1][0] == pytest.approx(0.03, rel=0.1)


def test_month_has_what_was_ordered() -> None:
    """A month holds its outages and blips, apart from each other."""
    what = month(dice("month"), days=30)

    lengths = [end - start for start, end in what.spans]
    assert len(what.outages) == 2
    assert all(600 <= end - start <= 7200 for start, end in what.outages)
    assert 55 <= sum(5 <= length <= 45 for length in lengths) <= 60
    assert len(lengths) == 2 + sum(length <= 45 for length in lengths)
    assert all(later[0] > earlier[1] for earlier, later in zip(what.spans, what.spans[1:], strict=False))


def test_gatus_opens_on_three_and_closes_on_two() -> None:
    """Three failures in a row open at the third; two successes close at the second."""
    bad = [(0, 0.0), (1, 60.0), (3, 180.0), (4, 240.0), (5, 300.0), (7, 420.0), (20, 1200.0)]

    assert gatus(bad) == [(300.0, 540.0)]


def test_uptime_kuma_opens_on_one_and_closes_on_one() -> None:
    """Every failure after a success opens."""
    bad = [(0, 0.0), (1, 60.0), (3, 180.0)]

    assert kuma([*bad, (9, 540.0)]) == [(0.0, 120.0), (180.0, 240.0), (540.0, float("inf"))]


def test_two_probers_open_when_the_second_is_sure() -> None:
    """What one prober finds is told once the other has found it too, and is over once both say so."""
    what = Month(seconds=DAY, outages=[(3600.0, 7200.0)], spans=[(3600.0, 7200.0)])
    alone = [lagebild(what, [dice(name)], chance=0.0, pace=PACE) for name in ("a", "b")]

    together = lagebild(what, [dice("a"), dice("b")], chance=0.0, pace=PACE)

    assert [len(spans) for spans in alone] == [1, 1]
    assert together[0][0] == max(spans[0][0] for spans in alone)
    assert together[0][1] == max(spans[0][1] for spans in alone)


def test_tally_counts_false_openings_delays_and_what_was_missed() -> None:
    """An opening outside an outage is false; what is open already when an outage begins has seen it at once."""
    what = Month(seconds=DAY, outages=[(1000.0, 2000.0), (3000.0, 4000.0), (5000.0, 6000.0)], spans=[])
    tally = Tally(rule="any", chance=0.0)

    count(tally, [what], [[(500.0, 600.0), (1100.0, 2100.0), (2900.0, 3500.0)]])

    assert tally.false_by_seed == [2]
    assert tally.delays == [100.0, 0.0]
    assert tally.missed == 1
