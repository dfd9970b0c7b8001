"""From looking to publishing: what a prober does with what it finds."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from probes.canaries import online
from probes.conclude import conclude
from probes.events import Event, EventKind, parse
from probes.model import Announce, Canary, Check, Outcome, Plan, Policy, Reason, Result
from probes.observations import parse as parse_observations
from probes.outlet import Published
from probes.post import Post
from probes.runner import Prober
from probes.seed import seed
from probes.sight import Sight
from probes.store import Store, opened
from probes.tree import TreeOutlet
from tests.conftest import CHECKOUT
from tests.probes.lab.faulty import hang, serving
from tests.probes.lab.processes import free_ports

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock to set."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        """Return the time, a little later each time it is asked for."""
        self.at += timedelta(milliseconds=1)
        return self.at

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store."""
    with opened(tmp_path / "state" / "store.sqlite") as kept:
        yield kept  # type: ignore[misc]


def check(name: str = "mx", service: str = "gateway", port: int = 0, **changes: object) -> Check:
    """Return a check of a port on loopback."""
    from tests.probes.lab.plans import check_of

    made = check_of("tcp", host="127.0.0.1", port=port or free_ports(1)[0])
    return replace(made, name=name, services=(service,), **changes)  # type: ignore[arg-type]


def bad(seconds: float, outcome: Outcome = Outcome.OUTAGE) -> Result:
    """Return a bad result."""
    return Result(at=NOON + timedelta(seconds=seconds), outcome=outcome, reason=Reason.REFUSED)


def good(seconds: float) -> Result:
    """Return a good result."""
    return Result(at=NOON + timedelta(seconds=seconds), outcome=Outcome.OPERATIONAL)


def drive(plan: Plan, one: Check, results: Sequence[Result], store: Store) -> list[Event]:
    """Take results in, as of their own times."""
    return [event for result in results for event in conclude(plan, "zrh1", one, result, result.at, store)]


OUTAGE = [bad(seconds) for seconds in (0, 20, 40, 60)]
RECOVERY = [good(seconds) for seconds in (120, 180, 240)]


def test_events(store: Store) -> None:
    """Four bad results over a minute open, three good ones over two minutes close; times are of the first of each."""
    one = check()
    plan = Plan(probers=("zrh1", "gva1"), checks=(one,))

    opening, closing = drive(plan, one, [*OUTAGE, *RECOVERY], store)

    assert (opening.event, opening.at, opening.since) == (EventKind.OPEN, NOON + timedelta(seconds=60), NOON)
    assert (opening.status, opening.reason, opening.probers) == (Outcome.OUTAGE, Reason.REFUSED, 2)
    assert (closing.event, closing.since) == (EventKind.CLOSE, NOON + timedelta(seconds=120))
    assert closing.id == opening.id
    assert [parse(data) for data in store.outbox().values()] == [opening, closing]


@pytest.mark.parametrize(
    ("given", "outcome", "announce"),
    [
        (None, Outcome.OUTAGE, Announce.AT_ONCE),
        (None, Outcome.PARTIAL, Announce.AT_ONCE),
        (None, Outcome.DEGRADED, Announce.AFTER_10M),
        (Announce.PROPOSE, Outcome.OUTAGE, Announce.PROPOSE),
    ],
)
def test_announce(store: Store, given: Announce | None, outcome: Outcome, announce: Announce) -> None:
    """Outages are told at once and degradations after ten minutes, unless the check says otherwise."""
    one = check(announce=given)

    (opening,) = drive(Plan(probers=("zrh1",), checks=(one,)), one, [bad(s, outcome) for s in (0, 20, 40, 60)], store)

    assert opening.announce is announce


def test_held_for_what_it_depends_on(store: Store) -> None:
    """While what a service depends on is suspected, the service itself waits, but no longer than five minutes."""
    parent, child = check("m365", "upstream"), check("sync", "gateway", depends_on=("upstream",))
    plan = Plan(probers=("zrh1",), checks=(parent, child))
    drive(plan, parent, [bad(0)], store)

    held = drive(plan, child, [bad(seconds) for seconds in range(0, 300, 20)], store)
    (opening,) = drive(plan, child, [bad(301)], store)

    assert held == []
    assert (opening.event, opening.behind, opening.since) == (EventKind.OPEN, "", NOON)


