"""Colours: choose what a badge is painted with."""

from __future__ import annotations

from dataclasses import dataclass

from generator.formats.palettes import Palette, token
from generator.model import ServiceStatus


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
