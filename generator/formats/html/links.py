"""Links: the addresses of feeds, calendars, badges and documents, and where a visitor finds help."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.facts import ServiceFacts
from generator.formats.edition import Edition
from generator.i18n import Speech, Spoken
from generator.model import Contact, ContactKind

FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """The address of a feed or document."""

    name: str
    short: str
    title: str
    path: str
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLink:
    """Where a visitor finds help."""

    label: Spoken
    href: str
    shown: str
    note: Spoken


def feed_links(edition: Edition, lang: str, service: ServiceFacts | None = None) -> list[FeedLink]:
    """Return the feeds of everything, or of one service."""
    speech = edition.speeches[lang]
    name = speech.text(service.service.name if service else edition.site.name, edition.languages).text
    return [
        FeedLink(
            name=FEED_NAMES[ending],
            short=FEED_NAMES[ending],
            title=f"{name} ({FEED_NAMES[ending]})",
            path=path,
            mime=mime,
        )
        for ending, mime, path in edition.addresses.feeds(lang, service.service.id if service else None)
    ]


def calendar_link(edition: Edition, lang: str, service: ServiceFacts | None = None) -> FeedLink:
    """Return the calendar of maintenance, of everything or of one service."""
    speech = edition.speeches[lang]
    path = edition.addresses.calendar(lang, service.service.id if service else None)
    return _link(speech.gettext("Maintenance calendar (iCalendar)"), path, "text/calendar")


def badge_links(edition: Edition, lang: str, name: str) -> list[FeedLink]:
    """Return the badges of a service, or of `overall`."""
    speech = edition.speeches[lang]
    named = (
        (speech.gettext("Current state"), name),
        (speech.ngettext("Uptime, {n} day", "Uptime, {n} days", 90), f"{name}-uptime-90"),
    )
    return [_link(label, edition.addresses.badge(lang, badge), "image/svg+xml") for label, badge in named]


def documents(speech: Speech, lang: str) -> list[FeedLink]:
    """Return the documents for programs."""
    named = (
        (speech.gettext("All data"), "status.json", "application/json"),
        (
            speech.gettext("The Statuspage API, for tools that already use it"),
            f"{lang}/api/v2/summary.json",
            "application/json",
        ),
        (speech.gettext("Prometheus metrics"), "metrics.txt", "text/plain"),
        (speech.gettext("Structure of status.json (JSON Schema)"), "schema/status-1.json", "application/schema+json"),
        (speech.gettext("Heartbeat"), "heartbeat.json", "application/json"),
    )
    return [_link(name, path, mime) for name, path, mime in named]


def _link(name: str, path: str, mime: str) -> FeedLink:
    return FeedLink(name=name, short=name, title=name, path=path, mime=mime)


def _target(contact: Contact) -> str:
    """Return a contact's target as an address: a telephone number without what is only for the eye (RFC 3966)."""
    return re.sub(r"[^+0-9]", "", contact.target) if contact.kind is ContactKind.PHONE else contact.target


def contact_links(edition: Edition, lang: str) -> list[ContactLink]:
    """Return where a visitor finds help, the first choice first."""
    speech = edition.speeches[lang]
    schemes = {ContactKind.MAIL: "mailto:", ContactKind.PHONE: "tel:"}
    return [
        ContactLink(
            label=speech.text(contact.label, edition.languages),
            href=schemes.get(contact.kind, "") + _target(contact),
            shown=contact.target.removeprefix("https://").rstrip("/"),
            note=speech.text(contact.note, edition.languages),
        )
        for contact in edition.site.contacts
    ]
