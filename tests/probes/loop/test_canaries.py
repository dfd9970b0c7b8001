"""A prober that is offline itself says so, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from probes.events import EventKind, episode_id
from probes.loop.canaries import ask
from probes.loop.connectivity import Connectivity
from probes.memory.store import Store, opened
from probes.model import Canary, Outcome, Reason, Result
from tests.probes.lab.prober import NOON, Clock, bad, good, outbox

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")


class Strangers:
    """Canaries that listen or do not, as the test says."""

    def __init__(self, count: int = 3) -> None:
        self._listening: dict[str, socket.socket] = {}
        with socket.create_server(("127.0.0.1", 0)) as first:
            self.port = first.getsockname()[1]
        self.canaries = [Canary(host=host, port=self.port) for host in HOSTS[:count]]

    def answer(self, count: int) -> None:
        """Let the first so many answer, and the others refuse."""
        for place, canary in enumerate(self.canaries):
            if place < count and canary.host not in self._listening:
                self._listening[canary.host] = socket.create_server((canary.host, self.port))
            elif place >= count and canary.host in self._listening:
                self._listening.pop(canary.host).close()


@pytest.fixture
def strangers() -> Iterator[Strangers]:
    """Return three canaries, all of which answer."""
    three = Strangers()
    three.answer(3)
    yield three
    three.answer(0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store."""
    with opened(tmp_path / "store.sqlite") as kept:
        yield kept


@pytest.fixture
def clock() -> Clock:
    """Return a clock to set."""
    return Clock()


@pytest.fixture
def sight(strangers: Strangers, store: Store, clock: Clock) -> Connectivity:
    """Return the sight of a prober with three canaries."""
    return Connectivity("zrh1", strangers.canaries, store, clock, lambda _: None)


def believed(sight: Connectivity, *results: Result) -> list[Outcome]:
    """Return what becomes of results."""
    return [result.outcome for result in asyncio.run(sight.believed(results))]


@pytest.mark.parametrize(
    ("canaries", "answering", "online"),
    [
        (3, 3, True),
        (3, 2, True),
        (3, 1, False),
        (3, 0, False),
        (4, 3, True),
        (4, 2, False),
        (5, 4, True),
        (5, 3, False),
    ],
)
def test_two_of_three_must_answer(canaries: int, answering: int, online: bool) -> None:
    """Online is who reaches two of three canaries, or of more of them as large a share."""
    several = Strangers(canaries)
    several.answer(answering)

    answers = asyncio.run(ask(several.canaries))

    several.answer(0)
    assert answers.online is online


def test_without_canaries_everything_counts(store: Store, clock: Clock) -> None:
    """Without canaries nobody is asked."""
    sight = Connectivity("zrh1", (), store, clock, lambda _: None)

    assert believed(sight, bad(0)) == [Outcome.OUTAGE]


def test_a_canary_without_an_address(strangers: Strangers) -> None:
    """A canary whose name has no address does not answer; the two others suffice."""
    named = [*strangers.canaries[:2], Canary(host="nowhere.invalid", port=443)]

    assert asyncio.run(ask(named)).online


def test_what_is_bad_counts_while_strangers_answer(sight: Connectivity) -> None:
    """A bad result counts if strangers answer afterwards."""
    assert believed(sight, bad(0)) == [Outcome.OUTAGE]


def test_what_is_good_needs_no_stranger(sight: Connectivity, strangers: Strangers, store: Store) -> None:
    """Nobody is asked on behalf of a good result."""
    strangers.answer(0)

    assert believed(sight, good(0)) == [Outcome.OPERATIONAL]
    assert outbox(store) == []


def test_offline_nothing_counts(sight: Connectivity, strangers: Strangers, store: Store) -> None:
    """Once fewer than two of three answer everything is unknown, and the prober says so once."""
    strangers.answer(1)

    found = [*believed(sight, bad(0), good(1)), *believed(sight, bad(20)), *believed(sight, good(30))]

    (event,) = outbox(store)
    assert found == [Outcome.UNKNOWN] * 4
    assert (event.event, event.prober, event.id) == (
        EventKind.BLIND,
        "zrh1",
        episode_id("zrh1", "", "blind", event.since),
    )
    assert sight.blind_since == event.since


def test_a_minute_after_it_is_back(sight: Connectivity, strangers: Strangers, store: Store, clock: Clock) -> None:
    """Results count again a minute after strangers answer again, and the prober says since when they do."""
    strangers.answer(1)
    believed(sight, bad(0))
    strangers.answer(2)
    clock.forward(100)
    back_at = clock.at
    found = believed(sight, bad(100))
    clock.forward(59)
    found += believed(sight, bad(159), good(159))
    clock.forward(1)
    found += believed(sight, bad(160), good(160))

    blind, seeing = outbox(store)
    unknown = Outcome.UNKNOWN
    assert found == [unknown, unknown, unknown, Outcome.OUTAGE, Outcome.OPERATIONAL]
    assert (seeing.event, seeing.id) == (EventKind.SEEING, blind.id)
    assert timedelta() <= seeing.since - back_at.replace(microsecond=0) <= timedelta(seconds=1)
    assert seeing.at - seeing.since >= timedelta(seconds=59)


