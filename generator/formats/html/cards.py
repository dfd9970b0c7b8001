"""The pieces that several pages are made of: cards, lines and lists, ready to be shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from generator.facts import IncidentFacts, ServiceFacts, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries
from generator.formats.html.drawings import day_bars
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Action, Contact, ContactKind, Kind, ServiceStatus
from generator.time_slots import instant

FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is known of an entry, under its label."""

    label: str
    value: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A sentence on what becomes of mail, on what to do, or on when more follows."""

    text: str
    href: str = ""
    """Where it sends the reader; empty where it only says something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An incident, a maintenance or a notice that stands on the overview."""

    path: str
    title: Spoken
    worst: ServiceStatus
    """The worst it does now."""
    cancelled: bool
    """Whether it was a maintenance, and will not take place."""
    state: str
    """How it stands, since when and with what, as far as the title does not say it."""
    since: str
    """For the script that adds what has elapsed since then; empty if that is not known to the minute."""
    advice: Sequence[Advice]
    facts: Sequence[Fact]
    last: Entry
    """The last word, without what `advice` tells already."""
    contact: ContactLink | None
    """Where to find help while it lasts."""


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
    """Both in a sentence: "12 February: degraded for 4 h 25 min"."""
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
    notice = facts.incident.kind is Kind.NOTICE
    title = words.title(speech, edition.site, facts)
    when = time_of(speech, facts, today=edition.facts.today)
    state = [
        _stands_beside(speech, title.text, facts),
        when,
        words.service_names(speech, edition.site, facts.services),
    ]
    contacts = contact_links(edition, lang)
    return Card(
        path=edition.addresses.incident(lang, facts.incident),
        title=title,
        worst=_worst_now(facts),
        cancelled=facts.cancelled,
        state=""
        if notice
        else speech.opening(" · ".join(part for part in state if part and not _ends(title.text, part))),
        since=since(facts),
        advice=advice(edition, lang, facts),
        facts=[
            *_unconfirmed(edition, speech, facts),
            *(concerns(edition, speech, facts) if notice else ()),
            *known(edition, lang, facts),
        ],
        last=_last(edition, lang, facts),
        contact=contacts[0] if contacts and facts.incident.kind is Kind.INCIDENT else None,
    )


def _last(edition: Edition, lang: str, facts: IncidentFacts) -> Entry:
    """Return the last word without what the card says anyway: that is all of a mere announcement of maintenance."""
    last = next(entry for entry in entries(edition, lang, facts) if not entry.clock)
    update = last.update
    announced = facts.incident.kind is Kind.MAINTENANCE and update is facts.updates[0]
    bare = announced and update is not None and not update.text and not update.phrases
    return replace(last, leads=() if bare else last.leads, facts=())


def _stands_beside(speech: Speech, title: str, facts: IncidentFacts) -> str:
    """Say how an open entry stands, unless that is the state in which its title names the services."""
    said, worst = stands(speech, facts), _worst_now(facts)
    return "" if said == words.status_name(speech, worst) and words.names_state(speech, title, worst) else said


def _ends(title: str, part: str) -> bool:
    """Return whether a title begins or ends with some words: then they need not be said below it."""
    said, whole = (" ".join(text.casefold().split()) for text in (part, title))  # a name may hold U+00A0
    return re.search(rf"^{re.escape(said)}(?!\w)|(?<!\w){re.escape(said)}$", whole) is not None


def _worst_now(facts: IncidentFacts) -> ServiceStatus:
    if facts.incident.kind is Kind.MAINTENANCE:
        return ServiceStatus.UNDER_MAINTENANCE
    return facts.at_now


def stands(speech: Speech, facts: IncidentFacts) -> str:
    """Say how an open entry stands: an incident by what it does to services, all else by how far it has come."""
    worst = _worst_now(facts)
    if (
        facts.incident.kind is not Kind.INCIDENT
        or not facts.open
        or facts.unplaced
        or worst is ServiceStatus.OPERATIONAL
    ):
        return state(speech, facts)
    if worst is ServiceStatus.DEGRADED_PERFORMANCE and facts.late:
        return speech.gettext("Delays")
    return words.status_name(speech, worst)


def advice(edition: Edition, lang: str, facts: IncidentFacts) -> list[Advice]:
    """Return what becomes of mail, what to do, and when more follows; who is sent to the support is led there."""
    contacts = contact_links(edition, lang)
    return [
        Advice(text=text, href=contacts[0].href if contacts and action is Action.CONTACT_SUPPORT else "")
        for text, action in words.fate(edition.speeches[lang], facts, edition.facts.today)
    ]


def _unconfirmed(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield when it was last reported, where nobody knows whether it goes on."""
    if facts.last_reported is not None:
        said = N_("{time}; we do not know whether it is still going on")
        value = speech.gettext(said, time=speech.moment(exact(facts.last_reported), today=edition.facts.today))
        yield fact_of(speech, speech.gettext("Last reported"), value)


