"""Keeps a site up to date while its files and the time go on, with the probers beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread

from generator import pipeline
from generator.disk.cache import fingerprint
from generator.places import inputs
from generator.preview.board import Board
from generator.preview.draft import NEVER, Draft
from generator.preview.watch import Tell, Watch
from generator.publish import unchanged
from generator.publish.options import BuildOptions, Progress

RESTART_SECONDS = 5.0
"""How long to wait before the probers are started again, should they have ended by themselves."""
END_SECONDS = 45.0
"""How long the probers may take to end: what they have begun to publish is let through."""


def keep(
    tree: Path,
    output: Path,
    *,
    clock: Callable[[], datetime],
    tell: Tell,
    stop: Event,
) -> None:
    """Build a tree at every change until `stop` is set."""
    Watch(
        build=partial(_build, tree, output),
        board=Board(),
        seal=lambda: fingerprint(inputs(str(tree))),
        clock=clock,
        tell=tell,
        stop=stop,
    ).run()


def _build(tree: Path, output: Path, now: datetime, progress: Progress) -> Draft:
    built = pipeline.build(tree, output, now, BuildOptions(keep_going=True, progress=progress))
    return Draft(
        problems=built.problems,
        site=output,
        signature=built.report.signature if built.report else "",
        until=built.until or NEVER,
        renew=lambda at: unchanged.take(str(tree), str(output), at),
        renew_after=built.publish_every or Draft(site=None).renew_after,
    )


@contextmanager
def beside(command: Sequence[str], stop: Event) -> Iterator[None]:
    """Run a command until the end of the block, and start it again should it end before; an empty one is none."""
    if not command:
        yield
        return
    thread = Thread(target=_run, args=(command, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(command: Sequence[str], stop: Event) -> None:
    """Run a command again and again; it ends when its standard input does, so also when this process is killed."""
    while not stop.is_set():
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603 - this very program
            while process.poll() is None and not stop.wait(0.2):
                pass
            _end(process)
        stop.wait(RESTART_SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
