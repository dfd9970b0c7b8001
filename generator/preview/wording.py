"""Wording: tell in a line how a build ended."""

from __future__ import annotations

import traceback

from generator.preview.draft import Draft
from generator.problems import BrokenError
from generator.publish.publisher import PublishError


def outcome(draft: Draft, took_seconds: float) -> str:
    """Tell how a build went."""
    if draft.failure:
        return f"error: {draft.failure}"
    count = len(draft.problems)
    return f"built in {took_seconds:.2f} s: {count or 'no'} problem{'' if count == 1 else 's'}"


def failure(error: Exception) -> str:
    """Tell why a build broke off: in the error's own words, or by the line of the code that failed."""
    if isinstance(error, PublishError | BrokenError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}: {type(error).__name__}: {error}"
