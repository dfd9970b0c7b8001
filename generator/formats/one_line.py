"""One line: write a text as a title or caption, without breaks and what XML cannot hold."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[^\S\xa0\u202f]+")
_NOT_XML = re.compile("[^ -\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def one_line(text: str) -> str:
    """Return a text in one line; spaces that keep words together stay what they are."""
    return _NOT_XML.sub("", _BREAKS.sub(" ", text)).strip()
