"""The pieces that several pages are made of: cards, lines and lists, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts import IncidentFacts, ServiceFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries
from generator.i18n import Speech, Spoken
from generator.model import ContactKind, Kind, ServiceStatus

FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An incident, a maintenance or a notice that stands on the overview."""

    path: str
    title: Spoken
    worst: ServiceStatus
    """The worst it does now."""
    since: str
    """When it began, for the script that adds what has elapsed; empty if that is not known to the minute."""
    facts: Sequence[tuple[str, str]]
    last: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as a row of a list."""

    path: str
    title: Spoken
    worst: ServiceStatus | str
    when: str
    how: str


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


def card(edition: Edition, lang: str, facts: IncidentFacts) -> Card:
    """Return an open entry as a card."""
    started = facts.started
    return Card(
        path=edition.addresses.incident(lang, facts.incident),
        title=words.title(edition.speeches[lang], edition.site, facts),
        worst=max(facts.statuses.values(), key=list(ServiceStatus).index, default=facts.worst),
        since=f"{started.first:%Y-%m-%dT%H:%M:%SZ}" if started.first and not started.rough else "",
        facts=list(known(edition, lang, facts)),
        last=entries(edition, lang, facts)[0],
    )


def known(edition: Edition, lang: str, facts: IncidentFacts) -> Iterator[tuple[str, str]]:
    """Yield what is known of an entry, label by label, in the order a reader asks for it."""
    speech, site = edition.speeches[lang], edition.site
    if facts.window is not None:
        yield speech.gettext("When"), speech.window(facts.window)
    elif facts.incident.kind is Kind.INCIDENT:
        yield speech.gettext("When"), when(speech, facts)
    if facts.services:
        label = speech.gettext("Concerns") if facts.incident.kind is Kind.NOTICE else speech.gettext("Services")
        yield label, words.service_names(speech, site, facts.services)
    who = speech.text(facts.who, edition.languages)
    if who.text:
        yield speech.gettext("Who is affected"), who.text
    if facts.mail is not None:
        yield speech.gettext("Your mail"), words.mail_sentence(speech, facts.mail)
    if facts.action is not None:
        yield speech.gettext("What you can do"), words.action_sentence(speech, facts.action)
    if facts.next_update is not None:
        due = speech.moment(facts.next_update)
        yield speech.gettext("Next update"), speech.gettext("{time} (overdue)", time=due) if facts.overdue else due


def when(speech: Speech, facts: IncidentFacts) -> str:
    """Say when it took place, as vaguely as it was told; an open one has only a beginning."""
    return speech.since(facts.started) if facts.open else speech.span(facts.started, facts.ended)


def line(edition: Edition, lang: str, facts: IncidentFacts) -> Line:
    """Return an entry as a row of a list."""
    speech = edition.speeches[lang]
    kind = facts.incident.kind
    if facts.window is not None:
        time = speech.window(facts.window)
    elif kind is Kind.NOTICE:
        time = speech.moment(facts.updates[0].at)
    else:
        time = when(speech, facts)
    return Line(
        path=edition.addresses.incident(lang, facts.incident),
        title=words.title(speech, edition.site, facts),
        worst="none" if facts.retracted or kind is Kind.NOTICE else facts.worst,
        when=time,
        how=" · ".join(_how(edition, speech, facts)),
    )


def _how(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[str]:
    yield state(speech, facts)
    if facts.incident.kind is Kind.INCIDENT and not facts.retracted:
        yield words.status_name(speech, facts.worst)
    yield words.service_names(speech, edition.site, facts.services)


def state(speech: Speech, facts: IncidentFacts) -> str:
    """Say how far an entry has come: "Resolved", "Withdrawn", or what it is where it has no course."""
    if facts.retracted:
        return speech.gettext("Withdrawn")
    if facts.cancelled:
        return speech.gettext("Cancelled")
    if facts.status is not None:
        return words.update_status_name(speech, facts.status)
    return words.kind_name(speech, facts.incident.kind)


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


def documents(speech: Speech) -> list[FeedLink]:
    """Return the documents for programs."""
    named = (
        (speech.gettext("Every fact"), "status.json", "application/json"),
        (speech.gettext("The shape of it (JSON Schema)"), "schema/status-1.json", "application/schema+json"),
        (speech.gettext("Heartbeat"), "heartbeat.json", "application/json"),
    )
    return [FeedLink(name=name, short=name, title=name, path=path, mime=mime) for name, path, mime in named]


def contact_links(edition: Edition, lang: str) -> list[ContactLink]:
    """Return where a visitor finds help, the first choice first."""
    speech = edition.speeches[lang]
    schemes = {ContactKind.MAIL: "mailto:", ContactKind.PHONE: "tel:"}
    return [
        ContactLink(
            label=speech.text(contact.label, edition.languages),
            href=schemes.get(contact.kind, "") + contact.target,
            shown=contact.target.removeprefix("https://").rstrip("/"),
            note=speech.text(contact.note, edition.languages),
        )
        for contact in edition.site.contacts
    ]
