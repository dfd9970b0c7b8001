"""The state of each service at `now`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from generator.facts.calendar import calendar_until, midnight
from generator.facts.measures import Span
from generator.facts.model import IncidentFacts, ServiceFacts
from generator.facts.phases import last_reported
from generator.facts.severities import severity, worst
from generator.facts.stretches import by_service
from generator.facts.uptime import BARS, PERIODS, days_of, figures_of, on_record_since, today_of
from generator.model import Service, Site


def service_facts(site: Site, stories: Sequence[IncidentFacts], today: date) -> tuple[ServiceFacts, ...]:
    """Return how each service stands, in the order of status.yaml. `today` is the local day."""
    spans = by_service(stories)
    live = [story for story in stories if story.open or story.statuses]
    return tuple(_service(site, service, spans.get(service.id, []), live, today) for service in site.services)


def _service(
    site: Site, service: Service, spans: list[Span], live: Sequence[IncidentFacts], today: date
) -> ServiceFacts:
    since = on_record_since(site, service)
    # Today is left out: its figures would change with every build.
    calendar = calendar_until(today - timedelta(days=1), PERIODS[-1], site.time_zone)
    days = days_of(spans, calendar, since)
    so_far = today_of(spans, midnight(today, site.time_zone), today, since)
    affecting = [story for story in live if service.id in story.statuses]
    status = worst(story.statuses[service.id] for story in affecting)
    return ServiceFacts(
        service=service,
        status=status,
        for_all=worst(story.statuses[service.id] for story in affecting if not story.who),
        last_reported=last_reported(story for story in affecting if story.statuses[service.id] is status),
        incidents=_open_on((service.id,), live),
        days=(*days[-BARS:], so_far),
        figures=figures_of(days, site.uptime_weights),
    )


def _open_on(services: Sequence[str], live: Sequence[IncidentFacts]) -> tuple[str, ...]:
    """Return what is open on some services, worst first; a notice changes no status and is left out."""
    found: list[tuple[int, str]] = []
    for story in live:
        if story.open and story.status is not None and not set(services).isdisjoint(story.services):
            status = worst(story.statuses[id_] for id_ in services if id_ in story.statuses)
            found.append((-severity(status), story.incident.id))
    found.sort(key=lambda pair: pair[0])
    return tuple(id_ for _, id_ in found)
