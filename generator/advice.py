"""Advice: warn staff of what only the facts show, such as an automatic incident that nobody has adopted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generator.content.judge import Content
from generator.facts import Facts, Merger
from generator.facts.automatic.disagreements import disputes, orphans, proposals, strays
from generator.facts.automatic.runs import Run
from generator.model import Incident, Kind, Site
from generator.problems import Level, Problem, did_you_mean
from generator.reading import yaml
from probes.events import path_of


def with_advice(content: Content, facts: Facts, texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the content's problems and the advice, by path and line."""
    return tuple(sorted((*content.problems, *advise(content, facts, texts))))


def advise(content: Content, facts: Facts, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what staff should look at: what their files adopt in vain or twice, and findings that nobody has adopted.

    `facts` are those derived from `content`; `texts` are the incident files by path, to find the lines in.
    """
    merger = facts.merger
    if merger is None:
        return
    site, now = facts.site, facts.now
    automatic = (one for one in merger.incidents if one.automatic)
    known = {id_ for one in automatic for id_ in (one.id, *one.aliases)} | {event.id for event in content.events}
    yield from _misnamed(content.incidents, known, texts)
    yield from _adopted_wrongly(merger, texts)
    yield from _unadopted(facts)
    yield from _proposed(site, [run for run in proposals(merger.evidence) if run.open_at(now)])
    yield from _orphaned(site, [pair for pair in orphans(merger.allotment, site.plan) if pair[0].open_at(now)])


def _misnamed(incidents: Sequence[Incident], known: set[str], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is adopted and does not exist, and files that bear an id of the probers; `known` are those."""
    for incident in incidents:
        for id_ in incident.adopts:
            if id_ not in known:
                message = f'adopts: "{id_}" is not an automatic incident'
                hint = did_you_mean(id_, sorted(known)) if len(known) <= 1000 else ""
                yield _at_adopts(_warning(incident.path, "unknown-incident", message, hint), id_, texts)
        if incident.id in known:
            message = f'the id "{incident.id}" is that of an automatic incident'
            hint = "rename this file; what takes an automatic incident over is adopts:"
            yield _warning(incident.path, "duplicate-id", message, hint)


def _proposed(site: Site, found: Iterable[Run]) -> Iterator[Problem]:
    for run in found:
        first = run.first
        message = f"{first.prober} sees {first.service} as {run.told[-1].status.value} since {_said(site, first.since)}"
        hint = f"this is not public: write an incident with adopts: [{first.id}], if it is one"
        yield _warning(path_of(first), "proposed-incident", message, hint)


def _orphaned(site: Site, found: Iterable[tuple[Run, str]]) -> Iterator[Problem]:
    for run, missing in found:
        first = run.first
        state = f"{first.service} stays {run.told[-1].status.value} since {_said(site, first.since)}"
        message = f"{state}: {missing} is not in status.yaml, and nobody else can close it"
        hint = f"put it back until it has closed, or write an incident with adopts: [{first.id}] and resolve that"
        yield _warning(path_of(first), "orphaned-incident", message, hint)


def _adopted_wrongly(merger: Merger, texts: Mapping[str, str]) -> Iterator[Problem]:
    for stray in strays(merger.evidence, merger.allotment):
        services = ", ".join(stray.services)
        message = f'adopts: "{stray.id}" is on {services}, of which this incident does not speak; it goes on by itself'
        hint = f"name {services} under services:, or take the id out"
        problem = _warning(stray.incident.path, "adopted-elsewhere", message, hint)
        yield _at_adopts(problem, stray.id, texts)
    for dispute in disputes(merger.evidence, merger.allotment):
        message = f'adopts: "{dispute.id}" is taken over by {dispute.owner.path} already'
        hint = "name it in one of the two files only; this one does not have it"
        problem = _warning(dispute.other.path, "adopted-twice", message, hint)
        yield _at_adopts(problem, dispute.id, texts)


def _unadopted(facts: Facts) -> Iterator[Problem]:
    for automatic in facts.open:
        if not automatic.incident.automatic:
            continue
        for other in facts.open:
            incident = other.incident
            both = [id_ for id_ in other.statuses if id_ in automatic.statuses]
            if incident.kind is Kind.INCIDENT and not incident.automatic and both:
                message = f"the probers have an incident of their own on {', '.join(both)}; customers see both"
                yield _warning(incident.path, "unadopted", message, f"add adopts: [{automatic.incident.id}]")


def _said(site: Site, at: datetime) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(site.time_zone)):%Y-%m-%d %H:%M}"


def _at_adopts(problem: Problem, id_: str, texts: Mapping[str, str]) -> Problem:
    """Return a problem at the place where its file adopts an id."""
    line, column = _place(problem.path, texts.get(problem.path, ""), id_)
    return replace(problem, line=line, column=column)


def _place(path: str, text: str, id_: str) -> tuple[int, int]:
    root, _ = yaml.parse(path, text)
    listed = root.entries.get("adopts") if isinstance(root, yaml.Mapping) else None
    items = listed.items if isinstance(listed, yaml.Sequence) else ()
    places = ((item.line, item.column) for item in items if isinstance(item, yaml.Scalar) and item.text == id_)
    return next(places, (0, 0))


def _warning(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(path=path, code=code, message=message, hint=hint, level=Level.WARNING)
