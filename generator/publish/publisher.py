"""The only writer of site/.

Each file is replaced in one step, assets land before the pages that name them, removals come after all pages, and the
heartbeat tells last. What is about to be created is written down before it is, so a publication that was interrupted,
at any moment, leaves nothing behind that the next one does not put right.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from generator.disk.errors import PublishError, printable
from generator.disk.files import TEMPORARY
from generator.disk.lock import Lock, acquire
from generator.formats.output import Output
from generator.publish.folder import ancestors
from generator.publish.options import BuildOptions, Target
from generator.publish.owner import KEPT
from generator.publish.rendered import rendered
from generator.publish.steps import ASSETS, begin, clear, due, end, place
from generator.time_slots import Stamp

__all__ = ["HEARTBEAT", "PublishError", "Report", "publish"]

HEARTBEAT = "heartbeat.json"
DEFAULTS = BuildOptions()


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
    target: Target,
    stamp: Stamp,
    options: BuildOptions = DEFAULTS,
    *,
    lock: Lock | None = None,
) -> Report:
    """Bring the target to what the outputs say, writing only what differs.

    `lock` is the lock of the target's state, if the caller holds it already.

    Raises:
        PublishError: With the code `disk`, each file is the old or the new one, whole; else nothing was changed.
        ValueError: The outputs contradict each other; nothing was changed.
    """
    ordered = _in_order(outputs)
    with nullcontext() if lock else acquire(os.fspath(target.state), wait_seconds=options.wait_seconds):
        run = begin(ordered, target, stamp, clean=options.clean)
        with rendered(due(run, ordered)) as at_hand:
            for done, output in enumerate(ordered, 1):
                if output.path == HEARTBEAT:
                    clear(run)
                place(run, at_hand(output))
                if options.progress:
                    options.progress(done, len(ordered))
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
