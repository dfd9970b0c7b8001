"""The pictures that stand beside a link to the site, in each language: what the overview says, and the site's name.

The pages that tell the state ask for the first with `?v=` and a digest, so that who keeps pictures by their address
fetches a new one with a new state. All others have the second: what was over long ago must not be shown with today's
state, and they must not change with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from generator.brand.palette import SHEET
from generator.formats import words
from generator.formats.advances import Face, lacks
from generator.formats.edition import Edition
from generator.formats.html.drawings.raster import fonts, png
from generator.formats.html.poster.drawing import HEIGHT, WIDTH, Poster, drawing
from generator.formats.output import Output
from generator.formats.palettes import palettes

__all__ = ["HEIGHT", "WIDTH", "Preview", "outputs", "picture"]


class Preview(NamedTuple):
    """What a page says of the picture."""

    address: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the pictures of each language, none where none can be drawn; each rests on what it says alone."""
    for lang in edition.languages if edition.pictures else ():
        for telling in (True, False):
            path = edition.addresses.poster(lang, telling=telling)
            said = _said(edition, lang, telling=telling)
            yield Output(path=path, inputs=edition.inputs(path, said), render=partial(_rendered, edition, said))


def picture(edition: Edition, lang: str, *, telling: bool) -> Preview | None:
    """Return the picture as a page names it, None where none can be drawn.

    `telling` is whether the page tells the state of the whole site.
    """
    if not edition.pictures:
        return None
    address = edition.addresses.absolute(edition.addresses.poster(lang, telling=telling))
    if not telling:
        return Preview(address, _name(edition, lang))
    headline = words.headline(edition.speeches[lang], edition.facts)
    version = hashlib.blake2b(f"{edition.facts.answer.status} {headline}".encode(), digest_size=4).hexdigest()
    return Preview(f"{address}?v={version}", headline)


def _said(edition: Edition, lang: str, *, telling: bool) -> Poster:
    speech = edition.speeches[lang]
    return Poster(
        headline=words.headline(speech, edition.facts) if telling else _name(edition, lang),
        name=_name(edition, lang) if telling else "",
        address=edition.site.url.partition("://")[2],
        status=edition.facts.answer.status if telling else None,
        mirrored=speech.direction == "rtl",
    )


def _name(edition: Edition, lang: str) -> str:
    speech = edition.speeches[lang]
    return f"{speech.text(edition.site.name, edition.languages).text} · {speech.gettext('Status')}"


def _rendered(edition: Edition, said: Poster) -> bytes:
    svg = drawing(said, palettes(edition.templates.get(SHEET, "")))
    foreign = lacks(f"{said.headline}{said.name}{said.address}", Face.BOLD)
    return png(svg, WIDTH, fonts=fonts(), system_fonts=foreign)
