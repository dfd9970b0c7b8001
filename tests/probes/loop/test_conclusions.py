"""From results to events: what is concluded is kept together, told once, and found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from probes.events import Event, EventKind, episode_id, parse, path_of, serialize
from probes.loop.conclusions import Observer, conclude
from probes.loop.recovery import recover
from probes.memory.store import Store, opened
from probes.model import Announce, Check, Outcome, Plan, Policy, Reason, Result
from tests.probes.lab.prober import NOON, at, bad, check, good, outbox, unknown

OUTAGE = [bad(seconds) for seconds in (0, 20, 40, 60)]
RECOVERY = [good(seconds) for seconds in (120, 180, 240)]
LATER = at(86400)
AT_ONCE = Policy(window=1, bad=1, bad_for_seconds=0, good=1, good_for_seconds=0, often_bad=1000, flapping_opens=1000)
"""Opens and closes on one result, as heartbeats do."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store."""
    with opened(tmp_path / "store.sqlite") as kept:
        yield kept


def plan_of(*checks: Check, probers: Sequence[str] = ("zrh1",)) -> Plan:
    """Return a plan."""
    return Plan(probers=tuple(probers), checks=checks)


def drive(plan: Plan, one: Check, results: Sequence[Result], store: Store) -> list[Event]:
    """Take results in, look by look, as of their own times."""
    observer = Observer(name="zrh1", plan=plan, store=store)
    return [event for result in results for event in conclude(observer, one, [result], result.at)]


def test_an_outage_from_its_beginning_to_its_end(store: Store) -> None:
    """Four bad results over a minute open, three good ones over two minutes close; times are of the first of each."""
    one = check()

    opening, closing = drive(plan_of(one, probers=("zrh1", "gva1")), one, [*OUTAGE, *RECOVERY], store)

    assert opening == Event(
        event=EventKind.OPEN,
        id=episode_id("zrh1", "gateway", "mx", NOON),
        prober="zrh1",
        at=at(60),
        since=NOON,
        service="gateway",
        check="mx",
        kind="tcp",
        status=Outcome.OUTAGE,
        reason=Reason.REFUSED,
        announce=Announce.AT_ONCE,
        probers=2,
    )
    assert (closing.event, closing.id, closing.at, closing.since) == (EventKind.CLOSE, opening.id, at(240), at(120))
    assert (closing.status, closing.reason) == (Outcome.OPERATIONAL, None)
    assert outbox(store) == [opening, closing]


@pytest.mark.parametrize(
    ("written", "outcome", "announce"),
    [
        (None, Outcome.OUTAGE, Announce.AT_ONCE),
        (None, Outcome.PARTIAL, Announce.AT_ONCE),
        (None, Outcome.DEGRADED, Announce.AFTER_10M),
        (Announce.AT_ONCE, Outcome.DEGRADED, Announce.AT_ONCE),
        (Announce.AFTER_10M, Outcome.OUTAGE, Announce.AFTER_10M),
        (Announce.PROPOSE, Outcome.OUTAGE, Announce.PROPOSE),
    ],
)
def test_announce(store: Store, written: Announce | None, outcome: Outcome, announce: Announce) -> None:
    """Outages are told at once and degradations after ten minutes, unless the check says otherwise."""
    one = check(announce=written)

    (opening,) = drive(plan_of(one), one, [bad(seconds, outcome) for seconds in (0, 20, 40, 60)], store)

    assert opening.announce is announce


def test_a_look_may_tell_of_several_services(store: Store) -> None:
    """Each service that a check tells of has its own state and its own episode."""
    one = check("am", policy=AT_ONCE)
    results = [bad(0, service="gateway"), good(0, service="archive"), bad(0, service="webmail")]

    events = conclude(Observer(name="zrh1", plan=plan_of(one), store=store), one, results, NOON)

    assert [event.service for event in events] == ["gateway", "webmail"]
    assert len({event.id for event in events}) == 2
    assert [bool(state and state.open) for state in (store.state("am", "archive"), store.state("am", "webmail"))] == [
        False,
        True,
    ]


def test_results_of_one_look_follow_each_other(store: Store) -> None:
    """Each result of a look goes on from the one before it, and every event has a name of its own."""
    one = check(policy=AT_ONCE)
    results = [bad(0), good(0.1), bad(0.2), good(0.3), bad(0.4)]

    events = conclude(Observer(name="zrh1", plan=plan_of(one), store=store), one, results, at(1))

    kinds = [EventKind.OPEN, EventKind.CLOSE, EventKind.REOPEN, EventKind.CLOSE, EventKind.REOPEN]
    assert [event.event for event in events] == kinds
    assert [event.at for event in events] == [at(seconds) for seconds in (1, 2, 3, 4, 5)]
    assert list(store.outbox()) == [path_of(event) for event in events]


