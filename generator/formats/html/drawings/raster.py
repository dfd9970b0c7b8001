"""Raster: turn a drawing into a PNG by resvg, with the fonts it is given, the same on every machine.

Both come with `lagebild[pictures]`; the typeface is Source Sans (SIL Open Font License), which writes the Latin, Greek
and Cyrillic scripts.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from generator.places import DRAWING


def can_draw() -> bool:
    """Return whether the libraries that draw are installed."""
    return all(find_spec(name) for name in DRAWING)


def fonts() -> tuple[str, ...]:
    """Return the font files of the typeface, regular and bold."""
    from font_source_sans_pro import font_files_ttf

    return font_files_ttf["SourceSansPro"], font_files_ttf["SourceSansProBold"]


def png(svg: str, width: int, *, fonts: Iterable[str] = (), system_fonts: bool = False) -> bytes:
    """Return a drawing as a PNG of so many pixels across; `fonts` are font files.

    With `system_fonts` those of the machine stand in for letters that `fonts` lack, and the bytes depend on it.

    Raises:
        ValueError: It is no SVG.
    """
    from resvg_py import svg_to_bytes

    return svg_to_bytes(svg_string=svg, width=width, font_files=[*fonts], skip_system_fonts=not system_fonts)
