"""The outlet `git` adds files to a branch, whatever else happens to it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from probes.events import Event, EventKind, path_of, serialize
from probes.model import Repository
from probes.observations import Observations
from probes.observations import serialize as observed
from probes.outlets.git import GitOutlet
from probes.outlets.git_command import Git, GitError
from tests.probes.outlets.test_tree import STRANGE

pytestmark = pytest.mark.slow

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


def seen(minute: int) -> bytes:
    """Return what a prober has seen by some minute."""
    return observed(Observations(prober="zrh1", at=AT.replace(minute=minute), blind=False, checks=()))


def pushed_by_staff(folder: Path, path: str, text: str) -> None:
    """Commit a file as staff would, in place of whatever is there."""
    work = folder / "staff"
    git(work, "pull", "--quiet", "origin", "main")
    git(work, "rm", "--quiet", "-r", "--ignore-unmatch", path)
    (work / path).parent.mkdir(parents=True, exist_ok=True)
    (work / path).write_text(text)
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "staff")
    git(work, "push", "--quiet", "origin", "HEAD:main")


def listed(remote: Path, ref: str = "main") -> list[str]:
    """Return the files of a branch."""
    return git(remote, "ls-tree", "-r", "--name-only", ref).split()


def test_pushes(remote: Path, tmp_path: Path) -> None:
    """Files are added in one commit that says what happened, as of the time it happened."""
    files = {**file(number=1), **file(number=2)}

    published = outlet(remote, tmp_path / "state").publish(files)

    assert published.out == files.keys()
    assert listed(remote) == [*sorted(files), "status.yaml"]
    subject, *dates, author = git(remote, "log", "-1", "--format=%s%n%aI%n%cI%n%an", "main").splitlines()
    assert subject == "probes: blind (zrh1) and 1 more"
    assert (dates, author) == (["2026-11-24T03:12:09+00:00"] * 2, "lagebild")


def test_again(remote: Path, tmp_path: Path) -> None:
    """What is there already is out, without another commit."""
    mine = outlet(remote, tmp_path / "state")
    mine.publish(file())
    tip = git(remote, "rev-parse", "main")

    assert mine.publish(file()).out == file().keys()
    assert outlet(remote, tmp_path / "other").publish(file()).out == file().keys()
    assert git(remote, "rev-parse", "main") == tip


def test_reproducible(remote: Path, tmp_path: Path) -> None:
    """The same events on top of the same commit are the same commit, whoever pushes them."""
    git(tmp_path, "clone", "--quiet", "--bare", str(remote), str(tmp_path / "copy.git"))
    files = {**file(number=1), **file(number=2)}

    outlet(remote, tmp_path / "state").publish(files)
    outlet(tmp_path / "copy.git", tmp_path / "other").publish(files)

    assert git(remote, "rev-parse", "main") == git(tmp_path / "copy.git", "rev-parse", "main")


def test_edited(remote: Path, tmp_path: Path) -> None:
    """A file that somebody has edited is left alone, with an alarm; the others are pushed."""
    path = next(iter(file(number=1)))
    outlet(remote, tmp_path / "state").publish(file(number=1))
    pushed_by_staff(tmp_path, path, "edited")

    published = outlet(remote, tmp_path / "state").publish({**file(number=1), **file(number=2)})

    assert published.out == {*file(number=1), *file(number=2)}
    assert published.alarm == f"{path} stands there with another content; it is left alone"
    assert git(remote, "show", f"main:{path}") == "edited"
    assert listed(remote) == sorted([*file(number=1), *file(number=2), "status.yaml"])


@pytest.mark.parametrize("path", ["incidents", "incidents/auto", f"{next(iter(file()))}/x"])
def test_in_the_way(remote: Path, tmp_path: Path, path: str) -> None:
    """What staff have put where a folder of ours belongs stays, with an alarm, and the events stay to be published."""
    pushed_by_staff(tmp_path, path, "written by staff")
    tip = git(remote, "rev-parse", "main")

    published = outlet(remote, tmp_path / "state").publish(file())

    assert published.out == frozenset()
    assert published.retry_in_seconds
    assert "left alone" in published.alarm
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
    # Whatever a hook says, it has declined.
    hook.write_text("#!/bin/sh\necho s3cret-canary; echo '! [rejected] (cannot lock ref)'; exit 1\n")
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
    assert {published.alarm for published in tries} == {""}
    assert {published.passing for published in tries} == {
        "the repository cannot be reached: there is none at this address"
    }


@pytest.mark.parametrize(
    ("remote", "reason"),
    [
        ("https://u:s3cret-canary@127.0.0.1:9/x.git", "there is no connection to it"),
        ("ssh://s3cret-canary@nowhere.invalid/x.git", "its name cannot be resolved"),
    ],
)
def test_why_it_cannot_be_reached(tmp_path: Path, remote: str, reason: str) -> None:
    """The reason is told in our own words, for what git says may hold a password."""
    mine = GitOutlet(Repository(remote=remote), tmp_path / "state", chance=random.Random(1))  # noqa: S311

    published, trouble = mine.publish(file()), mine.observe("zrh1", seen(1))

    assert published.passing == trouble == f"the repository cannot be reached: {reason}"


def test_what_was_filed(remote: Path, tmp_path: Path) -> None:
    """A prober's own files are read from the tip of the branch, or from the last one that is known."""
    outlet(remote, tmp_path / "other", folder="a").publish(file("gva1", 1))
    mine = outlet(remote, tmp_path / "state", folder="a")
    mine.publish(file(number=2))
    expected = {f"a/{path}": data for path, data in file(number=2).items()}

    near = mine.filed("zrh1")
    remote.rename(tmp_path / "away")
    away = [mine.filed("zrh1"), outlet(remote, tmp_path / "new").filed("zrh1")]

    why = "the repository cannot be reached: there is none at this address"
    assert near == (expected, "")
    assert away == [(expected, why), ({}, why)]


