"""Status.yaml: read it into a `Site`."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from generator.model import Brand, Contact, ContactKind, Group, Language, Need, Service, ServiceStatus, Site, Task, Text
from generator.places import CONFIG
from generator.problems import Level, Problem, did_you_mean
from generator.reading import links, moments, yaml
from generator.reading.reader import Reader
from probes.model import Plan
from probes.naming import LONGEST_NAME, is_name

KEYS = (
    "name",
    "url",
    "feed_authority",
    "time_zone",
    "languages",
    "publish_every",
    "record_since",
    "uptime_weights",
    "groups",
    "services",
    "tasks",
    "contacts",
    "brand",
    "probes",
)
DEFAULT_WEIGHTS = {
    ServiceStatus.MAJOR_OUTAGE: 100,
    ServiceStatus.PARTIAL_OUTAGE: 30,
    ServiceStatus.DEGRADED_PERFORMANCE: 0,
    ServiceStatus.UNDER_MAINTENANCE: 0,
}
_IDS = f"lower-case letters, digits and hyphens, at most {LONGEST_NAME}"
_EXAMPLES = {
    "name": "Example",
    "url": "https://status.example.ch",
    "feed_authority": "example.ch,2026",
    "time_zone": "Europe/Zurich",
    "languages": "{de: de_CH, fr: fr_CH, en: en_GB}",
    "groups": "[{id: mail, name: Mail}]",
    "services": "[{id: gateway, name: Gateway, group: mail}]",
}
"""What has to stand there, each with how it may look."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RESERVED = re.compile(r"overall|.*-uptime-(?:30|90)")
"""What badges are called; a service of that id would take their place."""
_UNITS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_INTERVAL_SECONDS = 7 * 86_400
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9.-]+@)?[A-Za-z0-9.-]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

ReadBrand = Callable[[Reader, yaml.Node, Text], Brand | None]
"""Reads `brand:` of a site with a name."""

Thing = TypeVar("Thing", Group, Service, Task)


def parse(text: str, brand_of: ReadBrand | None = None, tree: str = "") -> tuple[Site | None, list[Problem]]:
    """Read status.yaml; the site is None where an error leaves nothing to build on.

    `brand_of` reads `brand:`, which is passed over without it. An error in it leaves a site that looks as shipped
    there, for news are not to wait for a logo.
    `tree` is the folder it stands in, for a prober: the files that the plan names are meant from there.
    """
    root, problems = yaml.parse(CONFIG, text)
    if root is None:
        if not problems:
            hint = "`lagebild init` shows in another folder what it holds"
            problems.append(Problem(path=CONFIG, code="missing-key", message="status.yaml is empty", hint=hint))
        return None, problems
    languages, zone = _frame(root)
    reader = Reader(CONFIG, languages=languages or ("en",), zone=zone)
    reader.problems.extend(problems)
    top = reader.mapping(root, "status.yaml", KEYS)
    site = _site(reader, top, tree) if top else None
    if any(problem.level is Level.ERROR for problem in reader.problems):
        site = None
    node = top.entries.get("brand") if top else None
    if node and brand_of:
        brand = brand_of(reader, node, site.name if site else {})
        site = site and replace(site, brand=brand)
    return site, reader.problems


