"""Documents: read heartbeat.json and status.json, as far as a poll needs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from generator.model import ServiceStatus
from generator.polling.address import PollError

VERSION = 1
"""The one version of either document that is understood."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Until when something is known of a service by a check of one prober."""

    name: str
    service: str
    stale_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When the site was built, and until when to believe it."""

    generated_at: datetime
    next_update_before: datetime
    faulty_files: int
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as the site tells it."""

    headline: Mapping[str, str]
    """Its name and its status in words, by language; empty where an earlier version built the site."""
    own: bool
    """False for an upstream service."""
    status: ServiceStatus
    incidents: frozenset[str]
    """Ids of what is open on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state as the site tells it."""

    status: ServiceStatus
    headline: Mapping[str, str]
    """The sentence at the top of the overview, by language, in the site's order; never empty."""
    services: Mapping[str, Service]
    open: frozenset[str]
    """Ids of the unresolved incidents."""
    under_way: frozenset[str]
    """Ids of the maintenance that is going on."""


def parse_heartbeat(text: str) -> Heartbeat:
    """Return what a heartbeat.json says.

    Raises:
        PollError: It is none.
    """
    return _parse("heartbeat.json", text, _heartbeat)


def parse_status(text: str) -> Status:
    """Return what a status.json says.

    Raises:
        PollError: It is none.
    """
    return _parse("status.json", text, _status)


def _parse(name: str, text: str, read: Callable[[Any], T]) -> T:
    """Return what `read` makes of a document; it may raise whatever a value of another type leads to."""
    try:
        document = json.loads(text)
        version = document["version"]
        if version == VERSION:
            return read(document)
    except KeyError as error:
        raise PollError(f"{name} lacks {error}") from error
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise PollError(f"{name} is not what it should be: {error}") from error
    raise PollError(f"{name} is of version {version!r}; this check knows {VERSION}")


def _heartbeat(document: Any) -> Heartbeat:
    faulty = document["faulty_files"]
    if not isinstance(faulty, int):
        raise TypeError("faulty_files is not a number")
    return Heartbeat(
        generated_at=_instant(document["generated_at"]),
        next_update_before=_instant(document["next_update_before"]),
        faulty_files=faulty,
        checks=tuple(
            Check(name=str(check["check"]), service=str(check["service"]), stale_after=_instant(check["stale_after"]))
            for check in document.get("checks", ())  # a site that an earlier version built has none
        ),
    )


def _instant(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{value} lacks its offset from UTC")
    return at


def _status(document: Any) -> Status:
    headline = _words(document["headline"])
    if not headline:
        raise ValueError("headline is empty")
    incidents = document["incidents"]
    return Status(
        status=ServiceStatus(document["status"]),
        headline=headline,
        services={str(service["id"]): _service(service) for service in document["services"]},
        open=frozenset(str(found["id"]) for found in incidents["open"]),
        under_way=frozenset(str(found["id"]) for found in incidents["under_way"]),
    )


def _service(document: Any) -> Service:
    return Service(
        headline=_words(document.get("headline", {})),
        own=bool(document["own"]),
        status=ServiceStatus(document["status"]),
        incidents=frozenset(map(str, document["incidents"])),
    )


def _words(document: Any) -> dict[str, str]:
    return {str(code): str(text) for code, text in document.items()}
