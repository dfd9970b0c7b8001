"""That a job has run: a file whose content is the time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["beat", "beat_file", "last_beat"]


def beat_file(state: Path, name: str) -> Path:
    """Return where the beat of a check is kept, below a prober's own folder."""
    return state / "beats" / name


def beat(state: Path, name: str, at: datetime) -> None:
    """Note that a job has run; replaced as a whole, so that nobody reads half of it."""
    file = beat_file(state, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{name}.{os.getpid()}")
    aside.write_text(at.astimezone(UTC).isoformat() + "\n")
    aside.replace(file)


def last_beat(file: Path) -> datetime | None:
    """Return when a job ran last: what its file says, else when the file was changed; None if there is none."""
    try:
        text, changed = file.read_text(errors="replace")[:64].strip(), file.stat().st_mtime
    except OSError:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(changed, UTC)
    return at if at.tzinfo else datetime.fromtimestamp(changed, UTC)