def _frame(root: yaml.Node) -> tuple[tuple[str, ...], ZoneInfo]:
    """Look ahead for what the reading of everything else needs: languages and zone."""
    entries = root.entries if isinstance(root, yaml.Mapping) else {}
    languages, zone = entries.get("languages"), entries.get("time_zone")
    codes = tuple(languages.entries) if isinstance(languages, yaml.Mapping) else ()
    return codes, (_zone(zone.text) if isinstance(zone, yaml.Scalar) else None) or ZoneInfo("UTC")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _site(reader: Reader, top: yaml.Mapping, tree: str) -> Site:
    get = top.entries.get
    for key in _EXAMPLES:
        if key not in top.entries:
            reader.report(top, "missing-key", f'status.yaml needs "{key}"', f"e.g. {key}: {_EXAMPLES[key]}")
    groups = _things(reader, get("groups"), "group", ("id", "name"), _group)
    group_ids = [group.id for group in groups]
    services = _things(
        reader,
        get("services"),
        "service",
        ("id", "name", "description", "group", "own", "depends_on", "since"),
        lambda reader, node, id_: _service(reader, node, id_, group_ids),
    )
    service_ids = [service.id for service in services]
    _judge_dependencies(reader, get("services"), service_ids)
    tasks = _things(
        reader,
        get("tasks"),
        "task",
        ("id", "name", "doing", "services"),
        lambda reader, node, id_: _task(reader, node, id_, service_ids),
    )
    plan = _plan(reader, get("probes"), services, tree)
    return Site(
        name=reader.localized(get("name"), "name", everywhere=True),
        url=_url(reader, get("url")),
        feed_authority=_authority(reader, get("feed_authority")),
        time_zone=_time_zone(reader, get("time_zone")),
        languages=_languages(reader, get("languages")),
        groups=groups,
        services=services,
        tasks=tasks,
        contacts=tuple(filter(None, (_contact(reader, node) for node in reader.items(get("contacts"), "contacts")))),
        record_since=_date(reader, get("record_since"), "record_since"),
        publish_every=_interval(reader, get("publish_every")),
        uptime_weights=_weights(reader, get("uptime_weights")),
        plan=plan,
        places=_places(reader, get("probes"), plan),
    )


def _url(reader: Reader, node: yaml.Node | None) -> str:
    text = reader.string(node, "url") or ""
    if links.confides(text):
        hint = "every page would show it: remove it, and change the password"
        reader.report(node, "plain-secret", "url contains a name or a password", hint)
    elif text and not links.is_site_address(text):
        message = f"{links.named(text)} is not an address of a site"
        reader.report(node, "bad-url", message, 'e.g. "https://status.example.ch", without blanks, accents or a query')
    return text.rstrip("/")


def _authority(reader: Reader, node: yaml.Node | None) -> str:
    text = reader.string(node, "feed_authority") or ""
    if text and not _AUTHORITY.fullmatch(text):
        hint = 'a domain and the year you held it, e.g. "example.ch,2026" (RFC 4151)'
        reader.report(node, "bad-authority", f'"{text}" cannot be used in tag URIs', hint)
    return text


def _time_zone(reader: Reader, node: yaml.Node | None) -> str:
    text = reader.string(node, "time_zone") or "UTC"
    if _zone(text) is None:
        from zoneinfo import available_timezones

        hint = did_you_mean(text, sorted(available_timezones())) if len(text) < 60 else ""
        hint = hint if hint.startswith("did") else 'e.g. "Europe/Zurich"'
        reader.report(node, "unknown-time-zone", f'"{text}" is not a time zone', hint)
    return text


def _languages(reader: Reader, node: yaml.Node | None) -> tuple[Language, ...]:
    mapping = reader.mapping(node, "languages")
    if mapping is None:
        return ()
    if not mapping.entries:
        reader.report(mapping, "missing-key", "languages names none", "e.g. languages: {de: de_CH}")
    found = []
    for code, value in mapping.entries.items():
        if not re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}", code):
            reader.report(mapping.keys[code], "unknown-language", f'"{code}" is not a language code', 'e.g. "de"')
        locale = reader.string(value, f"the locale of {code}") or ""
        if locale and not _locale_exists(locale):
            reader.report(value, "unknown-locale", f'"{locale}" is not a locale', 'e.g. "de_CH", "fr_CH", "en_GB"')
        found.append(Language(code=code, locale=locale))
    return tuple(found)


def _locale_exists(name: str) -> bool:
    from babel.localedata import exists

    return re.fullmatch(r"[A-Za-z0-9_]+", name) is not None and bool(exists(name))


