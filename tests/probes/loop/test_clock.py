"""A clock that is wrong for a while harms the record for no longer than that."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts.automatic.runs import Period, blindness, in_order, runs
from probes.events import Event, EventKind, episode_id
from probes.loop.clock import FLOOR, Reading, doubt, leap
from probes.loop.clock_changes import start_again
from probes.loop.conclusions import Observer, conclude
from probes.loop.connectivity import Connectivity
from probes.loop.recovery import recover
from probes.loop.runner import Prober
from probes.memory.store import Store, opened
from probes.model import Canary, Outcome, Plan, Reason, Result
from probes.outlets.tree import TreeOutlet
from tests.laws import examples
from tests.probes.lab.prober import NOON, Clock, at, bad, check, good, outbox, published
from tests.probes.lab.processes import free_ports

DAY, HOUR, MINUTE = 86_400.0, 3600.0, 60.0
MX = ("mx", "gateway")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store."""
    with opened(tmp_path / "state" / "store.sqlite") as kept:
        yield kept


def taken(store: Store, *results: Result) -> list[tuple[EventKind, datetime, datetime]]:
    """Take results in as of their own times; return what follows, with when it is filed and since when it is so."""
    one = check()
    plan = Plan(probers=("zrh1",), checks=(one,))
    observer = Observer(name="zrh1", plan=plan, store=store)
    events = [event for result in results for event in conclude(observer, one, [result], result.at)]
    return [(event.event, event.at, event.since) for event in events]


def every_20(begin: float, count: int, *, failing: bool) -> list[Result]:
    """Return results, one in 20 seconds."""
    seconds = [begin + 20 * place for place in range(count)]
    return [bad(second) if failing else good(second) for second in seconds]


def ended(events: Sequence[Event]) -> list[timedelta]:
    """Return how long each run and each time offline lasts; all of them must be over."""
    ordered = in_order(events)
    periods = [Period(start=run.opened, end=run.closed.at if run.closed else None) for run in runs(ordered)]
    periods += [period for mine in blindness(ordered).values() for period in mine]
    assert all(period.end for period in periods)
    return [period.end - period.start for period in periods if period.end]


@pytest.mark.parametrize(
    ("wall_seconds", "steady_seconds", "by_seconds"),
    [(60, 60, 0), (179, 60, 0), (181, 60, 121), (-61, 60, -121), (60, 3600, -3540), (DAY, 1, DAY - 1)],
)
def test_leaps(wall_seconds: float, steady_seconds: float, by_seconds: float) -> None:
    """A clock that goes on by more than two minutes more or less than time does was set."""
    before = Reading(wall=NOON, steady_seconds=5)
    after = Reading(wall=at(wall_seconds), steady_seconds=5 + steady_seconds)

    assert leap(before, after) == timedelta(seconds=by_seconds)


@pytest.mark.parametrize(
    ("now", "newest", "since", "believed"),
    [
        (NOON, None, None, True),
        (NOON, at(60), None, True),
        (NOON, at(-DAY), None, True),
        (NOON, at(121), None, False),
        (NOON, at(DAY), at(-599), False),
        (NOON, at(DAY), at(-600), True),
        (FLOOR - timedelta(seconds=1), None, None, False),
        (FLOOR - timedelta(seconds=1), None, FLOOR - timedelta(days=9), False),
    ],
)
def test_doubt(now: datetime, newest: datetime | None, since: datetime | None, believed: bool) -> None:
    """No clock is before the release; one before what was measured is believed when it has run for ten minutes."""
    assert (not doubt(now, newest, since)) is believed


def put_back(store: Store, before: float, now: float) -> list[tuple[EventKind, datetime, datetime]]:
    """Put the clock back, in seconds after noon; return what follows at once."""
    plan = Plan(probers=("zrh1",), checks=(check(),))
    return [(one.event, one.at, one.since) for one in start_again(plan, "zrh1", at(before), at(now), store)]


def filed_at(store: Store, seconds: float) -> list[tuple[EventKind, datetime]]:
    """Return what is filed once a time has come that lay ahead."""
    known = outbox(store)
    store.file_due(at(seconds))
    return [(event.event, event.at) for event in outbox(store) if event not in known]


def test_an_outage_that_was_told_ahead(store: Store) -> None:
    """What goes on when the clock is put back is told again, and what lay ahead ends in its very second."""
    ahead = taken(store, *every_20(DAY, 4, failing=True))

    at_once = put_back(store, DAY + 60, 0)
    told = taken(store, *every_20(0, 5, failing=True), *every_20(HOUR, 7, failing=False))

    assert ahead == [(EventKind.OPEN, at(DAY + 60), at(DAY))]
    assert at_once == []
    assert told == [(EventKind.OPEN, at(60), NOON), (EventKind.CLOSE, at(HOUR + 120), at(HOUR))]
    assert filed_at(store, DAY + 59) == []
    assert filed_at(store, DAY + 60) == [(EventKind.CLOSE, at(DAY + 60))]
    assert filed_at(store, DAY + 61) == []


