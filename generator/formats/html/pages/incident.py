"""The permalink of an incident, a maintenance or a notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from generator.facts import IncidentFacts
from generator.formats import words
from generator.formats.addresses import year_of
from generator.formats.edition import Edition
from generator.formats.entries import Entry, entries
from generator.formats.html.cards import Fact, advice, beside_state, concerns, fact_of, known, since, stands
from generator.formats.html.drawings.course import course
from generator.formats.html.lines import line, mark_of, state
from generator.formats.html.links import contact_links
from generator.formats.html.page import Page, View
from generator.i18n import N_, Speech
from generator.model import Kind, ServiceStatus

_FIRST_TOLD = {
    Kind.INCIDENT: N_("First reported"),
    Kind.MAINTENANCE: N_("Announced"),
    Kind.NOTICE: N_("Published"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Neighbours:
    """The entries that a page links to."""

    earlier: IncidentFacts | None
    later: IncidentFacts | None
    related: tuple[IncidentFacts, ...]
    """What this entry follows, then what follows it."""


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page of every entry, with links to the ones before and after it and to those it belongs with."""
    listed = edition.facts.incidents
    by_id = {facts.incident.id: facts for facts in listed}
    followers: dict[str, list[IncidentFacts]] = defaultdict(list)
    for facts in listed:
        if facts.incident.follows in by_id:
            followers[facts.incident.follows].append(facts)
    for place, facts in enumerate(listed):
        followed = by_id.get(facts.incident.follows or "")
        near = _Neighbours(
            earlier=listed[place + 1] if place + 1 < len(listed) else None,
            later=listed[place - 1] if place else None,
            related=(*([followed] if followed else []), *followers[facts.incident.id]),
        )
        yield Page(
            address=partial(edition.addresses.incident, incident=facts.incident),
            view=partial(_view, edition, facts, near),
            parts=(
                facts,
                edition.facts.today if _is_read_today(facts) else None,
                _neighbour(near.earlier),
                _neighbour(near.later),
                *near.related,
            ),
            status=_status(facts),
            changed=_changed(facts),
        )


def _status(facts: IncidentFacts) -> ServiceStatus | None:
    """Return what an entry does now; None of what is over or lies ahead.

    It would claim too much there to show that all is well: something else may be down.
    """
    return facts.at_now if facts.open and facts.incident.kind is not Kind.NOTICE else None


def _is_read_today(facts: IncidentFacts) -> bool:
    """Return whether a page leaves out what goes without saying today: that of an entry that is not over."""
    return facts.open or facts.upcoming


def _changed(facts: IncidentFacts) -> datetime:
    """Return when the last word came."""
    times = [facts.last_told]
    if facts.retracted and facts.incident.retracted:
        times.append(facts.incident.retracted.at)
    if facts.cancelled and facts.incident.cancelled:
        times.append(facts.incident.cancelled)
    return max(times)


def _neighbour(facts: IncidentFacts | None) -> object:
    """Return what a link to a neighbour shows: its address and title, and what a composed title is made of."""
    if facts is None:
        return None
    incident = facts.incident
    named = (facts.services, facts.worst_each, facts.statuses, facts.open)
    return incident.id, incident.path, incident.title, incident.titled, named, facts.started, facts.told


