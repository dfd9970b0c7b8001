"""Since when a check's messages have been put off ("try again later"), one after the other."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

__all__ = ["put_off", "taken"]


def put_off(state: Path, check: str, at: datetime, within: timedelta) -> datetime:
    """Note that a message has been put off; return since when this has been so without one that was taken.

    Two that are further apart than `within` do not follow each other. Kept in a file below the prober's own folder,
    whose content is the beginning and whose age is the last time, so that a restarted prober counts on.
    """
    file = _file(state, check)
    since = min(_since(file, at - within) or at, at)
    with contextlib.suppress(OSError):  # a disk that is full says nothing of the service
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{check}.{os.getpid()}")
        aside.write_text(since.astimezone(UTC).isoformat())
        os.utime(aside, (at.timestamp(), at.timestamp()))
        aside.replace(file)
    return since


def taken(state: Path, check: str) -> None:
    """Note that a message has been taken."""
    with contextlib.suppress(OSError):
        _file(state, check).unlink()


def _since(file: Path, earliest: datetime) -> datetime | None:
    try:
        last = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        since = datetime.fromisoformat(file.read_text())
    except (OSError, ValueError):
        return None
    return since if last >= earliest and since.tzinfo else None


def _file(state: Path, check: str) -> Path:
    return state / "put-off" / check
