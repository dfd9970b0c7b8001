"""When the preview builds, and what it tells of a build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from generator.preview.board import Board
from generator.preview.draft import Draft
from generator.preview.watch import Watch
from generator.problems import Problem
from generator.publish.options import Progress

FIRST = Draft(site=Path("/somewhere/site"), signature="first")
SECOND = replace(FIRST, signature="second")


class Desk:
    """A watch at work on files, time and builds that the test decides on."""

    def __init__(self, now: datetime, long_seconds: int) -> None:
        self.now = now
        self.seals = ["as found"]
        """What the files are at each look; the last one stays."""
        self.draft = FIRST
        self.error: Exception | None = None
        self.built: list[datetime] = []
        self.told: list[tuple[tuple[Problem, ...], str]] = []
        self.stop = Event()
        self.board = Board()
        self._heard = Event()
        self._long_seconds = long_seconds
        self.thread = Thread(
            target=Watch(
                build=self._build,
                board=self.board,
                seal=lambda: self.seals.pop(0) if len(self.seals) > 1 else self.seals[0],
                clock=lambda: self.now,
                tell=self._tell,
                stop=self.stop,
            ).run
        )

    def _build(self, now: datetime, _progress: Progress) -> Draft:
        self.built.append(now)
        if self.error:
            raise self.error
        return self.draft

    def _tell(self, problems: Sequence[Problem], outcome: str) -> None:
        self.told.append((tuple(problems), outcome))
        self._heard.set()

    def wait(self) -> Draft:
        """Wait until a build was told of, and return what is shown then."""
        assert self._heard.wait(self._long_seconds)
        self._heard.clear()
        shown = self.board.wait()
        assert shown
        return shown

    def change(self, draft: Draft, *seals: str) -> Draft:
        """Change the files, wait until that was built to a draft, and return what is shown then."""
        self.draft = draft
        self.seals = [*seals] or [f"changed after build {len(self.built)}"]
        return self.wait()


@pytest.fixture
def desk(now: datetime, long_seconds: int) -> Iterator[Desk]:
    """Return a desk whose watch has built once."""
    desk = Desk(now, long_seconds)
    desk.thread.start()
    desk.wait()
    yield desk
    desk.stop.set()
    desk.thread.join()


def test_a_change_is_built(desk: Desk) -> None:
    """Another state of the files is built and shown."""
    shown = desk.change(SECOND)

    assert shown == SECOND
    assert len(desk.built) == 2


def test_many_changes_are_one_build(desk: Desk) -> None:
    """Files that go on changing are built when they have come to rest."""
    desk.change(SECOND, "first", "second", "third", "third", "third")

    assert len(desk.built) == 2
    assert desk.seals == ["third"]


def test_time_is_a_change(desk: Desk, now: datetime) -> None:
    """At the next transition the site is built as of then, although no file has changed."""
    transition = now + timedelta(hours=1)
    desk.change(replace(FIRST, until=transition))
    desk.draft = SECOND

    desk.now = transition
    desk.wait()

    assert desk.built == [now, now, transition]


@pytest.mark.slow
def test_the_time_of_building_is_kept_fresh(desk: Desk, now: datetime, long_seconds: int) -> None:
    """While nothing changes the time of building is filled in anew, without a build, until that does not do."""
    renewed: list[datetime] = []
    enough = Event()

    def renew(now: datetime) -> bool:
        renewed.append(now)
        enough.set()
        return len(renewed) < 2

    desk.change(replace(FIRST, renew=renew))

    desk.now = now + timedelta(minutes=1)
    assert enough.wait(long_seconds)
    built = len(desk.built)
    desk.now = now + timedelta(minutes=2)
    desk.wait()

    assert renewed == [now + timedelta(minutes=1), now + timedelta(minutes=2)]
    assert built == 2
    assert len(desk.built) == 3


def test_problems_are_said_once(desk: Desk, typo: Problem) -> None:
    """The problems of the build before are not said again, but counted."""
    desk.change(replace(FIRST, problems=(typo,)))
    desk.change(replace(FIRST, problems=(typo,)))

    said = [problems for problems, _ in desk.told]
    assert said == [(), (typo,), ()]
    assert desk.told[2][1].endswith(": 1 problem")


def test_a_build_may_fail(desk: Desk) -> None:
    """A build that breaks off says so, what was built before is shown on, and the next change is built."""
    desk.error = RuntimeError("<out of ideas>")
    failed = desk.change(SECOND)
    desk.error = None
    mended = desk.change(SECOND)

    assert (failed.site, failed.signature) == (FIRST.site, FIRST.signature)
    assert failed.failure.endswith("RuntimeError: <out of ideas>")
    assert desk.told[1] == ((), f"error: {failed.failure}")
    assert mended == SECOND


def test_a_build_is_given_up_at_the_end(now: datetime, long_seconds: int) -> None:
    """Whoever ends the preview does not wait for a long build."""
    started, stop = Event(), Event()

    def build(_now: datetime, progress: Progress) -> Draft:
        while True:
            progress(1, 1_000_000)
            started.set()

    def tell(_problems: object, _outcome: str) -> None:
        """Nobody listens."""

    watch = Watch(build=build, board=Board(), seal=lambda: "", clock=lambda: now, tell=tell, stop=stop)
    thread = Thread(target=watch.run, daemon=True)
    thread.start()
    assert started.wait(long_seconds)

    stop.set()
    thread.join(long_seconds)

    assert not thread.is_alive()
