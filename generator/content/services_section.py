"""Services section: read `groups:`, `services:` and `tasks:` of status.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from typing import TypeVar

from generator.model import Group, Need, Service, Task, Text
from generator.problems import did_you_mean
from generator.reading import moments, yaml
from generator.reading.reader import Reader
from probes.naming import LONGEST_NAME, is_name

_IDS = f"lower-case letters, digits and hyphens, at most {LONGEST_NAME}"


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_RESERVED = re.compile(r"overall|.*-uptime-(?:30|90)")
"""What badges are called; a service of that id would take their place."""


Thing = TypeVar("Thing", Group, Service, Task)


def day(reader: Reader, node: yaml.Node | None, what: str) -> date | None:
    """Read a day of the calendar, as `2026-11-24`; None where there is none."""
    text = reader.string(node, what)
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year < moments.EARLIEST_YEAR or found.year > moments.LATEST_YEAR:
        hint = f'e.g. "2021-03-10", from {moments.EARLIEST_YEAR} on'
        reader.report(node, "bad-time", f'{what}: "{text}" is not a date', hint)
        return None
    return found


def _things(
    reader: Reader,
    node: yaml.Node | None,
    what: str,
    keys: Sequence[str],
    read: Callable[[Reader, yaml.Mapping, str], Thing | None],
) -> tuple[Thing, ...]:
    """Read a list of things that each have an id of their own."""
    found: dict[str, Thing] = {}
    hint = f"the keys of a {what}: {', '.join(keys)}"
    for number, item in enumerate(reader.items(node, f"{what}s", f'begin each {what} with "- id: …"'), 1):
        mapping = reader.mapping(item, f"a {what}", keys, hint=hint)
        if mapping is None:
            continue
        id_, written = _id(reader, mapping, what, found), mapping.entries.get("id")
        named = written.text if isinstance(written, yaml.Scalar) and not written.empty else f"{what} {number}"
        thing = read(reader, mapping, named)  # also without a good id: it does not hide the other mistakes
        if id_ and thing is not None:
            found[id_] = thing
    return tuple(found.values())


def _id(reader: Reader, mapping: yaml.Mapping, what: str, taken: Container[str]) -> str | None:
    """Return the id of a thing; None where none can be used."""
    node = mapping.entries.get("id")
    id_ = reader.string(node, f"the id of a {what}")
    if id_ is None:
        if node is None:
            reader.report(mapping, "missing-key", f'a {what} needs "id"', _IDS)
    elif not is_name(id_):
        reader.report(node, "bad-id", f'"{id_}" is not an id', _IDS)
    elif what == "service" and _RESERVED.fullmatch(id_):
        reader.report(node, "reserved-id", f'"{id_}" is the name of a badge', "choose another id")
    elif id_ in taken:
        reader.report(node, "duplicate-id", f'the {what} "{id_}" is listed twice', "remove one, or choose another id")
    else:
        return id_
    return None


def _group(reader: Reader, node: yaml.Mapping, id_: str) -> Group:
    return Group(id=id_, name=_name(reader, node, id_))


def _name(reader: Reader, node: yaml.Mapping, id_: str) -> dict[str, str]:
    written = node.entries.get("name")
    if written is None:
        hint = f"e.g. name: {{{reader.languages[0]}: …}}, or one name for all languages"
        reader.report(node, "missing-key", f'"{id_}" needs "name"', hint)
    return dict(reader.localized(written, f"the name of {id_}", everywhere=True))


def _service(reader: Reader, node: yaml.Mapping, id_: str, groups: Sequence[str]) -> Service | None:
    get = node.entries.get
    group = reader.string(get("group"), f"the group of {id_}")
    if group is None:
        reader.report(
            node, "missing-key", f'"{id_}" needs "group"', f"one of groups: {', '.join(groups) or 'none yet'}"
        )
    elif group not in groups:
        reader.report(get("group"), "unknown-group", f'"{group}" is not a group', did_you_mean(group, groups))
    return Service(
        id=id_,
        name=_name(reader, node, id_),
        description=reader.localized(get("description"), f"the description of {id_}", everywhere=True),
        group=group or "",
        own=reader.flag(get("own"), "own", default=True),
        depends_on=tuple(text for _, text in reader.strings(get("depends_on"), "depends_on")),
        since=day(reader, get("since"), "since"),
    )


def _judge_dependencies(reader: Reader, node: yaml.Node | None, known: Sequence[str]) -> None:
    for item in node.items if isinstance(node, yaml.Sequence) else ():
        depends = item.entries.get("depends_on") if isinstance(item, yaml.Mapping) else None
        for place in depends.items if isinstance(depends, yaml.Sequence) else ():
            if isinstance(place, yaml.Scalar):
                reader.known_service(place, place.text, known)


def _task(reader: Reader, node: yaml.Mapping, id_: str, services: Sequence[str]) -> Task:
    written = node.entries.get("services")
    hint = f"write [{written.text}]" if isinstance(written, yaml.Scalar) else 'begin each service with "- "'
    items = reader.items(written, f"the services of {id_}", hint)
    if not items and not isinstance(written, yaml.Mapping) and not (isinstance(written, yaml.Scalar) and written.text):
        reader.report(node, "missing-key", f'"{id_}" needs "services"', "list the ids of those that it takes")
    needs: dict[str, Need] = {}
    for item in items:
        for need in _needs(reader, item, services):
            if need.service in needs:
                message = f'"{id_}" lists the service "{need.service}" twice'
                reader.report(item, "duplicate-id", message, 'keep one; its "for" names all who need it')
            needs[need.service] = need
    return Task(
        id=id_,
        name=_name(reader, node, id_),
        doing=reader.localized(node.entries.get("doing"), f"{id_} within a sentence", everywhere=True),
        needs=tuple(needs.values()),
    )


def _needs(reader: Reader, node: yaml.Node, services: Sequence[str]) -> Iterator[Need]:
    """Yield the service that a task takes: `ID`, or `ID: {for: TEXT}`."""
    if isinstance(node, yaml.Sequence):
        message = "a service of a task must be its id, not a list"
        reader.report(node, "wrong-type", message, "remove the inner brackets")
    elif isinstance(node, yaml.Mapping):
        if not node.entries:
            reader.report(node, "empty-value", "a service of a task is empty", "write its id or remove the entry")
        for id_, limits in node.entries.items():
            said = limits.text if isinstance(limits, yaml.Scalar) and not limits.empty else "…"
            hint = f'write "{id_}" alone if everybody needs it, else {id_}: {{for: {said}}}'
            mapping = reader.mapping(limits, f'"{id_}" of a task', ("for",), needed=("for",), hint=hint)
            if reader.known_service(node.keys[id_], id_, services) and mapping:
                yield Need(service=id_, audience=_audience(reader, mapping.entries.get("for"), id_))
    else:
        text = reader.string(node, "a service of a task")
        if text is not None and reader.known_service(node, text, services):
            yield Need(service=text)


def _audience(reader: Reader, node: yaml.Node | None, id_: str) -> Text:
    """Return who needs a service; nobody named would mean everybody, so that is a mistake."""
    blank = isinstance(node, yaml.Scalar) and (node.empty or not node.text.strip())
    if blank or (isinstance(node, yaml.Mapping) and not node.entries):
        hint = f'say who needs it, or write "{id_}" alone if everybody does'
        reader.report(node, "empty-value", f'the "for" of {id_} is empty', hint)
        return {}
        return {}
    return reader.localized(node, f'the "for" of {id_}', everywhere=True)


def groups(reader: Reader, node: yaml.Node | None) -> tuple[Group, ...]:
    """Read `groups:`."""
    return _things(reader, node, "group", ("id", "name"), _group)


def services(reader: Reader, node: yaml.Node | None, group_ids: Sequence[str]) -> tuple[Service, ...]:
    """Read `services:`; the groups are those that they may belong to."""
    found = _things(
        reader,
        node,
        "service",
        ("id", "name", "description", "group", "own", "depends_on", "since"),
        lambda reader, node, id_: _service(reader, node, id_, group_ids),
    )
    _judge_dependencies(reader, node, [service.id for service in found])
    return found


def tasks(reader: Reader, node: yaml.Node | None, service_ids: Sequence[str]) -> tuple[Task, ...]:
    """Read `tasks:`; the services are those that they may take."""
    return _things(
        reader,
        node,
        "task",
        ("id", "name", "doing", "services"),
        lambda reader, node, id_: _task(reader, node, id_, service_ids),
    )
