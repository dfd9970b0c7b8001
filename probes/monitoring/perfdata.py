"""Performance data: reads that of a monitoring plugin (https://www.monitoring-plugins.org/doc/guidelines.html, 2.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["figures_of", "first_line"]

_MOST = 20
_LONGEST_NAME = 40
_FIGURE = re.compile(
    r"(?:'((?:[^'=]|'')+)'|([^\s'=]+))=([+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)(?=[a-zA-Z%]*(?:;|\s|$))"
)


def first_line(output: str) -> str:
    """Return what a plugin says in short, without its performance data."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", output.partition("\n")[0].partition("|")[0]).strip()


def figures_of(output: str) -> Mapping[str, float]:
    """Return the first values, by names of lower-case letters and `_`: those that events may bear.

    Performance data stand behind a bar in the first line, and behind one anywhere in the lines that follow it.
    """
    first, _, rest = output.partition("\n")
    found: dict[str, float] = {}
    for quoted, plain, value in _FIGURE.findall(f"{first.partition('|')[2]}\n{rest.partition('|')[2]}"):
        name = re.sub(r"[^a-z]+", "_", (quoted or plain).lower()).strip("_")[:_LONGEST_NAME].strip("_")
        if name and len(found) < _MOST:
            found.setdefault(name, float(value))
    return found