def test_what_is_not_later_is_passed_over(store: Store) -> None:
    """A result that is not later than the last one changes nothing and is not kept."""
    one = check(policy=AT_ONCE)
    plan = plan_of(one)
    drive(plan, one, [good(60)], store)

    assert drive(plan, one, [bad(60), bad(0)], store) == []
    last = store.last("mx", "gateway")
    assert last
    assert last.outcome is Outcome.OPERATIONAL
    assert len(drive(plan, one, [bad(61)], store)) == 1


@pytest.mark.parametrize("title", ["x" * 1000, "\ud800"], ids=["long", "half a character"])
@pytest.mark.parametrize("value", [1.0, float("nan")])
def test_an_event_holds_no_more_than_it_may(store: Store, title: str, value: float) -> None:
    """Words or figures that no event may hold are left out; what was found is told all the same."""
    one = check(policy=AT_ONCE)
    wordy = bad(0, title={"en": title}, figures={"value": value})

    (opening,) = conclude(Observer(name="zrh1", plan=plan_of(one), store=store), one, [wordy], NOON)

    assert (opening.event, dict(opening.title), dict(opening.figures)) == (EventKind.OPEN, {}, {})
    assert outbox(store) == [opening]


def test_a_time_that_was_never_set(store: Store) -> None:
    """What claims to have begun in another age is known since it was looked at."""
    one = check(policy=AT_ONCE)
    result = bad(0, since=datetime(1970, 1, 1, tzinfo=UTC))

    (opening,) = conclude(Observer(name="zrh1", plan=plan_of(one), store=store), one, [result], NOON)

    assert opening.since == NOON
    assert parse(serialize(opening)) == opening


def test_what_was_measured_is_told(store: Store) -> None:
    """Figures and the staff's own words go with the event."""
    one = check(policy=AT_ONCE)
    result = bad(0, figures={"value": 3.5}, title={"en": "Full"}, text={"en": "The disk is full."})

    (opening,) = conclude(Observer(name="zrh1", plan=plan_of(one), store=store), one, [result], NOON)

    assert (opening.figures, opening.title, opening.text) == (
        {"value": 3.5},
        {"en": "Full"},
        {"en": "The disk is full."},
    )


PARENT = check("m365", "upstream")
CHILD = check("sync", "gateway", depends_on=("upstream",))
BOTH = plan_of(PARENT, CHILD)


def test_a_suspect_parent_holds_its_child(store: Store) -> None:
    """While what a service depends on is suspected the service waits, no longer than five minutes, then opens alone."""
    drive(BOTH, PARENT, [bad(0)], store)

    held = drive(BOTH, CHILD, [bad(seconds) for seconds in range(0, 300, 20)], store)
    (opening,) = drive(BOTH, CHILD, [bad(300)], store)

    assert held == []
    assert (opening.event, opening.behind, opening.since) == (EventKind.OPEN, "", NOON)


def test_a_bad_parent_holds_its_child(store: Store) -> None:
    """While it is bad the service waits as long, and then opens behind it."""
    drive(BOTH, PARENT, OUTAGE, store)

    held = drive(BOTH, CHILD, [bad(seconds) for seconds in range(60, 360, 20)], store)
    (opening,) = drive(BOTH, CHILD, [bad(360)], store)

    assert held == []
    assert (opening.event, opening.behind, opening.since) == (EventKind.OPEN, "upstream", at(60))


def test_a_child_recovers_with_its_parent(store: Store) -> None:
    """A service that is good again before the five minutes are over is never blamed."""
    drive(BOTH, PARENT, OUTAGE, store)

    held = drive(BOTH, CHILD, OUTAGE, store)
    drive(BOTH, PARENT, RECOVERY, store)

    assert held == []
    assert drive(BOTH, CHILD, RECOVERY, store) == []


def test_a_parent_that_is_good_again_holds_nobody(store: Store) -> None:
    """A service that is still bad when what it depends on is good again opens by itself."""
    drive(BOTH, PARENT, [bad(0), good(20), good(40)], store)

    (opening,) = drive(BOTH, CHILD, OUTAGE, store)

    assert opening.behind == ""


def test_a_parent_that_nobody_looks_at_holds_nobody(store: Store) -> None:
    """A dependency without a check is no reason to wait."""
    (opening,) = drive(plan_of(CHILD), CHILD, OUTAGE, store)

    assert opening.behind == ""