def _view(
    edition: Edition,
    facts: IncidentFacts,
    near: _Neighbours,
    lang: str,
) -> View:
    speech, incident = edition.speeches[lang], facts.incident
    today = edition.facts.today if _is_read_today(facts) else None
    newest, *older = _entries(edition, lang, facts)
    drawn = None if facts.retracted else course(edition, lang, facts, today=today)
    rows = [*(() if drawn else concerns(edition, speech, facts)), *known(edition, lang, facts)]
    if facts.cause is not None:
        cause = words.cause_sentence(speech, facts.cause, over=not facts.open)
        rows.append(fact_of(speech, speech.gettext("Cause"), cause))
    if facts.window and words.kept_other_hours(facts):
        rows.append(fact_of(speech, speech.gettext("Planned"), speech.window(facts.window, today=today)))
    rows += _told(speech, facts, today)
    year = int(year_of(incident))
    when, said = beside_state(speech, facts, today), advice(edition, lang, facts)
    contacts = contact_links(edition, lang)
    return {
        "title": words.title(speech, edition.site, facts),
        "tab": " · ".join(_tab(edition, speech, facts)),
        "kind": speech.gettext(words.MISTAKE[incident.kind])
        if facts.retracted
        else words.kind_name(speech, incident.kind),
        "state": "" if incident.kind is Kind.NOTICE else " · ".join(_states(speech, facts)),
        "when": "" if facts.retracted or incident.kind is Kind.NOTICE else speech.opening(when),
        "since": since(facts),
        "field": _status(facts) or "",
        "worst": mark_of(facts) or "",
        "summary": " · ".join(filter(None, [state(speech, facts), when, *(sentence.text for sentence in said)])),
        "advice": said,
        "notes": words.incident_notes(speech, facts),
        "contact": contacts[0] if contacts and facts.open and incident.kind is Kind.INCIDENT else None,
        "newest": newest,
        "older": older,
        "read_on": today,
        "facts": rows,
        "course": drawn,
        "long_text": speech.text(incident.long_text, edition.languages),
        "long_title": _long_title(speech, facts),
        "related": [line(edition, lang, other) for other in near.related],
        "former": _link(edition, lang, near.earlier),
        "next": _link(edition, lang, near.later),
        "year": year,
        "history": edition.addresses.history(lang, year),
    }


def _entries(edition: Edition, lang: str, facts: IncidentFacts) -> list[Entry]:
    """Return every word on an entry, newest first, each with what it changed; what still holds is said above them."""
    speech = edition.speeches[lang]
    return [
        replace(
            entry, facts=tuple(words.new_fate(speech, facts, entry.update)) if entry.update and not entry.clock else ()
        )
        for entry in entries(edition, lang, facts)
    ]


def _states(speech: Speech, facts: IncidentFacts) -> Iterator[str]:
    """Yield how it stands, and behind it how far we have come with it, unless the newest word below begins so."""
    yield stands(speech, facts)
    if not facts.updates[-1].sightings and state(speech, facts) != stands(speech, facts):
        yield state(speech, facts)


def _told(speech: Speech, facts: IncidentFacts, today: date | None) -> Iterator[Fact]:
    """Yield when it was told first, where that is known; an incident began before, or that need not be said."""
    told, kind = facts.updates[0].at, facts.incident.kind
    if told.first is not None and not (kind is Kind.INCIDENT and told == facts.started):
        yield fact_of(speech, speech.gettext(_FIRST_TOLD[kind]), speech.moment(told, today=today))


def _began(speech: Speech, facts: IncidentFacts) -> str:
    """Say the day on which it began; a night belongs to two."""
    if facts.started.first is None:
        return speech.date(speech.local_date(facts.told))
    return speech.opening(speech.day_of(facts.started))


def _tab(edition: Edition, speech: Speech, facts: IncidentFacts) -> Iterator[str]:
    """Yield the title of the page by what tells tabs apart soonest.

    While an entry is open that is how far it has come: who waits for news sees it change. Later it is what it was.
    """
    moving = _status(facts) is not None
    if moving:
        yield state(speech, facts)
    yield words.labelled(speech, words.title(speech, edition.site, facts))
    yield _began(speech, facts)
    if not moving:
        yield state(speech, facts)


def _long_title(speech: Speech, facts: IncidentFacts) -> str:
    if facts.incident.kind is Kind.INCIDENT and not facts.open:
        return speech.gettext("Review")
    return speech.gettext("In detail")


def _link(edition: Edition, lang: str, facts: IncidentFacts | None) -> View | None:
    if facts is None:
        return None
    speech = edition.speeches[lang]
    return {
        "path": edition.addresses.incident(lang, facts.incident),
        "title": words.title(speech, edition.site, facts),
        "date": _began(speech, facts),
    }
