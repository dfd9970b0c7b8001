"""Incidents: read an incident file into an `Incident`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from generator.content import incident_rules, updates
from generator.content.updates import Before, Known
from generator.model import (
    Cause,
    Incident,
    Kind,
    Retraction,
    ServiceStatus,
    Site,
    Update,
    UpdateStatus,
)
from generator.problems import Level, Problem, did_you_mean
from generator.reading import yaml
from generator.reading.reader import Reader
from probes.naming import LONGEST_NAME, is_name

KEYS = (
    "title",
    "kind",
    "services",
    "started",
    "ended",
    "cause",
    "who",
    "window",
    "ends",
    "cancelled",
    "retracted",
    "follows",
    "adopts",
    "updates",
)
_COMPARED = 1000
"""Among more incidents the closest name takes seconds to find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFile:
    """An incident as it stands in the tree."""

    path: str
    """Relative to the tree; its stem is the incident's id."""
    text: str
    """The YAML."""
    long_texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Path and text of the Markdown beside the file, by language."""


def parse(
    file: IncidentFile, *, site: Site, now: datetime, phrases: Mapping[str, frozenset[str]] | None = None
) -> tuple[Incident | None, list[Problem]]:
    """Read one incident file.

    Args:
        file: what was read of it.
        site: whose services and languages may be named.
        now: against which times in the future are judged.
        phrases: the phrases that may be named, each with the names of the values it takes.

    Returns:
        The incident, None where an error leaves none; and every problem of the file.
    """
    reader = Reader(file.path, languages=[language.code for language in site.languages], zone=ZoneInfo(site.time_zone))
    root, problems = yaml.parse(file.path, file.text)
    reader.problems.extend(problems)
    _judge_id(reader, file.path)
    top = reader.mapping(root, "an incident", KEYS)
    if root is None and not problems:
        reader.report(None, "missing-key", "the file is empty", "it needs at least services and updates")
    incident = (
        _incident(reader, top, Known(services=[s.id for s in site.services], phrases=phrases or {})) if top else None
    )
    if incident is not None and top is not None:
        incident = replace(incident, long_text=_long_texts(reader, file.long_texts))
        incident_rules.judge(reader, top, incident, now)
    if any(problem.level is Level.ERROR for problem in reader.problems):
        incident = None
    return incident, sorted(reader.problems)


def link(incidents: Sequence[Incident]) -> tuple[list[Incident], list[Problem]]:
    """Judge what only all files together show: ids that stand twice, references to nothing.

    Returns the incidents without the second of each duplicate, and the problems.
    """
    kept: dict[str, Incident] = {}
    problems: list[Problem] = []
    for incident in incidents:
        first = kept.setdefault(incident.id, incident)
        if first is not incident:
            message = f'the id "{incident.id}" is taken by {first.path}'
            hint = "rename this file: an id is a permalink, unique over all years"
            problems.append(Problem(path=incident.path, code="duplicate-id", message=message, hint=hint))
    for incident in kept.values():
        if incident.follows == incident.id:
            message, hint = "follows: names this incident itself", "name the one before it"
            problems.append(Problem(path=incident.path, code="unknown-incident", message=message, hint=hint))
        elif incident.follows is not None and incident.follows not in kept:
            message = f'follows: "{incident.follows}" is not an incident'
            few = len(kept) <= _COMPARED
            hint = did_you_mean(incident.follows, kept) if few else "an id is the name of a file, without .yaml"
            problems.append(Problem(path=incident.path, code="unknown-incident", message=message, hint=hint))
    return list(kept.values()), problems


def stem_of(path: str) -> str:
    """Return a path's file name without its ending."""
    return posixpath.splitext(posixpath.basename(path))[0]


def _judge_id(reader: Reader, path: str) -> None:
    stem = stem_of(path)
    if not is_name(stem):
        form = f"lower-case letters, digits and hyphens, at most {LONGEST_NAME}"
        hint = f'{form}, e.g. "2024-02-19-mail-archive-down.yaml"'
        reader.report(None, "bad-id", f'the file name "{stem}" is not an id', hint)


