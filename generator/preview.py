"""What the live preview shows: the tree, built into a private folder anew at every change.

Nothing is written in the tree, neither its site/ nor its .lagebild/: a draft that was looked at is no accepted version.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

from generator import content, formats, pipeline, sources
from generator.accepted import AcceptedVersions
from generator.cache import Memo, fingerprint
from generator.model import Site
from generator.places import STATE, compiled_code, inputs
from generator.preview_page import Board, PortError, Server, Shown
from generator.problems import Problem
from generator.publish import PublishError, publish
from generator.restamp import restamp

__all__ = ["Draft", "PortError", "Progress", "Watch", "Workshop", "present"]

POLL_SECONDS = 0.5
SETTLE_SECONDS = 0.1
SETTLE_LOOKS = 20
"""A tree that never comes to rest is built all the same, after so many looks."""
RENEW_AFTER = timedelta(minutes=1)
"""How often the time of building is filled in anew, lest pages warn that they are stale."""
_OWNER = "preview"
_NEVER = datetime.max.replace(tzinfo=UTC)


def present(
    tree: Path,
    port: int,
    *,
    clock: Callable[[], datetime],
    greet: Callable[[str], None],
    tell: Callable[[Sequence[Problem], str], None],
    stop: Event,
) -> None:
    """Show a tree at an address of this machine, which `greet` hears, until `stop` is set; `tell` is that of `Watch`.

    Raises:
        PortError: The port cannot be had.
        OSError: There is no folder for temporary files.
    """
    with TemporaryDirectory(prefix="lagebild-", ignore_cleanup_errors=True) as folder:
        workshop = Workshop(tree, Path(folder))
        board = Board()
        watch = Watch(
            build=workshop.build,
            board=board,
            seal=lambda: fingerprint(inputs(str(tree))),
            clock=clock,
            tell=tell,
            stop=stop,
        )
        with Server(board, port) as server:
            greet(server.address)
            Thread(target=server.serve_forever, daemon=True).start()
            try:
                watch.run()
            finally:
                board.close()
                server.shutdown()


class Stopped(Exception):  # noqa: N818 - not an error: the preview was asked to end
    """A build is given up, because the preview ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a build made of the tree."""

    problems: tuple[Problem, ...]
    site: Path | None
    """None where there is no site to show."""
    signature: str = ""
    """Names what was built."""
    failure: str = ""
    """Why the build broke off; what an earlier one made is still there."""
    until: datetime = _NEVER
    """When time alone makes it another site."""
    renew: Callable[[datetime], bool] = lambda _: True
    """Fills in a later time of building; False if it takes a build."""
    renew_after: timedelta = RENEW_AFTER


Progress = Callable[[int, int], None]
Build = Callable[[datetime, Progress], Draft]


class Workshop:
    """Builds a tree into `<folder>/site`, whatever its problems; a faulty file stands at its last sound version."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self._tree = tree
        self._state = folder / "state"
        self._published = AcceptedVersions(tree / STATE)
        self._sound: dict[str, str] = {}
        self.site = folder / "site"

    def build(self, now: datetime, progress: Progress) -> Draft:
        """Build the tree as of `now`; `progress` hears how far it is, and may raise.

        Raises:
            PublishError: The disk refuses.
        """
        read = sources.read(self._tree)
        judged = content.judge(read, now, self._accepted)
        if judged.site is None:
            return Draft(problems=judged.problems, site=None)
        edition = pipeline.derive(read, judged, now, compiled=Memo(compiled_code(), "lagebild"))
        report = publish(
            list(formats.outputs(edition)),
            self.site,
            self._state,
            owner=_OWNER,
            stamp=pipeline.stamp(judged.site, now),
            progress=progress,
        )
        self._sound |= pipeline.sound(read, judged)
        return Draft(
            problems=judged.problems,
            site=self.site,
            signature=report.signature,
            until=edition.facts.next_transition,
            renew=partial(self._renew, judged.site, report.signature),
            renew_after=min(RENEW_AFTER, judged.site.publish_every),
        )

    def _accepted(self, path: str) -> str | None:
        return self._sound.get(path) or self._published.get(path)

    def _renew(self, site: Site, signature: str, now: datetime) -> bool:
        stamp = asdict(pipeline.stamp(site, now))
        return restamp(os.fspath(self.site), os.fspath(self._state), owner=_OWNER, signature=signature, **stamp)


class Watch:
    """Builds whenever the files or the time ask for it, and posts what came of it."""

    def __init__(
        self,
        *,
        build: Build,
        board: Board,
        seal: Callable[[], str],
        clock: Callable[[], datetime],
        tell: Callable[[Sequence[Problem], str], None],
        stop: Event,
    ) -> None:
        """Prepare to watch.

        `seal` returns what changes with every change of the files. `tell` hears the problems that a build found, unless
        they are those of the one before, and its outcome in a line. `stop` ends it all.
        """
        self._build, self._board, self._stop = build, board, stop
        self._seal, self._clock, self._tell = seal, clock, tell
        self._draft = Draft(problems=(), site=None)
        self._sealed = ""
        self._built_at = self._renewed_at = _NEVER

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
            draft = replace(self._draft, failure=_failure(error), until=now + RENEW_AFTER)
        took_seconds = perf_counter() - started
        before, self._draft = self._draft, draft
        self._sealed, self._built_at, self._renewed_at = sealed, now, now
        self._board.post(_shown(draft))
        self._tell(draft.problems if draft.problems != before.problems else (), _outcome(draft, took_seconds))

    def _heed(self, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise Stopped


def _shown(draft: Draft) -> Shown:
    said = repr((draft.signature, draft.problems, draft.failure)).encode("utf-8", "surrogatepass")
    version = blake2b(said, digest_size=8).hexdigest()
    return Shown(version=version, problems=draft.problems, failure=draft.failure, site=draft.site)


def _outcome(draft: Draft, took_seconds: float) -> str:
    if draft.failure:
        return f"error: {draft.failure}"
    count = len(draft.problems)
    return f"built in {took_seconds:.2f} s: {count or 'no'} problem{'' if count == 1 else 's'}"


def _failure(error: Exception) -> str:
    """Say why a build broke off: by the line of a template, if that was what failed, else by that of the code."""
    if isinstance(error, PublishError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((frame for frame in reversed(frames) if frame.filename.startswith("templates/")), frames[-1])
    return f"{frame.filename}:{frame.lineno}: {type(error).__name__}: {error}"
