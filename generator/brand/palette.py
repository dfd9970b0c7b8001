"""The colours of css/tokens.css, by their names, light and dark."""

from __future__ import annotations

import re
from typing import NamedTuple

SHEET = "css/tokens.css"
"""Where they stand, below templates/."""

_TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\s*;")
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{")


class Schemes(NamedTuple):
    """Colours (`#rrggbb`) by name, for visitors who prefer a light page and for those who prefer a dark one."""

    light: dict[str, str]
    dark: dict[str, str]


def schemes(stylesheet: str) -> Schemes:
    """Read the colours that a stylesheet sets as `#rrggbb`; what it does not set for the dark is as in the light."""
    day, *night = _DARK.split(stylesheet, maxsplit=1)
    light = dict(_TOKEN.findall(day))
    return Schemes(light=light, dark=light | dict(_TOKEN.findall("".join(night))))
