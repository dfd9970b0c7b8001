"""Setting: set a sentence within an area, as large as it fits, broken into lines where its words end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Measure = Callable[[str, float], float]
"""How wide a text is at a font size."""
MORE = "…"


class Area(NamedTuple):
    """Where a sentence may stand, in pixels."""

    width: float
    height: float


class Set(NamedTuple):
    """A sentence in lines."""

    size: float
    lines: Sequence[str]


def fitted(text: str, area: Area, sizes: Sequence[float], leading: float, measure: Measure) -> Set:
    """Return a sentence at the largest size at which it fits, `leading` times the size a line.

    At the smallest size a word that is too long for a line is broken, and what does not fit is cut off, which the
    last line shows.
    """
    words = text.split(" ")
    for size in sizes:
        at_most = int(area.height / (size * leading))
        if all(measure(word, size) <= area.width for word in words):
            lines = list(_lines(words, area.width, size, measure))
            if len(lines) <= at_most:
                return Set(size, lines)
    size = sizes[-1]
    at_most = int(area.height / (size * leading))
    broken = [piece for word in words for piece in _pieces(word, area.width, size, measure)]
    lines = list(_lines(broken, area.width, size, measure))
    if len(lines) > at_most:
        lines[at_most - 1 :] = [cut(" ".join(lines[at_most - 1 :]), area.width, size, measure)]
    return Set(size, lines)


def cut(text: str, width: float, size: float, measure: Measure) -> str:
    """Return as much of a text as fits into a line; what was cut off shows."""
    if measure(text, size) <= width:
        return text
    keep = bisect_right(range(len(text)), width, key=lambda length: measure(f"{text[:length]}{MORE}", size)) - 1
    return f"{text[: max(keep, 0)].rstrip()}{MORE}"


def _lines(words: Sequence[str], width: float, size: float, measure: Measure) -> Iterator[str]:
    line = words[0]
    for word in words[1:]:
        if measure(f"{line} {word}", size) <= width:
            line = f"{line} {word}"
        else:
            yield line
            line = word
    yield line


def _pieces(word: str, width: float, size: float, measure: Measure) -> Iterator[str]:
    """Yield a word in pieces that fit into a line each."""
    piece = ""
    for letter in word:
        if piece and measure(f"{piece}{letter}", size) > width:
            yield piece
            piece = letter
        else:
            piece += letter
    yield piece