@pytest.mark.parametrize("folder", ["a/.git", "../a", "a//b"])
def test_what_git_does_not_take(tmp_path: Path, folder: str) -> None:
    """A file counts as published only if what was pushed holds it, also in a repository that was empty."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "new.git"))

    published = outlet(tmp_path / "new.git", tmp_path / "state", folder=folder).publish(file())

    assert published.out == frozenset()
    assert published.alarm
    assert git(tmp_path / "new.git", "for-each-ref") == ""


def test_no_git(remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git it is an alarm, however long that lasts."""
    monkeypatch.setenv("PATH", str(tmp_path))
    mine = outlet(remote, tmp_path / "state")

    tries = [mine.publish(file()) for _ in range(1_100)]

    assert {published.alarm for published in tries} == {"git: No such file or directory"}
    assert max(published.retry_in_seconds or 0 for published in tries) == 60


@pytest.mark.parametrize("path", ["status.yaml", *STRANGE])
def test_only_its_own(remote: Path, tmp_path: Path, path: str) -> None:
    """Nothing is pushed but what lies below incidents/auto/; what is in order is not held up by what is not."""
    published = outlet(remote, tmp_path / "state").publish({path: b"x", **file()})

    assert published.out == file().keys()
    assert published.retry_in_seconds
    assert "none of ours" in published.alarm
    assert listed(remote) == [*file(), "status.yaml"]


def test_stale_locks(remote: Path, tmp_path: Path) -> None:
    """What a killed run has locked does not hold up the next one."""
    state = tmp_path / "state"
    outlet(remote, state).publish(file(number=1))
    for lock in ("config.lock", "shallow.lock", "refs/remotes/o/tip.lock", "lagebild-index.lock"):
        (state / "clone.git" / lock).touch()

    assert outlet(remote, state).publish(file(number=2)).out == file(number=2).keys()


@pytest.mark.parametrize("damage", ["HEAD", "config", "shallow", "objects/??/*"])
def test_damaged_clone(remote: Path, tmp_path: Path, damage: str) -> None:
    """A clone that is damaged, as by a power cut, is made anew, and holds up no event for longer than one attempt."""
    state = tmp_path / "state"
    outlet(remote, state).publish(file(number=1))
    for part in (state / "clone.git").glob(damage):
        part.chmod(0o644)
        part.write_bytes(b"\0" * 100)

    outlet(remote, state).publish(file(number=2))
    published = outlet(remote, state).publish(file(number=2))

    assert published.out == file(number=2).keys()
    assert listed(remote) == [*sorted([*file(number=1), *file(number=2)]), "status.yaml"]


