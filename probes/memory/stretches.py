"""Stretches: tells since when something has been so without a gap, across restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from probes.kind import Notes

__all__ = ["forget", "unbroken_since"]

_SKEW = timedelta(seconds=30)
"""How far ahead the last time may lie: clocks are adjusted by a little."""


def unbroken_since(notes: Notes, name: str, now: datetime, *, within: timedelta) -> datetime:
    """Note that something is so now; return since when it has been.

    Two times further apart than `within` do not belong together.
    """
    since = _since(notes.noted(name), now, within) or now
    notes.note(name, f"{since.astimezone(UTC).isoformat()} {now.astimezone(UTC).isoformat()}")
    return min(since, now)


def forget(notes: Notes, name: str) -> None:
    """Note that it is no longer so."""
    if notes.noted(name):
        notes.note(name, "")


def _since(noted: str, now: datetime, within: timedelta) -> datetime | None:
    try:
        since, last = map(datetime.fromisoformat, noted.split())
        return since if since <= last <= now + _SKEW and now - last <= within else None
    except (ValueError, TypeError):  # nothing noted yet, or something else
        return None
