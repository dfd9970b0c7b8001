"""The pieces that several pages are made of: cards, lines and lists, ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.facts import IncidentFacts, ServiceFacts, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries
from generator.formats.html import pictures
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Contact, ContactKind, Kind, ServiceStatus

FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is known of an entry, under its label."""

    label: str
    value: Spoken
    since: str = ""
    """For the script that adds what has elapsed since then; empty if that is not known to the minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An incident, a maintenance or a notice that stands on the overview."""

    path: str
    title: Spoken
    worst: ServiceStatus
    """The worst it does now."""
    cancelled: bool
    """Whether it was a maintenance, and will not take place."""
    facts: Sequence[Fact]
    last: Entry
    """The last word, without what `facts` tells already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as a row of a list."""

    path: str
    title: Spoken
    worst: ServiceStatus | str
    when: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The address of an entry under its title."""

    path: str
    title: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDay:
    """A day of a service in words."""

    date: str
    what: str
    words: str
    """Both in a sentence: "12 February: degraded performance, 4 h 25 min"."""
    causes: tuple[Link, ...]


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
    speech = edition.speeches[lang]
    worst = max(facts.statuses.values(), key=severity, default=facts.worst)
    stands = [fact_of(speech, speech.gettext("State"), _stands(speech, facts, worst)), *_unconfirmed(speech, facts)]
    return Card(
        path=edition.addresses.incident(lang, facts.incident),
        title=words.title(speech, edition.site, facts),
        worst=worst,
        cancelled=facts.cancelled,
        facts=[*(() if facts.incident.kind is Kind.NOTICE else stands), *known(edition, lang, facts)],
        last=replace(next(entry for entry in entries(edition, lang, facts) if not entry.clock), facts=()),
    )


def _stands(speech: Speech, facts: IncidentFacts, worst: ServiceStatus) -> str:
    """Say how it stands: an incident by what it does to services, a maintenance by how far it has come."""
    if facts.incident.kind is Kind.MAINTENANCE:
        return state(speech, facts)
    return words.status_name(speech, worst)


def _unconfirmed(speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield when it was last reported, where nobody knows whether it goes on."""
    if facts.last_reported is not None:
        said = N_("{time}; we do not know whether it is still going on")
        value = speech.gettext(said, time=speech.moment(exact(facts.last_reported)))
        yield fact_of(speech, speech.gettext("Last reported"), value)


def fact_of(speech: Speech, label: str, value: str, since: str = "") -> Fact:
    """Return a fact in a page's own language."""
    return Fact(label=label, value=Spoken(text=value, lang=speech.code, translated=True), since=since)


def known(edition: Edition, lang: str, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield what is known of an entry, label by label, in the order a reader asks for it."""
    speech, incident = edition.speeches[lang], facts.incident
    if incident.kind is not Kind.NOTICE:
        yield fact_of(speech, speech.gettext("When"), time_of(speech, facts), _since(facts))
    yield from _concerns(edition, speech, facts)
    who = speech.text(facts.who, edition.languages)
    if who.text:
        yield Fact(label=speech.gettext("Affected"), value=who)
    if incident.ends is not None:
        yield fact_of(speech, speech.gettext("Applies until"), speech.moment(incident.ends))
    if facts.mail is not None:
        yield fact_of(speech, speech.gettext("Your mail"), words.mail_sentence(speech, facts.mail))
    if facts.action is not None:
        yield fact_of(speech, speech.gettext("What to do"), words.action_sentence(speech, facts.action))
    if facts.next_update is not None:
        due = speech.moment(facts.next_update)
        value = speech.gettext("{time} (overdue)", time=due) if facts.overdue else due
        yield fact_of(speech, speech.gettext("Next update"), value)


def _since(facts: IncidentFacts) -> str:
    started = facts.started
    exact = facts.open and facts.window is None and started.first is not None and not started.rough
    return f"{started.first:%Y-%m-%dT%H:%M:%SZ}" if exact else ""


def _concerns(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    if facts.services:
        yield fact_of(speech, speech.gettext("Services"), words.service_names(speech, edition.site, facts.services))
    elif facts.incident.kind is Kind.NOTICE:
        yield fact_of(speech, speech.gettext("Concerns"), speech.gettext("all customers"))


def time_of(speech: Speech, facts: IncidentFacts) -> str:
    """Say when it takes or took place, as vaguely as it was told; an open incident has only a beginning."""
    if facts.window is not None:
        return speech.window(facts.window)
    if facts.incident.kind is Kind.NOTICE:
        return speech.moment(facts.updates[0].at)
    if facts.started.first is None and (facts.ended is None or facts.ended.first is None):
        return speech.gettext("start unknown; reported {when}", when=speech.on(facts.updates[0].at))
    return speech.since(facts.started) if facts.open else speech.span(facts.started, facts.ended)


def line(edition: Edition, lang: str, facts: IncidentFacts) -> Line:
    """Return an entry as a row of a list."""
    speech = edition.speeches[lang]
    kind = facts.incident.kind
    return Line(
        path=edition.addresses.incident(lang, facts.incident),
        title=words.title(speech, edition.site, facts),
        worst="none" if facts.retracted or kind is Kind.NOTICE else facts.worst,
        when=time_of(speech, facts),
        how=" · ".join(_how(edition, speech, facts)),
    )


def title_link(edition: Edition, lang: str, facts: IncidentFacts) -> Link:
    """Return the link to an entry under its title."""
    title = words.title(edition.speeches[lang], edition.site, facts)
    return Link(path=edition.addresses.incident(lang, facts.incident), title=title)


def _how(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[str]:
    yield state(speech, facts)
    if facts.incident.kind is Kind.INCIDENT and not facts.retracted:
        yield words.status_name(speech, facts.worst)
    if facts.services:
        yield words.service_names(speech, edition.site, facts.services)


def state(speech: Speech, facts: IncidentFacts) -> str:
    """Say how far an entry has come: "Resolved", "Withdrawn", or what it is where it has no course."""
    if facts.retracted:
        return speech.gettext("Withdrawn")
    if facts.cancelled:
        return speech.gettext("Cancelled")
    if facts.open and facts.updates[-1].sightings:
        return speech.gettext(words.DETECTED)
    if facts.status is not None:
        return words.update_status_name(speech, facts.status)
    return words.kind_name(speech, facts.incident.kind)


def days(edition: Edition, lang: str, facts: ServiceFacts) -> list[ToldDay]:
    """Return the days of a service that have something to report, the latest first."""
    speech = edition.speeches[lang]
    return [
        ToldDay(
            date=speech.date(day.date),
            what=pictures.happened(speech, day),
            words=pictures.sentence(speech, day),
            causes=tuple(title_link(edition, lang, edition.facts.incident(id_)) for id_ in day.incidents),
        )
        for day in pictures.disturbed(facts)
    ]


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
    """Return the calendar of planned work, of everything or of one service."""
    speech = edition.speeches[lang]
    path = edition.addresses.calendar(lang, service.service.id if service else None)
    return _link(speech.gettext("Calendar of planned work (iCalendar)"), path, "text/calendar")


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
            speech.gettext("The Statuspage API, for tools that read it already"),
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
