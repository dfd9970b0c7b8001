"""Patterns: compiles the regular expressions of the plan so that their time grows with the text alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

__all__ = ["Pattern", "PatternError", "pattern"]


class PatternError(ValueError):
    """A text that is no regular expression; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression of RE2 (https://github.com/google/re2/wiki/Syntax).

    Its time grows with the length of a text, never with the number of ways to match it.
    """

    text: str

    def found_in(self, text: str) -> bool:
        """Return whether it matches anywhere in a text."""
        sound = text.encode("utf-8", "replace").decode()  # the header of a mail may hold halves of surrogate pairs
        return _compiled(self.text).search(sound) is not None


def pattern(text: str) -> Pattern:
    """Return the regular expression that a text is.

    Raises:
        PatternError: It is none.
    """
    import re2

    try:
        _compiled(text)
    except re2.error as error:
        cause = error.args[0] if error.args else ""
        raise PatternError(cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)) from None
    return Pattern(text=text)


@lru_cache(maxsize=1024)
def _compiled(text: str) -> re2._Regexp:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)
