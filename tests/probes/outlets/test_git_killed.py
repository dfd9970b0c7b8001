"""Four probers and one member of staff push to one repository, and the probers are killed at random."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from probes.events import Event, EventKind, path_of
from tests.conftest import CHECKOUT
from tests.probes.outlets.test_git import git

pytestmark = pytest.mark.slow

PROBERS, EVENTS, COMMITS = 4, 12, 12
LONGEST_SECONDS = 90

# A prober that concludes twelve things, and publishes them as `probes.outlets.delivery` does, whatever happens to it.
PROBER = """
import random, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from probes.events import Event, EventKind, path_of, serialize
from probes.outlets.git import GitOutlet
from probes.model import Repository
from probes.outlets.delivery import Delivery
from probes.memory.store import opened

name, remote, state = sys.argv[1], sys.argv[2], Path(sys.argv[3])
outlet = GitOutlet(Repository(remote=remote), state, chance=random.Random(name))
with opened(state / "store.sqlite") as store:
    post = Delivery(store, outlet, lambda line: None)
    while (number := int(store.noted("concluded") or 0)) < int(sys.argv[4]):
        at = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=number)
        event = Event(event=EventKind.BLIND, id=f"{number:016x}", prober=name, at=at, since=at)
        store.note("concluded", str(number + 1), {path_of(event): serialize(event)})
        post.deliver()
    while store.outbox():
        post.deliver()
"""


def test_nothing_lost_nothing_twice(tmp_path: Path) -> None:
    """Every event is committed once, every file of staff stays, and the repository is sound."""
    remote, staff = tmp_path / "remote.git", tmp_path / "staff"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(staff))
    git(staff, "checkout", "--quiet", "-B", "main")
    git(staff, "commit", "--quiet", "--allow-empty", "-m", "begin")
    git(staff, "push", "--quiet", "origin", "main")
    names = [f"prober{number}" for number in range(PROBERS)]
    running = {name: _start(name, remote, tmp_path) for name in names}
    chance, committed, kills, until = random.Random(11), 0, 0, time.monotonic() + LONGEST_SECONDS  # noqa: S311
    while running or committed < COMMITS:
        assert time.monotonic() < until, "the probers never came to an end"
        if committed < COMMITS and _commit(staff, committed):
            committed += 1
        time.sleep(chance.uniform(0.05, 0.25))
        for name, process in list(running.items()):
            if process.poll() is not None:
                assert process.returncode in (0, -signal.SIGKILL)
                if process.returncode == 0:
                    del running[name]
                else:
                    running[name] = _start(name, remote, tmp_path)
        if running and kills < 40:
            os.kill(running[chance.choice(sorted(running))].pid, signal.SIGKILL)
            kills += 1

    assert kills >= 20
    at = datetime(2026, 11, 24, tzinfo=UTC)
    expected = {
        path_of(Event(event=EventKind.BLIND, id=f"{number:016x}", prober=name, at=at.replace(minute=number), since=at))
        for name in names
        for number in range(EVENTS)
    }
    listed = set(git(remote, "ls-tree", "-r", "--name-only", "main").split())
    assert listed == expected | {f"incidents/2026/{number}.yaml" for number in range(COMMITS)}
    added = git(remote, "log", "--diff-filter=A", "--name-only", "--format=", "main").split()
    assert [path for path, times in Counter(added).items() if times > 1] == []
    assert git(remote, "log", "--diff-filter=MDR", "--name-only", "--format=", "main").split() == []
    assert "error" not in git(remote, "fsck", "--no-dangling", "--no-progress")


def _start(name: str, remote: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROBER, name, str(remote), str(folder / name), str(EVENTS)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


def _commit(staff: Path, number: int) -> bool:
    """Commit a file as a person would; return whether nobody was faster."""
    path = staff / "incidents/2026" / f"{number}.yaml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("services: {}\n")
        git(staff, "add", ".")
        git(staff, "commit", "--quiet", "-m", f"incident {number}")
    git(staff, "pull", "--quiet", "--rebase", "origin", "main")
    pushed = subprocess.run(
        ["git", "-C", str(staff), "push", "--quiet", "origin", "main"], capture_output=True, check=False
    )
    return pushed.returncode == 0
