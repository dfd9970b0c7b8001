"""What the probers have filed in a tree, and what staff should know of it while they write."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generator import facts
from generator.facts.automatic import Case, Outcome, case
from generator.facts.automatic.advice import disputes, orphans, proposals, strays
from generator.facts.automatic.bouts import Bout
from generator.model import Incident, Kind, Site
from generator.problems import Level, Problem, did_you_mean
from generator.reading import yaml
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


def judge(
    site: Site,
    incidents: Sequence[Incident],
    events: Sequence[Event],
    now: datetime,
    texts: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    """Yield what staff should look at: what their files adopt in vain or twice, and findings that nobody has adopted.

    `texts` are the incident files by path, to find the lines in.
    """
    found, texts = case(site, incidents, events), texts or {}
    outcome = found.outcome()
    told = (one for one in facts.merge(site, incidents, events) if one.automatic)
    known = {id_ for one in told for id_ in (one.id, *one.aliases)} | {event.id for event in events}
    yield from _misnamed(incidents, known, texts)
    yield from _adopted_wrongly(found, outcome, texts)
    yield from _unadopted(facts.derive(site, incidents, now, events=events))
    yield from _proposed(site, [bout for bout in proposals(found) if bout.open_at(now)])
    yield from _orphaned(site, [pair for pair in orphans(outcome, site.plan) if pair[0].open_at(now)])


def _misnamed(incidents: Sequence[Incident], known: set[str], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is adopted and does not exist, and files that bear an id of the probers; `known` are those."""
    for incident in incidents:
        for id_ in incident.adopts:
            if id_ not in known:
                message = f'adopts: "{id_}" is not an automatic incident'
                hint = did_you_mean(id_, sorted(known)) if len(known) <= 1000 else ""
                yield _of_adopts(texts, incident, id_, "unknown-incident", message, hint)
        if incident.id in known:
            message = f'the id "{incident.id}" is that of an automatic incident'
            hint = "rename this file; what takes an automatic incident over is adopts:"
            yield _warning(incident.path, "duplicate-id", message, hint)


def _proposed(site: Site, found: Iterable[Bout]) -> Iterator[Problem]:
    for bout in found:
        first = bout.first
        message = (
            f"{first.prober} sees {first.service} as {bout.told[-1].status.value} since {_said(site, first.since)}"
        )
        hint = f"this is not public: write an incident with adopts: [{first.id}], if it is one"
        yield _warning(path_of(first), "proposed-incident", message, hint)


def _orphaned(site: Site, found: Iterable[tuple[Bout, str]]) -> Iterator[Problem]:
    for bout, missing in found:
        first = bout.first
        state = f"{first.service} stays {bout.told[-1].status.value} since {_said(site, first.since)}"
        message = f"{state}: {missing} is not in status.yaml, and nobody else can close it"
        hint = f"put it back until it has closed, or write an incident with adopts: [{first.id}] and resolve that"
        yield _warning(path_of(first), "orphaned-incident", message, hint)


def _adopted_wrongly(found: Case, outcome: Outcome, texts: Mapping[str, str]) -> Iterator[Problem]:
    for stray in strays(found, outcome):
        services = ", ".join(stray.services)
        message = f'adopts: "{stray.id}" is on {services}, of which this incident does not speak; it goes on by itself'
        hint = f"name {services} under services:, or take the id out"
        yield _of_adopts(texts, stray.incident, stray.id, "adopted-elsewhere", message, hint)
    for dispute in disputes(found, outcome):
        message = f'adopts: "{dispute.id}" is taken over by {dispute.owner.path} already'
        hint = "name it in one of the two files only; this one does not have it"
        yield _of_adopts(texts, dispute.other, dispute.id, "adopted-twice", message, hint)


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


def _of_adopts(texts: Mapping[str, str], incident: Incident, id_: str, code: str, message: str, hint: str) -> Problem:
    """Return a problem at the place where an incident adopts an id."""
    line, column = _place(incident.path, texts.get(incident.path, ""), id_)
    return replace(_warning(incident.path, code, message, hint), line=line, column=column)


def _place(path: str, text: str, id_: str) -> tuple[int, int]:
    root, _ = yaml.parse(path, text)
    listed = root.entries.get("adopts") if isinstance(root, yaml.Mapping) else None
    items = listed.items if isinstance(listed, yaml.Sequence) else ()
    places = ((item.line, item.column) for item in items if isinstance(item, yaml.Scalar) and item.text == id_)
    return next(places, (0, 0))


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(path=path, code=code, message=message, hint=hint, level=Level.WARNING)
