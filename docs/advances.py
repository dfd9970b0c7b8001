"""Writes how wide the letters of the drawn typefaces are: `python docs/advances.py`.

Source Sans comes from its package; DejaVu Sans, which badges are measured in, from Debian's fonts-dejavu-core.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from font_source_sans_pro import font_files_ttf
from fontTools.ttLib import TTFont

TABLE = Path(__file__).resolve().parent.parent / "generator" / "formats" / "advances.json"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
PER_EM = 1000


def advances(file: Path, step: int = 1) -> Iterator[tuple[int, int]]:
    """Yield each letter's code point and advance in thousandths of an em, rounded up to `step` where that is over 1."""
    with TTFont(file, lazy=True) as font:
        scale, metrics = font["head"].unitsPerEm / PER_EM, font["hmtx"].metrics
        for code, glyph in font.getBestCmap().items():
            exact = metrics[glyph][0] / scale
            yield code, round(exact) if step == 1 else -int(-exact // step) * step


def on_badges(code: int) -> bool:
    """Return whether a badge may well show a letter: Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation, arrows."""
    return 0x20 <= code < 0x700 or 0x1E00 <= code < 0x2300


def table() -> str:
    """Return the table as JSON: by typeface and advance, the letters that have it."""
    faces = {name: dict(advances(Path(font_files_ttf[name]))) for name in ("SourceSansPro", "SourceSansProBold")}
    badges = {code: advance for code, advance in advances(DEJAVU, step=20) if on_badges(code)}
    faces["DejaVuSans"] = badges | {0x202F: badges[0x20]}  # Verdana, which may stand in, has no narrow space
    return json.dumps({name: _by_advance(face) for name, face in faces.items()}, indent=0) + "\n"


def _by_advance(face: dict[int, int]) -> dict[int, str]:
    letters: defaultdict[int, str] = defaultdict(str)
    for code, advance in sorted(face.items()):
        letters[advance] += chr(code)
    return dict(sorted(letters.items()))


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
