"""Filters: narrow a year's history to one kind of entry, or to one service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.facts import IncidentFacts
from generator.formats.edition import Edition
from generator.i18n import N_, Spoken
from generator.model import Kind, Service

Parts = Mapping[str, Sequence[IncidentFacts]]
"""What each part of a year holds, by the end of its address."""

FILTERS: Mapping[str, tuple[Kind, str]] = {
    "incidents": (Kind.INCIDENT, N_("Incidents")),
    "maintenance": (Kind.MAINTENANCE, N_("Maintenance windows")),
    "notices": (Kind.NOTICE, N_("Notices")),
}
"""The parts by kind, with their names; those of services lie below `services/`, so that no id is taken for a kind."""
_SERVICES = "services/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year of the history."""

    year: int
    listed: Sequence[IncidentFacts]
    """What is filed under it, the latest beginning first."""
    parts: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link to a year or to a part of it."""

    name: Spoken
    path: str
    count: str
    """How many entries it leads to."""
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The links to all that a year can be narrowed to."""

    kinds: tuple[Choice, ...]
    """Everything first."""
    services: tuple[Choice, ...]


def parts(edition: Edition, listed: Sequence[IncidentFacts]) -> Parts:
    """Return the parts that a year's entries fall into; what would hold none or all of them is left out."""
    found = {part: [story for story in listed if story.incident.kind is kind] for part, (kind, _) in FILTERS.items()}
    for service in edition.site.services:
        found[_SERVICES + service.id] = [story for story in listed if service.id in story.services]
    return {part: kept for part, kept in found.items() if 0 < len(kept) < len(listed)}


def service_of(edition: Edition, part: str) -> Service | None:
    """Return the service that a part is of, if it is one of a service."""
    return next((service for service in edition.site.services if part == _SERVICES + service.id), None)


def name_of(edition: Edition, lang: str, part: str) -> Spoken:
    """Return what a part is called."""
    speech = edition.speeches[lang]
    service = service_of(edition, part)
    if service:
        return speech.text(service.name, edition.languages)
    text = speech.gettext(FILTERS[part][1]) if part else speech.gettext("All")
    return Spoken(text=text, lang=lang, translated=True)


def choices(edition: Edition, lang: str, year: Year, current: str) -> Choices | None:
    """Return the links to a year's parts, or None if it has none; `current` is the part at hand, empty for the year."""
    if not year.parts:
        return None
    speech = edition.speeches[lang]
    links = {
        part: Choice(
            name=name_of(edition, lang, part),
            path=edition.addresses.history(lang, year.year, part),
            count=speech.number(len(kept)),
            current=part == current,
        )
        for part, kept in {"": year.listed, **year.parts}.items()
    }
    return Choices(
        kinds=tuple(link for part, link in links.items() if not part.startswith(_SERVICES)),
        services=tuple(link for part, link in links.items() if part.startswith(_SERVICES)),
    )
