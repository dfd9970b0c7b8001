"""Event files: hold what a prober has concluded, one immutable file per conclusion."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar, cast

from probes.model import Announce, Outcome, Reason, Words
from probes.naming import is_name

__all__ = ["FOLDER", "NO_TEXT", "Event", "EventError", "EventKind", "episode_id", "parse", "path_of", "serialize"]

FOLDER = "incidents/auto"
"""Where the files stand, below the tree."""
MAX_BYTES = 16_384
"""Larger files are not read."""
_ID = re.compile(r"[0-9a-f]{16}")
_FIGURE = re.compile(r"[a-z][a-z_]{0,39}")
_MOST_SECONDS = 366 * 86400
_MOST = 1e18
"""Of a figure that counts something else than seconds, such as bytes, either way."""
_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
NO_TEXT = f"\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef{_NONCHARACTERS}"
"""The characters, for a pattern, that JSON can hold and a page cannot: control characters, halves of surrogate pairs,
and what Unicode sets aside for no character (23.7)."""
_NO_TEXT = re.compile(f"[{NO_TEXT}]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_MAX_TITLE, _MAX_TEXT = 300, 4_000

Member = TypeVar("Member", bound=StrEnum)


class EventKind(StrEnum):
    """What happened to an episode (the first five) or to the prober itself (the last two)."""

    OPEN = "open"
    ESCALATE = "escalate"
    """It has become worse."""
    STILL = "still"
    """It goes on, unchanged."""
    CLOSE = "close"
    REOPEN = "reopen"
    """It has come back soon after it was closed."""
    BLIND = "blind"
    """The prober itself is offline: what it says counts no longer."""
    SEEING = "seeing"


_OF_PROBER = (EventKind.BLIND, EventKind.SEEING)


class EventError(ValueError):
    """A file that is no event; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One conclusion of one prober. Facts only: the words come from the generator's catalogs."""

    event: EventKind
    id: str
    """The episode's: see `episode_id`."""
    prober: str
    at: datetime
    """When it was concluded, to the second."""
    since: datetime
    """Since when it is so: the first bad result; on `close` the first good one. May lie before `at`."""
    service: str = ""
    """Empty on `blind` and `seeing`, and so are `check` and `kind`."""
    check: str = ""
    kind: str = ""
    """The kind of the check."""
    status: Outcome = Outcome.OPERATIONAL
    """How the service is from `since` on."""
    reason: Reason | None = None
    announce: Announce = Announce.AT_ONCE
    probers: int = 1
    """How many probers there were to agree: a majority of them makes it certain."""
    behind: str = ""
    """The service this one depends on and that fails as well, where there is one."""
    figures: Mapping[str, float] = field(default_factory=dict)
    title: Words = field(default_factory=dict)
    text: Words = field(default_factory=dict)


def episode_id(prober: str, service: str, check: str, since: datetime) -> str:
    """Return the id that every event of an episode bears: 16 hex digits of a SHA-256."""
    named = f"{prober}|{service}|{check}|{since.astimezone(UTC).strftime(_TIME)}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def path_of(event: Event) -> str:
    """Return where an event is filed, relative to the tree; two events never share a path."""
    at = event.at.astimezone(UTC)
    return f"{FOLDER}/{at:%Y/%m}/{at:%Y%m%dT%H%M%SZ}-{event.prober}-{event.event}-{event.id}.json"


def serialize(event: Event) -> bytes:
    """Return the file of an event: JSON with sorted keys, the same bytes for the same event."""
    said: dict[str, object] = {
        "version": 1,
        "event": event.event.value,
        "id": event.id,
        "prober": event.prober,
        "at": event.at.astimezone(UTC).strftime(_TIME),
        "since": event.since.astimezone(UTC).strftime(_TIME),
    }
    if event.event not in _OF_PROBER:
        said |= {"service": event.service, "check": event.check, "kind": event.kind, "status": event.status.value}
        said |= {"announce": event.announce.value, "probers": event.probers}
    if event.reason is not None:
        said["reason"] = event.reason.value
    optional = {"behind": event.behind, "figures": event.figures, "title": event.title, "text": event.text}
    said |= {key: dict(value) if isinstance(value, Mapping) else value for key, value in optional.items() if value}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1).encode() + b"\n"


