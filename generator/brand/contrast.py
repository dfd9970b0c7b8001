"""Contrast: measure how well a colour stands out, and find the nearest one of its hue that does well enough.

All colours are `#rrggbb`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST = 7.0
"""What text must reach: https://www.w3.org/TR/WCAG22/#contrast-enhanced."""
_STEPS = 12
"""Halvings of a span of lightness: finer than `#rrggbb` can say."""


def luminance(colour: str) -> float:
    """Return the relative luminance, from 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)


def ratio(colour: str, ground: str) -> float:
    """Return the contrast ratio, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    low, high = sorted((luminance(colour), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def hardest(colour: str, grounds: Sequence[str]) -> str:
    """Return the ground that the colour stands out from least."""
    return min(grounds, key=lambda ground: ratio(colour, ground))


def passes(colour: str, grounds: Sequence[str]) -> bool:
    """Return whether text in the colour can be read on each of the grounds."""
    return ratio(colour, hardest(colour, grounds)) >= LEAST


def nearest(colour: str, grounds: Sequence[str]) -> str | None:
    """Return the colour itself if it passes, else the nearest lighter or darker one of its hue that does.

    None where not even black or white passes on each of the grounds.
    """
    if passes(colour, grounds):
        return colour
    ends = [(end, tone) for end, tone in ((0.0, "#000000"), (1.0, "#ffffff")) if passes(tone, grounds)]
    if not ends:  # never both: on one ground their ratios multiply to 21
        return None
    from coloraide import Color

    shade = Color(colour).convert("oklch")
    passing, found = ends[0]
    failing = shade["lightness"]
    for _ in range(_STEPS):
        between = (passing + failing) / 2
        tone = shade.clone().set("lightness", between).convert("srgb").fit(method="oklch-chroma").to_string(hex=True)
        if passes(tone, grounds):
            passing, found = between, tone
        else:
            failing = between
    return found
