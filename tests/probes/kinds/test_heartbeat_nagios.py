"""The kinds `heartbeat` and `nagios`."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from probes.beats import beat
from probes.kind import Ground
from probes.model import Outcome, Reason
from tests.probes.lab.plans import check_of, look

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DIGEST = {"expect_every": "24h", "grace": "2h"}


@pytest.mark.parametrize(
    ("hours", "outcome", "since_hours"),
    [(0, Outcome.OPERATIONAL, 0), (26, Outcome.OPERATIONAL, 0), (26.1, Outcome.OUTAGE, 26), (200, Outcome.OUTAGE, 26)],
)
def test_beats(ground: Ground, hours: float, outcome: Outcome, since_hours: float) -> None:
    """A job is overdue from its deadline on, however late that is noticed."""
    beat(ground.state, "it", NOON)
    later = replace(ground, now=lambda: NOON + timedelta(hours=hours))

    (found,) = look(check_of("heartbeat", **DIGEST), later)

    assert (found.outcome, found.since) == (outcome, NOON + timedelta(hours=since_hours))
    assert found.reason is (Reason.OVERDUE if outcome.bad else None)


def test_never_beaten(ground: Ground) -> None:
    """A job that has never reported may not have been set up yet."""
    (found,) = look(check_of("heartbeat", **DIGEST), ground)

    assert found.outcome is Outcome.UNKNOWN


def test_file_of_the_job(ground: Ground, tmp_path: Path) -> None:
    """A file that a job leaves anyway is as good as a beat: its time of change counts."""
    file = tmp_path / "digest.log"
    file.write_text("4711 digests sent\n")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    later = replace(ground, now=lambda: NOON + timedelta(hours=30))

    (found,) = look(check_of("heartbeat", file=file, **DIGEST), later)

    assert (found.outcome, found.since) == (Outcome.OUTAGE, NOON + timedelta(hours=26))


def script(folder: Path, text: str) -> Path:
    """Write a plugin."""
    file = folder / "check_it"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(0, Outcome.OPERATIONAL), (1, Outcome.DEGRADED), (2, Outcome.OUTAGE), (3, Outcome.UNKNOWN), (42, Outcome.UNKNOWN)],
)
def test_codes(ground: Ground, tmp_path: Path, code: int, outcome: Outcome) -> None:
    """The plugin's exit code says how it is."""
    plugin = script(tmp_path, f"echo 'IT - fine | time=0.5s;1;2;0 size=12KB'; exit {code}")

    (found,) = look(check_of("nagios", command=[plugin]), ground)

    assert (found.outcome, found.note) == (outcome, "IT - fine")
    assert found.figures == {"time": 0.5, "size": 12}


def test_real_plugin(ground: Ground) -> None:
    """A plugin of the Monitoring Plugins works as it is."""
    plugin = Path("/usr/lib/nagios/plugins/check_dummy")
    if not plugin.exists():
        pytest.skip("not installed here: check_dummy (Debian: monitoring-plugins-basic)")

    (found,) = look(check_of("nagios", command=[plugin, "2", "gone"]), ground)

    assert (found.outcome, found.reason, found.note) == (Outcome.OUTAGE, Reason.PLUGIN, "CRITICAL: gone")


def test_missing_plugin(ground: Ground) -> None:
    """A plugin that is not there says nothing of the service."""
    (found,) = look(check_of("nagios", command=["/no/such/plugin"]), ground)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "/no/such/plugin: No such file or directory")


def test_hanging_plugin(ground: Ground, tmp_path: Path) -> None:
    """A plugin that hangs is ended with all it has started."""
    mark = tmp_path / "child"
    plugin = script(tmp_path, f"sh -c 'echo $$ > {mark}; exec sleep 600' & wait")

    (found,) = look(check_of("nagios", command=[plugin], timeout="1s"), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.TIMEOUT)
    child = int(mark.read_text())
    until = time.monotonic() + 10
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < until, "the plugin's child still runs"
        time.sleep(0.02)


def test_talkative_plugin(ground: Ground, tmp_path: Path) -> None:
    """A plugin may talk without end; only the beginning is kept."""
    plugin = script(tmp_path, "head -c 5000000 /dev/zero | tr '\\0' x; exit 0")

    (found,) = look(check_of("nagios", command=[plugin]), ground)

    assert found.outcome is Outcome.OPERATIONAL
    assert len(found.note) == 200


def test_environment_stays_here(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prober's passwords are not the plugin's business."""
    monkeypatch.setitem(os.environ, "PROBE_PASSWORD", "s3cret-canary")

    (found,) = look(check_of("nagios", command=[script(tmp_path, "env | grep -c canary; exit 0")]), ground)

    assert found.note == "0"
