"""Incidents: read an incident file into an `Incident`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from generator.content import updates
from generator.content.updates import Before, Known
from generator.model import (
    Cause,
    Incident,
    Kind,
    Moment,
    Precision,
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
FURTHEST = timedelta(days=731)
"""A maintenance window may lie two years ahead, not more: beyond, the year is mistyped."""


def parse(
    path: str,
    text: str,
    *,
    site: Site,
    now: datetime,
    phrases: Mapping[str, frozenset[str]] | None = None,
    long_texts: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Incident | None, list[Problem]]:
    """Read one incident file.

    Args:
        path: relative to the tree; its stem is the incident's id.
        text: the YAML.
        site: whose services and languages may be named.
        now: against which times in the future are judged.
        phrases: the phrases that may be named, each with the names of the values it takes.
        long_texts: the Markdown beside the file, by language: (path, text).

    Returns:
        The incident, None where an error leaves none; and every problem of the file.
    """
    reader = Reader(path, languages=[language.code for language in site.languages], zone=ZoneInfo(site.time_zone))
    root, problems = yaml.parse(path, text)
    reader.problems.extend(problems)
    _judge_id(reader, path)
    top = reader.mapping(root, "an incident", KEYS)
    if root is None and not problems:
        reader.report(None, "missing-key", "the file is empty", "it needs at least services and updates")
    incident = (
        _incident(reader, top, Known(services=[s.id for s in site.services], phrases=phrases or {})) if top else None
    )
    if incident is not None and top is not None:
        incident = replace(incident, long_text=_long_texts(reader, long_texts or {}))
        _judge(reader, top, incident, now)
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


def _judge(reader: Reader, top: yaml.Mapping, incident: Incident, now: datetime) -> None:
    """Report what no single key shows."""
    get = top.entries.get
    _judge_kind(reader, top, incident)
    _judge_times(reader, top, incident)
    _judge_afterthoughts(reader, top, incident)
    first = next((pair for pair in _placed(top, incident) if pair[0].told > now), None)
    if first is not None:
        update, node = first
        hint = "it is shown only from then on"
        reader.report(
            _within(node, "at"), "future-time", f'update "{update.key}" is in the future', hint, Level.WARNING
        )
    for key, place, at in _times(top, incident):
        if at is not None and at > now + FURTHEST:
            reader.report(place, "far-future", f"{key} is more than two years ahead", "check the year")
    if incident.cause is Cause.UNKNOWN and any(update.status is UpdateStatus.IDENTIFIED for update in incident.updates):
        message, hint = "an update has identified the cause", "write whose fault it is: internal or upstream"
        reader.report(get("cause"), "cause-found", message, hint, Level.WARNING)
    if list(top.entries)[-1] != "updates":
        hint = "move it to the end, so that new updates can simply be added there"
        reader.report(top.keys["updates"], "updates-not-last", "updates is not the last key", hint, Level.WARNING)


def _placed(top: yaml.Mapping, incident: Incident) -> Iterator[tuple[Update, yaml.Node]]:
    """Yield each update with its place: that of all of them where one cannot be read, and none can be counted."""
    listed = top.entries["updates"]
    items = listed.items if isinstance(listed, yaml.Sequence) else ()
    nodes = items if len(items) == len(incident.updates) else [listed] * len(incident.updates)
    return zip(incident.updates, nodes, strict=True)


def _within(node: yaml.Node, key: str) -> yaml.Node:
    """Return where a key of an update is written; the update itself where it is not."""
    return node.entries.get(key, node) if isinstance(node, yaml.Mapping) else node


def _times(top: yaml.Mapping, incident: Incident) -> Iterator[tuple[str, yaml.Node | None, datetime | None]]:
    """Yield every time that an incident says, with its key and its place; of a window its end."""
    get, cancelled, retracted = top.entries.get, incident.cancelled, incident.retracted
    for key, moment in (("started", incident.started), ("ended", incident.ended), ("ends", incident.ends)):
        if key in top.entries:
            yield key, get(key), moment.first if moment else None
    yield "window", get("window"), incident.window.end if incident.window else None
    yield "cancelled", get("cancelled"), cancelled
    yield "retracted", get("retracted"), retracted.at if retracted else None
    for update, node in _placed(top, incident):
        moments = {"at": update.at, "effective": update.effective, "next_update": update.next_update}
        times = {key: moment.first if moment else None for key, moment in moments.items()}
        times |= {"window": update.window.end if update.window else None, "corrected": update.corrected}
        if update.effective is update.at:
            del times["effective"]
        for key, at in times.items():
            yield key, _within(node, key), at


def _judge_kind(reader: Reader, top: yaml.Mapping, incident: Incident) -> None:
    get = top.entries.get
    if incident.kind is Kind.MAINTENANCE and "window" not in top.entries:
        hint = "e.g. window: {from: 2023-04-12 11:45, to: 2023-04-12 12:45}"
        reader.report(top, "missing-key", 'a maintenance needs "window"', hint)
    if incident.kind is not Kind.NOTICE and not incident.services and "services" not in top.entries:
        message = f'{updates.article(incident.kind)} needs "services": what is affected, and how'
        reader.report(top, "missing-key", message, "e.g. services: {gateway: major_outage}")
    if incident.kind is Kind.INCIDENT:
        _judge_sound(reader, get("services"))
    for key, kinds in (("ends", Kind.NOTICE), ("cancelled", Kind.MAINTENANCE), ("adopts", Kind.INCIDENT)):
        if key in top.entries and incident.kind is not kinds:
            hint = f"remove the key, or write kind: {kinds}"
            reader.report(top.keys[key], "wrong-kind", f'"{key}" belongs to {updates.article(kinds)}', hint)
    if incident.kind is Kind.NOTICE:
        _judge_notice(reader, top, incident)


def _judge_notice(reader: Reader, top: yaml.Mapping, incident: Incident) -> None:
    changes = [(top.entries.get("services"), *pair) for pair in incident.services.items()]
    for update, node in _placed(top, incident):
        changes += [(_within(node, "services"), *pair) for pair in update.services.items()]
    for place, id_, status in changes:
        if status is not ServiceStatus.OPERATIONAL:
            message = f"a notice changes no service's status, but {id_} is {status}"
            reader.report(place, "wrong-kind", message, "list the services it concerns, or kind: incident")
    if not incident.title:
        hint = f"e.g. title: {{{reader.languages[0]}: …}}"
        reader.report(top.keys.get("title", top), "missing-title", "a notice needs a title", hint)


def _judge_sound(reader: Reader, services: yaml.Node | None) -> None:
    """Report the services that an incident lists and does nothing to: it would read as if nobody knew of any."""
    for id_, status in services.entries.items() if isinstance(services, yaml.Mapping) else ():
        if isinstance(status, yaml.Scalar) and status.text == ServiceStatus.OPERATIONAL:
            message = f'an incident affects what it lists, but "{id_}" is operational from the start'
            hint = f"write how {id_} is affected, e.g. degraded_performance, or leave it out"
            reader.report(status, "unknown-status", message, hint)


def _judge_times(reader: Reader, top: yaml.Mapping, incident: Incident) -> None:
    get = top.entries.get
    start = incident.started.first
    if start is None:
        return
    if _before(incident.ended, start):
        reader.report(get("ended"), "ended-before-started", "it ended before it started", "check the two times")
    for update, node in _placed(top, incident):
        if update.status is UpdateStatus.RESOLVED:
            if _before(update.at, start) or _before(update.effective, start):
                message, place = "it was resolved before it started", get("started") or _within(node, "at")
                reader.report(place, "resolved-before-started", message, "check the two times")
            break


def _judge_afterthoughts(reader: Reader, top: yaml.Mapping, incident: Incident) -> None:
    """Report what was taken back, called off or corrected before it was told."""
    told = incident.updates[0].told
    for key, at in (
        ("retracted", incident.retracted.at if incident.retracted else None),
        ("cancelled", incident.cancelled),
    ):
        if at is not None and at < told:
            message = f"{key}: is before the first update"
            reader.report(top.entries.get(key), "updates-out-of-order", message, "check the two times")
    for update, node in _placed(top, incident):
        if update.corrected is not None and update.corrected < update.told:
            message = f'corrected: is before the update "{update.key}" itself'
            reader.report(_within(node, "corrected"), "updates-out-of-order", message, "check the two times")


def _before(moment: Moment | None, start: datetime) -> bool:
    if moment is None or moment.precision is Precision.UNKNOWN or moment.last is None:
        return False
    return moment.last < start
