"""The outlet `tree`: writes event files into the tree itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from probes.observations import path_of
from probes.outlets.outlet import Published, is_ours

__all__ = ["TreeOutlet"]

_RETRY_SECONDS = 30.0


class TreeOutlet:
    """Writes files below a tree, whole and for good: what stands there is never written again."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Write files that are not there yet; a full disk or a missing right is an alarm, and tried again."""
        out: set[str] = set()
        alarm = ""
        for path, data in files.items():
            if not is_ours(path):
                alarm = f"{path!a} is none of ours; it is not written"
                continue
            try:
                known = self._known(path)
                if known is None:
                    _write(self._tree / path, data, durable=True)
                elif known != data:
                    alarm = f"{path} stands there with another content; it is left alone"
                out.add(path)
            except OSError as error:
                alarm = f"{path}: {error.strerror or error}"
        return Published(
            out=frozenset(out), retry_in_seconds=_RETRY_SECONDS if len(out) < len(files) else None, alarm=alarm
        )

    def observe(self, prober: str, data: bytes) -> str:
        """Write what a prober last saw; return what was in the way, for it is written again within a minute."""
        path = path_of(prober)
        try:
            _write(self._tree / path, data, durable=False)
        except OSError as error:
            return f"{path}: {error.strerror or error}"
        return ""

    def _known(self, path: str) -> bytes | None:
        try:
            return (self._tree / path).read_bytes()
        except FileNotFoundError:
            return None


def _write(file: Path, data: bytes, *, durable: bool) -> None:
    """Write a file whole: aside, then renamed. What a killed process has left aside goes."""
    _make(file.parent)
    for left in file.parent.glob(f".{file.name}.*"):
        left.unlink(missing_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with aside.open("wb") as opened:
            opened.write(data)
            if durable:
                opened.flush()
                os.fsync(opened.fileno())
        aside.replace(file)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    if durable:
        _sync(file.parent)


def _make(folder: Path) -> None:
    """Make a folder with those above it, so that none of them is lost when the power is."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
