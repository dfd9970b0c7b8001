"""The outlet `git` adds files to a branch, whatever else happens to it."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from probes.events import Event, EventKind, path_of, serialize
from probes.git import GitOutlet
from probes.model import Repository

AT = datetime(2026, 11, 24, 3, 12, 9, tzinfo=UTC)
Run = Callable[..., str]


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return what it prints."""
    who = ["-c", "user.name=Staff", "-c", "user.email=staff@example.ch"]
    ran = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def file(prober: str = "zrh1", number: int = 0) -> dict[str, bytes]:
    """Return the file of an event."""
    id_ = f"{number:016x}"
    event = Event(event=EventKind.BLIND, id=id_, prober=prober, at=AT, since=AT)
    return {path_of(event): serialize(event)}


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Return a bare repository in which staff have committed a file."""
    bare, work = tmp_path / "remote.git", tmp_path / "staff"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), str(work))
    (work / "status.yaml").write_text("name: Example\n")
    git(work, "checkout", "--quiet", "-B", "main")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "status: begin")
    git(work, "push", "--quiet", "origin", "main")
    return bare


def outlet(remote: Path, state: Path, **changes: str) -> GitOutlet:
    """Return an outlet that never really waits."""
    repository = replace(Repository(remote=str(remote)), **changes)
    return GitOutlet(repository, state, chance=random.Random(1), sleep=lambda _: None)  # noqa: S311


def listed(remote: Path, ref: str = "main") -> list[str]:
    """Return the files of a branch."""
    return git(remote, "ls-tree", "-r", "--name-only", ref).split()


def test_pushes(remote: Path, tmp_path: Path) -> None:
    """Files are added in one commit that says what happened, as of the time it happened."""
    files = {**file(number=1), **file(number=2)}

    published = outlet(remote, tmp_path / "state").publish(files)

    assert published.out == files.keys()
    assert listed(remote) == [*sorted(files), "status.yaml"]
    subject, date, author = git(remote, "log", "-1", "--format=%s%n%aI%n%an", "main").splitlines()
    assert subject == "probes: blind (zrh1) and 1 more"
    assert (date, author) == ("2026-11-24T03:12:09+00:00", "lagebild")


def test_again(remote: Path, tmp_path: Path) -> None:
    """What is there already is out, without another commit."""
    mine = outlet(remote, tmp_path / "state")
    mine.publish(file())
    tip = git(remote, "rev-parse", "main")

    assert mine.publish(file()).out == file().keys()
    assert outlet(remote, tmp_path / "other").publish(file()).out == file().keys()
    assert git(remote, "rev-parse", "main") == tip


def test_empty_repository(tmp_path: Path) -> None:
    """A branch that does not exist yet is begun."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "new.git"))

    published = outlet(tmp_path / "new.git", tmp_path / "state").publish(file())

    assert published.out == file().keys()
    assert listed(tmp_path / "new.git") == list(file())


def test_folder(remote: Path, tmp_path: Path) -> None:
    """The tree may stand in a folder of the repository."""
    outlet(remote, tmp_path / "state", folder="status/page").publish(file())

    assert f"status/page/{next(iter(file()))}" in listed(remote)


def test_overtaken(remote: Path, tmp_path: Path) -> None:
    """Who is overtaken by somebody else's push tries again on top of it, and nothing of theirs is lost."""
    mine = outlet(remote, tmp_path / "state")
    hook = remote / "hooks" / "pre-receive"
    count = tmp_path / "count"
    # The first push finds that the branch has moved meanwhile.
    hook.write_text(
        f"""#!/bin/sh
        if [ ! -e {count} ]; then
            touch {count}
            tree=$(git rev-parse main^{{tree}})
            commit=$(git -c user.name=s -c user.email=s@example.ch commit-tree $tree -p main -m overtaking)
            env -u GIT_QUARANTINE_PATH git update-ref refs/heads/main $commit
        fi
        """
    )
    hook.chmod(0o755)

    published = mine.publish(file())

    assert published.out == file().keys()
    assert "overtaking" in git(remote, "log", "--format=%s", "main")


def test_declined(remote: Path, tmp_path: Path) -> None:
    """A hook that declines is an alarm; everything is kept, and nothing is forced."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho s3cret-canary; exit 1\n")
    hook.chmod(0o755)

    published = outlet(remote, tmp_path / "state").publish(file())

    assert published.out == frozenset()
    assert published.retry_in_seconds
    assert "declined" in published.alarm
    assert "canary" not in published.alarm
    hook.unlink()
    assert outlet(remote, tmp_path / "state").publish(file()).out == file().keys()


def test_not_there(tmp_path: Path) -> None:
    """A repository that cannot be reached is tried again, ever less often, and its address is not told."""
    mine = outlet(tmp_path / "s3cret-canary.git", tmp_path / "state")

    tries = [mine.publish(file()) for _ in range(8)]

    waits = [published.retry_in_seconds or 0 for published in tries]
    assert waits == sorted(waits)
    assert waits[-1] == 60
    assert tries[0].alarm == ""
    assert tries[-1].alarm == "the repository cannot be reached"


@pytest.mark.parametrize("path", ["status.yaml", "incidents/2026/x.yaml", "incidents/auto/../x.yaml"])
def test_only_its_own(remote: Path, tmp_path: Path, path: str) -> None:
    """Nothing is pushed but what lies below incidents/auto/."""
    published = outlet(remote, tmp_path / "state").publish({path: b"x"})

    assert published.out == frozenset()
    assert "none of ours" in published.alarm
    assert listed(remote) == ["status.yaml"]


def test_stale_locks(remote: Path, tmp_path: Path) -> None:
    """What a killed run has locked does not hold up the next one."""
    state = tmp_path / "state"
    outlet(remote, state).publish(file(number=1))
    for lock in ("clone.git/config.lock", "clone.git/shallow.lock", "clone.git/refs/remotes/o/tip.lock", "index.lock"):
        (state / lock).touch()

    assert outlet(remote, state).publish(file(number=2)).out == file(number=2).keys()


def test_observations(remote: Path, tmp_path: Path) -> None:
    """What was last seen is on a ref of the prober's own, which alone is forced, and is not on the branch."""
    mine = outlet(remote, tmp_path / "state")

    mine.observe("zrh1", b"1")
    mine.observe("zrh1", b"2")

    assert listed(remote, "refs/probers/zrh1") == ["observations/zrh1.json"]
    assert git(remote, "show", "refs/probers/zrh1:observations/zrh1.json") == "2"
    assert git(remote, "rev-list", "--count", "refs/probers/zrh1").strip() == "1"
    assert listed(remote) == ["status.yaml"]


def test_environment_of_another_repository(remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of git that a hook has set do not lead elsewhere."""
    monkeypatch.setitem(os.environ, "GIT_DIR", str(tmp_path / "elsewhere.git"))
    monkeypatch.setitem(os.environ, "GIT_INDEX_FILE", str(tmp_path / "elsewhere"))

    published = outlet(remote, tmp_path / "state").publish(file())

    assert published.out == file().keys()
    assert not (tmp_path / "elsewhere.git").exists()