def test_opens_behind_what_it_depends_on(store: Store) -> None:
    """Once that is known to be bad, the service opens as part of it."""
    parent, child = check("m365", "upstream"), check("sync", "gateway", depends_on=("upstream",))
    plan = Plan(probers=("zrh1",), checks=(parent, child))
    drive(plan, parent, OUTAGE, store)

    (opening,) = drive(plan, child, OUTAGE, store)

    assert opening.behind == "upstream"


CANARIES = 3


def sight(store: Store, clock: Clock, ports: Sequence[int], said: list[str]) -> Sight:
    """Return the sight of a prober whose canaries listen on some ports of loopback."""
    return Sight("zrh1", [Canary(host="127.0.0.1", port=port) for port in ports], store, clock, said.append)


def events_in(store: Store) -> list[EventKind]:
    """Return what is in the outbox."""
    return [parse(data).event for data in store.outbox().values()]


@pytest.mark.parametrize(("answering", "sees"), [(3, True), (2, True), (1, False), (0, False)])
def test_canaries(answering: int, sees: bool) -> None:
    """Two of three canaries must answer."""
    dead = free_ports(3 - answering)
    with serving(hang) as port:
        alive = [port] * answering
        canaries = [Canary(host="127.0.0.1", port=port) for port in (*alive, *dead)]

        assert asyncio.run(online(canaries)) is sees


def test_offline_prober(store: Store) -> None:
    """A prober that is offline says so once, believes nothing, and is believed again a minute after it is back."""
    clock, said = Clock(), list[str]()
    (dead,) = free_ports(1)
    with serving(hang) as port:
        offline, back = sight(store, clock, [dead] * 3, said), sight(store, clock, [port] * 3, said)

        async def story() -> list[Outcome]:
            found = [*await offline.believed([bad(0)]), *await offline.believed([bad(1)])]
            found += await offline.believed([good(2)])
            clock.forward(30)
            found += await back.believed([bad(40)])
            clock.forward(61)
            found += await back.believed([bad(120)])
            return [result.outcome for result in found]

        outcomes = asyncio.run(story())

    unknown = Outcome.UNKNOWN
    assert outcomes == [unknown, unknown, unknown, unknown, Outcome.OUTAGE]
    assert events_in(store) == [EventKind.BLIND, EventKind.SEEING]
    assert said == ["this prober is offline", "this prober is online again"]


def test_good_results_need_no_canary(store: Store) -> None:
    """What is good is believed without asking anybody."""
    (dead,) = free_ports(1)

    (found,) = asyncio.run(sight(store, Clock(), [dead] * 3, []).believed([good(0)]))

    assert found.outcome is Outcome.OPERATIONAL


def prober(tmp_path: Path, store: Store, plan: Plan, clock: Clock) -> Prober:
    """Return a prober that publishes into a tree."""
    tell: list[str] = []
    return Prober("zrh1", plan, store, TreeOutlet(tmp_path), tmp_path / "state", now=clock, tell=tell.append)


def test_once(tmp_path: Path, store: Store) -> None:
    """Looking once, again and again, opens, closes and publishes as a running prober does."""
    clock = Clock()
    (port,) = free_ports(1)
    plan = Plan(probers=("zrh1",), checks=(check(port=port),))
    mine = prober(tmp_path, store, plan, clock)
    for _ in range(4):
        asyncio.run(mine.once())
        clock.forward(20)
    with socket.create_server(("127.0.0.1", port)):
        for _ in range(4):
            asyncio.run(mine.once())
            clock.forward(60)

    files = sorted((tmp_path / "incidents/auto/2026/11").iterdir())

    assert [parse(file.read_bytes()).event for file in files] == [EventKind.OPEN, EventKind.CLOSE]
    (seen,) = parse_observations((tmp_path / "observations/zrh1.json").read_bytes()).checks
    assert (seen.outcome, seen.open) == (Outcome.OPERATIONAL, False)
    assert seen.stale_after - clock.at > timedelta(minutes=2)
    assert store.outbox() == {}


