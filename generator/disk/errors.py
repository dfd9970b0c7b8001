"""The reasons why a site cannot be published, each with its remedy."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection

_NAMED = 3
_HINTS = {
    errno.ENOSPC: "free some space and build again; the existing files are complete",
    errno.EDQUOT: "the user's quota is used up: free some space and build again; the existing files are complete",
    errno.EACCES: "let the user who builds write there, then build again",
    errno.EPERM: "let the user who builds write there, then build again",
    errno.EROFS: "the file system is mounted read-only: mount it writable, or choose another --output",
}


class PublishError(Exception):
    """Why the site was not published.

    Codes: `not-ours`, `no-folder`, `in-the-way` (the target), `locked` (another build), `disk` (everything else).
    """

    def __init__(self, code: str, message: str, *, hint: str) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Say it the way problems of the content are said."""
        return f"{self.code}: {self.message}\n  hint: {self.hint}"


class _Refusals:
    """Turns what the operating system refuses into a `PublishError`; safe to enter any number of times."""

    def __enter__(self) -> None:
        """Guard what follows."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Name the path and the remedy."""
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            message = f"{os.fsdecode(error.filename)}: {reason}" if isinstance(error.filename, str | bytes) else reason
            hint = _HINTS.get(error.errno or 0, "fix that and build again; the existing files are complete")
            raise PublishError("disk", message, hint=hint) from error


REFUSALS = _Refusals()


def some(paths: Collection[str]) -> str:
    """Return the first few paths, and how many more there are."""
    named = ", ".join(printable(path) for path in list(paths)[:_NAMED])
    return f"{named} and {len(paths) - _NAMED} more" if len(paths) > _NAMED else named


def printable(path: str) -> str:
    """Return a path whose name may not be UTF-8 in a form that can be printed."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
