"""When a draft is built: at the start, at every change of the files, and when time alone makes it another site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Event
from time import perf_counter

from generator.preview.board import Board
from generator.preview.draft import NEVER, RENEW_AFTER, Draft
from generator.preview.wording import failure, outcome
from generator.problems import Problem
from generator.publish.options import Progress

POLL_SECONDS = 0.5
SETTLE_SECONDS = 0.1
SETTLE_LOOKS = 20
"""A tree that never comes to rest is built all the same, after so many looks."""

Build = Callable[[datetime, Progress], Draft]
Tell = Callable[[Sequence[Problem], str], None]


class Stopped(Exception):  # noqa: N818 - not an error: the preview was asked to end
    """A build is given up, because the preview ends."""


class Watch:
    """Builds whenever the files or the time ask for it, and posts what came of it."""

    def __init__(
        self,
        *,
        build: Build,
        board: Board,
        seal: Callable[[], str],
        clock: Callable[[], datetime],
        tell: Tell,
        stop: Event,
    ) -> None:
        """Prepare to watch.

        `seal` returns what changes with every change of the files. `tell` hears the problems that a build found, unless
        they are those of the one before, and its outcome in a line. `stop` ends it all.
        """
        self._build, self._board, self._stop = build, board, stop
        self._seal, self._clock, self._tell = seal, clock, tell
        self._draft = Draft(site=None)
        self._sealed = ""
        self._built_at = self._renewed_at = NEVER

    def run(self) -> None:
        """Build, then watch until told to stop."""
        with suppress(Stopped):
            self._rebuild(self._seal())
            while not self._stop.wait(POLL_SECONDS):
                self._look()

    def _look(self) -> None:
        sealed, now = self._seal(), self._clock()
        if sealed != self._sealed:
            self._rebuild(self._settled(sealed))
        elif not self._built_at <= now < self._draft.until:
            self._rebuild(sealed)
        elif now >= self._renewed_at + self._draft.renew_after:
            if self._draft.renew(now):
                self._renewed_at = now
            else:
                self._rebuild(sealed)

    def _settled(self, sealed: str) -> str:
        """Wait for the end of what may be many changes, such as a checkout of another branch."""
        for _ in range(SETTLE_LOOKS):
            self._stop.wait(SETTLE_SECONDS)
            before, sealed = sealed, self._seal()
            if sealed == before:
                break
        return sealed

    def _rebuild(self, sealed: str) -> None:
        started, now = perf_counter(), self._clock()
        try:
            draft = self._build(now, self._heed)
        except Stopped:
            raise
        except Exception as error:  # An own template, say, can fail in any way; the preview outlives it.
            draft = replace(self._draft, failure=failure(error), until=now + RENEW_AFTER)
        took_seconds = perf_counter() - started
        before, self._draft = self._draft, draft
        self._sealed, self._built_at, self._renewed_at = sealed, now, now
        self._board.post(draft)
        self._tell(draft.problems if draft.problems != before.problems else (), outcome(draft, took_seconds))

    def _heed(self, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise Stopped
