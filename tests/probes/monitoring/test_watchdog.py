"""When the absence of an alert means something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from probes.monitoring.alerts import Alert
from probes.monitoring.watchdog import asleep, awake_since
from tests.probes.conftest import NotesInMemory

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


def seen(notes: NotesInMemory, seconds: float, *, sleeping: bool = False) -> float:
    """Note a look so long after noon; return for how long the source has been awake."""
    now = NOON + timedelta(seconds=seconds)
    return (now - awake_since(notes, "am", now, within=WITHIN, sleeping=sleeping)).total_seconds()


def test_streak() -> None:
    """A source is awake since the first of the looks in a row that found it so; each check counts by itself."""
    notes = NotesInMemory()

    assert [seen(notes, second) for second in (0, 30, 330)] == [0, 30, 330]
    assert awake_since(notes, "other", NOON, within=WITHIN, sleeping=False) == NOON


def test_streak_ends() -> None:
    """A look that finds it asleep begins anew, and so do a long time without a look and a clock that was put back."""
    notes = NotesInMemory()
    looks = [(0, False), (30, True), (60, False), (90, False)]

    assert [seen(notes, second, sleeping=sleeping) for second, sleeping in looks] == [0, 0, 0, 30]
    assert [seen(notes, 391), seen(notes, 400)] == [0, 9]
    assert [seen(notes, 300), seen(notes, 330)] == [0, 30]
