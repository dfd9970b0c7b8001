"""Beats: records when a job last ran, as the age of a file: another process than the prober reports it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["beat", "beat_file", "last_beat"]


def beat_file(state: Path, name: str) -> Path:
    """Return where the beat of a check is kept, below a prober's own folder."""
    return state / "beats" / name


def beat(state: Path, name: str, at: datetime) -> None:
    """Note that a job has run; the file is replaced whole, so that nobody reads half a beat."""
    file = beat_file(state, name)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.mkdir(exist_ok=True)
    aside = file.with_name(f".{name}.{os.getpid()}")
    aside.write_text(at.astimezone(UTC).isoformat() + "\n")  # for people; its age alone counts
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