def _incident(reader: Reader, top: yaml.Mapping, known: Known) -> Incident | None:
    get = top.entries.get
    kind = reader.choice(get("kind"), "kind", Kind, "unknown-value") or Kind.INCIDENT
    listed = {Kind.MAINTENANCE: ServiceStatus.UNDER_MAINTENANCE, Kind.NOTICE: ServiceStatus.OPERATIONAL}.get(kind)
    services = updates.service_changes(reader, get("services"), known.services, listed)
    started, ended = reader.moment(get("started"), "started"), reader.moment(get("ended"), "ended")
    title, who = reader.localized(get("title"), "title"), reader.localized(get("who"), "who")
    cause = reader.choice(get("cause"), "cause", Cause, "unknown-value")
    window = updates.window(reader, get("window"), kind)
    ends = reader.moment(get("ends"), "ends")
    cancelled = reader.instant(get("cancelled"), "cancelled")
    retracted = _retraction(reader, get("retracted"))
    follows = reader.string(get("follows"), "follows")
    adopts = tuple(text for _, text in reader.strings(get("adopts"), "adopts"))
    began = started.first if started else window.start if window else None
    told = _updates(reader, top, kind, known, began)
    if not told:
        return None
    return Incident(
        id=stem_of(reader.path),
        kind=kind,
        path=reader.path,
        title=title,
        services=services,
        started=started or told[0].at,
        ended=ended,
        cause=cause,
        who=who,
        window=window,
        ends=ends,
        cancelled=cancelled,
        retracted=retracted,
        follows=follows,
        adopts=adopts,
        updates=told,
    )


def _updates(reader: Reader, top: yaml.Mapping, kind: Kind, known: Known, began: datetime | None) -> tuple[Update, ...]:
    nodes = reader.items(top.entries.get("updates"), "updates")
    if not nodes:
        reader.report(top.keys.get("updates", top), "no-updates", "there are no updates yet", "add an update")
    told: list[Update] = []
    keys: set[str] = set()
    for node in nodes:
        update = updates.read(reader, node, kind, known, Before(update=told[-1] if told else None, began=began))
        if update is None:
            continue
        if update.key in keys:
            hint = "give this one an id: of its own; it must never change"
            reader.report(node, "duplicate-update", f'two updates have the key "{update.key}"', hint)
        if told and told[-1].status is UpdateStatus.RESOLVED and update.status is not UpdateStatus.RESOLVED:
            hint = "write a new incident that follows: this one"
            reader.report(node, "update-after-resolved", "the incident was resolved by the update above", hint)
        keys.add(update.key)
        told.append(update)
    return tuple(told)


def _retraction(reader: Reader, node: yaml.Node | None) -> Retraction | None:
    mapping = reader.mapping(node, "retracted", ("at", "reason"))
    if mapping is None:
        return None
    at = reader.instant(mapping.entries.get("at"), "retracted at")
    if "at" not in mapping.entries:
        hint = "e.g. retracted: {at: 2024-02-22 16:00}"
        reader.report(mapping, "missing-key", 'retracted needs "at"', hint)
    reason = reader.markdown(mapping.entries.get("reason"), "reason")
    return Retraction(at=at, reason=reason) if at is not None else None


def _long_texts(reader: Reader, texts: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    for code, (path, text) in texts.items():
        beside = Reader(path, languages=reader.languages, zone=reader.zone)
        if code in reader.languages:
            beside.judge_markdown(yaml.Scalar(text, 1, 1), "the long text", text, whole_file=True)
        else:
            message = f'"{code}" is not a language in status.yaml'
            beside.report(None, "unknown-language", message, did_you_mean(code, reader.languages))
        reader.problems.extend(beside.problems)
    missing = [code for code in reader.languages if code not in texts]
    if texts and missing:
        message = f"the long text lacks {', '.join(missing)}"
        stem = reader.path.removesuffix(".yaml")
        reader.report(None, "missing-translation", message, f"write {stem}.{missing[0]}.md", Level.WARNING)
    return {code: text for code, (_, text) in texts.items() if code in reader.languages}
