"""Updates: read one entry of `updates:`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from generator.model import (
    Action,
    Kind,
    MailFate,
    Moment,
    Precision,
    ServiceStatus,
    Update,
    UpdateStatus,
    Window,
)
from generator.reading import yaml
from generator.reading.reader import Reader
from probes.naming import LONGEST_NAME

KEYS = (
    "id",
    "at",
    "status",
    "effective",
    "services",
    "mail",
    "action",
    "who",
    "next_update",
    "window",
    "corrected",
    "phrase",
    "text",
)
RESERVED = ("retracted", "cancelled")
"""What feeds call the words that take an incident back or call it off."""
_KEY_FORM = re.compile(r"[0-9A-Za-z]+(?:[-:][0-9A-Za-z]+)*")
STATUSES: dict[Kind, tuple[UpdateStatus, ...]] = {
    Kind.INCIDENT: (
        UpdateStatus.INVESTIGATING,
        UpdateStatus.IDENTIFIED,
        UpdateStatus.MONITORING,
        UpdateStatus.RESOLVED,
    ),
    Kind.MAINTENANCE: (
        UpdateStatus.SCHEDULED,
        UpdateStatus.IN_PROGRESS,
        UpdateStatus.VERIFYING,
        UpdateStatus.COMPLETED,
    ),
    Kind.NOTICE: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names that a file may refer to."""

    services: Sequence[str]
    phrases: Mapping[str, frozenset[str]]
    """The values that each phrase takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What lies before an update."""

    update: Update | None = None
    """The one above it; None for the first."""
    began: datetime | None
    """When what the file tells of began, or is planned to; None if unknown."""


def read(reader: Reader, node: yaml.Node, kind: Kind, known: Known, before: Before) -> Update | None:
    """Read one update."""
    mapping = reader.mapping(node, "an update", KEYS)
    if mapping is None:
        return None
    get = mapping.entries.get
    at = _at(reader, mapping, before)
    if at is None:
        return None
    effective = reader.moment(get("effective"), "effective") or at
    dated = effective if at.first is None else at
    told = _told(dated, before)
    _judge_order(reader, get("at"), at, before.update)
    return Update(
        key=_key(reader, get("id")) or key_of(dated),
        at=at,
        told=told,
        status=_status(reader, mapping, kind),
        services=service_changes(reader, get("services"), known.services),
        effective=effective,
        text=reader.markdown(get("text"), "text"),
        phrases=reader.phrases(get("phrase"), known.phrases),
        mail=reader.choice(get("mail"), "fate of mail", MailFate, "unknown-value"),
        action=reader.choice(get("action"), "action", Action, "unknown-value"),
        who=reader.localized(get("who"), "who"),
        next_update=_next(reader, get("next_update"), told),
        window=window(reader, get("window"), kind),
        corrected=reader.instant(get("corrected"), "corrected"),
    )


def _key(reader: Reader, node: yaml.Node | None) -> str | None:
    """Read an update's `id:`: the key it has, or had before its time was corrected."""
    key = reader.string(node, "id")
    if key is not None and (key in RESERVED or len(key) > LONGEST_NAME or not _KEY_FORM.fullmatch(key)):
        hint = f"letters, digits, hyphens and colons, at most {LONGEST_NAME}; not {' or '.join(RESERVED)}"
        reader.report(node, "bad-id", f'"{key}" cannot be the id of an update', hint)
    return key


def key_of(at: Moment) -> str:
    """Return the default key of what is dated so: its first instant in UTC to the minute."""
    return f"{at.first:%Y-%m-%dT%H:%MZ}" if at.first else "unknown"