def _interval(reader: Reader, node: yaml.Node | None) -> timedelta:
    text = reader.string(node, "publish_every")
    match = re.fullmatch(r"([1-9][0-9]{0,6})([smh])", text or "1h")
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not 0 < seconds <= _LONGEST_INTERVAL_SECONDS:
        reader.report(node, "bad-interval", f'"{text}" is not an interval', 'e.g. "15m", "1h"; at most a week: "168h"')
        return timedelta(hours=1)
    return timedelta(seconds=seconds)


def _date(reader: Reader, node: yaml.Node | None, what: str) -> date | None:
    text = reader.string(node, what)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year < moments.EARLIEST_YEAR or day.year > moments.LATEST_YEAR:
        hint = f'e.g. "2021-03-10", from {moments.EARLIEST_YEAR} on'
        reader.report(node, "bad-time", f'{what}: "{text}" is not a date', hint)
        return None
    return day


def _plan(reader: Reader, node: yaml.Node | None, services: tuple[Service, ...], tree: str) -> Plan | None:
    if node is None:
        return None
    from generator.content import probes_section

    return probes_section.read(reader, node, services, tree)


def _places(reader: Reader, node: yaml.Node | None, plan: Plan | None) -> dict[str, Text]:
    mapping = reader.mapping(node.entries.get("places"), "places") if isinstance(node, yaml.Mapping) else None
    if mapping is None or plan is None:
        return {}
    for name, key in mapping.keys.items():
        if name not in plan.probers:
            reader.report(key, "unknown-value", f'"{name}" is no prober', did_you_mean(name, plan.probers))
    found = mapping.entries.items()
    return {name: reader.localized(value, f"the place of {name}", everywhere=True) for name, value in found}


def _weights(reader: Reader, node: yaml.Node | None) -> dict[ServiceStatus, int]:
    weights = dict(DEFAULT_WEIGHTS)
    mapping = reader.mapping(node, "uptime_weights")
    for key, value in mapping.entries.items() if mapping else ():
        status = reader.member(mapping.keys[key] if mapping else None, key, "status", DEFAULT_WEIGHTS, "unknown-status")
        weight = reader.number(value, f"the weight of {key}", low=0, high=100)
        if status is not None and weight is not None:
            weights[status] = weight
    return weights


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
        since=_date(reader, get("since"), "since"),
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


def _contact(reader: Reader, node: yaml.Node) -> Contact | None:
    mapping = reader.mapping(node, "a contact", ("kind", "label", "target", "note"))
    if mapping is None:
        return None
    get = mapping.entries.get
    for key in ("kind", "label", "target"):
        if key not in mapping.entries:
            hint = "e.g. {kind: mail, label: Support, target: support@example.ch}"
            reader.report(mapping, "missing-key", f'a contact needs "{key}"', hint)
    kind = reader.choice(get("kind"), "kind of contact", ContactKind, "unknown-value")
    target = reader.string(get("target"), "target") or ""
    if kind and target:
        _judge_target(reader, get("target"), kind, target)
    label = reader.localized(get("label"), "label", everywhere=True)
    note = reader.localized(get("note"), "note", everywhere=True)
    return Contact(kind=kind, label=label, target=target, note=note) if kind else None


def _judge_target(reader: Reader, node: yaml.Node | None, kind: ContactKind, target: str) -> None:
    if kind in (ContactKind.CHAT, ContactKind.WEB) and not links.is_link(target):
        message, hint = f"{links.named(target)} is not a web address", 'e.g. "https://support.example.ch"'
        reader.report(node, "bad-url", message, hint)
    if kind is ContactKind.MAIL and not links.is_mail_address(target):
        reader.report(node, "bad-url", f'"{target}" is not an e-mail address', 'e.g. "support@example.ch"')
    if kind is ContactKind.PHONE and not re.fullmatch(r"\+?[0-9][0-9 ()/.-]{3,}", target):
        reader.report(node, "bad-url", f'"{target}" is not a telephone number', 'e.g. "+41 44 000 00 00"')
