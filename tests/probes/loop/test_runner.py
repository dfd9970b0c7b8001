"""From looking to publishing: what a prober does with what it finds."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from probes.events import EventKind
from probes.loop.report import observed
from probes.loop.runner import Prober
from probes.loop.schedule import phase, stale_after
from probes.loop.warnings import Warnings
from probes.memory.database import open_for_writing
from probes.memory.store import Store, opened
from probes.model import Canary, Check, Outcome, Plan
from probes.observations import MAX_BYTES, Observation, Observations, serialize
from probes.observations import parse as parse_observations
from probes.outlets.delivery import Delivery
from probes.outlets.outlet import Outlet, Published
from probes.outlets.tree import TreeOutlet
from tests.conftest import CHECKOUT
from tests.probes.lab.faulty import hang, serving
from tests.probes.lab.plans import check_of
from tests.probes.lab.prober import NOON, Clock, check, outbox, published
from tests.probes.lab.processes import free_ports

LONG_SECONDS = 60
"""Nothing here takes so long, unless it never comes."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store."""
    with opened(tmp_path / "state" / "store.sqlite") as kept:
        yield kept


@pytest.fixture
def said() -> list[str]:
    """Return what the operators hear."""
    return []


def prober(
    tmp_path: Path,
    store: Store,
    said: list[str],
    *checks: Check,
    clock: Clock | None = None,
    outlet: Outlet | None = None,
    canaries: tuple[Canary, ...] = (),
) -> Prober:
    """Return a prober that publishes into a tree."""
    plan = Plan(probers=("zrh1",), checks=checks, canaries=canaries)
    where, clock = outlet or TreeOutlet(tmp_path), clock or Clock()
    state = tmp_path / "state"
    return Prober("zrh1", plan, store, where, state, now=clock, tell=said.append, steady=clock.steady)


def run_until(mine: Prober, found: Callable[[], bool]) -> None:
    """Let a prober run until something comes true, then tell it to end."""

    async def story() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(mine.run(stop))
        async with asyncio.timeout(LONG_SECONDS):
            while not found() and not running.done():
                await asyncio.sleep(0.02)
            stop.set()
            await running

    asyncio.run(story())
    assert found()


def seen(tree: Path) -> list[Observation]:
    """Return what a prober has put down."""
    return list(parse_observations((tree / "observations/zrh1.json").read_bytes()).checks)


def test_looking_once_again_and_again(tmp_path: Path, store: Store, said: list[str]) -> None:
    """Looks from cron open, close and publish as a running prober does."""
    (port,) = free_ports(1)
    clock = Clock()
    mine = prober(tmp_path, store, said, check(port=port), clock=clock)
    for _ in range(4):
        asyncio.run(mine.once())
        clock.forward(20)
    with socket.create_server(("127.0.0.1", port)):
        for _ in range(4):
            asyncio.run(mine.once())
            clock.forward(60)

    (told,) = seen(tmp_path)
    assert [event.event for event in published(tmp_path)] == [EventKind.OPEN, EventKind.CLOSE]
    assert (told.outcome, told.open, told.check, told.kind, told.service) == (
        Outcome.OPERATIONAL,
        False,
        "mx",
        "tcp",
        "gateway",
    )
    assert outbox(store) == []
    assert [line.partition(" since")[0] for line in said] == ["open: gateway by mx (refused)", "close: gateway by mx"]


