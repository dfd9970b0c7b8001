"""When a fact next changes by the clock alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from generator.facts.calendar import midnight
from generator.facts.model import IncidentFacts
from generator.facts.phases import CONFIRMED_FOR, STANDS_FOR, notice_limit, over_since
from generator.model import Incident, Kind


def next_transition(
    incidents: Iterable[Incident], stories: Iterable[IncidentFacts], now: datetime, today: date, time_zone: str
) -> datetime:
    """Return the next instant at which facts change although no file does; at the latest the next local midnight."""
    soonest = midnight(today + timedelta(days=1), time_zone)
    for incident in incidents:
        for update in incident.updates:
            if update.told > now:
                soonest = min(soonest, update.told)
                break
    for story in stories:
        for at in _edges(story):
            if at is not None and now < at < soonest:
                soonest = at
    return soonest


def _edges(story: IncidentFacts) -> Iterator[datetime | None]:
    """Yield each instant that how the incident stands was compared with `now`."""
    incident = story.incident
    yield incident.started.first
    yield incident.cancelled
    if incident.ended:
        yield incident.ended.first
    if incident.confirmed:
        yield incident.confirmed + CONFIRMED_FOR
    if incident.retracted:
        yield incident.retracted.at
    for update in story.updates:
        yield update.effective.first
        yield update.corrected
    if story.window:
        yield story.window.start
        yield story.window.end
    if story.next_update:
        yield story.next_update.last
    if incident.kind is Kind.NOTICE:
        yield notice_limit(incident, story.updates)
    over = over_since(story)
    if over:
        yield over + STANDS_FOR
