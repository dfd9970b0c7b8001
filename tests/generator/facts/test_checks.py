"""What the probers last saw holds until its time has passed, and amounts to a little for each service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts import Facts, derive
from generator.model import Site
from probes.model import Check, Outcome, Plan
from probes.observations import Hour, Observation, Observations

NOW = "2026-11-24 11:05"
SEEN = datetime(2026, 11, 24, 11, 3, 10, tzinfo=UTC)
FULL_HOUR = datetime(2026, 11, 24, 11, tzinfo=UTC)


def check(name: str, *services: str, kind: str = "http") -> Check:
    """Return a check of the plan."""
    return Check(
        name=name, kind=kind, services=services, interval_seconds=60, retry_interval_seconds=20, timeout_seconds=10
    )


PLAN = Plan(
    probers=("zrh", "gva"), checks=(check("mx", "mail", kind="smtp"), check("page", "archive"), check("am", "mail"))
)


def seen(prober: str, *checks: Observation, at: datetime = SEEN, blind: bool = False) -> Observations:
    """Return what a prober has written down."""
    return Observations(prober=prober, at=at, blind=blind, checks=checks)


def looked(name: str, service: str, *, last: str | None = "11:02", stale: str = "11:07", **more: Any) -> Observation:
    """Return what is known by a check; the times are of the day of `NOW`."""
    return Observation(
        check=name,
        kind="told by the file",
        service=service,
        outcome=Outcome.OPERATIONAL,
        open=False,
        last_result_at=datetime.fromisoformat(f"2026-11-24 {last}Z") if last else None,
        stale_after=datetime.fromisoformat(f"2026-11-24 {stale}Z"),
        **more,
    )


def hour(ago: int, median: float | None, p95: float | None = None, *, looks: int = 60) -> Hour:
    """Return an hour that ended so many hours before the last full hour of `NOW`."""
    start = FULL_HOUR - timedelta(hours=ago + 1)
    return Hour(start=start, looks=looks, bad=0, median_seconds=median, p95_seconds=p95 if p95 is not None else median)


def facts(make: Any, *observations: Observations, now: str = NOW, plan: Plan | None = PLAN) -> Facts:
    """Derive the facts of a site whose probers saw something."""
    return derive(site(make, plan), (), make.at(now), observations=observations)


def site(make: Any, plan: Plan | None = PLAN) -> Site:
    """Return the usual site with probers."""
    found: Site = replace(make.site(), plan=plan)
    return found


@pytest.mark.parametrize(("now", "stale"), [("2026-11-24 11:06:59", False), ("2026-11-24 11:07:00", True)])
def test_a_check_is_stale_from_its_time_on(make: Any, now: str, stale: bool) -> None:
    """From `stale_after` on a check is stale, and not before."""
    (found,) = facts(make, seen("zrh", looked("mx", "mail", stale="11:07")), now=now).checks

    assert found.stale is stale


def test_checks_stand_in_the_order_of_the_plan(make: Any) -> None:
    """Checks are told of in the order of status.yaml, with its kinds, whatever the order of the files."""
    one = seen("zrh", looked("am", "mail"), looked("page", "archive"), looked("mx", "mail"))
    other = seen("gva", looked("mx", "mail"))

    found = facts(make, other, one)

    assert [(each.check, each.service, each.prober, each.kind) for each in found.checks] == [
        ("mx", "mail", "zrh", "smtp"),
        ("mx", "mail", "gva", "smtp"),
        ("page", "archive", "zrh", "http"),
        ("am", "mail", "zrh", "http"),
    ]
    assert found == facts(make, one, other)


def test_what_is_not_in_the_plan_is_left_out(make: Any) -> None:
    """A prober, a check or a service of a check that status.yaml no longer names is told of no more."""
    strangers = seen("zrh", looked("gone", "mail"), looked("mx", "archive"), looked("mx", "no-service"))

    found = facts(make, strangers, seen("xxx", looked("mx", "mail")))

    assert (found.checks, dict(found.probing)) == ((), {})


def test_a_site_without_a_plan_has_no_probers(make: Any) -> None:
    """Without `probes:` nothing is told of probers, whatever files are there."""
    found = facts(make, seen("zrh", looked("mx", "mail")), plan=None)

    assert (found.probers, found.checks, dict(found.probing)) == ((), (), {})


def test_a_prober_of_which_nothing_came_is_told_of(make: Any) -> None:
    """Every prober of status.yaml is named: when it was last seen, and whether it was offline then."""
    found = facts(make, seen("zrh", blind=True))

    assert [(each.prober, each.last_seen_at, each.blind) for each in found.probers] == [
        ("zrh", SEEN, True),
        ("gva", None, False),
    ]


def test_last_probed_is_the_latest_of_all_checks(make: Any) -> None:
    """A service was last probed when the latest result of any of its checks was known."""
    found = facts(
        make,
        seen("zrh", looked("mx", "mail", last="11:01"), looked("am", "mail", last=None)),
        seen("gva", looked("mx", "mail", last="11:02")),
    )

    assert found.probing["mail"].last_probed == make.at("2026-11-24 11:02")
    assert set(found.probing) == {"mail"}


def test_a_service_is_silent_once_every_check_is_stale(make: Any) -> None:
    """One check that still holds is enough for something to be known of a service."""
    some = seen("zrh", looked("mx", "mail", stale="10:00"), looked("am", "mail"), looked("page", "archive", last=None))
    none = seen("zrh", looked("mx", "mail", stale="10:00"), looked("page", "archive", last=None, stale="10:00"))

    assert {id_: probing.silent for id_, probing in facts(make, some).probing.items()} == {
        "mail": False,
        "archive": False,
    }
    assert {id_: probing.silent for id_, probing in facts(make, none).probing.items()} == {
        "mail": True,
        "archive": True,
    }


def test_what_lies_ahead_is_left_out_until_then(make: Any) -> None:
    """What was written more than five minutes ahead of now counts from then on: one of two clocks is wrong."""
    ahead = seen("zrh", looked("mx", "mail", stale="12:00"), at=make.at("2026-11-24 11:20"))

    early, due = facts(make, ahead), facts(make, ahead, now="2026-11-24 11:15")

    assert (early.checks, early.probers[0].last_seen_at) == ((), None)
    assert early.next_transition == make.at("2026-11-24 11:15")
    assert len(due.checks) == 1


def test_transitions(make: Any) -> None:
    """Facts change when a check becomes stale, and at the full hour where response times move on."""
    bare = facts(make, seen("zrh", looked("mx", "mail", stale="11:07")))
    later = facts(make, seen("zrh", looked("mx", "mail", stale="12:30")))
    measured = facts(make, seen("zrh", looked("mx", "mail", stale="12:30", hours=(hour(0, 0.3),))))

    assert [found.next_transition for found in (bare, later, measured)] == [
        make.at("2026-11-24 11:07"),
        make.at("2026-11-24 12:30"),
        make.at("2026-11-24 12:00"),
    ]


def medians(buckets: Sequence[Any]) -> dict[int, tuple[float, float]]:
    """Return median and percentile by how many buckets ago they were measured."""
    return {
        len(buckets) - 1 - place: (found.median_seconds, found.p95_seconds)
        for place, found in enumerate(buckets)
        if found.median_seconds is not None
    }


def test_the_last_24_hours(make: Any) -> None:
    """Hours are the 24 whole ones up to the last full hour; the current one and older ones are left out."""
    measured = (hour(30, 9.0), hour(24, 8.0), hour(23, 0.5, 0.9), hour(1, 0.2, 0.4), hour(0, 0.3, 0.6), hour(-1, 7.0))

    (found,) = facts(make, seen("zrh", looked("mx", "mail", hours=measured))).probing["mail"].responses

    assert (found.check, found.kind, len(found.hours)) == ("mx", "smtp", 24)
    assert medians(found.hours) == {23: (0.5, 0.9), 1: (0.2, 0.4), 0: (0.3, 0.6)}
    assert found.hours[-1].start == make.at("2026-11-24 10:00")


def test_an_hour_counts_once_it_was_over_when_it_was_written(make: Any) -> None:
    """An hour that went on when its prober wrote it is left out, for the next writing would change it."""
    early = seen("zrh", looked("mx", "mail", hours=(hour(1, 0.2), hour(0, 0.3))), at=make.at("2026-11-24 10:59"))

    (found,) = facts(make, early).probing["mail"].responses

    assert medians(found.hours) == {1: (0.2, 0.2)}


def test_the_last_30_days_are_local(make: Any) -> None:
    """Days are the 30 whole local ones up to the last midnight: 23:00 UTC in winter belongs to the next day."""
    # 11:00 UTC is the last full hour; 12 hours before it begins the local day of the 24th, which is not over.
    measured = (hour(11, 9.0), hour(12, 0.2), hour(35, 0.4), hour(36, 0.6))

    (found,) = facts(make, seen("zrh", looked("mx", "mail", hours=measured))).probing["mail"].responses

    assert len(found.days) == 30
    assert found.days[-1].start == make.at("2026-11-22 23:00")
    assert medians(found.days) == {0: (0.2, 0.4), 1: (0.6, 0.6)}


def test_several_hours_of_a_day(make: Any) -> None:
    """A day's median is that of its hours, each as heavy as its results; its percentile is the highest of theirs."""
    measured = (hour(15, 0.1, 0.2, looks=10), hour(14, 0.2, 0.3, looks=100), hour(13, 0.9, 2.0, looks=20))

    (found,) = facts(make, seen("zrh", looked("mx", "mail", hours=measured))).probing["mail"].responses

    assert medians(found.days) == {0: (0.2, 2.0)}


