"""The page of a service: how it is, how it was, and its feeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from generator.facts import IncidentFacts, ServiceFacts, ServiceMonth, service_months
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings import day_bars
from generator.formats.html.drawings.month_bars import month_bars
from generator.formats.html.drawings.response_times import measured
from generator.formats.html.lines import days, line
from generator.formats.html.links import badge_links, calendar_link, feed_links
from generator.formats.html.page import Page, View
from generator.i18n import Speech


def pages(edition: Edition) -> Iterator[Page]:
    """Yield a page for each service."""
    touched: dict[str, list[IncidentFacts]] = defaultdict(list)
    for facts in edition.facts.incidents:
        for id_ in facts.services:
            touched[id_].append(facts)
    months = cache(partial(service_months, edition.facts))
    for item in edition.facts.services:
        probing = edition.facts.probing.get(item.service.id)
        # While results come in the page does not say when the last one did, or it would change with every build.
        probed = (probing.responses, probing.silent, probing.silent and probing.last_probed) if probing else ()
        yield Page(
            address=partial(edition.addresses.service, id_=item.service.id),
            view=partial(_view, edition, item, touched[item.service.id], months),
            parts=(item, *touched[item.service.id], probed),
            feeds_of=item,
            status=item.status,
        )


def _view(
    edition: Edition,
    facts: ServiceFacts,
    touched: list[IncidentFacts],
    months: Callable[[], Mapping[str, Sequence[ServiceMonth]]],
    lang: str,
) -> View:
    speech = edition.speeches[lang]
    probing = edition.facts.probing.get(facts.service.id)
    return {
        "name": speech.text(facts.service.name, edition.languages),
        "description": speech.text(facts.service.description, edition.languages),
        "state": facts.status,
        "stands": words.service_state(speech, facts),
        "tasks": [
            replace(name, text=speech.inside(name))
            for task in edition.facts.tasks
            if any(need.service == facts.service.id for need in task.task.needs)
            for name in [speech.text({**task.task.name, **task.task.doing}, edition.languages)]
        ],
        "upstream": not facts.service.own,
        "open": [line(edition, lang, f) for f in touched if f.incident.id in facts.incidents],
        "bars": day_bars.day_bars(speech, facts),
        "days": days(edition, lang, facts),
        "months": month_bars(speech, months()[facts.service.id]),
        "table": table(speech, facts),
        "silence": words.silence(speech, probing),
        "responses": measured(speech, probing.responses) if probing else [],
        "rough": any(figure.rough for figure in facts.figures),
        "lines": [line(edition, lang, f) for f in touched],
        "own_feeds": [*feed_links(edition, lang, facts), calendar_link(edition, lang, facts)],
        "badges": badge_links(edition, lang, facts.service.id),
    }


def table(speech: Speech, facts: ServiceFacts) -> View:
    """Return the uptime of a service with the time in each state, for each length of time."""
    heads, lengths = day_bars.lengths(speech, facts.figures)
    return {
        "caption": speech.gettext("Uptime, and the time in each state")
        if heads
        else speech.gettext("Uptime by period"),
        "heads": [speech.gettext("Period"), speech.gettext("Uptime"), *heads],
        "rows": [
            [
                speech.ngettext("{n} day", "{n} days", figure.days),
                "–" if figure.uptime_ppm is None else speech.uptime(figure.uptime_ppm, rough=figure.uptime_rough),
                *row,
            ]
            for figure, row in zip(facts.figures, lengths, strict=True)
        ],
    }
