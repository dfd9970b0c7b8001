"""Lines: an entry as a row of a list, as a link, or as the cause of a day, with its time and state in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from generator.facts import IncidentFacts, ServiceFacts, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings import day_bars
from generator.i18n import Speech, Spoken
from generator.model import Kind, ServiceStatus


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


def time_of(speech: Speech, facts: IncidentFacts, *, today: date | None = None) -> str:
    """Say when it takes or took place, as vaguely as it was told; what goes on has only a beginning.

    `today` is the day on which it is read, where it is read on one day only.
    """
    if facts.window is not None:
        return words.took_place(speech, facts, today=today)
    if facts.incident.kind is Kind.NOTICE or facts.retracted:  # a false alarm took no time: it was only told
        return speech.moment(facts.updates[0].at, today=today)
    if facts.started.first is None and (facts.ended is None or facts.ended.first is None):
        return speech.gettext("start unknown; reported {when}", when=speech.on(facts.updates[0].at, today=today))
    return words.took_place(speech, facts, today=today)


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
