"""Moved: lead on from where an automatic incident was before another one took it over."""

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
            yield Page(
                address=partial(edition.addresses.incident, incident=facts.incident),
                stands_at=partial(edition.addresses.permalink, year=year, id_=id_),
                parts=(facts,),
                view=partial(_view, edition, facts),
                listed=False,
            )


def _view(edition: Edition, facts: IncidentFacts, lang: str) -> View:
    return {
        "title": words.title(edition.speeches[lang], edition.site, facts),
        "target": edition.addresses.absolute(edition.addresses.incident(lang, facts.incident)),
        "path": edition.addresses.incident(lang, facts.incident),
    }
