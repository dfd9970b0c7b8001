"""When the absence of an alert means something."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from probes.monitoring.alerts import Alert
from probes.monitoring.watchdog import asleep, awake_since

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WITHIN = timedelta(minutes=5)


def heard(seconds_ago: float, name: str = "Watchdog", state: str = "active") -> Alert:
    """Return an alert that Alertmanager heard of so long ago."""
    updated_at = NOON - timedelta(seconds=seconds_ago)
    return Alert(fingerprint="f", labels={"alertname": name}, starts_at=NOON, updated_at=updated_at, state=state)


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ([heard(149)], ""),
        ([heard(500), heard(10)], ""),
        ([heard(10, state="suppressed")], ""),
        ([heard(-29)], ""),
        ([heard(-31)], "the clock of Alertmanager is 31 s ahead"),
        ([heard(151)], "the alert Watchdog was last heard of 151 s ago"),
        ([heard(10, name="Down")], "the alert Watchdog does not fire"),
        ([], "the alert Watchdog does not fire"),
        ([Alert(fingerprint="f", labels={"alertname": "Watchdog"}, starts_at=NOON)], "does not fire"),
    ],
)
def test_asleep(alerts: list[Alert], said: str) -> None:
    """A source is awake whose watchdog, silenced or not, was confirmed within two and a half minutes."""
    assert bool(asleep(alerts, "Watchdog", NOON)) is bool(said)
    assert said in asleep(alerts, "Watchdog", NOON)


def seen(state: Path, seconds: float, *, sleeping: bool = False) -> float:
    """Note a look so long after noon; return for how long the source has been awake."""
    now = NOON + timedelta(seconds=seconds)
    return (now - awake_since(state, "am", now, within=WITHIN, sleeping=sleeping)).total_seconds()


def test_streak(tmp_path: Path) -> None:
    """A source is awake since the first of the looks in a row that found it so; each check counts by itself."""
    assert [seen(tmp_path, second) for second in (0, 30, 330)] == [0, 30, 330]
    assert awake_since(tmp_path, "other", NOON, within=WITHIN, sleeping=False) == NOON


def test_streak_ends(tmp_path: Path) -> None:
    """A look that finds it asleep begins anew, and so do a long time without a look and a clock that was put back."""
    looks = [(0, False), (30, True), (60, False), (90, False)]

    assert [seen(tmp_path, second, sleeping=sleeping) for second, sleeping in looks] == [0, 0, 0, 30]
    assert [seen(tmp_path, 391), seen(tmp_path, 400)] == [0, 9]
    assert [seen(tmp_path, 300), seen(tmp_path, 330)] == [0, 30]


@pytest.mark.parametrize("content", [b"", b"yesterday", b"2026-11-24T12:00:00", b"\xff", b"2027-01-01T00:00:00+00:00"])
def test_spoilt_file(tmp_path: Path, content: bytes) -> None:
    """A file that says nothing counts as none."""
    seen(tmp_path, 0)
    (tmp_path / "awake" / "am").write_bytes(content)
    os.utime(tmp_path / "awake" / "am", (NOON.timestamp(), NOON.timestamp()))

    assert [seen(tmp_path, second) for second in (10, 20)] == [0, 10]
