"""Git without a work tree: the few commands that a push needs, each bounded in time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["Git", "GitError"]

_TIMEOUT_SECONDS = 60.0
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=10"


class GitError(Exception):
    """A command that failed. `said` is what git printed, which may name the remote with its credentials: keep it."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"git ended with {code}")
        self.code, self.said = code, said


class Git:
    """Runs git in one bare repository."""

    def __init__(self, folder: Path, *, name: str, email: str) -> None:
        """`name` and `email` are those of the commits."""
        self.folder = folder
        self._who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        self._who |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email}

    def __call__(self, *arguments: str, data: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
        """Run a command; return what it printed.

        Raises:
            GitError: It failed, or took longer than a minute.
        """
        given = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        given |= {**_ENVIRONMENT, **self._who, **(env or {})}
        given.setdefault("GIT_SSH_COMMAND", os.environ.get("GIT_SSH_COMMAND", _SSH))
        try:
            ran = subprocess.run(  # noqa: S603 - no shell
                ["git", "--git-dir", str(self.folder), *arguments],  # noqa: S607 - whichever git the machine has
                input=data if data is not None else b"",
                capture_output=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
                env=given,
            )
        except subprocess.TimeoutExpired:
            raise GitError(128, "timeout") from None
        if ran.returncode:
            raise GitError(ran.returncode, (ran.stdout + ran.stderr).decode("utf-8", "replace"))
        return ran.stdout.decode("utf-8", "replace")

    def make(self) -> None:
        """Make the repository if it is not there."""
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self("init", "--quiet", "--bare")

    def unlock(self) -> None:
        """Remove what a killed run has locked; only for who holds the repository alone."""
        for stale in _locks(self.folder):
            stale.unlink(missing_ok=True)


def _locks(folder: Path) -> Sequence[Path]:
    return [path for pattern in ("*.lock", "refs/**/*.lock", "objects/**/*.lock") for path in folder.glob(pattern)]
