"""Clone: reads what a branch holds, and commits on top of it, without a work tree."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from probes.model import Repository
from probes.outlets.git_command import Git, GitError

__all__ = ["Clone", "is_declined", "is_overtaken", "reason_of"]

_TIP = "refs/remotes/o/tip"
_BUSY = ("[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value", "reference already exists")

_REASONS = {
    "could not resolve host": "its name cannot be resolved",
    "name or service not known": "its name cannot be resolved",
    "temporary failure in name resolution": "its name cannot be resolved",
    "couldn't connect": "there is no connection to it",
    "failed to connect": "there is no connection to it",
    "connection refused": "it refuses the connection",
    "timed out": "there is no answer in time",
    "timeout": "there is no answer in time",
    "no route to host": "there is no way to it",
    "network is unreachable": "there is no way to it",
    "host key verification failed": "the key of its host is not known",
    "certificate": "its certificate is not to be trusted",
    "permission denied": "it gives no access",
    "authentication failed": "it gives no access",
    "could not read username": "it gives no access",
    "could not read password": "it gives no access",
    "error: 401": "it gives no access",
    "error: 403": "it gives no access",
    "not found": "there is none at this address",
    "does not appear to be a git repository": "there is none at this address",
    "does not exist": "there is none at this address",
}
"""What git and ssh say, and what it means; the first that fits."""


class Clone:
    """The tip of a branch and no more; if anything in it fails it is created again, for all of it can be fetched."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        """`folder` need not exist; beside it stands a file that is locked by whoever works in it."""
        self._remote, self._branch = repository.remote, f"refs/heads/{repository.branch}"
        self._lock, self._index = folder.with_suffix(".lock"), folder / "lagebild-index"
        self._git = Git(folder, name=repository.name, email=repository.email)

    @contextmanager
    def alone(self, *, anew: bool = False) -> Iterator[None]:
        """Hold the clone alone, with `anew` an empty one; the kernel lets go of it however the process ends.

        Raises:
            GitError: A command failed within; unless a push was declined, the clone is gone.
            OSError: There is no git, or the disk refuses.
        """
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if anew:
                self._git.discard()
            try:
                self._git.make()
                self._git.unlock()
                yield
            except GitError as error:
                if not is_declined(error):
                    self._git.discard()
                raise

    def fetch(self) -> str:
        """Return the tip of the branch, empty if there is no such branch yet."""
        try:
            self._git("fetch", "--quiet", "--depth=1", "--no-tags", self._remote, f"+{self._branch}:{_TIP}")
        except GitError as error:
            if "couldn't find remote ref" in error.said:
                return ""
            raise
        return self._git("rev-parse", _TIP).strip()

    def tip(self) -> str:
        """Return the tip of the branch when it was last fetched, empty if it never was."""
        return self._git("for-each-ref", "--format=%(objectname)", _TIP).strip()

    def keep(self, data: bytes) -> str:
        """Return the name of a blob with these bytes."""
        return self._git("hash-object", "-w", "--stdin", data=data).strip()

    def known(self, tip: str, paths: Iterable[str]) -> dict[str, str]:
        """Return the blobs of those paths that are there."""
        if not tip:
            return {}
        listed = self._git("ls-tree", "-r", "-z", tip, "--", *paths).split("\0")
        entries = (entry.partition("\t") for entry in listed if entry)
        return {path: about.split()[2] for about, _, path in entries}

    def read(self, tip: str, folder: str, part: str) -> dict[str, bytes]:
        """Return the files below a folder whose names hold some part."""
        if not tip:
            return {}
        listed = self._git("ls-tree", "-r", "-z", tip, "--", f"{folder}/").split("\0")
        entries = (entry.partition("\t") for entry in listed if entry)
        blobs = {path: about.split()[2] for about, _, path in entries if part in path.rpartition("/")[2]}
        printed = self._git.read("cat-file", "--batch", data="".join(f"{blob}\n" for blob in blobs.values()).encode())
        found: dict[str, bytes] = {}
        for path in blobs:
            heading, _, printed = printed.partition(b"\n")
            size = int(heading.split()[2])
            found[path], printed = printed[:size], printed[size + 1 :]
        return found

    def commit(self, tip: str, blobs: Mapping[str, str], subject: str, at: datetime) -> str:
        """Return a commit on top of `tip` with these files; the same one for the same."""
        env = {"GIT_INDEX_FILE": str(self._index)}
        self._git("read-tree", tip or "--empty", env=env)
        entries = "".join(f"100644 {blob}\t{path}\0" for path, blob in blobs.items())
        self._git("update-index", "--add", "-z", "--index-info", data=entries.encode(), env=env)
        tree = self._git("write-tree", env=env).strip()
        date = f"@{at.timestamp():.0f} +0000"
        when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        return self._git("commit-tree", tree, *(["-p", tip] if tip else []), "-m", subject, env=when).strip()

    def adds(self, tip: str, commit: str, paths: Iterable[str]) -> bool:
        """Return whether a commit adds these files and does nothing else."""
        # Without a tip, by what there is at all: `mktree` without entries is the empty tree.
        former = tip or self._git("mktree").strip()
        told = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-status", former, commit).split("\0")[:-1]
        return sorted(zip(told[::2], told[1::2], strict=True)) == sorted(("A", path) for path in paths)

    def push(self, commit: str) -> None:
        """Push a commit to the branch; it is never forced."""
        self._git("push", "--porcelain", self._remote, f"{commit}:{self._branch}")

    def put(self, commit: str, ref: str) -> None:
        """Push a commit to a ref of the prober's own, whatever was there."""
        self._git("push", "--porcelain", "--force", self._remote, f"{commit}:{ref}")


def is_overtaken(error: GitError) -> bool:
    """Return whether somebody else was faster."""
    return any(sign in _refused(error) for sign in _BUSY)


def is_declined(error: GitError) -> bool:
    """Return whether the repository does not want the push, which only a person can change."""
    return "[remote rejected]" in _refused(error) and not is_overtaken(error)


def reason_of(error: GitError) -> str:
    """Return why a repository cannot be reached, in words that hold nothing of what git said."""
    said = error.said.lower()
    return next((reason for sign, reason in _REASONS.items() if sign in said), str(error))


def _refused(error: GitError) -> str:
    """Return what git says of a ref that was not pushed (git-push(1), --porcelain), not what a hook prints."""
    return "\n".join(line for line in error.said.splitlines() if line.startswith("!\t"))