def test_a_lost_store_goes_on_with_what_was_published(store: Store, tmp_path: Path) -> None:
    """A prober that has lost its store closes under its id what was published as open."""
    one = check()
    plan = plan_of(one)
    events = drive(plan, one, OUTAGE, store)
    with opened(tmp_path / "new.sqlite") as fresh:
        said = recover(plan, "zrh1", reversed(events), fresh, LATER)

        (closing,) = drive(plan, one, RECOVERY, fresh)

        assert said == ["mx: gateway is taken to be bad still, as was published"]
        assert (closing.event, closing.id, closing.since) == (EventKind.CLOSE, events[0].id, at(120))


def test_a_reopened_episode_is_found_again(store: Store, tmp_path: Path) -> None:
    """What was closed and reopened goes on under its first id, and no end lies before its last beginning."""
    one = check(policy=AT_ONCE)
    plan = plan_of(one)
    events = drive(plan, one, [bad(0), good(60), bad(120, Outcome.DEGRADED)], store)
    with opened(tmp_path / "new.sqlite") as fresh:
        recover(plan, "zrh1", events, fresh, LATER)

        state = fresh.state("mx", "gateway")
        (closing,) = drive(plan, one, [good(180)], fresh)

        assert state
        assert (state.episode, state.since, state.status) == (NOON, at(120), Outcome.DEGRADED)
        assert (closing.id, closing.since) == (events[0].id, at(180))


def test_an_escalated_episode_is_found_again(store: Store, tmp_path: Path) -> None:
    """What has become worse does not become worse once more after the store was lost."""
    one = check(policy=AT_ONCE)
    plan = plan_of(one)
    events = drive(plan, one, [bad(0, Outcome.DEGRADED), bad(60, Outcome.OUTAGE)], store)
    with opened(tmp_path / "new.sqlite") as fresh:
        recover(plan, "zrh1", events, fresh, LATER)

        assert [event.event for event in events] == [EventKind.OPEN, EventKind.ESCALATE]
        assert drive(plan, one, [bad(120, Outcome.OUTAGE)], fresh) == []


@pytest.mark.parametrize(
    ("prober", "results", "why"),
    [
        ("gva1", OUTAGE, "another prober's"),
        ("zrh1", [*OUTAGE, *RECOVERY], "closed"),
    ],
)
def test_what_is_no_open_episode_of_ones_own(
    store: Store, tmp_path: Path, prober: str, results: Sequence[Result], why: str
) -> None:
    """What another prober published, or what was closed, says nothing of one's own."""
    one = check()
    plan = plan_of(one, probers=("zrh1", "gva1"))
    events = drive(plan, one, results, store)
    with opened(tmp_path / "new.sqlite") as fresh:
        assert recover(plan, prober, events, fresh, LATER) == [], why
        assert fresh.state("mx", "gateway") is None


def test_what_was_taken_in_from_elsewhere_is_nobody_to_close(store: Store, tmp_path: Path) -> None:
    """An event whose id is not made of its own beginning was not concluded by this check."""
    one = check(policy=AT_ONCE)
    plan = plan_of(one)
    (event,) = drive(plan, one, [bad(0)], store)
    ingested = parse(serialize(event).replace(event.id.encode(), b"0" * 16))
    with opened(tmp_path / "new.sqlite") as fresh:
        assert recover(plan, "zrh1", [ingested], fresh, LATER) == []


def test_a_store_that_knows_is_not_taught(store: Store) -> None:
    """Event files, which may be older, change nothing that the store knows."""
    one = check()
    plan = plan_of(one)
    events = drive(plan, one, [*OUTAGE, *RECOVERY], store)

    assert recover(plan, "zrh1", events[:1], store, LATER) == []
    state = store.state("mx", "gateway")
    assert state
    assert not state.open


def test_a_blind_prober_that_lost_its_store(tmp_path: Path) -> None:
    """A prober that was offline when it lost its store knows that it was, unless its store says otherwise."""
    blind = Event(event=EventKind.BLIND, id=episode_id("zrh1", "", "blind", NOON), prober="zrh1", at=at(5), since=NOON)
    with opened(tmp_path / "new.sqlite") as fresh, opened(tmp_path / "old.sqlite") as old:
        old.note("blind_since", "")
        for one in (fresh, old):
            recover(plan_of(), "zrh1", [blind], one, LATER)

        assert (fresh.noted("blind_since"), old.noted("blind_since")) == (NOON.isoformat(), "")


def test_an_unknown_result_is_kept_and_moves_nothing(store: Store) -> None:
    """What says nothing is remembered as the last look, and neither opens nor closes."""
    one = check()

    events = drive(plan_of(one), one, [*OUTAGE[:3], unknown(50), OUTAGE[3]], store)

    assert [event.event for event in events] == [EventKind.OPEN]
