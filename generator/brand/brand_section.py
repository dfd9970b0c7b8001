"""Brand section: read `brand:` of status.yaml, as far as its files hold what they should."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.brand import accents
from generator.brand.logos import picture
from generator.brand.palette import Schemes
from generator.brand.svg import PictureError
from generator.model import Brand, Font, FooterLink, Logo, Picture, Text
from generator.places import BRAND
from generator.problems import Problem, did_you_mean
from generator.reading import links, yaml
from generator.reading.reader import Reader

KEYS = ("logo", "accent", "fonts", "links")
LOGO_KEYS = ("file", "dark", "alt")
FONT_KEYS = ("family", "file", "weight", "style")
LINK_KEYS = ("label", "url")
PICTURES = (".svg", ".png", ".webp")
FONTS = (".woff2",)

_FAMILY = re.compile(r"\w[\w -]{0,59}")
_WEIGHT = re.compile(r"[1-9][0-9]{0,2}(?: [1-9][0-9]{0,2})?")
_STYLE = re.compile("normal|italic")
_WOFF2 = b"wOF2"
"""What a file of https://www.w3.org/TR/WOFF2/ begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """What a brand is made of and judged by."""

    files: Mapping[str, bytes]
    """Of brand/, by path relative to the tree."""
    unread: Mapping[str, Problem]
    """Why a file of brand/, or all of it, was not read."""
    colours: Schemes
    """Those of the stylesheet, `ground` and `sunken` among them."""


def read(reader: Reader, node: yaml.Node | None, materials: Materials, name: Text) -> Brand | None:
    """Return the brand without what is wrong with it, None where there is none; `name` is the site's."""
    mapping = reader.mapping(node, "brand", KEYS)
    if mapping is None:
        return None
    get, reading = mapping.entries.get, _Reading(reader, materials)
    return Brand(
        logo=reading.logo(get("logo"), name),
        accent=accents.read(reader, get("accent"), materials.colours),
        fonts=tuple(filter(None, map(reading.font, reader.items(get("fonts"), "fonts")))),
        links=tuple(filter(None, map(reading.link, reader.items(get("links"), "links")))),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the parts of a brand; what is wrong is reported, and left out."""

    reader: Reader
    materials: Materials

    def logo(self, node: yaml.Node | None, name: Text) -> Logo | None:
        """Return the logo; without an `alt` it says the site's name."""
        mapping = self.reader.mapping(node, "logo", LOGO_KEYS, needed=("file",))
        if mapping is None:
            return None
        get = mapping.entries.get
        light, dark = self._picture(get("file")), self._picture(get("dark"))
        alt = self.reader.localized(get("alt"), "the alt of the logo", everywhere=True)
        return Logo(light=light, dark=dark, alt=alt or name) if light else None

    def _picture(self, node: yaml.Node | None) -> Picture | None:
        found = self._file(node, "logo", PICTURES)
        if found is None:
            return None
        path, data = found
        try:
            return picture(path, data)
        except PictureError as error:
            self.reader.report(node, error.code, f"{path}: {error.message}", error.hint)
            return None

    def font(self, node: yaml.Node) -> Font | None:
        """Return a font."""
        mapping = self.reader.mapping(node, "a font", FONT_KEYS, needed=("family", "file"))
        if mapping is None:
            return None
        get = mapping.entries.get
        family = self._matching(get("family"), "family", _FAMILY, "letters, digits, spaces and hyphens")
        weight = self._matching(get("weight"), "weight", _WEIGHT, '400, or "100 900" of a variable font')
        style = self._matching(get("style"), "style", _STYLE, "allowed: normal, italic")
        found = self._file(get("file"), "font", FONTS)
        if found and not _is_font(found[1]):
            whole = not found[1].startswith(_WOFF2)
            message = f"{found[0]}: the file is not WOFF2" if whole else f"{found[0]}: the WOFF2 is cut off or damaged"
            self.reader.report(get("file"), "bad-font", message, "convert it with woff2_compress, or another tool")
            return None
        if not family or not found:
            return None
        return Font(family=family, path=found[0], weight=weight or "400", style=style or "normal")

    def _matching(self, node: yaml.Node | None, what: str, form: re.Pattern[str], hint: str) -> str | None:
        text = self.reader.string(node, what)
        if text is not None and not form.fullmatch(text):
            self.reader.report(node, "unknown-value", f'"{text}" is not a font {what}', hint)
            return None
        return text

    def link(self, node: yaml.Node) -> FooterLink | None:
        """Return a link of the footer."""
        mapping = self.reader.mapping(node, "a link", LINK_KEYS, needed=LINK_KEYS)
        if mapping is None:
            return None
        label, place = mapping.entries.get("label"), mapping.entries.get("url")
        url = self.reader.localized(place, "the url of a link", everywhere=True)
        places = place.entries if isinstance(place, yaml.Mapping) else dict.fromkeys(url, place)
        wrong = {text: places[code] for code, text in url.items() if not links.is_link(text, mail=True)}
        for text, where in wrong.items():
            hint = 'e.g. "https://www.example.ch/legal" or "mailto:info@example.ch"'
            self.reader.report(where, "bad-url", f"{links.named(text)} is not an address to link to", hint)
        words = self.reader.localized(label, "the label of a link", everywhere=True)
        return FooterLink(label=words, url=url) if words and url and not wrong else None

    def _file(self, node: yaml.Node | None, what: str, endings: Sequence[str]) -> tuple[str, bytes] | None:
        """Return a file of brand/ that status.yaml names."""
        path = self.reader.string(node, f"the file of a {what}")
        if path is None:
            return None
        unread = self.materials.unread.get(path) or self.materials.unread.get(BRAND)
        if not path.startswith(f"{BRAND}/"):
            hint = f"put it into the folder {BRAND}/ beside status.yaml"
            self.reader.report(node, "unknown-value", f'"{path}" is outside {BRAND}/', hint)
        elif not path.lower().endswith(tuple(endings)):
            self.reader.report(node, "unknown-value", f'"{path}" is not a {what}', f"allowed: {', '.join(endings)}")
        elif unread:
            self.reader.report(node, unread.code, f"{unread.path}: {unread.message}", unread.hint)
        elif path not in self.materials.files:
            there = [name for name in self.materials.files if name.lower().endswith(tuple(endings))]
            hint = did_you_mean(path, there) if there else "put the file there"
            self.reader.report(node, "missing-file", f"there is no {path}", hint)
        else:
            return path, self.materials.files[path]
        return None


def _is_font(data: bytes) -> bool:
    """Return whether a file begins as a font and is as long as it says: https://www.w3.org/TR/WOFF2/#woff20Header."""
    return data.startswith(_WOFF2) and int.from_bytes(data[8:12], "big") == len(data)
