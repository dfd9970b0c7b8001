"""How a drawing becomes a PNG: by resvg, with the fonts it is given, so that every machine draws the same."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["png"]


def png(svg: str, width: int, *, fonts: Iterable[str] = (), system_fonts: bool = False) -> bytes:
    """Return a drawing as a PNG of so many pixels across; `fonts` are font files.

    With `system_fonts` those of the machine stand in for letters that `fonts` lack, and the bytes depend on it.

    Raises:
        ValueError: It is no SVG.
    """
    from resvg_py import svg_to_bytes

    return svg_to_bytes(svg_string=svg, width=width, font_files=[*fonts], skip_system_fonts=not system_fonts)
