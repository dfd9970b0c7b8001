"""`lagebild watch`, as it is used."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LONG_SECONDS = 120
"""Nothing here takes so long, unless it never comes."""
SITE = """\
name: Example
url: https://status.example.ch
feed_authority: example.ch,2026
time_zone: UTC
languages: {en: en_GB}
publish_every: EVERY
groups: [{id: all, name: All}]
services: [{id: gateway, name: Gateway, group: all}]
probes:
  probers: [zrh1]
  checks:
    - {name: digest, kind: heartbeat, service: gateway, file: BEAT, expect_every: 60s, interval: 1s}
"""
INCIDENT = """\
title: {en: The gateway}
services: {gateway: major_outage}
updates:
  - at: AT
    status: investigating
"""

Watching = Callable[..., subprocess.Popen[bytes]]


def eventually(found: Callable[[], bool]) -> bool:
    """Return whether something comes true, however long it takes within reason."""
    deadline = time.monotonic() + LONG_SECONDS
    while not found():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree whose one check is good."""
    tree, beat = tmp_path / "tree", tmp_path / "beat"
    (tree / "incidents/2026").mkdir(parents=True)
    (tree / "status.yaml").write_text(SITE.replace("BEAT", str(beat)).replace("EVERY", "15m"))
    beat.touch()
    return tree


@pytest.fixture
def watching(tree: Path, checkout: Path, tmp_path: Path) -> Iterator[Watching]:
    """Return a function that starts the command; what it says goes to `said`, and what it started has ended."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "generator", "-C", str(tree), "watch", *map(str, arguments)]
        with (tmp_path / "said").open("ab") as said:
            environment = {**os.environ, "PYTHONPATH": str(checkout)}
            started.append(subprocess.Popen(command, env=environment, stderr=said))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def status(site: Path) -> str:
    """Return the state of the page, empty while there is none."""
    file = site / "status.json"
    return str(json.loads(file.read_text())["status"]) if file.exists() else ""


def faulty_files(site: Path) -> int:
    """Return how many files the site says are faulty, -1 while there is no site."""
    file = site / "heartbeat.json"
    return int(json.loads(file.read_text())["faulty_files"]) if file.exists() else -1


def prober_of(tree: Path) -> int:
    """Return the process that probes, 0 if nobody does."""
    lock = tree / ".lagebild/probes/zrh1/store.sqlite.lock"
    pid = int(lock.read_text().strip() or 0) if lock.exists() else 0
    return pid if pid and Path(f"/proc/{pid}").exists() else 0


def test_what_the_probes_find_is_on_the_page(watching: Watching, tree: Path, tmp_path: Path) -> None:
    """An outage that a probe finds is published, and so is its end, without anybody doing anything."""
    beat, site = tmp_path / "beat", tree / "site"
    watching()

    first = eventually(lambda: status(site) == "operational")
    os.utime(beat, (beat.stat().st_mtime - 7200,) * 2)
    outage = eventually(lambda: status(site) == "major_outage")
    beat.touch()
    over = eventually(lambda: status(site) == "operational")

    assert (first, outage, over) == (True, True, True)


def test_changes_are_built(watching: Watching, tree: Path, tmp_path: Path) -> None:
    """A change of the files is built at once, into the folder that --output names; a faulty file stops no other."""
    site = tmp_path / "www"
    watching("--no-probes", "--output", site)
    first = eventually(lambda: status(site) == "operational")
    (tree / "incidents/2026/faulty.yaml").write_text("{")
    (tree / "incidents/2026/down.yaml").write_text(INCIDENT.replace("AT", "2026-01-01 09:00"))

    outage = eventually(lambda: status(site) == "major_outage")

    assert (first, outage) == (True, True)
    assert not (tree / "site").exists()
    assert not (tree / "observations").exists()
    assert eventually(lambda: "incidents/2026/faulty.yaml" in (tmp_path / "said").read_text())


@pytest.mark.parametrize("gone", ["incidents", "incidents/2026", "incidents/2026/down.yaml"])
def test_what_is_away_is_not_forgotten(watching: Watching, tree: Path, tmp_path: Path, gone: str) -> None:
    """An outage whose file or folder is away stays on the page, is told and counted, until it is back."""
    site, file = tree / "site", tree / "incidents/2026/down.yaml"
    file.write_text(INCIDENT.replace("AT", "2026-01-01 09:00"))
    watching("--no-probes")
    first = eventually(lambda: faulty_files(site) == 0)

    (tree / gone).rename(tmp_path / "away")
    missed = eventually(lambda: faulty_files(site) == 1)
    during = status(site)
    (tmp_path / "away").rename(tree / gone)
    found = eventually(lambda: faulty_files(site) == 0)

    assert (first, missed, found) == (True, True, True)
    assert (during, status(site)) == ("major_outage", "major_outage")
    assert "incidents/2026/down.yaml: incident-deleted: " in (tmp_path / "said").read_text()


def test_the_promise_is_kept(watching: Watching, tree: Path, tmp_path: Path) -> None:
    """While nothing changes the heartbeat goes on, as often as status.yaml promises, and nobody is told."""
    file = tree / "status.yaml"
    file.write_text(file.read_text().replace("15m", "1s"))
    watching("--no-probes")
    beats: set[str] = set()

    def several() -> bool:
        heartbeat = tree / "site/heartbeat.json"
        if heartbeat.exists():
            beats.add(json.loads(heartbeat.read_text())["generated_at"])
        return len(beats) >= 3

    assert eventually(several)
    assert re.fullmatch(r"built in \d+\.\d\d s: no problems\n", (tmp_path / "said").read_text())


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nobody_is_left_behind(signal_: signal.Signals, watching: Watching, tree: Path) -> None:
    """When it ends, however it ends, the prober ends too; told to end, it ends with 0."""
    process = watching()
    began = eventually(lambda: (tree / ".lagebild/probes/zrh1/store.sqlite").exists() and prober_of(tree) != 0)

    process.send_signal(signal_)
    ended = process.wait(LONG_SECONDS)

    assert began
    assert ended == (-signal.SIGKILL if signal_ == signal.SIGKILL else 0)
    assert eventually(lambda: prober_of(tree) == 0)


def test_a_prober_that_ends_is_started_again(watching: Watching, tree: Path) -> None:
    """A prober that was killed is replaced."""
    watching()
    eventually(lambda: prober_of(tree) != 0)
    first = prober_of(tree)

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: prober_of(tree) not in (0, first))


def test_called_wrongly(lagebild: Callable[..., subprocess.CompletedProcess[str]], tree: Path) -> None:
    """A prober that is not in status.yaml is a wrong call, as with `probe run`."""
    done = lagebild("-C", tree, "watch", "--prober", "lsn1")

    assert done.returncode == 2
    assert '"lsn1" is not a prober in status.yaml; --prober takes zrh1' in done.stderr
