"""How the services of an incident stood after each word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generator.facts.phases import incident_facts
from generator.formats.statuspage.stories import Story, Word
from generator.formats.statuspage.telling import known_then
from generator.model import Incident, Kind, ServiceStatus, Site

Standing = Mapping[str, ServiceStatus]
"""The status of each service that an incident had touched by then, in the order of status.yaml."""


def standings(site: Site, story: Story) -> Sequence[Standing]:
    """Return how the services stood after each word, oldest first; later words are left out."""
    order = {service.id: place for place, service in enumerate(site.services)}
    return [_standing(order, story.facts.incident, word) for word in story.words]


def _standing(order: Mapping[str, int], incident: Incident, word: Word) -> Standing:
    taken_back, called_off = incident.retracted, incident.cancelled
    then = replace(
        known_then(incident, word.updates),
        retracted=taken_back if taken_back and taken_back.at <= word.told else None,
        cancelled=called_off if called_off and called_off <= word.told else None,
    )
    facts = incident_facts(then, order, _instant(then, word))
    assert facts is not None  # noqa: S101 - its first update has been told by then
    return {id_: facts.statuses.get(id_, ServiceStatus.OPERATIONAL) for id_ in facts.services}


def _instant(incident: Incident, word: Word) -> datetime:
    """Return when to look: a change dated by the hour counts in words that are dated by the day alone."""
    times = [word.told, incident.updates[0].told]
    if incident.kind is Kind.INCIDENT:
        times += [at for at in (incident.started.first, incident.updates[-1].effective.first) if at]
    return max(times)