def test_an_outage_that_was_told_ahead_and_is_out(store: Store) -> None:
    """Once it is published it is there, and lasts for not a second."""
    taken(store, *every_20(DAY, 4, failing=True))
    events = outbox(store)
    store.sent_out(store.outbox())

    put_back(store, DAY + 60, 0)
    store.file_due(at(DAY + 60))

    assert ended([*events, *outbox(store)]) == [timedelta()]


def test_a_word_that_was_told_ahead(store: Store) -> None:
    """A clock that was ahead for one confirmation opens nothing when its time comes, and hides no outage before."""
    taken(store, *every_20(0, 4, failing=True))
    still = taken(store, bad(DAY))

    at_once = put_back(store, DAY, 600)
    told = taken(store, *every_20(600, 4, failing=True), *every_20(HOUR, 7, failing=False))

    assert [kind for kind, _, _ in still] == [EventKind.STILL]
    assert at_once == [(EventKind.CLOSE, at(600), at(600))]
    assert told == [(EventKind.OPEN, at(660), at(600)), (EventKind.CLOSE, at(HOUR + 120), at(HOUR))]
    assert filed_at(store, DAY) == [(EventKind.CLOSE, at(DAY))]


def test_an_end_that_was_told_ahead(store: Store) -> None:
    """What a clock that was ahead has closed is closed now, not when the clock has come to it."""
    taken(store, *every_20(0, 4, failing=True))
    taken(store, *every_20(HOUR, 7, failing=False))

    assert put_back(store, HOUR + 120, 600) == [(EventKind.CLOSE, at(600), at(600))]


def test_what_dates_itself_back(store: Store) -> None:
    """An alert that began before the clock was set is not told as if it had been watched all the time."""
    taken(store, *every_20(0, 4, failing=True))
    put_back(store, 60, 660)

    told = taken(store, *(bad(660 + 20 * place, since=NOON) for place in range(5)))

    assert told == [(EventKind.REOPEN, at(720), at(60))]


def test_nothing_follows_before_the_release(store: Store) -> None:
    """By a clock that cannot be right nothing is concluded."""
    one = check()
    plan = Plan(probers=("zrh1",), checks=(one,))
    stale = datetime(2023, 5, 1, tzinfo=UTC)

    for seconds in range(0, 200, 20):
        now = stale + timedelta(seconds=seconds)
        result = Result(at=now, outcome=Outcome.OUTAGE, reason=Reason.REFUSED)
        conclude(Observer(name="zrh1", plan=plan, store=store), one, [result], now)
    told = taken(store, *every_20(0, 7, failing=False))

    assert (told, outbox(store)) == ([], [])


class Story:
    """A prober with a port that it looks at, one canary, and a clock that may be set."""

    def __init__(self, folder: Path, store: Store, clock: Clock, *, canaries: bool = True) -> None:
        self.port, self.stranger = free_ports(2)
        self.folder, self.store, self.clock = folder, store, clock
        self.said: list[str] = []
        self.sockets: dict[int, socket.socket] = {}
        canary = (Canary(host="127.0.0.1", port=self.stranger),) if canaries else ()
        self.plan = Plan(probers=("zrh1",), checks=(check(port=self.port),), canaries=canary)
        self.events: list[Event] = []
        self.start()

    def start(self, *, learning: bool = False) -> None:
        """Start the prober anew."""
        self.prober = Prober(
            "zrh1",
            self.plan,
            self.store,
            TreeOutlet(self.folder),
            self.folder / "state",
            now=self.clock,
            tell=self.said.append,
            steady=self.clock.steady,
            published=self.events if learning else (),
        )

    def restart(self) -> None:
        """Start the prober anew, which has heard of everything that was told, and wait until it believes its clock."""
        asyncio.run(self.prober._follow_clock())
        self.start(learning=True)
        while not self.prober._begin():
            self.clock.forward(60)
        self.events += outbox(self.store)
        self.store.sent_out(self.store.outbox())

    def listen(self, port: int, up: bool) -> None:
        """Let something answer at a port, or not."""
        if up and port not in self.sockets:
            self.sockets[port] = socket.create_server(("127.0.0.1", port), backlog=4000)
        elif not up and port in self.sockets:
            self.sockets.pop(port).close()

    def look(self, count: int = 1, *, up: bool, online: bool = True) -> list[Event]:
        """Look so often, one in 20 seconds; return what is told, none of it later than the clock."""
        self.listen(self.port, up)
        self.listen(self.stranger, online)
        known = len(self.events)
        for _ in range(count):
            asyncio.run(self._look())
            new = outbox(self.store)
            assert all(event.at <= self.clock.at for event in new)
            self.store.sent_out(self.store.outbox())
            self.events += new
            self.clock.forward(20)
        return self.events[known:]

    async def _look(self) -> None:
        await self.prober._ask()
        await self.prober.look(self.plan.checks[0])

    def end(self) -> None:
        """Close what listens."""
        for port in list(self.sockets):
            self.listen(port, False)


