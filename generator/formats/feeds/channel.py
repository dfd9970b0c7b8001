"""Channel: describe a feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.feeds import schema
from generator.formats.feeds.archive import Sheet
from generator.formats.feeds.items import tag_uri
from generator.formats.one_line import one_line
from generator.i18n import N_
from generator.model import Service, ServiceStatus

DESCRIPTION = N_("The status of {name} services: what works, what we are doing, and when the next update is due.")
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without items was last changed; validators do not believe 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed, or a page of its archive, without the items."""

    id: str
    title: str
    description: str
    language: str
    """BCP 47 tag."""
    author: str
    site: str
    home: str
    """The page that shows the same for people."""
    address: str
    current: str | None
    """In an archive: the feed it belongs to."""
    previous: str | None
    """The page of the archive that goes on into the past."""
    refresh_minutes: int
    about: str
    """What explains the extension in the items."""
    state: tuple[ServiceStatus, str] | None
    """The status of the site and its headline, which programs that poll the feed may go by; None but for everything."""


def state(edition: Edition, lang: str) -> tuple[ServiceStatus, str]:
    """Return what the site's own feed says of the site as a whole."""
    return edition.facts.answer.status, words.headline(edition.speeches[lang], edition.facts)


def channel(edition: Edition, lang: str, ending: str, service: Service | None, sheet: Sheet) -> Channel:
    """Return what a feed says of itself, all addresses in full."""
    speech, addresses = edition.speeches[lang], edition.addresses
    id_ = service.id if service else None
    site = speech.text(edition.site.name, edition.languages).text
    about = speech.text(service.description, edition.languages).text if service else ""
    subject = speech.text(service.name, edition.languages).text if service else speech.gettext("Status")

    current = addresses.absolute(addresses.feed(lang, ending, service=id_))

    def page(number: int | None) -> str | None:
        return addresses.absolute(addresses.archive(lang, number)) if number else None

    return Channel(
        id=tag_uri(edition, "feed", lang, *([id_] if id_ else [])),
        title=one_line(f"{site} · {subject}"),
        description=one_line(about or speech.gettext(DESCRIPTION, name=site)),
        language=speech.tag,
        author=one_line(site),
        site=addresses.absolute(""),
        home=addresses.absolute(addresses.service(lang, id_) if id_ else addresses.overview(lang)),
        address=page(sheet.number) or current,
        current=current if sheet.number else None,
        previous=page(sheet.previous),
        refresh_minutes=max(1, int(edition.site.publish_every.total_seconds()) // 60),
        about=addresses.absolute(schema.PATH),
        state=None if service or sheet.number else state(edition, lang),
    )
