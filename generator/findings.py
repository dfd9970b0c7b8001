"""What the probers have filed in a tree, and what staff should know of it while they write."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from generator import facts
from generator.facts.automatic import proposals
from generator.model import Incident, Kind, Site
from generator.problems import Level, Problem, did_you_mean
from probes.events import Event, EventError, parse, path_of


def read(files: Mapping[str, bytes]) -> tuple[list[Event], list[Problem]]:
    """Return the events of event files by path, and the files that are none: they are left out, and stop nothing."""
    events: list[Event] = []
    problems: list[Problem] = []
    for path, data in files.items():
        try:
            event = parse(data)
        except EventError as error:
            problems.append(_bad(path, str(error)))
            continue
        name = posixpath.basename(path_of(event))
        if posixpath.basename(path) != name:
            problems.append(_bad(path, f"the event within belongs into a file named {name}"))
        else:
            events.append(event)
    return events, problems


def judge(site: Site, incidents: Sequence[Incident], events: Sequence[Event], now: datetime) -> Iterator[Problem]:
    """Yield what staff should look at: ids that are adopted and do not exist, and findings that nobody has adopted."""
    told = facts.merge(site, incidents, events)
    known = {id_ for one in told if one.automatic for id_ in (one.id, *one.aliases)} | {event.id for event in events}
    for incident in incidents:
        for id_ in incident.adopts:
            if id_ not in known:
                message = f'adopts: "{id_}" is no automatic incident'
                hint = did_you_mean(id_, sorted(known)) if len(known) <= 1000 else ""
                yield _warning(incident.path, "unknown-incident", message, hint)
    standing = facts.derive(site, incidents, now, events=events)
    yield from _unadopted(standing)
    for bout in proposals(site, incidents, events):
        first = bout.first
        if bout.open_at(now):
            message = (
                f"{first.prober} sees {first.service} as {bout.told[-1].status.value} since {_said(site, first.since)}"
            )
            hint = f"nobody else is told: write an incident with adopts: [{first.id}], if it is one"
            yield _warning(path_of(first), "proposed-incident", message, hint)


def _unadopted(standing: facts.Facts) -> Iterator[Problem]:
    for automatic in standing.open:
        if not automatic.incident.automatic:
            continue
        for other in standing.open:
            incident = other.incident
            both = [id_ for id_ in other.statuses if id_ in automatic.statuses]
            if incident.kind is Kind.INCIDENT and not incident.automatic and both:
                message = f"the probers have an incident of their own on {', '.join(both)}; customers see both"
                yield _warning(incident.path, "unadopted", message, f"add adopts: [{automatic.incident.id}]")


def _said(site: Site, at: datetime) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(site.time_zone)):%Y-%m-%d %H:%M}"


def _bad(path: str, message: str) -> Problem:
    hint = "it is left out; only probers write here"
    return Problem(path=path, code="bad-event", message=message, hint=hint, level=Level.WARNING)


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(path=path, code=code, message=message, hint=hint, level=Level.WARNING)