def test_runs_until_told(tmp_path: Path, store: Store) -> None:
    """A running prober looks at once, and ends when told, with everything published."""
    with serving(hang) as port:
        one = check(port=port, interval_seconds=1.0)
        mine = prober(tmp_path, store, Plan(probers=("zrh1",), checks=(one,)), Clock())

        async def story() -> None:
            stop = asyncio.Event()
            running = asyncio.create_task(mine.run(stop))
            while store.last("mx", "gateway") is None:
                await asyncio.sleep(0.02)
            stop.set()
            await asyncio.wait_for(running, 10)

        asyncio.run(story())

    assert (tmp_path / "observations/zrh1.json").exists()


class Refusing:
    """An outlet that takes only some files."""

    def __init__(self, *takes: str) -> None:
        self.takes = takes

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Take those."""
        out = frozenset(path for path in files if path in self.takes)
        return Published(out=out, retry_in_seconds=60, alarm="the rest is declined")

    def observe(self, prober: str, data: bytes) -> None:
        """Take nothing."""


def test_outbox_keeps_what_is_not_out(store: Store) -> None:
    """What an outlet does not take stays, and the operators are told once."""
    said: list[str] = []
    store.note("x", "y", {"a.json": b"{}", "b.json": b"{}"})
    post = Post(store, Refusing("a.json"), said.append)

    post.deliver()
    post.deliver()

    assert list(store.outbox()) == ["b.json"]
    assert said == ["alarm: the rest is declined"]


def test_lost_store(tmp_path: Path, store: Store) -> None:
    """A prober that has lost its store takes what was published for open to be open, and closes it under its id."""
    one = check()
    plan = Plan(probers=("zrh1",), checks=(one,))
    events = drive(plan, one, OUTAGE, store)
    with opened(tmp_path / "new.sqlite") as fresh:
        said = seed(plan, "zrh1", events, fresh)

        (closing,) = drive(plan, one, RECOVERY, fresh)

        assert (closing.event, closing.id) == (EventKind.CLOSE, events[0].id)
        assert said == ["mx: gateway is taken to be bad still, as was published"]
        assert seed(plan, "zrh1", events, fresh) == []


def test_lost_store_of_another(tmp_path: Path, store: Store) -> None:
    """What another prober published, or what was closed, says nothing of one's own."""
    one = check()
    plan = Plan(probers=("zrh1", "gva1"), checks=(one,))
    events = drive(plan, one, [*OUTAGE, *RECOVERY], store)
    with opened(tmp_path / "new.sqlite") as fresh:
        assert seed(plan, "gva1", events[:1], fresh) == []
        assert seed(plan, "zrh1", events, fresh) == []


def test_earlier_result_is_ignored(store: Store) -> None:
    """When the clock goes back, what it says counts once it has caught up."""
    one = check(policy=Policy(window=1, bad=1, bad_for_seconds=0))
    plan = Plan(probers=("zrh1",), checks=(one,))

    assert len(drive(plan, one, [good(0), bad(-60), bad(1)], store)) == 1


SITE = """\
name: Example
url: https://status.example.ch
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {en: en_GB}
groups: [{id: all, name: All}]
services: [{id: gateway, name: Gateway, group: all}]
probes:
  probers: [zrh1]
  checks:
    - name: job
      kind: nagios
      service: gateway
      command: [/bin/sh, -c, "exit $(cat CODE)"]
      interval: 1s
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Whenever a prober is killed, the next one goes on: nothing is lost, nothing is there twice."""
    code = tmp_path / "code"
    code.write_text("2")
    (tmp_path / "status.yaml").write_text(SITE.replace("CODE", str(code)))
    command = [sys.executable, "-m", "generator", "-C", str(tmp_path), "probe", "run"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(6):
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as running:
            time.sleep(chance.uniform(0.8, 2.2))
            os.kill(running.pid, signal.SIGKILL)

    ended = subprocess.run(
        [*command[:-1], "status", "--format", "json"], env=environment, capture_output=True, check=True
    )

    (row,) = json.loads(ended.stdout)
    files = list((tmp_path / "incidents").rglob("*.json")) if (tmp_path / "incidents").exists() else []
    assert row["last_result"] == "major_outage"
    assert len({parse(file.read_bytes()).id for file in files}) == len(files) <= 1
