"""Which colours badges have: those of the stylesheet, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.model import ServiceStatus
from generator.palette import schemes

Palette = Mapping[str, str]
"""A colour (`#rrggbb`) for each of `NAMES`."""


def token(status: ServiceStatus) -> str:
    """Return how the stylesheet calls the colour of a state; its text has that of `…-ink`."""
    return status.value.replace("_", "-")


NAMES = (
    *("ground", "sunken", "ink", "ink-quiet", "line", "not-recorded"),
    *(name for status in ServiceStatus for name in (token(status), f"{token(status)}-ink")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palettes:
    """The colours by day and by night."""

    light: Palette
    dark: Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """What a badge is painted with, as CSS writes it."""

    ground: str
    label_ground: str
    line: str
    label: str
    mark: str
    message: str


SYSTEM = Shades(
    ground="Canvas",
    label_ground="Canvas",
    line="CanvasText",
    label="CanvasText",
    mark="CanvasText",
    message="CanvasText",
)
"""The colours of the visitor's system."""


@lru_cache(maxsize=4)
def palettes(stylesheet: str) -> Palettes | None:
    """Read the colours out of css/tokens.css; None if a site's own has not all of them, each as `#rrggbb`."""
    light, dark = schemes(stylesheet)
    if not light.keys() >= set(NAMES):
        return None
    return Palettes(light={name: light[name] for name in NAMES}, dark={name: dark[name] for name in NAMES})


def shades(palette: Palette, status: ServiceStatus | None) -> Shades:
    """Return what a state is painted with; an uptime has no colour of its own."""
    name = token(status) if status else None
    return Shades(
        ground=palette["ground"],
        label_ground=palette["sunken"],
        line=palette["line"],
        label=palette["ink-quiet"],
        mark=palette[name or "ink"],
        message=palette[f"{name}-ink" if name else "ink"],
    )
