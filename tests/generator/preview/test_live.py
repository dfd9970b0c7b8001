"""When a site on a server is built, apart from changes of its files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from generator.authoring.new_tree import plant
from generator.preview.live import keep

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_SECONDS = 60
"""Nothing here takes so long, unless it never comes."""
INCIDENT = """\
services: {inbound: major_outage}
updates:
  - at: 2026-11-24 15:00
    status: investigating
"""


class Desk:
    """A site that is kept up to date while the test sets the clock."""

    def __init__(self, tree: Path) -> None:
        self.now, self.told = NOON, list[str]()
        self._site, self._stop = tree / "site", Event()
        self._thread = Thread(
            target=keep,
            args=(tree, self._site),
            kwargs={
                "clock": lambda: self.now,
                "tell": lambda _problems, outcome: self.told.append(outcome),
                "stop": self._stop,
            },
        )
        self._thread.start()

    def said(self, file: str, key: str) -> str:
        """Return what a file of the site says, empty while there is none."""
        path = self._site / file
        return str(json.loads(path.read_text())[key]) if path.exists() else ""

    def end(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return the desk of a site with an outage that is told at three o'clock in Zurich, two hours after noon in UTC."""
    tree = tmp_path / "tree"
    plant(tree, demo=False, today="2026-11-20")
    (tree / "incidents/2026").mkdir()
    (tree / "incidents/2026/down.yaml").write_text(INCIDENT)
    desk = Desk(tree)
    yield desk
    desk.end()


def eventually(found: Callable[[], bool]) -> bool:
    """Return whether something comes true, however long it takes within reason."""
    deadline = time.monotonic() + LONG_SECONDS
    while not found():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.slow
def test_time_is_a_change(desk: Desk) -> None:
    """An update that lies ahead is shown once its time has come, although no file changes then."""
    first = eventually(lambda: desk.said("status.json", "status") == "operational")
    desk.now = NOON + timedelta(hours=2)

    assert first
    assert eventually(lambda: desk.said("status.json", "status") == "major_outage")
    assert eventually(lambda: len(desk.told) == 2)


@pytest.mark.slow
def test_the_promise_is_kept(desk: Desk) -> None:
    """While nothing changes the heartbeat goes on as often as status.yaml promises, without a build."""
    first = eventually(lambda: desk.said("heartbeat.json", "generated_at") == "2026-11-24T12:00:00Z")
    desk.now = NOON + timedelta(minutes=14)
    time.sleep(1.5)
    early = desk.said("heartbeat.json", "generated_at")
    desk.now = NOON + timedelta(minutes=15)

    assert first
    assert early == "2026-11-24T12:00:00Z"
    assert eventually(lambda: desk.said("heartbeat.json", "generated_at") == "2026-11-24T12:15:00Z")
    assert len(desk.told) == 1
