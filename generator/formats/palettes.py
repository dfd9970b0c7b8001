"""Which colours the site's pictures have: those of the stylesheet, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generator.brand.palette import schemes
from generator.model import ServiceStatus

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


@lru_cache(maxsize=4)
def palettes(stylesheet: str) -> Palettes | None:
    """Read the colours out of css/tokens.css; None if a site's own has not all of them, each as `#rrggbb`."""
    light, dark = schemes(stylesheet)
    if not light.keys() >= set(NAMES):
        return None
    return Palettes(light={name: light[name] for name in NAMES}, dark={name: dark[name] for name in NAMES})
