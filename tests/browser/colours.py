"""How much one colour stands out from another."""

from __future__ import annotations

import re


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return a colour's relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def shares(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, from 0 to 1, of `#rrggbb` as files have it or of `rgb(r, g, b)` as browsers do."""
    if colour.startswith("#"):
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    else:
        red, green, blue = map(int, re.findall(r"\d+", colour))
    return red / 255, green / 255, blue / 255