def test_looking_once_asks_whether_one_is_back(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A prober that was offline finds out that it is back although nothing fails."""
    (dead,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        clock = Clock()
        offline = prober(
            tmp_path, store, said, check(port=dead), clock=clock, canaries=(Canary(host="127.0.0.1", port=dead),)
        )
        asyncio.run(offline.once())
        back = prober(
            tmp_path, store, said, check(port=port), clock=clock, canaries=(Canary(host="127.0.0.1", port=port),)
        )
        outcomes = []
        for _ in range(2):
            clock.forward(61)
            ((_, results),) = asyncio.run(back.once())
            outcomes += [result.outcome for result in results]

    assert outcomes == [Outcome.UNKNOWN, Outcome.OPERATIONAL]
    assert [event.event for event in published(tmp_path)] == [EventKind.BLIND, EventKind.SEEING]
    assert said == ["this prober is offline", "this prober is online again"]


def test_it_looks_again_and_again(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A running prober looks at every check at its interval, and publishes what it concludes while it runs."""
    dead, port = free_ports(2)
    quick = {"interval_seconds": 0.05, "retry_interval_seconds": 0.05}

    with socket.create_server(("127.0.0.1", port)):
        mine = prober(
            tmp_path,
            store,
            said,
            check("up", port=port, **quick),
            check("down", port=dead, **quick),
            clock=Clock(step_seconds=30),
        )
        run_until(mine, lambda: len(published(tmp_path)) >= 1)

    (opening,) = [event for event in published(tmp_path) if event.event is EventKind.OPEN]
    assert opening.check == "down"
    assert {one.check: one.open for one in seen(tmp_path)} == {"up": False, "down": True}


def test_never_two_looks_of_one_check(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A look that takes longer than the interval is over before the next one begins."""
    connections = Counter[str]()

    def slow(connection: socket.socket) -> None:
        connections["open"] += 1
        connections["most"] = max(connections["most"], connections["open"])
        connections["all"] += 1
        time.sleep(0.1)
        connections["open"] -= 1
        connection.sendall(b"220 hello\r\n")

    with serving(slow) as port:
        one = check_of("tcp", host="127.0.0.1", port=port, query_response=[{"expect": "^220"}])
        mine = prober(tmp_path, store, said, replace(one, interval_seconds=0.01, retry_interval_seconds=0.01))
        run_until(mine, lambda: connections["all"] >= 3)

    assert connections["most"] == 1


def test_it_ends_in_the_middle_of_a_look(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A prober that is told to end waits for no answer, and puts down what it knows."""
    asked: list[bool] = []

    def silent(connection: socket.socket) -> None:
        asked.append(True)
        hang(connection)

    with serving(silent) as port:
        one = check_of("tcp", host="127.0.0.1", port=port, query_response=[{"expect": "^220"}], timeout="600s")
        mine = prober(tmp_path, store, said, replace(one, interval_seconds=0.1))
        run_until(mine, lambda: bool(asked))

    assert [one.outcome for one in seen(tmp_path)] == [Outcome.UNKNOWN]


def test_one_check_at_odds_with_itself(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A check that cannot even be judged is named once, and the others go on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        sound = check("sound", port=server.getsockname()[1], interval_seconds=0.05)
        odd = check("odd", port=server.getsockname()[1], interval_seconds=0.05)
        odd = replace(odd, services=())
        mine = prober(tmp_path, store, said, odd, sound)
        run_until(mine, lambda: store.last("sound", "gateway") is not None and any("odd" in line for line in said))

    assert [line for line in said if "odd" in line] == [
        next(line for line in said if line.startswith("warning: odd: IndexError (model.py:"))
    ]


def test_a_disk_that_refuses_ends_nothing(tmp_path: Path, said: list[str]) -> None:
    """While the disk refuses the operators are told, and afterwards looks are kept as before."""
    with (
        open_for_writing(tmp_path / "state/store.sqlite") as database,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        store = Store(database)
        one = check(port=server.getsockname()[1])
        mine = prober(tmp_path, store, said, one)

        database.ask("PRAGMA query_only=1")
        asyncio.run(_one_step(mine, one))
        refused = store.last("mx", "gateway")
        database.ask("PRAGMA query_only=0")
        asyncio.run(_one_step(mine, one))

        assert refused is None
        assert said == ["warning: mx: the store cannot be used: attempt to write a readonly database"]
        assert store.last("mx", "gateway")


class Breaking:
    """An outlet beside which the store breaks."""

    def publish(self, _files: Mapping[str, bytes]) -> Published:
        """Fail as SQLite does."""
        raise sqlite3.DatabaseError("database disk image is malformed")

    def observe(self, _prober: str, _data: bytes) -> str:
        """Take nothing."""
        return ""


def test_damage_ends_it(tmp_path: Path, store: Store, said: list[str]) -> None:
    """A prober whose store is damaged under it ends, so that the store can be set aside."""
    store.note("x", "y", {"a.json": b"{}"})
    mine = prober(tmp_path, store, said, check(interval_seconds=0.05), outlet=Breaking())

    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        asyncio.run(_run_for(mine, LONG_SECONDS))


async def _run_for(mine: Prober, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await mine.run(asyncio.Event())


async def _one_step(mine: Prober, one: Check) -> None:
    """Let a running prober take one step of a check."""
    stop = asyncio.Event()

    async def step() -> float:
        stop.set()
        await mine.look(one)
        return 0.0

    await mine.repeat(one.name, step, stop)


class Fickle:
    """An outlet that takes only some files."""

    def __init__(self, *takes: str, alarm: str = "the rest is declined", passing: str = "") -> None:
        self.takes, self.alarm, self.passing = takes, alarm, passing

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Take those."""
        out = frozenset(path for path in files if path in self.takes)
        left = len(out) < len(files)
        why = {"alarm": self.alarm, "passing": self.passing} if left else {}
        return Published(out=out, retry_in_seconds=60 if left else None, **why)

    def observe(self, _prober: str, _data: bytes) -> str:
        """Take nothing."""
        return ""


def test_the_outbox_keeps_what_is_not_out(store: Store, said: list[str]) -> None:
    """What an outlet does not take stays; operators hear of an alarm once, and when it is over."""
    store.note("x", "y", {"a.json": b"{}", "b.json": b"{}"})
    outlet = Fickle("a.json")
    post = Delivery(store, outlet, said.append)

    waits = [post.deliver(), post.deliver()]
    left, stuck = list(store.outbox()), post.stuck
    outlet.takes = ("b.json",)
    post.deliver()

    assert waits == [60, 60]
    assert (left, stuck, post.stuck) == (["b.json"], True, False)
    assert said == ["alarm: the rest is declined", "events are published again"]
    assert store.outbox() == {}


def test_what_may_pass_is_told_when_it_does_not(store: Store, said: list[str]) -> None:
    """What may pass by itself is told the second time in a row, also if each time is another process's."""
    store.note("x", "y", {"a.json": b"{}"})
    faltering = Fickle(alarm="", passing="it gives no access")

    Delivery(store, faltering, said.append).deliver()
    once = [*said]
    for _ in range(2):
        Delivery(store, faltering, said.append).deliver()
    Delivery(store, Fickle("a.json"), said.append).deliver()
    store.note("x", "y", {"b.json": b"{}"})
    Delivery(store, faltering, said.append).deliver()

    assert once == []
    assert said == ["alarm: it gives no access", "events are published again"]


def test_all_of_a_large_outbox_goes_out(tmp_path: Path, store: Store, said: list[str]) -> None:
    """However much has piled up, all of it is published, but nothing is tried twice in vain."""
    files = {f"incidents/auto/2026/11/{number:03}.json": b"{}" for number in range(250)}
    store.note("x", "y", files)

    Delivery(store, TreeOutlet(tmp_path), said.append).empty()
    store.note("x", "y", {"elsewhere.json": b"{}"})
    Delivery(store, TreeOutlet(tmp_path), said.append).empty()

    assert len(list(tmp_path.glob("incidents/auto/2026/11/*"))) == 250
    assert list(store.outbox()) == ["elsewhere.json"]


def test_warnings_are_told_once() -> None:
    """A warning is told when it comes up, not again while only its numbers change, and again when it comes back."""
    said: list[str] = []
    warnings = Warnings(said.append)
    for lines in (["20.9 days left"], ["20.8 days left", "no route"], [], ["20.7 days left"]):
        warnings.report("tls", lines)
    other = Warnings(said.append)
    other.recall(warnings.told())
    other.report("tls", ["20.6 days left"])
    other.report("imap", ["20.6 days left"])

    assert said == [
        "warning: tls: 20.9 days left",
        "warning: tls: no route",
        "warning: tls: 20.7 days left",
        "warning: imap: 20.6 days left",
    ]


def test_cron_does_not_write_every_minute(tmp_path: Path, store: Store, said: list[str]) -> None:
    """What one look has warned of, the next one does not say again."""
    one = check_of("nagios", command=["/bin/sh", "-c", "echo no secret; exit 3"])
    for _ in range(2):
        asyncio.run(prober(tmp_path, store, said, one).once())

    assert len(said) == 1
    assert said[0].startswith("warning: it: ")


def test_the_first_looks_are_spread() -> None:
    """A thousand checks begin within a minute, in no twentieth of it more than twice its share, the same every time."""
    checks = [check(f"check-{number}", interval_seconds=60.0) for number in range(1000)]
    phases = [phase(one) for one in checks]

    by_slot = Counter(int(second // 3) for second in phases)
    assert phases == [phase(one) for one in checks]
    assert set(by_slot) == set(range(20))
    assert max(by_slot.values()) <= 100
    assert phase(check(interval_seconds=2.0)) < 2


@pytest.mark.parametrize(
    ("kind", "options", "minutes"),
    [
        ("tcp", {"host": "127.0.0.1", "port": "9"}, 5),
        ("tcp", {"host": "127.0.0.1", "port": "9", "interval": "10m"}, 30),
        ("heartbeat", {"expect_every": "24h"}, 5),
        ("roundtrip", {}, 15),
    ],
)
def test_how_long_a_result_is_believed(kind: str, options: Mapping[str, object], minutes: float) -> None:
    """A result is believed for three times the time between two, at least five minutes."""
    mailbox = {"host": "127.0.0.1", "username": "probe", "password_env": "PROBE_PASSWORD"}
    submit = {"host": "127.0.0.1", "from": "probe@mail.test", "to": "probe@mail.test"}
    one = check_of(kind, **(options or {"submit": submit, "fetch": mailbox}))

    assert stale_after(one, NOON) - NOON == timedelta(minutes=minutes)


def test_what_was_never_looked_at(store: Store) -> None:
    """Before the first result nothing is known, and it is stale once one was due since the prober began."""
    plan = Plan(probers=("zrh1",), checks=(check(),))

    (told,) = observed(plan, Observations(prober="zrh1", at=NOON, blind=False, checks=()), store, NOON).checks

    assert (told.outcome, told.last_result_at, told.hours) == (Outcome.UNKNOWN, None, ())
    assert told.stale_after == NOON + timedelta(minutes=5)


@pytest.mark.slow
def test_a_very_large_plan_can_be_read(tmp_path: Path) -> None:
    """What a prober of a thousand checks puts down is not larger than what is read; of fewer hours, the latest."""
    checks = tuple(check(f"a-check-with-quite-a-long-name-{number}") for number in range(1000))
    hour = timedelta(hours=1)
    with open_for_writing(tmp_path / "store.sqlite") as database:
        with database.transaction() as connection:
            for one in checks:
                starts = [(NOON + place * hour).timestamp() for place in range(200)]
                rows = [(one.name, "gateway", start, 60, 0, 0.123456, 0.234567) for start in starts]
                connection.executemany("INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        plan, now = Plan(probers=("zrh1",), checks=checks), NOON + 200 * hour

        told = observed(plan, Observations(prober="zrh1", at=now, blind=False, checks=()), Store(database), NOON)

    assert len(serialize(told)) < MAX_BYTES
    assert {len(one.hours) for one in told.checks} == {100}
    assert told.checks[0].hours[-1].start == now - hour


SITE = """\
name: Example
url: https://status.example.ch
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {en: en_GB}
groups: [{id: all, name: All}]
services: [{id: gateway, name: Gateway, group: all}, {id: digest, name: Digest, group: all}]
probes:
  probers: [zrh1]
  checks:
    - {name: digest, kind: heartbeat, service: digest, file: BEAT, expect_every: 60s, interval: 1s}
    - {name: other, kind: heartbeat, service: gateway, file: BEAT, expect_every: 60s, interval: 1s}
"""


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Whenever a prober is killed, the next one goes on: nothing is lost, nothing is told twice."""
    beat = tmp_path / "beat"
    (tmp_path / "status.yaml").write_text(SITE.replace("BEAT", str(beat)))
    command = [sys.executable, "-m", "generator", "-C", str(tmp_path), "probe"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for turn in range(10):
        beat.touch()
        if turn % 2:
            os.utime(beat, (beat.stat().st_mtime - 7200,) * 2)
        with subprocess.Popen([*command, "run"], env=environment, stderr=subprocess.DEVNULL) as running:
            time.sleep(chance.uniform(0.7, 2.5))
            os.kill(running.pid, signal.SIGKILL)
    for _ in range(2):
        subprocess.run([*command, "once"], env=environment, capture_output=True, check=True)

    status = subprocess.run([*command, "status", "--format", "json"], env=environment, capture_output=True, check=True)
    said = json.loads(status.stdout)
    told: dict[str, list[EventKind]] = {}
    for event in published(tmp_path):
        told.setdefault(event.check, []).append(event.event)
    assert said["unpublished"] == 0
    assert {row["state"] for row in said["checks"]} == {"bad"}
    assert set(told) == {"digest", "other"}
    for kinds in told.values():
        assert kinds[-1] in (EventKind.OPEN, EventKind.REOPEN)
        assert [kind is EventKind.CLOSE for kind in kinds] == [place % 2 == 1 for place in range(len(kinds))]
