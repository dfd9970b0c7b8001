"""The only writer of site/.

Each file is replaced in one step, assets land before the pages that name them, removals come after all pages, and the
heartbeat tells last. What is about to be created is written down before it is, so a publication that was interrupted,
at any moment, leaves nothing behind that the next one does not put right.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.disk.errors import PublishError, printable
from generator.disk.files import TEMPORARY
from generator.disk.lock import Lock, acquire
from generator.formats.output import Output
from generator.publish.folder import ancestors
from generator.publish.owner import KEPT
from generator.publish.steps import ASSETS, begin, clear, due, end, place
from generator.publish.workers import ahead

__all__ = ["HEARTBEAT", "PublishError", "Report", "Stamp", "publish"]

HEARTBEAT = "heartbeat.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What is filled into the slots of stamped outputs; see `generator.time_slots`."""

    iso: str
    time: str
    due: str = ""
    epoch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a publication did, in files."""

    written: int
    unchanged: int
    """Rendered, and found to stand there already."""
    skipped: int
    """Not even rendered, for their inputs are what they were."""
    removed: int
    foreign: tuple[str, ...]
    """Paths in the target that no build put there: left alone."""
    signature: str
    """Names what was published; `generator.publish.build_time` asks for it."""


def publish(
    outputs: Sequence[Output],
    target: Path,
    state_dir: Path,
    *,
    owner: str,
    stamp: Stamp,
    clean: bool = False,
    progress: Callable[[int, int], None] | None = None,
    lock: Lock | None = None,
    wait_seconds: float = 30,
    jobs: int = 1,
) -> Report:
    """Bring the target to what the outputs say, writing only what differs.

    `owner` is the permanent name of the site. `clean` trusts nothing that stands in the target and removes what is no
    output, as if the target had been emptied before, but without a moment in which files are missing. `progress` hears
    how many outputs of how many are done. `lock` is the lock of `state_dir`, if the caller holds it already. With
    `jobs` over 1 so many processes render; the caller must have no other threads then.

    Raises:
        PublishError: With the code `disk`, each file is the old or the new one, whole; else nothing was changed.
        ValueError: The outputs contradict each other; nothing was changed.
    """
    ordered = _in_order(outputs)
    values = {name: value.encode() for name, value in asdict(stamp).items()}
    state = os.fspath(state_dir)
    with nullcontext() if lock else acquire(state, wait_seconds=wait_seconds):
        run = begin(ordered, os.fspath(target), state, owner=owner, values=values, clean=clean)
        with ahead(due(run, ordered), jobs) as made:
            for done, output in enumerate(ordered, 1):
                if output.path == HEARTBEAT:
                    clear(run)
                place(run, made(output))
                if progress:
                    progress(done, len(ordered))
        clear(run)
        end(run)
    return Report(
        written=run.written,
        unchanged=run.unchanged,
        skipped=run.skipped,
        removed=run.removed,
        foreign=tuple(map(printable, run.foreign)),
        signature=run.new.signature,
    )


def _in_order(outputs: Sequence[Output]) -> list[Output]:
    """Put assets first, stamped outputs (which link to the others) late and the heartbeat last."""
    paths = {output.path for output in outputs}
    if len(paths) != len(outputs):
        raise ValueError("two outputs have the same path")
    folders = {folder for path in paths for folder in ancestors(path)}
    for path in paths:
        parts = path.split("/")
        if path in folders or parts[0] in KEPT or not {"", ".", "..", TEMPORARY}.isdisjoint(parts) or "\0" in path:
            raise ValueError(f"{path!r} cannot be the path of an output")
    return sorted(outputs, key=_rank)


def _rank(output: Output) -> int:
    if output.path.startswith(ASSETS):
        return 0
    if output.path == HEARTBEAT:
        return 3
    return 2 if output.stamped else 1