def test_one_after_the_other(remote: Path, tmp_path: Path) -> None:
    """Several that work in the same folder at the same time wait for each other; each file is pushed once."""
    state, batches = tmp_path / "state", [{**file(number=0), **file(number=number)} for number in range(1, 7)]

    with ThreadPoolExecutor(6) as pool:
        published = list(pool.map(lambda files: outlet(remote, state).publish(files), batches))

    assert [one.out for one in published] == [files.keys() for files in batches]
    added = git(remote, "log", "--diff-filter=A", "--name-only", "--format=", "main").split()
    assert Counter(added) == Counter([*{path for files in batches for path in files}, "status.yaml"])


def test_full_disk(remote: Path, tmp_path: Path) -> None:
    """On a full disk everything is kept, with an alarm, and is pushed as soon as there is room."""
    state = tmp_path / "state"
    state.mkdir()
    if os.getuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(state)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        (state / "full").write_bytes(b"x" * shutil.disk_usage(state).free)
        mine = outlet(remote, state)
        published = mine.publish(file())
        (state / "full").unlink()

        assert published.out == frozenset()
        assert published.retry_in_seconds
        assert published.alarm
        assert mine.publish(file()).out == file().keys()
    finally:
        subprocess.run(["umount", str(state)], check=True)


def test_observations(remote: Path, tmp_path: Path) -> None:
    """What was last seen is on a ref of the prober's own, which alone is forced, and is not on the branch."""
    mine = outlet(remote, tmp_path / "state")

    mine.observe("zrh1", seen(1))
    mine.observe("zrh1", seen(2))

    assert listed(remote, "refs/probers/zrh1") == ["observations/zrh1.json"]
    assert git(remote, "show", "refs/probers/zrh1:observations/zrh1.json") == seen(2).decode()
    assert git(remote, "log", "--format=%aI", "refs/probers/zrh1") == "2026-11-24T03:02:09+00:00\n"
    assert listed(remote) == ["status.yaml"]


def test_observations_are_not_kept(remote: Path, tmp_path: Path) -> None:
    """What is pushed every minute leaves nothing behind that would fill the disk."""
    mine = outlet(remote, tmp_path / "state")
    mine.observe("zrh1", seen(1))
    after_one = len([*(tmp_path / "state").rglob("*")])

    for minute in range(2, 10):
        mine.observe("zrh1", seen(minute))

    assert len([*(tmp_path / "state").rglob("*")]) == after_one


def test_events_do_not_wait_for_observations(remote: Path, tmp_path: Path) -> None:
    """While what was seen is being pushed, however long that takes, events are published."""
    mine = outlet(remote, tmp_path / "state")
    hook = remote / "hooks" / "pre-receive"
    hook.write_text(
        f"""#!/bin/sh
        grep -q refs/probers/ || exit 0
        touch {tmp_path}/begun
        until [ -e {tmp_path}/end ]; do sleep 0.05; done
        """
    )
    hook.chmod(0o755)

    with ThreadPoolExecutor(2) as pool:
        observing = pool.submit(mine.observe, "zrh1", seen(1))
        while not (tmp_path / "begun").exists():
            assert not observing.done()
            time.sleep(0.05)
        publishing = pool.submit(mine.publish, file())
        try:
            published = publishing.result(timeout=30)
        finally:
            (tmp_path / "end").touch()

    assert published.out == file().keys()


def test_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that takes too long is ended, with what it has started."""
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    mine = Git(tmp_path / "clone.git", name="a", email="a@example.ch", timeout_seconds=1)
    mine.make()

    with pytest.raises(GitError, match="git fetch ended"):
        mine("fetch", "ssh://localhost/repository", "main")

    pid = (tmp_path / "pid").read_text().strip()
    for _ in range(100):
        if not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        time.sleep(0.05)
    pytest.fail("what git has started goes on")


def test_habits_of_the_user(remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks that a user has for work of another kind are not run."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-push").chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[core]\nhooksPath = {hooks}\n[init]\ntemplateDir = {tmp_path}\n")
    monkeypatch.setenv("HOME", str(tmp_path))

    published = outlet(remote, tmp_path / "state").publish(file())

    assert published.out == file().keys()


def test_environment_of_another_repository(remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of git that a hook has set do not lead elsewhere."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))

    published = outlet(remote, tmp_path / "state").publish(file())

    assert published.out == file().keys()
    assert not (tmp_path / "elsewhere").exists()
