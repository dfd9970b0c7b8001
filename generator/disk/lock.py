"""Lock: let one build at a time work on a tree."""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH103, PTH118

from __future__ import annotations

import contextlib
import fcntl
import os
import time

from generator.disk.errors import REFUSALS, PublishError

_RETRY_SECONDS = 0.05


class Lock:
    """The right to work on a tree; it ends with the `with` block, or with the process."""

    __slots__ = ("_file",)

    def __init__(self, file: int) -> None:
        self._file = file

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        os.close(self._file)


def acquire(state_dir: str, *, wait_seconds: float = 30) -> Lock:
    """Wait for the right to work on the tree whose state is kept in `state_dir` (made if absent).

    Raises:
        PublishError: `locked` if another process still has it after `wait_seconds`; `disk`.
    """
    path = os.path.join(state_dir, "lock")
    with REFUSALS:
        os.makedirs(state_dir, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            taken = _take(file, wait_seconds)
            if taken:
                _sign(file)
                return Lock(file)
            holder = os.pread(file, 20, 0).decode("ascii", "replace").strip() or "unknown"
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise PublishError(
        "locked",
        f"another build (process {holder}) has been at work on this tree for {wait_seconds:g} s",
        hint="wait until it is done, or end it, and build again",
    )


def _take(file: int, wait_seconds: float) -> bool:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
        time.sleep(_RETRY_SECONDS)


def _sign(file: int) -> None:
    """Leave the process's number for the message of who waits in vain."""
    with contextlib.suppress(OSError):  # A full disk does not make the lock less of a lock.
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
