"""Status.yaml: read it into a `Site`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from generator.content import services_section
from generator.content.services_section import day
from generator.model import Brand, Contact, ContactKind, Language, Service, ServiceStatus, Site, Text
from generator.places import CONFIG
from generator.problems import Level, Problem, did_you_mean
from generator.reading import links, yaml
from generator.reading.reader import Reader
from probes.model import Plan

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
_UNITS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_INTERVAL_SECONDS = 7 * 86_400
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9.-]+@)?[A-Za-z0-9.-]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")

ReadBrand = Callable[[Reader, yaml.Node, Text], Brand | None]
"""Reads `brand:` of a site with a name."""


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
    groups = services_section.groups(reader, get("groups"))
    services = services_section.services(reader, get("services"), [group.id for group in groups])
    tasks = services_section.tasks(reader, get("tasks"), [service.id for service in services])
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
        record_since=day(reader, get("record_since"), "record_since"),
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
