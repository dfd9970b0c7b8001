"""Since when messages have been put off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from probes.memory.deferrals import put_off, taken

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_in_a_row(tmp_path: Path) -> None:
    """Those that follow each other count from the first one on."""
    first = put_off(tmp_path, "it", NOON, 15 * MINUTE)
    other = put_off(tmp_path, "other", NOON + MINUTE, 15 * MINUTE)
    later = [put_off(tmp_path, "it", NOON + number * 5 * MINUTE, 15 * MINUTE) for number in range(1, 10)]

    assert (first, other, set(later)) == (NOON, NOON + MINUTE, {NOON})


def test_taken_between(tmp_path: Path) -> None:
    """One that is taken begins the count anew; there need not have been any before."""
    taken(tmp_path, "it")
    put_off(tmp_path, "it", NOON, 15 * MINUTE)
    taken(tmp_path, "it")

    assert put_off(tmp_path, "it", NOON + 5 * MINUTE, 15 * MINUTE) == NOON + 5 * MINUTE


def test_far_apart(tmp_path: Path) -> None:
    """A prober that did not run meanwhile knows nothing of what was between."""
    put_off(tmp_path, "it", NOON, 15 * MINUTE)

    assert put_off(tmp_path, "it", NOON + 16 * MINUTE, 15 * MINUTE) == NOON + 16 * MINUTE


def test_torn_file(tmp_path: Path) -> None:
    """A file that says nothing counts for nothing."""
    put_off(tmp_path, "it", NOON, 15 * MINUTE)
    (tmp_path / "put-off" / "it").write_text("")

    assert put_off(tmp_path, "it", NOON + MINUTE, 15 * MINUTE) == NOON + MINUTE


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Where nothing can be kept each one is the first; that is no failure of the service."""
    (tmp_path / "put-off").write_text("")

    first, second = (put_off(tmp_path, "it", NOON + number * MINUTE, 15 * MINUTE) for number in range(2))
    taken(tmp_path, "it")

    assert (first, second) == (NOON, NOON + MINUTE)
