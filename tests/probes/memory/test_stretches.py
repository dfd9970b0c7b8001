"""Since when something has been so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from probes.memory.stretches import forget, unbroken_since
from tests.probes.conftest import NotesInMemory

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def since(notes: NotesInMemory, minutes: float, name: str = "it") -> float:
    """Note that something is so, some minutes after noon; return since how many minutes after noon it has been."""
    found = unbroken_since(notes, name, NOON + minutes * MINUTE, within=15 * MINUTE)
    return (found - NOON) / MINUTE


def test_in_a_row() -> None:
    """Times that follow each other count from the first one on; each name counts by itself."""
    notes = NotesInMemory()

    assert [since(notes, 0), since(notes, 1, "other"), *(since(notes, 5 * n) for n in range(1, 10))] == [0, 1, *[0] * 9]


def test_forgotten() -> None:
    """What is forgotten starts again; there need not have been anything to forget."""
    notes = NotesInMemory()
    forget(notes, "it")
    since(notes, 0)
    forget(notes, "it")

    assert since(notes, 5) == 5


def test_far_apart() -> None:
    """A prober that was not running knows nothing of what was in between."""
    notes = NotesInMemory()

    assert [since(notes, 0), since(notes, 16)] == [0, 16]


def test_put_back() -> None:
    """A clock that was put back starts again, unless it was adjusted by a little."""
    notes = NotesInMemory()

    assert [since(notes, 10), since(notes, 9.6), since(notes, 3)] == [10, 9.6, 3]


@pytest.mark.parametrize("noted", ["yesterday", "2026-11-24T12:00:00 2026-11-24T12:00:00", "2026-11-24T12:00:00+00:00"])
def test_spoilt_note(noted: str) -> None:
    """A note that says nothing counts as none."""
    notes = NotesInMemory()
    notes.note("it", noted)

    assert [since(notes, 1), since(notes, 2)] == [1, 1]
