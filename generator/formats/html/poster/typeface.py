"""The typeface of posters: how wide a text is in it, and what it cannot write.

It comes as a package, so that it is the same on every machine: Source Sans (SIL Open Font License), which writes the
Latin, Greek and Cyrillic scripts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

__all__ = ["FAMILY", "Weight", "files", "lacks", "width"]

FAMILY = "Source Sans Pro"
PER_EM = 1000
INVISIBLE = ("Mn", "Me", "Cf")
"""Marks that stand on another letter, and what only says which way a text runs."""
WIDEST = 1400
"""What another font may take for a letter that this one lacks: an emoji in DejaVu Sans."""


class Weight(StrEnum):
    """The fonts, by the names that their package gives them."""

    REGULAR = "SourceSansPro"
    BOLD = "SourceSansProBold"


def files() -> tuple[str, ...]:
    """Return the font files."""
    from font_source_sans_pro import font_files_ttf

    return tuple(font_files_ttf[weight] for weight in Weight)


def width(text: str, size: float, weight: Weight) -> float:
    """Return how wide a text is at a font size, in the unit of the size; kerning only brings letters closer."""
    advances = _advances(weight)
    return sum(advances.get(ord(letter), _stand_in(letter)) for letter in text) * size / PER_EM


def lacks(text: str) -> bool:
    """Return whether a text has letters that the typeface cannot write."""
    known = _advances(Weight.BOLD)
    return any(ord(letter) not in known and unicodedata.category(letter) not in INVISIBLE for letter in text)


def _stand_in(letter: str) -> int:
    if unicodedata.category(letter) in INVISIBLE:
        return 0
    return WIDEST if unicodedata.category(letter) in ("So", "Sk") else PER_EM


@lru_cache
def _advances(weight: Weight) -> Mapping[int, int]:
    """Return the advance of each letter, by its code point, in thousandths of an em."""
    from fontTools.ttLib import TTFont

    with TTFont(dict(zip(Weight, files(), strict=True))[weight], lazy=True) as font:
        scale, metrics = font["head"].unitsPerEm / PER_EM, font["hmtx"].metrics
        return {code: round(metrics[glyph][0] / scale) for code, glyph in font.getBestCmap().items()}