def test_probers_are_put_together_and_checks_are_not(make: Any) -> None:
    """What several probers measured by one check is one picture; each check of a service has its own."""
    found = facts(
        make,
        seen("zrh", looked("mx", "mail", hours=(hour(0, 0.1, 0.2),)), looked("am", "mail", hours=(hour(0, 5.0),))),
        seen("gva", looked("mx", "mail", hours=(hour(0, 0.3, 0.8, looks=20),))),
    )

    responses = found.probing["mail"].responses

    assert [each.check for each in responses] == ["mx", "am"]
    assert medians(responses[0].hours) == {0: (0.1, 0.8)}


def test_what_never_answered_has_no_response_times(make: Any) -> None:
    """Hours without a response are no measurement, and a check without any has no picture."""
    found = facts(make, seen("zrh", looked("mx", "mail", hours=(hour(0, None), hour(800, 0.3)))))

    assert found.probing["mail"].responses == ()


HOURS = st.builds(
    hour,
    st.integers(min_value=-3, max_value=740),
    st.floats(min_value=0, max_value=1e6),
    st.none() | st.floats(min_value=0, max_value=1e6),
)


@given(
    hours=st.lists(HOURS, max_size=12).map(tuple),
    minutes=st.integers(min_value=0, max_value=400),
    at=st.integers(min_value=0, max_value=90),
    share=st.integers(min_value=0, max_value=1000),
)
def test_nothing_changes_before_the_next_transition(
    make: Any, hours: tuple[Hour, ...], minutes: int, at: int, share: int
) -> None:
    """For every instant up to the next transition the facts are the same but for their own `now`."""
    written = seen(
        "zrh",
        replace(looked("mx", "mail", hours=hours), stale_after=SEEN + timedelta(minutes=minutes)),
        at=SEEN + timedelta(minutes=at),
    )
    first = derive(site(make), (), SEEN, observations=(written,))

    last = first.next_transition - timedelta(microseconds=1)
    later = derive(site(make), (), SEEN + (last - SEEN) * share // 1000, observations=(written,))

    assert replace(later, now=first.now) == first
