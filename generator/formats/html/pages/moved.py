"""Where an automatic incident was before another one took it over: a page that leads on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.page import Page, View


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for each id that has become part of an incident, in every language."""
    for facts in edition.facts.incidents:
        for id_, year in facts.incident.aliases.items():
            alternates = {code: edition.addresses.incident(code, facts.incident) for code in edition.languages}
            for lang, path in alternates.items():
                yield Page(
                    template="moved",
                    lang=lang,
                    path=path,
                    stands_at=edition.addresses.permalink(lang, year, id_),
                    alternates=alternates,
                    parts=(facts,),
                    view=partial(_view, edition, facts, lang),
                    fallback=alternates[edition.languages[0]],
                )


def _view(edition: Edition, facts: IncidentFacts, lang: str) -> View:
    return {
        "title": words.title(edition.speeches[lang], edition.site, facts),
        "target": edition.addresses.absolute(edition.addresses.incident(lang, facts.incident)),
        "path": edition.addresses.incident(lang, facts.incident),
    }
