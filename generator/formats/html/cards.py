"""Cards: an open entry as it stands on the overview, with what is known of it and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries
from generator.formats.html.lines import state, time_of
from generator.formats.html.links import ContactLink, contact_links
from generator.i18n import N_, Speech, Spoken, exact
from generator.model import Action, Kind, ServiceStatus, UpdateStatus
from generator.time_slots import instant


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


def card(edition: Edition, lang: str, facts: IncidentFacts) -> Card:
    """Return an open entry as a card."""
    speech = edition.speeches[lang]
    notice = facts.incident.kind is Kind.NOTICE
    title = words.title(speech, edition.site, facts)
    when = beside_state(speech, facts, edition.facts.today)
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


def beside_state(speech: Speech, facts: IncidentFacts, today: date | None) -> str:
    """Say when it was, or since when it goes on, unless that would be read as since when we are only watching."""
    return "" if _only_watched(facts) and facts.until is None else time_of(speech, facts, today=today)


def _only_watched(facts: IncidentFacts) -> bool:
    return facts.open and facts.status is UpdateStatus.MONITORING and not facts.statuses


def advice(edition: Edition, lang: str, facts: IncidentFacts) -> list[Advice]:
    """Return what becomes of mail, what to do, and when more follows; who is sent to the support is led there."""
    contacts = contact_links(edition, lang)
    return [
        Advice(text=text, href=contacts[0].href if contacts and action is Action.CONTACT_SUPPORT else "")
        for text, action in words.fate(edition.speeches[lang], facts, edition.facts.today)
    ]


def _unconfirmed(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield when it was last confirmed, where nobody knows whether it goes on."""
    if facts.last_reported is not None:
        said = N_("{time}; we do not know whether it is still going on")
        value = speech.gettext(said, time=speech.moment(exact(facts.last_reported), today=edition.facts.today))
        yield fact_of(speech, speech.gettext("Last confirmed"), value)


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
    """Return when what goes on began, for the script; empty if that, or that it goes on, is not certain."""
    started = facts.started
    certain = (
        facts.open
        and not _only_watched(facts)
        and facts.until is None
        and facts.window is None
        and facts.last_reported is None
    )
    if not certain or started.first is None or started.rough or facts.incident.kind is Kind.NOTICE:
        return ""
    return instant(started.first)


def concerns(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[Fact]:
    """Yield the services of an entry; a notice with neither any nor an audience concerns all customers.

    A notice without words says so itself.
    """
    last = facts.updates[-1]
    if facts.incident.kind is Kind.NOTICE and not last.text and not last.phrases:
        return
    if facts.services:
        yield fact_of(speech, speech.gettext("Services"), words.service_names(speech, edition.site, facts.services))
    elif facts.incident.kind is Kind.NOTICE and not facts.who:
        yield fact_of(speech, speech.gettext("Concerns"), speech.gettext("all customers"))