def fact_of(speech: Speech, label: str, value: str) -> Fact:
    """Return a fact in a page's own language."""
    return Fact(label=label, value=Spoken(text=value, lang=speech.code, translated=True))


def known(edition: Edition, lang: str, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield whom an entry concerns and until when it holds, label by label."""
    speech, incident = edition.speeches[lang], facts.incident
    who = speech.text(facts.who, edition.languages)
    if who.text:
        yield Fact(label=speech.gettext("Affected"), value=who)
    if incident.ends is not None:
        yield fact_of(speech, speech.gettext("Applies until"), speech.moment(incident.ends, today=edition.facts.today))


def since(facts: IncidentFacts) -> str:
    """Return when an open incident began, for the script; empty if that, or that it goes on, is not certain."""
    started = facts.started
    certain = facts.open and facts.window is None and facts.last_reported is None
    if not certain or started.first is None or started.rough or facts.incident.kind is Kind.NOTICE:
        return ""
    return instant(started.first)


def concerns(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield the services of an entry; a notice with neither any nor an audience concerns all customers."""
    if facts.services:
        yield fact_of(speech, speech.gettext("Services"), words.service_names(speech, edition.site, facts.services))
    elif facts.incident.kind is Kind.NOTICE and not facts.who:
        yield fact_of(speech, speech.gettext("Concerns"), speech.gettext("all customers"))


def time_of(speech: Speech, facts: IncidentFacts, *, today: date | None = None) -> str:
    """Say when it takes or took place, as vaguely as it was told; an open incident has only a beginning.

    `today` is the day on which it is read, where it is read on one day only.
    """
    if facts.window is not None and not facts.retracted:
        return speech.window(facts.window, today=today)
    if facts.incident.kind is Kind.NOTICE or facts.retracted:  # a false alarm took no time: it was only told
        return speech.moment(facts.updates[0].at, today=today)
    if facts.started.first is None and (facts.ended is None or facts.ended.first is None):
        return speech.gettext("start unknown; reported {when}", when=speech.on(facts.updates[0].at, today=today))
    return speech.span(facts.started, None if facts.open else facts.ended, today=today)


def labelled(speech: Speech, spoken: Spoken) -> str:
    """Return words for where no element can name their language, as in a tab: it stands behind them."""
    return f"{spoken.text} {foreign(speech, spoken)}".rstrip()


def foreign(speech: Speech, spoken: Spoken) -> str:
    """Name the language of words that are not in the page's: "(in German)"."""
    if spoken.translated:
        return ""
    return speech.gettext("(in {language})", language=speech.language_name(spoken.lang))


def line(edition: Edition, lang: str, facts: IncidentFacts) -> Line:
    """Return an entry as a row of a list."""
    speech = edition.speeches[lang]
    return Line(
        path=edition.addresses.incident(lang, facts.incident),
        title=words.title(speech, edition.site, facts),
        worst=mark_of(facts) or "none",
        when=speech.opening(time_of(speech, facts)),
        how=" · ".join(_how(edition, speech, facts)),
    )


def mark_of(facts: IncidentFacts) -> ServiceStatus | None:
    """Return the sign of an entry; None of what did nothing to any service, or was taken back."""
    if facts.retracted or facts.incident.kind is Kind.NOTICE:
        return None
    if facts.upcoming:
        return ServiceStatus.UNDER_MAINTENANCE
    return None if facts.worst is ServiceStatus.OPERATIONAL else facts.worst


def title_link(edition: Edition, lang: str, facts: IncidentFacts) -> Link:
    """Return the link to an entry under its title."""
    title = words.title(edition.speeches[lang], edition.site, facts)
    return Link(path=edition.addresses.incident(lang, facts.incident), title=title)


def subject_link(edition: Edition, lang: str, facts: IncidentFacts) -> Link:
    """Return the link to an entry whose services all work again: it gives them no state."""
    path = edition.addresses.incident(lang, facts.incident)
    return Link(path=path, title=words.subject(edition.speeches[lang], edition.site, facts))


def _how(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[str]:
    """Yield how far an entry has come, and which services it concerned, an incident's by the worst each has had."""
    yield state(speech, facts)
    by_status: dict[ServiceStatus, list[str]] = defaultdict(list)
    if facts.incident.kind is Kind.INCIDENT and mark_of(facts):
        for id_, status in facts.worst_each.items():
            by_status[status].append(id_)
    if len(by_status) < 2:
        yield from (words.status_name(speech, status) for status in by_status)
        yield from filter(None, [words.service_names(speech, edition.site, facts.services)])
        return
    for status in sorted(by_status, key=severity, reverse=True):
        names = words.service_names(speech, edition.site, by_status[status])
        yield speech.gettext("{label}: {title}", label=words.status_name(speech, status), title=names)


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
            what=speech.opening(day_bars.happened(speech, day)),
            words=day_bars.sentence(speech, day),
            causes=tuple(title_link(edition, lang, edition.facts.incident(id_)) for id_ in day.incidents),
        )
        for day in day_bars.disturbed(facts)
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
