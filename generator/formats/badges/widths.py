"""How wide a text is in Verdana or DejaVu Sans, near enough to draw a box around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

PER_EM = 1000
NARROW, WIDE, PICTURE, OTHER = 0, 1000, 1400, 720
"""Marks that stand on another letter, ideographs, emoji, and letters of other scripts (Cyrillic is the widest)."""

_GLYPHS: Mapping[int, str] = {
    280: "'ijl",
    300: "IJł",
    320: " ,.·’‘\u00a0\u202f",
    340: "/:;\\|",
    360: "f",
    380: "-",
    400: "()[]t‹›",
    420: "!r",
    460: '"',
    500: "*_`–°",
    520: "“”",
    540: "?sz",
    560: "Lc",
    580: "Fk",
    600: "vxy",
    620: "PTYaeoø«»",
    640: "$0123456789ESbdghnpqu{}ß€",
    660: "K",
    700: "ABCRVXZ",
    740: "U",
    760: "HN",
    780: "&DG",
    800: "OQØ",
    820: "w",
    840: "#+<=>^~×≈",
    880: "M",
    960: "%",
    980: "mÆ",
    1000: "@Wæ—…",
    1040: "œ",
    1080: "Œ",
}
"""Advances of DejaVu Sans in thousandths of an em, rounded up to twenty; Verdana, its model, has the same or less."""
WIDTHS: Mapping[str, int] = {glyph: width for width, glyphs in _GLYPHS.items() for glyph in glyphs}


def width(text: str, size: float) -> float:
    """Return how wide a text is at a font size, in the unit of the size."""
    return sum(_advance(glyph) for glyph in unicodedata.normalize("NFC", text)) * size / PER_EM


def _advance(glyph: str) -> int:
    if glyph in WIDTHS:
        return WIDTHS[glyph]
    if unicodedata.category(glyph) in ("Mn", "Me", "Cf"):
        return NARROW
    base = unicodedata.normalize("NFD", glyph)[0]  # an accent does not widen a letter
    if base in WIDTHS:
        return WIDTHS[base]
    if unicodedata.category(glyph) in ("So", "Sk"):
        return PICTURE
    return WIDE if unicodedata.east_asian_width(glyph) in ("W", "F") else OTHER
