"""Git commands: run so that they neither ask, nor hang, nor follow a user's configuration."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
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
_SETTINGS = (
    "core.hooksPath=/dev/null",  # the hooks of whoever runs a prober are made for work of another kind
    "gc.autoDetach=false",  # tidying up that goes on alone would have its locks removed by the next run
    "maintenance.autoDetach=false",
)
_LOCKS = ("*.lock", "refs/**/*.lock", "objects/**/*.lock")


class GitError(Exception):
    """A command that failed. `said` is what git printed, which may name the remote with its credentials: keep it."""

    def __init__(self, command: str, code: int, said: str) -> None:
        super().__init__(f"git {command} ended with {code}")
        self.command, self.code, self.said = command, code, said


class Git:
    """Runs git in one bare repository."""

    def __init__(self, folder: Path, *, name: str, email: str, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        """`name` and `email` are those of the commits."""
        self.folder = folder
        self._timeout_seconds = timeout_seconds
        self._who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        self._who |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email}

    def __call__(self, *arguments: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """Run a command; return what it printed, as a text. See `read`."""
        return self.read(*arguments, data=data, env=env).decode("utf-8", "replace")

    def read(self, *arguments: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run a command; return what it printed.

        Raises:
            GitError: It failed, or took too long.
            OSError: There is no git.
        """
        given = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        given |= {
            **_ENVIRONMENT,
            "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", _SSH),
            **self._who,
            **(env or {}),
        }
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with subprocess.Popen(  # noqa: S603 - no shell
            ["git", "--git-dir", str(self.folder), *settings, *arguments],  # noqa: S607 - whichever the machine has
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=given,
            start_new_session=True,
        ) as process:
            try:
                printed, complained = process.communicate(data, timeout=self._timeout_seconds)
            except BaseException as error:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with what it has started: ssh would wait on
                if isinstance(error, subprocess.TimeoutExpired):
                    raise GitError(arguments[0], 128, "timeout") from None
                raise
        if process.returncode:
            raise GitError(arguments[0], process.returncode, (printed + complained).decode("utf-8", "replace"))
        return printed

    def make(self) -> None:
        """Make the repository if it is not there."""
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self("init", "--quiet", "--bare", "--template=")

    def unlock(self) -> None:
        """Remove the locks of a killed run; only for a caller that holds the repository alone."""
        for pattern in _LOCKS:
            for stale in self.folder.glob(pattern):
                stale.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the repository: nothing is in it that cannot be fetched again."""
        shutil.rmtree(self.folder, ignore_errors=True)
