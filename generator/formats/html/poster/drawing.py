"""Drawing: draw a poster, a field in the state's colour with its shape, and beside it the sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import escape

from generator.formats.advances import Face, width
from generator.formats.html.drawings.marks import BOX, MARKS
from generator.formats.html.poster.setting import Area, cut, fitted
from generator.formats.one_line import one_line
from generator.formats.palettes import Palettes, token
from generator.model import ServiceStatus

WIDTH, HEIGHT = 1200, 630
"""What those who show previews of links ask for (https://ogp.me, about 1.91 to 1)."""
UNIT = 64
"""The grid: the field is three units wide, the text begins after four, and ends one before the edge."""
FIELD, MARGIN, MARK = 3 * UNIT, 4 * UNIT, 2 * UNIT
TOP = 2.5 * UNIT
"""Where the shape and the capitals of the sentence begin."""
AREA = Area(width=WIDTH - MARGIN - UNIT, height=5.5 * UNIT)
FAMILY = "Source Sans Pro"
SIZES = (96, 80, 66, 54, 44)
SMALL = 32
LEADING = 1.1
CAPITALS = 0.66
"""How high a capital is, as a share of the font size."""
RIGHT_TO_LEFT = "\u2067{}\u2069"
"""Says which way a line runs (UAX #9); resvg takes it from the text, not from an attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What a poster says."""

    headline: str
    name: str
    address: str
    status: ServiceStatus | None
    """None where it tells no state."""
    mirrored: bool
    """Whether its script runs from right to left."""


def drawing(said: Poster, palettes: Palettes | None) -> str:
    """Return a poster as SVG, in the light colours; without palettes in black and white."""
    light = palettes.light if palettes else {}
    ink, ground = light.get("ink", "black"), light.get("ground", "white")
    field = WIDTH - FIELD if said.mirrored else 0
    colour = light.get(token(said.status), ink) if said.status else ink
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FAMILY}">\n',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>\n',
            f'<rect x="{field}" width="{FIELD}" height="{HEIGHT}" fill="{colour}"/>\n',
            _mark(said.status, field, ground) if said.status else "",
            f'<g fill="{light.get("ink-quiet", ink)}" font-size="{SMALL}">\n',
            _small(said.name, UNIT + CAPITALS * SMALL, mirrored=said.mirrored),
            _small(said.address, HEIGHT - UNIT, mirrored=said.mirrored),
            f'</g>\n<g fill="{ink}" font-weight="700">\n',
            *_sentence(said),
            "</g>\n</svg>\n",
        ]
    )


def _mark(status: ServiceStatus, field: int, fill: str) -> str:
    across, down = field + (FIELD - MARK) / 2, TOP - 2 * MARK / BOX
    return (
        f'<path transform="translate({across:g} {down:g}) scale({MARK / BOX:g})" fill="{fill}"'
        f' fill-rule="evenodd" d="{MARKS[status]}"/>\n'
    )


def _small(text: str, baseline: float, *, mirrored: bool) -> str:
    fitting = cut(_drawn(text), AREA.width, SMALL, partial(width, face=Face.REGULAR))
    return _line(fitting, SMALL, baseline, mirrored=mirrored)


def _sentence(said: Poster) -> Iterator[str]:
    """Yield the lines of the sentence; its first capitals reach the top of its area."""
    measure = partial(width, face=Face.BOLD)
    size, lines = fitted(_drawn(said.headline), AREA, SIZES, LEADING, measure)
    for number, line in enumerate(lines):
        yield _line(line, size, TOP + CAPITALS * size + number * LEADING * size, mirrored=said.mirrored)


def _drawn(text: str) -> str:
    return unicodedata.normalize("NFC", one_line(text))


def _line(text: str, size: float, baseline: float, *, mirrored: bool) -> str:
    place = f'x="{WIDTH - MARGIN}" text-anchor="end"' if mirrored else f'x="{MARGIN}"'
    written = escape(RIGHT_TO_LEFT.format(text) if mirrored else text)
    return f'<text {place} y="{baseline:g}" font-size="{size:g}">{written}</text>\n'
