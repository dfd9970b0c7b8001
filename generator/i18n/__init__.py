"""I18n: speak each language of the site; the only place that knows Babel when pages are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from generator.i18n.catalog import N_, CompiledCatalog, compile_catalog
from generator.i18n.formats import approximate
from generator.i18n.moments import Forms, Moments, exact
from generator.model import Language, Site, Text

__all__ = ["N_", "CompiledCatalog", "Forms", "Speech", "Spoken", "approximate", "compile_catalog", "exact", "speeches"]


CAPITALISING = frozenset({"de", "lb"})
"""The languages, by the first part of their locale, in which a capital may belong to a noun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Written words in the language they are shown in."""

    text: str
    lang: str
    """The code of the language that `text` is in."""
    translated: bool
    """False where the source language stands in for a missing translation."""


class Speech(Moments):
    """One language of the site. Cheap to create: Babel and the catalog are read at the first use."""

    def __init__(self, *, language: Language, time_zone: str, catalog: bytes | CompiledCatalog | None) -> None:
        super().__init__(locale=language.locale, time_zone=time_zone, catalog=catalog)
        self.code = language.code
        self.tag = language.locale.replace("_", "-")
        """The BCP 47 tag, for `lang` and `hreflang`: `de-CH`."""
        self.og_locale = language.locale
        """As Open Graph writes it: `de_CH`."""

    @cached_property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the script runs, for `dir`."""
        return "rtl" if self._babel.character_order == "right-to-left" else "ltr"

    @cached_property
    def name(self) -> str:
        """The language's name for itself: "Deutsch", "Français"."""
        name = self._babel.language_name or self.code
        return name[0].upper() + name[1:]

    def text(self, text: Text, order: Sequence[str]) -> Spoken:
        """Choose the words in this language, else in the first language of `order` that has them."""
        for code in (self.code, *order, *text):
            if text.get(code):
                return Spoken(text=text[code], lang=code, translated=code == self.code)
        return Spoken(text="", lang=self.code, translated=True)

    def opening(self, words: str) -> str:
        """Write words as they open a sentence or a cell: with a capital."""
        return words[:1].upper() + words[1:]

    def inside(self, spoken: Spoken) -> str:
        """Write words as they stand inside a sentence: "send mail" for "Send mail".

        The capital stays where it may be a noun's, begins an abbreviation, or is that of another language.
        """
        text = spoken.text
        keeps = not spoken.translated or self.locale.partition("_")[0] in CAPITALISING
        return text if keeps or not text[1:2].islower() else text[0].lower() + text[1:]


def speeches(site: Site, catalogs: Mapping[str, bytes | CompiledCatalog]) -> dict[str, Speech]:
    """Return how each of the site's languages speaks, by its code, in the site's order.

    `catalogs` are `.po` files, or what `compile_catalog` made of them, by language code; without one, English shows.
    """
    return {
        language.code: Speech(language=language, time_zone=site.time_zone, catalog=catalogs.get(language.code))
        for language in site.languages
    }