def parse(data: bytes) -> Event:
    """Return the event of a file; keys that are not known are passed over, so that a later version may add some.

    Raises:
        EventError: It is no event file.
    """
    if len(data) > MAX_BYTES:
        raise EventError(f"{len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EventError(f"it is not JSON: {error}") from error
    if not isinstance(said, dict):
        raise EventError("it is not a JSON object")
    return _event(_Said(said))


def _event(said: _Said) -> Event:
    if said.entries.get("version") != 1:
        raise EventError('"version" is not 1')
    kind = said.member("event", EventKind)
    of_service = kind not in _OF_PROBER
    status = said.member("status", Outcome) if of_service else Outcome.OPERATIONAL
    if status is Outcome.UNKNOWN or (of_service and status.bad is (kind is EventKind.CLOSE)):
        raise EventError(f'"status" cannot be {status.value} on {kind.value}')
    at, since = said.time("at"), said.time("since")
    if since > at:
        raise EventError('"since" lies after "at"')
    return Event(
        event=kind,
        id=said.id("id"),
        prober=said.name("prober"),
        at=at,
        since=since,
        service=said.name("service") if of_service else "",
        check=said.name("check") if of_service else "",
        kind=said.name("kind") if of_service else "",
        status=status,
        reason=said.member("reason", Reason) if "reason" in said.entries else None,
        announce=said.member("announce", Announce) if "announce" in said.entries else Announce.AT_ONCE,
        probers=said.count("probers") if "probers" in said.entries else 1,
        behind=said.name("behind") if "behind" in said.entries else "",
        figures=said.figures("figures"),
        title=said.words("title", _MAX_TITLE),
        text=said.words("text", _MAX_TEXT),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The keys of a file, read with their types."""

    entries: dict[str, object]

    def text(self, key: str) -> str:
        value = self.entries.get(key)
        if not isinstance(value, str):
            raise EventError(f'"{key}" is missing' if value is None else f'"{key}" is not a text')
        return value

    def id(self, key: str) -> str:
        value = self.text(key)
        if not _ID.fullmatch(value):
            raise EventError(f'"{key}" has not the right form')
        return value

    def name(self, key: str) -> str:
        value = self.text(key)
        if not is_name(value):
            raise EventError(f'"{key}" has not the right form')
        return value

    def member(self, key: str, members: type[Member]) -> Member:
        value = self.text(key)
        try:
            return members(value)
        except ValueError:
            raise EventError(f"{value[:40]!a} is not a known {key}") from None

    def time(self, key: str) -> datetime:
        try:
            at = datetime.strptime(self.text(key), _TIME).replace(tzinfo=UTC)
        except ValueError as error:
            raise EventError(f'"{key}" is not a time such as 2026-11-24T03:12:00Z') from error
        if not 2000 <= at.year < 3000:  # the ends of the calendar are no ground to reckon on
            raise EventError(f'"{key}" is of another age')
        return at

    def count(self, key: str) -> int:
        value = self.entries.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
            raise EventError(f'"{key}" is not a number from 1 to 1000')
        return value

    def figures(self, key: str) -> dict[str, float]:
        found = self.entries.get(key, {})
        if not isinstance(found, dict):
            raise EventError(f'"{key}" is not an object')
        for name, value in found.items():
            if not _FIGURE.fullmatch(name) or not _is_figure(name, value):
                raise EventError(f'"{key}" holds something else than named numbers within reason')
        return cast("dict[str, float]", found)

    def words(self, key: str, limit: int) -> dict[str, str]:
        found = self.entries.get(key, {})
        if not isinstance(found, dict):
            raise EventError(f'"{key}" is not an object')
        for language, text in found.items():
            if not _LANGUAGE.fullmatch(language):
                raise EventError(f'"{key}" holds something else than texts by language')
            if not isinstance(text, str) or len(text) > limit or _NO_TEXT.search(text):
                raise EventError(f'"{key}" holds something else than texts of at most {limit} characters')
        return cast("dict[str, str]", found)


def _is_figure(name: str, value: object) -> bool:
    """Return whether a value is one that its figure may have; NaN lies within no bounds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= _MOST_SECONDS if name.endswith("_seconds") else -_MOST <= value <= _MOST