def service_changes(
    reader: Reader, node: yaml.Node | None, known: Iterable[str], listed_as: ServiceStatus | None = None
) -> dict[str, ServiceStatus]:
    """Read a mapping of service ids to statuses; with `listed_as`, a plain list of ids too."""
    if listed_as is not None and isinstance(node, yaml.Sequence):
        named = reader.strings(node, "services")
        return {id_: listed_as for place, id_ in named if reader.known_service(place, id_, known)}
    changes = {}
    mapping = reader.mapping(node, "services")
    for id_, value in mapping.entries.items() if mapping else ():
        place = mapping.keys[id_] if mapping else None
        status = reader.choice(value, "service status", ServiceStatus, "unknown-status")
        if reader.known_service(place, id_, known) and status is not None:
            changes[id_] = status
    return changes


def window(reader: Reader, node: yaml.Node | None, kind: Kind) -> Window | None:
    """Read `window: {from, to}` of a maintenance."""
    mapping = reader.mapping(node, "window", ("from", "to"))
    if mapping is None:
        return None
    if kind is not Kind.MAINTENANCE:
        reader.report(node, "wrong-kind", f"{article(kind)} has no window", "kind: maintenance has one")
    start, end = (reader.instant(mapping.entries.get(key), f"window {key}") for key in ("from", "to"))
    for key in ("from", "to"):
        if key not in mapping.entries:
            hint = "e.g. window: {from: 2023-04-12 11:45, to: 2023-04-12 12:45}"
            reader.report(mapping, "missing-key", f'window needs "{key}"', hint)
    if start is None or end is None:
        return None
    if end <= start:
        reader.report(mapping.entries["to"], "window-reversed", "the window ends before it starts", "swap from and to")
        return None
    return Window(start=start, end=end)


def _at(reader: Reader, mapping: yaml.Mapping, before: Before) -> Moment | None:
    node = mapping.entries.get("at")
    if node is None:
        hint = "e.g. at: 2024-02-22 16:00"
        reader.report(mapping, "missing-key", 'an update needs "at": when it was reported', hint)
        return None
    at = reader.moment(node, "at")
    if at is not None and at.first is None and before.update is None and before.began is None:
        message = "neither the time of this update nor the beginning is known"
        hint = 'give one of the two, however vague: e.g. "started: 2024-02-19" above "updates:"'
        reader.report(node, "vague-time", message, hint)
        return None
    return at


def _told(dated: Moment, before: Before) -> datetime:
    former = before.update.told if before.update else None
    told = dated.first or former or before.began
    assert told is not None  # noqa: S101 - `_at` refuses a first update without any time
    return max(told, former) if former else told


def _judge_order(reader: Reader, node: yaml.Node | None, at: Moment, former: Update | None) -> None:
    if former is None or at.last is None or at.last >= former.told:
        return
    hint = "updates are oldest first: add new ones at the end of the file"
    reader.report(node, "updates-out-of-order", "this update is older than the one above it", hint)


def _status(reader: Reader, mapping: yaml.Mapping, kind: Kind) -> UpdateStatus | None:
    node = mapping.entries.get("status")
    if node is None:
        if kind is Kind.INCIDENT:
            allowed = ", ".join(STATUSES[kind])
            reader.report(mapping, "missing-key", 'an update of an incident needs "status"', f"allowed: {allowed}")
        return None
    if kind is Kind.NOTICE:
        reader.report(node, "wrong-kind", "a notice has no status", "remove the line; say what has changed in text")
        return None
    text = reader.string(node, "status")
    return (
        None
        if text is None
        else reader.member(node, text, f"status of {article(kind)}", STATUSES[kind], "unknown-status")
    )


def article(kind: Kind) -> str:
    """Return "an incident", "a maintenance" or "a notice"."""
    return "an incident" if kind is Kind.INCIDENT else f"a {kind}"


def _next(reader: Reader, node: yaml.Node | None, told: datetime) -> Moment | None:
    moment = reader.moment(node, "next_update")
    if moment is None:
        return None
    if moment.precision is Precision.UNKNOWN:
        reader.report(node, "vague-time", "next_update needs a time", "leave it out where none was promised")
        return None
    if moment.last is not None and moment.last < told:
        message, hint = "next_update is before this update", "check the two times, or leave it out"
        reader.report(node, "updates-out-of-order", message, hint)
    return moment
