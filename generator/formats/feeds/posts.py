"""Which words a feed is made of, in which order, and how things stood when each was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from generator.facts import IncidentFacts
from generator.facts.phases import incident_facts
from generator.facts.spans import closing_update
from generator.formats.edition import Edition
from generator.model import Incident, Kind, Site, Update


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """An update, or the word that something was taken back or called off; in no language yet."""

    facts: IncidentFacts
    """The incident as it stands now."""
    key: str
    """Permanent within the incident."""
    told: datetime
    modified: datetime | None
    """When the words were corrected."""
    updates: tuple[Update, ...]
    """Those told by then, oldest first, this one included."""
    services: tuple[str, ...]
    """What the incident had touched by then."""

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what its item is made from."""
        return self.facts, self.key, self.modified


def posts(edition: Edition) -> list[Post]:
    """Return everything that was said by `now`, oldest first.

    What is said next comes last in this order, unless it is dated back.
    """
    found = [
        Post(
            facts=facts,
            key=key,
            told=told,
            modified=modified,
            updates=updates,
            services=_services(edition.site, facts, updates, told),
        )
        for facts in edition.facts.incidents
        for key, told, modified, updates in _said(facts, edition.facts.now)
    ]
    # Sorting is stable: words of one incident told at the same time stay in their order.
    return sorted(found, key=lambda post: (post.told, post.facts.incident.id))


def as_of(site: Site, post: Post) -> IncidentFacts:
    """Return how the incident stood when this was said.

    Later words are left out, so that they do not change what a feed said before them.
    """
    return _as_of(site, post.facts.incident, post.updates, post.told)


def _said(facts: IncidentFacts, now: datetime) -> Iterator[tuple[str, datetime, datetime | None, tuple[Update, ...]]]:
    for place, update in enumerate(facts.updates, start=1):
        corrected = update.corrected if update.corrected and update.corrected <= now else None
        modified = max(corrected, update.told) if corrected else None
        yield update.key, update.told, modified, facts.updates[:place]
    for key, at in _endings(facts):
        told = tuple(update for update in facts.updates if update.told <= at)
        yield key, at, None, told or facts.updates[:1]


def _endings(facts: IncidentFacts) -> Iterator[tuple[str, datetime]]:
    """Yield the keys that `generator.formats.entries` gives a withdrawal and a cancellation, and their times."""
    incident = facts.incident
    if facts.retracted and incident.retracted:
        yield "retracted", incident.retracted.at
    if facts.cancelled and incident.cancelled:
        yield "cancelled", incident.cancelled


def _services(site: Site, facts: IncidentFacts, updates: tuple[Update, ...], told: datetime) -> tuple[str, ...]:
    if any(update.services for update in facts.updates):
        return _as_of(site, facts.incident, updates, told).services
    return facts.services


def _as_of(site: Site, incident: Incident, updates: tuple[Update, ...], told: datetime) -> IncidentFacts:
    order = {service.id: place for place, service in enumerate(site.services)}
    taken_back, called_off = incident.retracted, incident.cancelled
    then = replace(
        incident,
        updates=updates,
        # The end is written down with the word that it is over.
        ended=incident.ended if closing_update(updates) else None,
        retracted=taken_back if taken_back and taken_back.at <= told else None,
        cancelled=called_off if called_off and called_off <= told else None,
    )
    facts = incident_facts(then, order, _instant(then, told))
    assert facts is not None  # noqa: S101 - its first update has been told by then
    return facts


def _instant(incident: Incident, told: datetime) -> datetime:
    """Return when to look: a change dated by the hour counts in words that are dated by the day alone."""
    times = [told, incident.updates[0].told]
    if incident.kind is Kind.INCIDENT:
        times += [at for at in (incident.started.first, incident.updates[-1].effective.first) if at]
    return max(times)
