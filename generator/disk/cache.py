"""The cache: results of earlier builds, all of which can be lost.

A build without news must load nothing heavy, so this module does without dataclasses, typing and pathlib.
"""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH103, PTH108, PTH112, PTH116, PTH118, PTH120

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence

from generator.disk.files import read, replace

_VERSION = 1
_STATE = "build.json"
_DIGEST_BYTES = 16


def fingerprint(roots: Sequence[str]) -> str:
    """Return a digest of all that `stat` says of the files below the roots, or of the roots that are files.

    It changes with every file that appears, goes, is written or replaced; take it before the files are read.
    Links to folders are not followed below a root; a root may be one. Compiled code does not count.
    """
    seal = hashlib.sha256()
    for root in roots:
        lines = sorted(_lines(root))
        seal.update(f"{root}\0{len(lines)}\n".encode("utf-8", "surrogateescape"))
        seal.update("".join(lines).encode("utf-8", "surrogateescape"))
    return seal.hexdigest()


def _lines(root: str) -> Iterator[str]:
    if not os.path.isdir(root):
        yield _line("", root)
        return
    waiting = [""]
    while waiting:
        above = waiting.pop()
        try:
            entries = os.scandir(f"{root}/{above}")
        except OSError as error:
            yield f"{above}\0{error.errno}\n"
            continue
        with entries:
            for entry in entries:
                path = above + entry.name
                if entry.name == "__pycache__":  # follows from the files beside it, which count
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                    yield f"{path}/\n"
                elif entry.is_symlink():
                    yield _line(path, entry.path)
                else:
                    yield f"{path}\0{_state(entry.stat(follow_symlinks=False))}\n"


def _line(path: str, full: str) -> str:
    try:
        return f"{path}\0{_state(os.stat(full))}\n"
    except OSError as error:
        return f"{path}\0{error.errno}\n"


def _state(state: os.stat_result) -> str:
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino} {state.st_mode}"


def load(state_dir: str) -> dict[str, object] | None:
    """Return what the last build remembered; None if there is nothing, or nothing whole."""
    try:
        state = json.loads(read(os.path.join(state_dir, _STATE)) or b"")
    except (RecursionError, ValueError):
        return None
    if not isinstance(state, dict) or state.pop("version", None) != _VERSION:
        return None
    return state


def store(state_dir: str, state: Mapping[str, object]) -> None:
    """Remember the state for the next build; on a disk that refuses, the next build takes the long way."""
    data = json.dumps({"version": _VERSION, **state}, sort_keys=True).encode("utf-8")
    _keep(os.path.join(state_dir, _STATE), data)


def forget(state_dir: str) -> None:
    """Let the next build take the long way."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(state_dir, _STATE))


def _keep(path: str, data: bytes) -> None:
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace(path, data)


class Memo:
    """A small mapping that outlives the process: results, by a key that says everything they depend on.

    A damaged entry is an absent one. Beyond `limit` entries the oldest go.
    """

    __slots__ = ("_folder", "_limit")

    def __init__(self, state_dir: str, name: str, *, limit: int = 256) -> None:
        self._folder = os.path.join(state_dir, "memo", name)
        self._limit = limit

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key, if it is still there and whole."""
        found = read(self._path(key))
        if found is None or found[:_DIGEST_BYTES] != _digest(key, found[_DIGEST_BYTES:]):
            return None
        return found[_DIGEST_BYTES:]

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; on a disk that refuses, it is not kept."""
        _keep(self._path(key), _digest(key, value) + value)
        self._thin_out()

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, _digest(key, b"").hex())

    def _thin_out(self) -> None:
        with contextlib.suppress(OSError):  # Another build may be at it.
            with os.scandir(self._folder) as entries:
                aged = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
            for _, path in aged[: -self._limit]:
                os.unlink(path)


def _digest(key: str, value: bytes) -> bytes:
    name = key.encode("utf-8")
    return hashlib.blake2b(len(name).to_bytes(8, "big") + name + value, digest_size=_DIGEST_BYTES).digest()
