"""Brand parts: prepare the styles that a brand adds, and its logo and links for templates."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.formats.edition import Edition
from generator.i18n import Speech, Spoken
from generator.model import Brand, Font, Picture

LOGO_SHEET = "components/site-name/style.css"
"""Nobody needs it who has no logo."""

_FAMILY = re.compile(r"--family:\s*([^;}]+?)\s*;")


class Shown(NamedTuple):
    """A picture: where it lies in the site, and its size in CSS pixels."""

    path: str
    width: int
    height: int


class LogoView(NamedTuple):
    """The logo, as templates see it."""

    light: Shown
    dark: Shown | None
    alt: Spoken


class Link(NamedTuple):
    """A link of the footer, as templates see it."""

    label: Spoken
    url: str


def files(brand: Brand | None) -> Sequence[str]:
    """Return the files that a brand uses, by their paths in the tree."""
    if brand is None:
        return ()
    pictures = (brand.logo.light, brand.logo.dark) if brand.logo else ()
    paths = (*(picture.path for picture in pictures if picture), *(font.path for font in brand.fonts))
    return tuple(dict.fromkeys(paths))


def name(path: str) -> str:
    """Return what a file is called in the site: its own name, as far as it can stand in any address."""
    stem, ending = posixpath.splitext(posixpath.basename(path))
    return f"{re.sub('[^a-z0-9]+', '-', stem.lower()).strip('-') or 'brand'}{ending.lower()}"


def styles(brand: Brand | None, tokens: str, assets: Mapping[str, str]) -> Iterator[str]:
    """Yield what a brand adds below the tokens: its fonts, at the head of the family of `tokens`, and its accent.

    `assets` holds where the brand's files lie.
    """
    if brand is None:
        return
    for font in brand.fonts:
        yield _face(font, posixpath.basename(assets[font.path]))
    if brand.fonts:
        shipped = _FAMILY.search(tokens)
        families = dict.fromkeys(f'"{font.family}"' for font in brand.fonts)
        yield f":root{{--family:{','.join((*families, shipped[1] if shipped else 'sans-serif'))}}}"
    yield from accent(brand)


def _face(font: Font, file: str) -> str:
    return (
        f'@font-face{{font-family:"{font.family}";src:url({file}) format("woff2");'
        f"font-weight:{font.weight};font-style:{font.style};font-display:swap}}"
    )


def accent(brand: Brand | None) -> Iterator[str]:
    """Yield the colour of links and of the focus, in each scheme."""
    if brand and brand.accent:
        light, dark = brand.accent.light, brand.accent.dark
        yield f":root{{--link:{light};--focus:{light}}}"
        yield f"@media (prefers-color-scheme: dark){{:root{{--link:{dark};--focus:{dark}}}}}"


def logo(edition: Edition, speech: Speech, assets: Mapping[str, str]) -> LogoView | None:
    """Return the logo with its words in a language; `assets` holds where the brand's files lie."""
    found = edition.site.brand.logo if edition.site.brand else None
    if found is None:
        return None
    dark = _shown(found.dark, assets) if found.dark else None
    return LogoView(light=_shown(found.light, assets), dark=dark, alt=speech.text(found.alt, edition.languages))


def _shown(picture: Picture, assets: Mapping[str, str]) -> Shown:
    return Shown(path=assets[picture.path], width=picture.width, height=picture.height)


def links(edition: Edition, speech: Speech) -> Sequence[Link]:
    """Return the links of the footer in a language."""
    order, brand = edition.languages, edition.site.brand
    return tuple(
        Link(label=speech.text(link.label, order), url=speech.text(link.url, order).text)
        for link in (brand.links if brand else ())
    )
