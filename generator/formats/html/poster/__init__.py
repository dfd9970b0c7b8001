"""The picture that stands beside a link to the site: what the overview says, as a poster, in each language.

Its address stays, for it is on every page, and pages that do not depend on the state must not change with it. The
pages that tell the state ask for it with `?v=` and a digest, so that who keeps pictures by their address fetches a new
one with a new state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.poster.drawing import HEIGHT, WIDTH, Poster, drawing
from generator.formats.html.poster.typeface import files, lacks
from generator.formats.html.raster import png
from generator.formats.output import Output
from generator.formats.palettes import palettes
from generator.palette import SHEET

__all__ = ["HEIGHT", "WIDTH", "Picture", "outputs", "picture"]


class Picture(NamedTuple):
    """What a page says of the picture."""

    address: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the picture of each language; it rests on what it says alone."""
    for lang in edition.languages:
        path = edition.addresses.poster(lang)
        said = _said(edition, lang)
        yield Output(path=path, inputs=edition.inputs(path, said), render=partial(_rendered, edition, said))


def picture(edition: Edition, lang: str, *, telling: bool) -> Picture:
    """Return the picture as a page names it; `telling` is whether the page tells the state of the whole site."""
    address = edition.addresses.absolute(edition.addresses.poster(lang))
    if not telling:
        return Picture(address, _name(edition, lang))
    headline = words.headline(edition.speeches[lang], edition.facts)
    version = hashlib.blake2b(f"{edition.facts.status} {headline}".encode(), digest_size=4).hexdigest()
    return Picture(f"{address}?v={version}", headline)


def _said(edition: Edition, lang: str) -> Poster:
    speech = edition.speeches[lang]
    return Poster(
        headline=words.headline(speech, edition.facts),
        name=_name(edition, lang),
        address=edition.site.url.partition("://")[2],
        status=edition.facts.status,
        mirrored=speech.direction == "rtl",
    )


def _name(edition: Edition, lang: str) -> str:
    speech = edition.speeches[lang]
    return f"{speech.text(edition.site.name, edition.languages).text} · {speech.gettext('Status')}"


def _rendered(edition: Edition, said: Poster) -> bytes:
    svg = drawing(said, palettes(edition.templates.get(SHEET, "")))
    foreign = lacks(f"{said.headline}{said.name}{said.address}")
    return png(svg, WIDTH, fonts=files(), system_fonts=foreign)