@pytest.fixture
def story(tmp_path: Path, store: Store) -> Iterator[Story]:
    """Return a story."""
    told = Story(tmp_path, store, Clock())
    yield told
    told.end()


def test_put_forward_amid_an_outage(story: Story) -> None:
    """An outage does not last for the time that a clock has skipped: it ends by the old one and goes on by the new."""
    (opening,) = story.look(4, up=False)
    story.clock.set(DAY)
    (close,) = story.look(1, up=False)
    (again,) = story.look(5, up=False)
    (closing,) = story.look(8, up=True)

    assert [one.event for one in (close, again, closing)] == [EventKind.CLOSE, EventKind.OPEN, EventKind.CLOSE]
    assert (close.id, closing.id) == (opening.id, again.id)
    assert close.at - opening.at <= timedelta(minutes=1)
    assert again.since >= at(DAY)
    assert [line for line in story.said if "clock" in line] == [
        f"warning: the clock was set forward by {DAY:.0f} s; counting starts again"
    ]


def test_put_forward_by_a_little(story: Story) -> None:
    """What goes on by a clock that was set by minutes is the same episode."""
    (opening,) = story.look(4, up=False)
    story.clock.set(5 * MINUTE)
    close, again = story.look(6, up=False)

    assert (close.event, again.event) == (EventKind.CLOSE, EventKind.REOPEN)
    assert {close.id, again.id} == {opening.id}


def test_put_forward_amid_a_suspicion(story: Story) -> None:
    """What was bad by the old clock does not count by the new one."""
    story.look(3, up=False)
    story.clock.set(10 * MINUTE)
    (opening,) = story.look(5, up=False)

    assert opening.since >= at(10 * MINUTE)


def test_put_forward_while_offline(story: Story) -> None:
    """A prober is not offline for the time that a clock has skipped."""
    blind, *_ = story.look(3, up=True, online=False)
    story.clock.set(DAY)
    seeing, again = story.look(2, up=True, online=False)
    (back,) = story.look(6, up=True)

    assert [one.event for one in (blind, seeing, again, back)] == [
        EventKind.BLIND,
        EventKind.SEEING,
        EventKind.BLIND,
        EventKind.SEEING,
    ]
    assert seeing.at - blind.at <= timedelta(minutes=1)
    assert again.at >= at(DAY)
    assert max(ended(story.events)) < timedelta(minutes=5)


def test_put_back_while_offline(story: Story) -> None:
    """That it went offline ahead of time is ended at that very second; that it is offline is told now."""
    story.clock.set(DAY)
    (ahead,) = story.look(2, up=True, online=False)
    story.clock.set(-DAY)
    blind, seeing = [*story.look(2, up=True, online=False), *story.look(6, up=True)]
    story.clock.forward(DAY)
    (end,) = story.look(1, up=True)

    assert (blind.event, seeing.event, end.event) == (EventKind.BLIND, EventKind.SEEING, EventKind.SEEING)
    assert (end.at, end.id) == (ahead.at, ahead.id)
    assert max(ended(story.events)) < timedelta(minutes=5)


def test_a_clock_that_is_put_back_by_a_little(store: Store) -> None:
    """The end of being offline never lies before its beginning."""
    clock = Clock()
    (port,) = free_ports(1)
    sight = Connectivity("zrh1", [Canary(host="127.0.0.1", port=port)], store, clock, lambda _: None)
    asyncio.run(sight.look())
    with socket.create_server(("127.0.0.1", port)):
        clock.forward(-90)
        for _ in range(8):
            asyncio.run(sight.look())
            clock.forward(20)

    blind, seeing = outbox(store)
    assert seeing.at > blind.at


def test_a_message_under_way(story: Story) -> None:
    """How long a message is under way is not known when the clock was set; it is not waited for."""
    from probes.kind import Token

    story.store.tokens.put(Token(check="rt", token="1" * 32, sent_at=story.clock()))
    story.clock.set(HOUR)
    story.look(1, up=True)

    assert story.store.tokens.pending("rt") == []
    assert story.store.tokens.last_sent("rt") is None


