"""The icons: one for each state, so that a tab shows it, and the site's own where no state is meant.

All of them are written whether they are shown or not: which assets there are must not change with the state, for only
one former generation of them is kept. What others keep for long, such as a home screen or a feed reader, shows no
state: it would soon be an old one.
"""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from generator.brand.palette import SHEET
from generator.formats.edition import Edition
from generator.formats.html.drawings.hashing import hashed
from generator.formats.html.drawings.marks import BOX, MARKS
from generator.formats.html.drawings.raster import png
from generator.formats.output import Output
from generator.formats.palettes import Palette, Palettes, palettes, token
from generator.model import ServiceStatus
from generator.problems import BrokenError

FAVICON = "favicon.ico"
"""Programs that read no page ask for it here."""
SOURCE = "assets/icon.svg"
SMALL = 32
"""How large, in pixels, is what stands in for an icon where a browser does not show SVG."""
TOUCH = 180
"""How large, in pixels, an icon is on the home screens of Apple's devices."""
APP = (192, 512)
"""How large, in pixels, the icons of a web app are."""
PERCENT = 60
"""How much of a large icon is drawn upon, across: masks cut the rest into shape."""
PLAIN = Palettes(light={"ground": "#ffffff", "ink": "#000000"}, dark={"ground": "#000000", "ink": "#ffffff"})
"""Where a site's own stylesheet has not all colours, shapes tell the states alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """Where the two forms of an icon lie."""

    svg: str
    png: str
    """Empty where none can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Icons:
    """Every icon, with what each file is drawn from."""

    states: Mapping[ServiceStatus, Icon]
    neutral: Icon
    tiles: Mapping[int, str]
    """Paths of the large ones by their size; none where none can be drawn."""
    colours: Palettes
    """What they are painted with, and the pages beside them."""
    drawings: Mapping[str, tuple[str, int]]
    """SVG, and the width of the PNG (0: the SVG itself), by path."""

    @classmethod
    def of(cls, edition: Edition) -> Icons:
        """Return the icons in the colours of the stylesheet."""
        own = edition.templates[SOURCE]
        colours = palettes(edition.templates.get(SHEET, "")) or PLAIN
        drawings: dict[str, tuple[str, int]] = {}

        def placed(name: str, svg: str, width: int = 0) -> str:
            if width and not edition.pictures:
                return ""
            path = hashed(f"{name}.{'png' if width else 'svg'}", f"{svg}{width or ''}".encode())
            drawings[path] = (svg, width)
            return path

        states = {
            status: Icon(
                svg=placed(status.value, _drawing(status, colours)),
                png=placed(status.value, _shape(status, _colour(colours.light, status)), SMALL),
            )
            for status in MARKS
        }
        small, large = (_tile(own, percent, colours.light["ground"]) for percent in (100, PERCENT))
        neutral = Icon(svg=placed("icon", own), png=placed("icon", small, SMALL))
        tiles = {size: placed(f"icon{size}", large, size) for size in (TOUCH, *APP) if edition.pictures}
        return cls(states=states, neutral=neutral, tiles=tiles, colours=colours, drawings=drawings)

    def showing(self, status: ServiceStatus | None) -> Icon:
        """Return the icon of a state, or the site's own."""
        return self.neutral if status is None else self.states[status]

    def outputs(self, edition: Edition) -> Iterator[Output]:
        """Yield the files."""
        for path, (svg, width) in self.drawings.items():
            render = partial(_rendered, svg, width, drawn=edition.pictures)
            yield Output(path=path, inputs=edition.inputs(path), render=render)
        if edition.pictures:
            yield Output(path=FAVICON, inputs=edition.inputs(FAVICON), render=self._favicon)

    def _favicon(self) -> bytes:
        """Return the small icon as an ICO file, which may hold a PNG as it is."""
        picture = png(*self.drawings[self.neutral.png])
        head = struct.pack("<HHH", 0, 1, 1)
        entry = struct.pack("<BBBBHHII", SMALL, SMALL, 0, 0, 1, 32, len(picture), len(head) + 16)
        return head + entry + picture


def _rendered(svg: str, width: int, *, drawn: bool) -> bytes:
    """Return a file; what cannot be drawn is not published as SVG either, and only a site's own can be so."""
    if not drawn:
        return svg.encode()
    try:
        picture = png(svg, width or SMALL)
    except ValueError as error:
        raise BrokenError(f"templates/{SOURCE}: {error}") from error
    return picture if width else svg.encode()


def _drawing(status: ServiceStatus, colours: Palettes) -> str:
    """Return the icon of a state, with its colours by day and by night."""
    day, night = (_colour(palette, status) for palette in (colours.light, colours.dark))
    style = f"<style>path{{fill:{day}}}@media(prefers-color-scheme:dark){{path{{fill:{night}}}}}</style>"
    return _svg(BOX, f'{style}<path fill-rule="evenodd" d="{MARKS[status]}"/>')


def _shape(status: ServiceStatus, colour: str) -> str:
    return _svg(BOX, f'<path fill="{colour}" fill-rule="evenodd" d="{MARKS[status]}"/>')


def _tile(svg: str, percent: int, ground: str) -> str:
    """Return an icon on a ground that reaches the edges."""
    data, start = b64encode(svg.encode()).decode(), (100 - percent) / 2
    picture = f'<image x="{start:g}" y="{start:g}" width="{percent}" height="{percent}"'
    return _svg(
        100,
        f'<rect width="100" height="100" fill="{ground}"/>{picture} href="data:image/svg+xml;base64,{data}"/>',
    )


def _svg(box: int, content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}">{content}</svg>'


def _colour(palette: Palette, status: ServiceStatus) -> str:
    return palette.get(token(status), palette["ink"])
