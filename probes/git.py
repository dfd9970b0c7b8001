"""The outlet `git`: event files are pushed to a branch, through a private clone without a work tree.

A push adds files below incidents/auto/ and touches nothing else; it is never forced, so whatever somebody else has
pushed meanwhile stays, and the push is tried again on top of it. The one ref that is forced is the prober's own,
`refs/probers/<name>`, which holds nothing but what it last saw.
"""

from __future__ import annotations

import fcntl
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from probes.events import FOLDER, EventError, parse
from probes.model import Repository
from probes.observations import path_of
from probes.outlet import Published
from probes.plumbing import Git, GitError

__all__ = ["GitOutlet"]

_TRIES = 12
_LONGEST_WAIT_SECONDS = 60.0
_TIP = "refs/remotes/o/tip"


class GitOutlet:
    """Pushes event files; several probers and people may push to the same branch at the same time."""

    def __init__(
        self,
        repository: Repository,
        state: Path,
        *,
        chance: random.Random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`state` is the prober's own folder; `chance` spreads retries, so that two probers do not meet again."""
        self._repository, self._state = repository, state
        self._chance, self._sleep = chance, sleep
        self._git = Git(state / "clone.git", name=repository.name, email=repository.email)
        self._failures = 0

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Push files that are not there yet, in one commit."""
        strange = [path for path in files if not path.startswith(f"{FOLDER}/") or ".." in path.split("/")]
        if strange:
            return Published(
                alarm=f"{strange[0]} is none of ours; it is not pushed", retry_in_seconds=_LONGEST_WAIT_SECONDS
            )
        try:
            with self._alone():
                self._git.make()
                self._git.unlock()
                return self._pushed(files)
        except (GitError, OSError) as error:
            return self._failed(error)

    def observe(self, prober: str, data: bytes) -> None:
        """Push what a prober last saw to a ref of its own; the former one goes."""
        try:
            with self._alone():
                self._git.make()
                blob = self._git("hash-object", "-w", "--stdin", data=data).strip()
                with self._index() as index:
                    self._git("read-tree", "--empty", env=index)
                    entry = f"100644 {blob}\t{path_of(prober)}\n".encode()
                    self._git("update-index", "--add", "--index-info", data=entry, env=index)
                    tree = self._git("write-tree", env=index).strip()
                commit = self._git("commit-tree", tree, "-m", f"probes: what {prober} last saw").strip()
                ref = f"refs/probers/{prober}"
                self._git("push", "--quiet", "--force", self._repository.remote, f"{commit}:{ref}")
        except (GitError, OSError):
            return  # it is pushed anew within a minute, and nothing rests on it

    def _pushed(self, files: Mapping[str, bytes]) -> Published:
        for attempt in range(_TRIES):
            tip = self._fetch()
            missing = self._missing(files, tip)
            if not missing:
                self._failures = 0
                return Published(out=frozenset(files))
            commit = self._commit(missing, tip)
            try:
                branch = f"refs/heads/{self._repository.branch}"
                self._git("push", "--porcelain", self._repository.remote, f"{commit}:{branch}")
            except GitError as error:
                if not _overtaken(error):
                    raise
                self._sleep(self._chance.uniform(0, min(5.0, 0.05 * 2**attempt)))
            else:
                self._failures = 0
                return Published(out=frozenset(files))
        return Published(retry_in_seconds=5.0)

    def _fetch(self) -> str:
        """Return the tip of the branch, empty if there is no such branch yet."""
        branch = f"refs/heads/{self._repository.branch}"
        listed = self._git("ls-remote", self._repository.remote, branch).split()
        if not listed:
            return ""
        self._git("fetch", "--quiet", "--depth=1", "--no-tags", self._repository.remote, f"+{branch}:{_TIP}")
        return self._git("rev-parse", _TIP).strip()

    def _missing(self, files: Mapping[str, bytes], tip: str) -> dict[str, bytes]:
        if not tip:
            return dict(files)
        there = self._git("ls-tree", "-r", "-z", "--name-only", tip, "--", *(self._place(path) for path in files))
        known = set(there.split("\0"))
        return {path: data for path, data in files.items() if self._place(path) not in known}

    def _commit(self, files: Mapping[str, bytes], tip: str) -> str:
        with self._index() as index:
            self._git("read-tree", *([tip] if tip else ["--empty"]), env=index)
            entries = []
            for path, data in files.items():
                blob = self._git("hash-object", "-w", "--stdin", data=data).strip()
                entries.append(f"100644 {blob}\t{self._place(path)}\n")
            self._git("update-index", "--add", "--index-info", data="".join(entries).encode(), env=index)
            tree = self._git("write-tree", env=index).strip()
        parents = ["-p", tip] if tip else []
        subject, date = _told(files)
        when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
        return self._git("commit-tree", tree, *parents, "-m", subject, env=when).strip()

    @contextmanager
    def _index(self) -> Iterator[dict[str, str]]:
        """Yield the environment that names an index of its own."""
        index = self._state / "index"
        try:
            yield {"GIT_INDEX_FILE": str(index)}
        finally:
            index.unlink(missing_ok=True)
            index.with_name("index.lock").unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the clone alone; the kernel lets go of it when the process ends, however it ends."""
        self._state.mkdir(parents=True, exist_ok=True)
        with (self._state / "clone.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            (self._state / "index.lock").unlink(missing_ok=True)
            yield

    def _place(self, path: str) -> str:
        return f"{self._repository.folder}/{path}" if self._repository.folder else path

    def _failed(self, error: GitError | OSError) -> Published:
        """Keep everything; a push that was declined needs a person, what else fails may pass by itself."""
        self._failures += 1
        wait = min(_LONGEST_WAIT_SECONDS, 2.0**self._failures)
        if isinstance(error, OSError):
            return Published(retry_in_seconds=wait, alarm=f"git: {error.strerror or 'cannot be run'}")
        if "[remote rejected]" in error.said:
            declined = "the repository declined the push: its hooks or rights do not allow it"
            return Published(retry_in_seconds=_LONGEST_WAIT_SECONDS, alarm=declined)
        return Published(retry_in_seconds=wait, alarm="the repository cannot be reached" if self._failures > 2 else "")


def _overtaken(error: GitError) -> bool:
    """Return whether somebody else was faster (git-push(1), --porcelain)."""
    said = error.said
    busy = "cannot lock ref" in said or "failed to update ref" in said or "incorrect old value" in said
    return busy or ("[rejected]" in said and "[remote rejected]" not in said)


def _told(files: Mapping[str, bytes]) -> tuple[str, str]:
    """Return what a commit says, and when the last of its events happened."""
    events = []
    for data in files.values():
        try:
            events.append(parse(data))
        except EventError:
            continue
    if not events:
        return "probes: events", ""
    last = max(events, key=lambda event: event.at)
    what = f"{last.event} {last.service}".strip()
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"probes: {what} ({last.prober}){more}", f"{last.at:%Y-%m-%dT%H:%M:%S+0000}"
