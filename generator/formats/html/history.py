"""The history, a page a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from generator.facts import IncidentFacts
from generator.formats.addresses import year_of
from generator.formats.edition import Edition
from generator.formats.html.cards import line
from generator.formats.html.page import Page, View, in_every_language
from generator.model import Kind


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for each year from the first entry to this one."""
    by_year: dict[int, list[IncidentFacts]] = defaultdict(list)
    for facts in edition.facts.incidents:
        by_year[int(year_of(facts.incident))].append(facts)
    this = edition.facts.today.year
    years = range(max((this, *by_year)), min((this, *by_year)) - 1, -1)
    for year in years:
        yield from in_every_language(
            edition,
            "history",
            partial(edition.addresses.history, year=year),
            partial(_view, edition, year, years, by_year[year]),
            parts=(years, *by_year[year]),
        )


def _view(edition: Edition, year: int, years: range, listed: list[IncidentFacts], lang: str) -> View:
    speech = edition.speeches[lang]
    months: dict[int, list[IncidentFacts]] = defaultdict(list)
    for facts in listed:
        months[speech.local_date(facts.started.first or facts.told).month].append(facts)
    disturbances = sum(f.incident.kind is Kind.INCIDENT and not f.retracted for f in listed)
    return {
        "year": year,
        "years": [{"year": y, "path": edition.addresses.history(lang, y)} for y in years],
        "summary": speech.ngettext("{n} incident recorded.", "{n} incidents recorded.", disturbances)
        if listed
        else speech.gettext("Nothing to report."),
        "months": [
            {
                "id": f"m{month:02}",
                "name": speech.month(speech.local_date(found[0].started.first or found[0].told)),
                "lines": [line(edition, lang, facts) for facts in found],
            }
            for month, found in sorted(months.items(), reverse=True)
        ],
    }