def test_who_goes_again_within_the_minute_was_never_back(
    sight: Connectivity, strangers: Strangers, store: Store, clock: Clock
) -> None:
    """The minute begins anew when strangers fail again meanwhile."""
    strangers.answer(0)
    believed(sight, bad(0))
    for answering in (3, 0, 3):
        strangers.answer(answering)
        clock.forward(40)
        believed(sight, bad(0))

    assert [event.event for event in outbox(store)] == [EventKind.BLIND]


def test_offline_outlives_a_restart(sight: Connectivity, strangers: Strangers, store: Store, clock: Clock) -> None:
    """A prober that is started again while it is offline knows that it is, and does not say so again."""
    strangers.answer(0)
    believed(sight, bad(0))
    again = Connectivity("zrh1", strangers.canaries, store, clock, lambda _: None)
    found = believed(again, bad(20))
    strangers.answer(3)
    believed(again, bad(40))
    clock.forward(61)
    last = Connectivity("zrh1", strangers.canaries, store, clock, lambda _: None)
    found += believed(last, bad(101))

    assert again.blind_since == outbox(store)[0].since
    assert found == [Outcome.UNKNOWN, Outcome.OUTAGE]
    assert [event.event for event in outbox(store)] == [EventKind.BLIND, EventKind.SEEING]


def test_operators_hear_of_it_once(strangers: Strangers, store: Store, clock: Clock) -> None:
    """Operators are told when the prober goes offline and when it is back."""
    said: list[str] = []
    sight = Connectivity("zrh1", strangers.canaries, store, clock, said.append)
    strangers.answer(0)
    believed(sight, bad(0))
    believed(sight, bad(20))
    strangers.answer(3)
    for _ in range(2):
        clock.forward(61)
        believed(sight, bad(0))

    assert said == ["this prober is offline", "this prober is online again"]


def test_who_waits_shares_the_next_answer(clock: Clock, store: Store) -> None:
    """However many fail at once, strangers are asked no more than twice: what began before a failure proves nothing."""
    asked: list[float] = []

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(asyncio.get_running_loop().time())
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def story() -> list[Outcome]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sight = Connectivity("zrh1", [Canary(host="127.0.0.1", port=port)], store, clock, lambda _: None)
        async with server:
            found = await asyncio.gather(*(sight.believed([bad(0)]) for _ in range(50)))
        return [result.outcome for results in found for result in results]

    outcomes = asyncio.run(story())

    assert outcomes == [Outcome.OUTAGE] * 50
    assert len(asked) == 2


def test_an_answer_that_was_asked_for_before_proves_nothing(strangers: Strangers, store: Store, clock: Clock) -> None:
    """A good answer to a question that was put before the failure does not make the failure count."""
    sight = Connectivity("zrh1", strangers.canaries, store, clock, lambda _: None)

    async def story() -> Outcome:
        await sight.look()
        strangers.answer(0)
        (found,) = await sight.believed([bad(0)])
        return found.outcome

    assert asyncio.run(story()) is Outcome.UNKNOWN


def test_a_version_of_ip_that_fails_the_prober_itself(store: Store, clock: Clock) -> None:
    """Where no stranger answers over IPv6, that a service fails over IPv6 says nothing of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        both = [Canary(host=host, port=port) for host in ("127.0.0.1", "127.0.0.1", "::1")]
        sight = Connectivity("zrh1", both, store, clock, lambda _: None)

        found = believed(
            sight,
            Result(at=NOON, outcome=Outcome.DEGRADED, reason=Reason.IPV6_FAILED),
            Result(at=NOON, outcome=Outcome.DEGRADED, reason=Reason.IPV4_FAILED),
            bad(0),
        )

    assert found == [Outcome.UNKNOWN, Outcome.DEGRADED, Outcome.OUTAGE]


def test_strangers_without_ipv6_prove_nothing_about_it(sight: Connectivity) -> None:
    """Where no canary has an address of a version of IP, that a service fails over it counts."""
    failing = Result(at=NOON, outcome=Outcome.DEGRADED, reason=Reason.IPV6_FAILED)

    assert believed(sight, failing) == [Outcome.DEGRADED]


def test_a_clock_that_was_put_back(sight: Connectivity, strangers: Strangers, clock: Clock) -> None:
    """A clock that goes back by a little while the prober was offline makes the minute no longer."""
    strangers.answer(0)
    believed(sight, bad(0))
    strangers.answer(3)
    clock.forward(20)
    believed(sight, bad(20))
    clock.forward(-10)
    believed(sight, bad(10))
    clock.forward(61)

    assert believed(sight, bad(71)) == [Outcome.OUTAGE]
