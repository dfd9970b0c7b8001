"""Incident rules: judge what no single key of an incident shows: kinds, times and their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from generator.content import updates
from generator.model import (
    Cause,
    Incident,
    Kind,
    Moment,
    Precision,
    ServiceStatus,
    Update,
    UpdateStatus,
)
from generator.problems import Level
from generator.reading import yaml
from generator.reading.reader import Reader

FURTHEST = timedelta(days=731)
"""A maintenance window may lie two years ahead, not more: beyond, the year is mistyped."""


def judge(reader: Reader, top: yaml.Mapping, incident: Incident, now: datetime) -> None:
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
