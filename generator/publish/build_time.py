"""Renewing a published site: the same files, with a new time of building in them.

It loads nothing but light modules, for most builds take this way.
"""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH112

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from generator.disk.errors import PublishError
from generator.disk.files import holds, read, replace
from generator.disk.lock import acquire
from generator.publish.manifest import MARK, Ledger, Manifest, mark_of
from generator.time_slots import Stamp, fill


def renew(target: str, state_dir: str, *, owner: str, signature: str, stamp: Stamp) -> bool:
    """Fill the slots of a published site again, the heartbeat last, if all of it still stands there.

    `signature` names the publication that is meant (`Report.signature` of `generator.publish.publisher`).
    Return False, for the long way to find out why, if anything is not as that publication left it, if another build
    is at work, or if the disk refuses.
    """
    try:
        if not os.path.isdir(state_dir):
            return False
        with acquire(state_dir, wait_seconds=0):
            ledger = Ledger(state_dir, target)
            manifest = ledger.manifest()
            if manifest is None or ledger.unfinished() or (manifest.owner, manifest.signature) != (owner, signature):
                return False
            if read(f"{target}/{MARK}") != mark_of(owner) or not _stands(target, manifest):
                return False
            plain = {path: ledger.unstamped(digest) for path, (_, digest) in manifest.stamped.items()}
            filled = {path: fill(data, **stamp.values()) for path, data in plain.items() if data is not None}
            if len(filled) < len(plain):
                return False
            for path, data in filled.items():
                _put(f"{target}/{path}", data)
    except (OSError, PublishError):
        return False
    return True


def _stands(target: str, manifest: Manifest) -> bool:
    """Return whether every file is as it was left, and every stamped file stands in a folder, not in a link to one."""
    root = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for path, (_, size, mtime_ns) in manifest.files.items():
            state = os.stat(path, dir_fd=root, follow_symlinks=False)
            if state.st_size != size or state.st_mtime_ns != mtime_ns or not stat.S_ISREG(state.st_mode):
                return False
        return all(
            stat.S_ISDIR(os.stat(folder, dir_fd=root, follow_symlinks=False).st_mode)
            for folder in _folders(manifest.stamped)
        )
    finally:
        os.close(root)


def _folders(paths: Iterable[str]) -> set[str]:
    return {path[:at] for path in paths for at, letter in enumerate(path) if letter == "/"}


def _put(path: str, data: bytes) -> None:
    if holds(path, data) is None:
        replace(path, data)
