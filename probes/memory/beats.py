"""That a job has run: a file that is as old as its last run."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["beat", "beat_file", "last_beat"]


def beat_file(state: Path, name: str) -> Path:
    """Return where the beat of a check is kept, below a prober's own folder."""
    return state / "beats" / name


def beat(state: Path, name: str, at: datetime) -> None:
    """Note that a job has run; replaced as a whole, so that nobody sees a beat that is only half made."""
    file = beat_file(state, name)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.mkdir(exist_ok=True)
    aside = file.with_name(f".{name}.{os.getpid()}")
    aside.write_text(at.astimezone(UTC).isoformat() + "\n")  # for who looks; its age alone counts
    os.utime(aside, (at.timestamp(), at.timestamp()))
    aside.replace(file)


def last_beat(file: Path) -> datetime | None:
    """Return when a file was last changed; None if there is none.

    Raises:
        OSError: It cannot be looked at.
    """
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
