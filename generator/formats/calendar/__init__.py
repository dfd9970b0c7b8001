"""The calendars of maintenance, for the whole site and for each service, in each language (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from generator.facts import IncidentFacts
from generator.formats.calendar.events import changed, event
from generator.formats.calendar.schedule import schedule
from generator.formats.edition import Edition
from generator.formats.output import Output
from generator.model import Service

MOST = 200
"""So many maintenances stand in a calendar, the latest; a year of weekly work fits three times over."""


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the calendar of everything, then one a service; one without maintenance exists, and is empty."""
    planned = sorted(
        (facts for facts in edition.facts.incidents if facts.window is not None),
        key=lambda facts: (facts.window.start if facts.window else facts.told, facts.incident.id),
    )
    yield from _in_every_language(edition, None, planned)
    for service in edition.site.services:
        yield from _in_every_language(edition, service, [facts for facts in planned if service.id in facts.services])


def _in_every_language(edition: Edition, service: Service | None, planned: Sequence[IncidentFacts]) -> Iterator[Output]:
    latest = planned[-MOST:]
    # A correction comes due by the clock, which the facts of an incident do not show.
    parts = [part for facts in latest for part in (facts, changed(facts, edition.facts.now))]
    for lang in edition.languages:
        path = edition.addresses.calendar(lang, service.id if service else None)
        render = partial(_render, edition, lang, service, latest, path)
        yield Output(path=path, inputs=edition.inputs(path, *parts), render=render)


def _render(edition: Edition, lang: str, service: Service | None, planned: Sequence[IncidentFacts], path: str) -> bytes:
    from generator.formats.calendar.ics import written  # a build with nothing to do loads no icalendar

    return written(schedule(edition, lang, service, path, [event(edition, lang, facts) for facts in planned]))
