"""Which stories and components there are, in which order, and when each was last changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.facts import ServiceFacts, in_part, midnight
from generator.formats.edition import Edition
from generator.formats.statuspage.stories import Story, story
from generator.model import Kind, ServiceStatus, Site

MOST = 50
"""So many of the most recent stories stand in a list, as in Statuspage."""
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a service exists whose record has no beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A service, in no language yet."""

    service: str
    status: ServiceStatus
    since: str | None
    """The first day on record."""
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that the documents show."""

    components: tuple[Component, ...]
    """In the order of status.yaml."""
    updated: datetime
    """When anything was last told, corrected or reached by the clock."""
    incidents: Sequence[Story]
    """The latest, what was told first last; what is unresolved is never crowded out by what is not."""
    unresolved: Sequence[Story]
    maintenances: Sequence[Story]
    """The latest by their window, likewise."""
    upcoming: Sequence[Story]
    """Soonest first."""
    active: Sequence[Story]

    @property
    def ahead(self) -> Sequence[Story]:
        """Return the maintenances that are not over, soonest first."""
        return [*self.active, *self.upcoming]


def board(edition: Edition) -> Board:
    """Return what there is to show; notices change no status, and Statuspage does not know them."""
    facts, site = edition.facts, edition.site
    stories = [story(found, facts.now) for found in facts.incidents if found.incident.kind is not Kind.NOTICE]
    incidents = sorted((one for one in stories if one.facts.incident.kind is Kind.INCIDENT), key=_told)[::-1]
    maintenances = sorted((one for one in stories if one.facts.incident.kind is Kind.MAINTENANCE), key=_window)
    components = tuple(_component(site, service, stories) for service in facts.services)
    return Board(
        components=components,
        updated=max((one.updated for one in stories), default=min((one.created for one in components), default=ALWAYS)),
        incidents=_latest(incidents),
        unresolved=[one for one in incidents if one.facts.open],
        maintenances=_latest(maintenances[::-1]),
        upcoming=[one for one in maintenances if one.facts.upcoming],
        active=[one for one in maintenances if one.facts.open],
    )


def _told(story: Story) -> tuple[datetime, str]:
    return story.created, story.facts.incident.id


def _window(story: Story) -> tuple[datetime, str]:
    return story.scheduled.start, story.facts.incident.id


def _latest(stories: Sequence[Story]) -> Sequence[Story]:
    """Return the first of the stories; those that are over give way."""
    over = [story for story in stories if not story.facts.open and not story.facts.upcoming]
    room = max(MOST - (len(stories) - len(over)), 0)
    left_out = {id(story) for story in over[room:]}
    return [story for story in stories if id(story) not in left_out][:MOST]


def _component(site: Site, facts: ServiceFacts, stories: Iterable[Story]) -> Component:
    service = facts.service
    since = max((day for day in (site.record_since, service.since) if day), default=None)
    created = midnight(since, site.time_zone) if since else ALWAYS
    told = (story.updated for story in stories if service.id in story.facts.services)
    return Component(
        service=service.id,
        status=in_part(facts.status) if facts.for_some else facts.status,
        since=since.isoformat() if since else None,
        created=created,
        updated=max((created, *told)),
    )
