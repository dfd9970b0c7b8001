"""Names: says which names probers, checks and services may have, in files and in file names."""

from __future__ import annotations

import re

__all__ = ["LONGEST_NAME", "is_name"]

LONGEST_NAME = 100
"""In letters: a name stands in the name of a file beside a time, a kind and an id, and that has at most 255 bytes."""
_NAME = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")


def is_name(text: str) -> bool:
    """Return whether a text is a name: lower-case letters and digits, with single hyphens between."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None
