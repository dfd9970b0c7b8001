"""Schedule: describe a calendar and list its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from generator.formats.calendar.events import Event, clean
from generator.formats.edition import Edition
from generator.formats.one_line import one_line
from generator.i18n import N_
from generator.model import Service

DESCRIPTION = N_("Planned maintenance of {name} services, including any changes of date.")
SELDOM = timedelta(hours=1)
"""A calendar is fetched at most so often: maintenance is announced days ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A calendar."""

    title: str
    description: str
    language: str
    """BCP 47 tag."""
    page: str
    """The page that shows the same for people."""
    address: str
    refresh: timedelta
    events: Sequence[Event]
    """Earliest first."""


def schedule(edition: Edition, lang: str, service: Service | None, path: str, events: Sequence[Event]) -> Schedule:
    """Return a calendar, all addresses in full."""
    speech, addresses = edition.speeches[lang], edition.addresses
    site = speech.text(edition.site.name, edition.languages).text
    title, about = speech.gettext("All planned maintenance"), ""
    if service:
        name = speech.text(service.name, edition.languages).text
        title = speech.gettext("{service}: all planned maintenance", service=name)
        about = speech.text(service.description, edition.languages).text
    return Schedule(
        title=one_line(f"{site} · {title}"),
        description=clean(about or speech.gettext(DESCRIPTION, name=site)),
        language=speech.tag,
        page=addresses.absolute(addresses.service(lang, service.id) if service else addresses.overview(lang)),
        address=addresses.absolute(path),
        refresh=max(edition.site.publish_every, SELDOM),
        events=events,
    )