def test_a_start_before_the_release(tmp_path: Path, store: Store) -> None:
    """A prober that starts by a clock that cannot be right looks at nothing, and says so once."""
    clock = Clock()
    clock.set(-1200 * DAY)
    story = Story(tmp_path, store, clock, canaries=False)
    for _ in range(6):
        story.start()
        asyncio.run(story.prober.once())
        clock.forward(20)
    before = (outbox(store), published(tmp_path), store.newest())
    clock.set(1200 * DAY)
    for _ in range(5):
        story.start()
        asyncio.run(story.prober.once())
        clock.forward(20)

    assert before == ([], [], None)
    assert [event.since >= at(0) for event in published(tmp_path)] == [True]
    (warning,) = [line for line in story.said if "clock" in line]
    assert warning == (
        "warning: the clock: it says 2023-08-12, before this version was made; nothing is looked at or published"
    )


def test_a_running_prober_waits(tmp_path: Path, store: Store) -> None:
    """A prober whose clock cannot be right looks at nothing while it runs, and ends when it is told to."""
    clock = Clock()
    clock.set(-1200 * DAY)
    story = Story(tmp_path, store, clock, canaries=False)

    async def ends() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(story.prober.run(stop))
        await asyncio.sleep(0.05)
        stop.set()
        await running

    asyncio.run(ends())

    assert (store.newest(), published(tmp_path)) == (None, [])
    assert not (tmp_path / "observations").exists()


def test_a_start_before_what_was_measured(story: Story) -> None:
    """A clock that lies before what was measured is believed after ten minutes: then the one before it was wrong."""
    story.clock.set(DAY)
    (ahead,) = story.look(4, up=False)
    story.clock.set(-DAY)
    found = []
    for _ in range(33):
        story.start()
        found.append(asyncio.run(story.prober.once()))
        story.clock.forward(20)

    assert [bool(one) for one in found] == [False] * 30 + [True] * 3
    assert story.store.newest() is not None
    assert [line for line in story.said if "ahead" in line] == [
        "warning: the clock was ahead once; counting starts again"
    ]
    assert sum("before what was measured last" in line for line in story.said) == 1
    story.store.file_due(ahead.at)
    assert [(one.event, one.at) for one in outbox(story.store)] == [(EventKind.CLOSE, ahead.at)]


def test_a_lost_store_and_a_future_that_never_came(tmp_path: Path, store: Store) -> None:
    """What lies ahead in the event files opens nothing, and is ended when its time comes."""
    one = check()
    plan = Plan(probers=("zrh1",), checks=(one,))
    taken(store, *every_20(DAY, 4, failing=True))
    blind = Event(
        event=EventKind.BLIND, id=episode_id("zrh1", "", "blind", at(9)), prober="zrh1", at=at(9), since=at(9)
    )
    events = [*outbox(store), blind]
    with opened(tmp_path / "new.sqlite") as fresh:
        said = recover(plan, "zrh1", events, fresh, NOON)

        taken(fresh, good(0))
        assert (said, fresh.noted("blind_since"), outbox(fresh)) == ([], "", [])
        assert filed_at(fresh, 9) == [(EventKind.SEEING, at(9))]
        assert filed_at(fresh, DAY + 60) == [(EventKind.CLOSE, at(DAY + 60))]


STEPS = st.one_of(
    st.tuples(st.just("look"), st.integers(1, 8), st.booleans(), st.sampled_from([True, True, False])),
    st.tuples(st.just("set"), st.sampled_from([-DAY, -HOUR, -10 * MINUTE, -3 * MINUTE, 3 * MINUTE, HOUR, DAY])),
    st.tuples(st.just("start")),
)


@given(steps=st.lists(STEPS, max_size=14))
@examples(20)
def test_whatever_the_clock_does(steps: Sequence[tuple[object, ...]]) -> None:
    """No event is dated later than the clock, and nothing lasts for longer than the prober has watched it."""
    with TemporaryDirectory() as folder, opened(Path(folder) / "store.sqlite") as store:
        story = Story(Path(folder), store, Clock())
        try:
            for step in steps:
                if step[0] == "look":
                    story.look(step[1], up=step[2], online=step[3])  # type: ignore[arg-type]
                elif step[0] == "set":
                    story.clock.set(step[1])  # type: ignore[arg-type]
                else:
                    story.restart()
            story.look(80, up=True)
            watched = timedelta(seconds=story.clock.steady())
            for _ in range(16):
                story.clock.forward(DAY)
                story.look(1, up=True)
        finally:
            story.end()

    assert max(ended(story.events), default=timedelta()) <= watched
