"""Letter widths: measure texts in the typefaces of pictures, from a table that docs/advances.py writes."""

from __future__ import annotations

import json
import pkgutil
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

PER_EM = 1000
INVISIBLE = ("Mn", "Me", "Cf")
"""Categories of marks that stand on another letter, and of what only says which way a text runs."""
WIDE, WIDEST = 1000, 1400
"""The advance of a letter that a typeface lacks, in thousandths of an em; the widest are emoji."""


class Face(StrEnum):
    """The typefaces, as the table names them."""

    REGULAR = "SourceSansPro"
    BOLD = "SourceSansProBold"
    BADGE = "DejaVuSans"
    """In steps of 20; Verdana, its model, has the same advances or less."""


def width(text: str, size: float, face: Face) -> float:
    """Return how wide a text is at a font size, in the unit of the size; kerning only brings letters closer."""
    advances = _advances(face)
    letters = unicodedata.normalize("NFC", text)
    return sum(advances.get(letter) or _stand_in(letter) for letter in letters) * size / PER_EM


def lacks(text: str, face: Face) -> bool:
    """Return whether a text has letters that a typeface cannot write."""
    return any(letter not in _advances(face) and unicodedata.category(letter) not in INVISIBLE for letter in text)


def _stand_in(letter: str) -> int:
    if unicodedata.category(letter) in INVISIBLE:
        return 0
    return WIDEST if unicodedata.category(letter) in ("So", "Sk") else WIDE


@cache
def _advances(face: Face) -> Mapping[str, int]:
    """Return the advance of each letter in thousandths of an em."""
    table = json.loads(pkgutil.get_data(__name__, "advances.json") or b"")
    return {letter: int(advance) for advance, letters in table[face].items() for letter in letters}
