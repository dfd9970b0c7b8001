"""The steps of a publication: survey the target, place each output, clear away the rest."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from generator.disk.errors import REFUSALS
from generator.disk.files import holds, replace
from generator.formats.output import Output
from generator.publish.folder import EntryKind, TargetFolder, ancestors, judge, make_room, prune, remove, survey
from generator.publish.manifest import Ledger, Manifest
from generator.publish.options import Target
from generator.publish.owner import KEPT, claim
from generator.time_slots import Stamp, fill

ASSETS = "assets/"


@dataclass(slots=True, kw_only=True)
class Publication:
    """A publication on its way."""

    target: TargetFolder
    ledger: Ledger
    old: Manifest
    new: Manifest
    stamp: Stamp
    """The build's time, for the slots of stamped outputs."""
    sound: Set[str]
    """Files that stand there as they were published, from the same inputs."""
    leaving: Collection[str]
    foreign: Collection[str]
    written: int = 0
    unchanged: int = 0
    skipped: int = 0
    removed: int = 0


def begin(outputs: Collection[Output], target: Target, stamp: Stamp, *, clean: bool) -> Publication:
    """Judge what stands in the target, and write down what is about to be created.

    Raises:
        PublishError: The site cannot be published there; nothing was changed.
    """
    paths = frozenset(output.path for output in outputs)
    root, owner = os.fspath(target.folder), target.owner
    with REFUSALS:
        claim(root, owner)
        found = survey(root)
        ledger = Ledger(os.fspath(target.state), root)
        known = ledger.manifest()
        old = Manifest(owner) if clean or known is None or known.owner != owner else known
        pending = ledger.pending()
        files = {path for path, kind in found.kinds.items() if kind != EntryKind.FOLDER} - KEPT
        ours = files if clean else (old.paths() | pending) - KEPT
        judge(found, paths, ours)
        sound = {output.path for output in outputs if output.path not in pending and _is_sound(output, old, found)}
        new = Manifest(owner)
        new.former = _former_assets(old, paths, found)
        ledger.begin(pending | (paths - sound - old.stamped.keys()))
    return Publication(
        target=found,
        ledger=ledger,
        old=old,
        new=new,
        stamp=stamp,
        sound=sound,
        leaving=sorted(ours - paths - set(new.former)),
        foreign=sorted(files - paths - ours),
    )


def _is_sound(output: Output, old: Manifest, target: TargetFolder) -> bool:
    inputs, size, mtime_ns = old.files.get(output.path, ("", 0, 0))
    if output.stamped or inputs != output.inputs or target.kinds.get(output.path) != EntryKind.FILE:
        return False
    state = os.lstat(target.full(output.path))
    return (state.st_size, state.st_mtime_ns) == (size, mtime_ns)


def _former_assets(old: Manifest, paths: Set[str], target: TargetFolder) -> list[str]:
    """Return the previous generation of assets, which browsers with an older page open still need."""
    then = {path for path in old.files if path.startswith(ASSETS)}
    now = {path for path in paths if path.startswith(ASSETS)}
    former = old.former if then == now else then - now
    return sorted(path for path in former if path not in paths and path in target.kinds)


def due(run: Publication, outputs: Sequence[Output]) -> list[Output]:
    """Return the outputs that have to be rendered: neither do they stand there already, nor only lack the time."""
    stamped = {path for path, (_, digest) in run.old.stamped.items() if run.ledger.unstamped(digest) is not None}
    return [
        output
        for output in outputs
        if output.path not in run.sound
        and not (output.path in stamped and run.old.stamped[output.path][0] == output.inputs)
    ]


def place(run: Publication, output: Output) -> None:
    """See to it that one output stands in the target."""
    path = output.path
    if path in run.sound:
        run.new.files[path] = run.old.files[path]
        run.skipped += 1
        return
    data, rendered = _filled(run, output) if output.stamped else (output.render(), True)
    with REFUSALS:
        full = run.target.full(path)
        state = holds(full, data) if run.target.kinds.get(path) == EntryKind.FILE else None
        if state is None:
            run.removed += make_room(run.target, path)
            state = replace(full, data)
            run.target.kinds[path] = EntryKind.FILE
            run.written += 1
        elif rendered:
            run.unchanged += 1
        else:
            run.skipped += 1
    if not output.stamped:
        run.new.files[path] = (output.inputs, state.st_size, state.st_mtime_ns)


def _filled(run: Publication, output: Output) -> tuple[bytes, bool]:
    """Return the bytes with the build's time in them, and whether they had to be rendered."""
    inputs, digest = run.old.stamped.get(output.path, ("", ""))
    plain = run.ledger.unstamped(digest) if inputs == output.inputs else None
    rendered = plain is None
    if plain is None:
        plain = output.render()
    with REFUSALS:
        run.new.stamped[output.path] = (output.inputs, run.ledger.keep_unstamped(plain))
    return fill(plain, **run.stamp.values()), rendered


def clear(run: Publication) -> None:
    """Remove what is no output any more, and the folders that this leaves empty."""
    with REFUSALS:
        run.removed += sum([remove(run.target, path) for path in run.leaving])
        prune(run.target, {folder for path in run.leaving for folder in ancestors(path)})


def end(run: Publication) -> None:
    """Remember what was published."""
    with REFUSALS:
        run.ledger.end(run.new)
