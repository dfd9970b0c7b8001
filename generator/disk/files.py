"""Files: read whole, and replaced whole."""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH105, PTH108, PTH118, PTH120

from __future__ import annotations

import contextlib
import os
import stat

TEMPORARY = ".lagebild-new"
"""Where a folder's next file is written aside; one that an interrupted build left behind may always go."""


def replace(path: str, data: bytes, *, durable: bool = False) -> os.stat_result:
    """Put the data at the path in one step: whoever reads it sees the old file or the new one, whole.

    A symbolic link at the path is replaced, never followed. `durable` waits until the disk has it.
    """
    aside = os.path.join(os.path.dirname(path), TEMPORARY)
    try:
        result = _write(aside, data, durable=durable)
        os.replace(aside, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        if isinstance(error, OSError) and error.errno is not None:
            raise OSError(error.errno, os.strerror(error.errno), path) from error
        raise
    return result


def _write(path: str, data: bytes, *, durable: bool) -> os.stat_result:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        file = os.open(path, flags, 0o666)
    except FileExistsError:
        os.unlink(path)
        file = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        if durable:
            os.fsync(file)
        return os.fstat(file)
    finally:
        os.close(file)


def read(path: str) -> bytes | None:
    """Return what a regular file holds; None where there is none (a symbolic link is none)."""
    found = _open_regular(path)
    if found is None:
        return None
    file, size = found
    try:
        return _read_all(file, size)
    finally:
        os.close(file)


def holds(path: str, data: bytes) -> os.stat_result | None:
    """Return the state of the regular file at the path if it holds exactly the data, else None."""
    found = _open_regular(path)
    if found is None:
        return None
    file, size = found
    try:
        if size != len(data) or _read_all(file, size) != data:
            return None
        return os.fstat(file)
    finally:
        os.close(file)


def _open_regular(path: str) -> tuple[int, int] | None:
    """Open without following a link, nor waiting for a named pipe; return the descriptor and the size."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    state = os.fstat(file)
    if stat.S_ISREG(state.st_mode):
        return file, state.st_size
    os.close(file)
    return None


def _read_all(file: int, size: int) -> bytes:
    parts = []
    while part := os.read(file, size + 1):
        parts.append(part)
    return b"".join(parts)
