"""The course of an incident as a picture: a strip for each service, and when it was spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from generator.facts import IncidentFacts, Span, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.drawings.day_bars import HEIGHTS
from generator.i18n import Speech, Spoken, approximate, exact
from generator.model import ServiceStatus, Update, UpdateStatus

WIDTH = 1000
_LEAST = 4
"""What is short beside the whole stays visible."""
_OPEN_ENDED = 0.1
"""How much of the width an open incident leaves for what nobody knows yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One state of a service for a time, on a grid `WIDTH` wide and ten high."""

    x: int
    y: int
    width: int
    height: int
    state: ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A service that an incident touched."""

    path: str
    name: Spoken
    stretches: tuple[Bar, ...]
    description: str
    """Each state, from when to when."""
    states: tuple[tuple[ServiceStatus, str], ...]
    """Each state it had, the worst first, and how long in all; while it goes on at most when it was last confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Every track on one axis of time; the labels name the axis's ends."""

    width: int
    tracks: tuple[Track, ...]
    told: str
    """A tick for each word that was said, as an SVG path."""
    first: str
    last: str
    rough: bool
    """Whether a length is an estimate."""
    plain: bool
    """Whether there is but one bar, from one end to the other: words say as much."""


def course(edition: Edition, lang: str, facts: IncidentFacts, *, today: date | None = None) -> Course | None:
    """Draw what an incident did, and when it was spoken of; None where it touched no service at any known time."""
    if not facts.spans:
        return None
    speech = edition.speeches[lang]
    planned = facts.window.end if facts.window and facts.open else None
    begun = min(span.start for span in facts.spans)
    told = [_spoken(update) for update in facts.updates if update.at.first]
    if facts.window:  # what was announced before says nothing of the course
        told = [at for at in told if at >= begun]
    first = min([begun, *told])
    known = facts.last_reported or planned
    last = max([*told, *(span.end or known or span.start for span in facts.spans)])
    goes_on = known is None and any(span.end is None for span in facts.spans)
    axis = _Axis(facts=facts, first=first, last=last, open=goes_on)
    return Course(
        width=WIDTH,
        tracks=tuple(_track(edition, lang, axis, service, today) for service in _touched(facts)),
        told="".join(f"M{axis.place(at)} 0v6" for at in sorted(set(told))),
        first=_beginning(speech, facts, first, today),
        last=_end(speech, facts, axis, planned, today),
        rough=any(span.end and _estimated(facts, span) for span in facts.spans),
        plain=len(facts.spans) == 1 and not facts.open,
    )


def _spoken(update: Update) -> datetime:
    """Return where the tick of an update stands: who says within a day that it is over says it at the day's end."""
    over = update.status in (UpdateStatus.RESOLVED, UpdateStatus.COMPLETED)
    return update.at.last if over and update.at.last else update.told


def _beginning(speech: Speech, facts: IncidentFacts, first: datetime, today: date | None) -> str:
    """Say where the axis begins; where nobody knows when it began, that is the first word."""
    if facts.window is None and facts.started.first is None:
        return speech.gettext("reported: {time}", time=_label(speech, facts, first, today))
    return _label(speech, facts, first, today)


def _end(speech: Speech, facts: IncidentFacts, axis: _Axis, planned: datetime | None, today: date | None) -> str:
    if facts.last_reported:
        return _unconfirmed(speech, facts.last_reported, today)
    if axis.open:
        return speech.gettext("ongoing")
    if planned == axis.last:
        return speech.gettext("planned end: {time}", time=speech.moment(exact(axis.last), today=today))
    return _label(speech, facts, axis.last, today)


def _unconfirmed(speech: Speech, last_reported: datetime, today: date | None) -> str:
    return speech.gettext("last confirmed: {time}", time=speech.moment(exact(last_reported), today=today))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    facts: IncidentFacts
    first: datetime
    last: datetime
    open: bool

    def place(self, at: datetime) -> int:
        """Return where an instant lies."""
        whole = (self.last - self.first).total_seconds()
        reach = WIDTH * (1 - _OPEN_ENDED) if self.open else WIDTH
        return round(reach * (at - self.first).total_seconds() / whole) if whole else 0

    def stretch(self, span: Span) -> Bar:
        """Return a span as a bar; one that goes on reaches to the edge."""
        x = self.place(span.start)
        width = max((WIDTH if span.end is None else self.place(span.end)) - x, _LEAST)
        height = HEIGHTS[span.status]
        return Bar(x=min(x, WIDTH - width), y=10 - height, width=width, height=height, state=span.status)


def _touched(facts: IncidentFacts) -> Iterator[str]:
    concerned = {span.service for span in facts.spans}
    yield from (service for service in facts.services if service in concerned)


def _label(speech: Speech, facts: IncidentFacts, at: datetime, today: date | None) -> str:
    """Say an end of the axis as exactly as it is known."""
    known = (facts.started, facts.ended, *(update.at for update in facts.updates))
    moment = next((moment for moment in known if moment and at in (moment.first, moment.last)), None)
    return speech.moment(moment or exact(at), today=today)


def _track(edition: Edition, lang: str, axis: _Axis, service: str, today: date | None) -> Track:
    speech, facts = edition.speeches[lang], axis.facts
    spans = [span for span in facts.spans if span.service == service]
    states = sorted({span.status for span in spans}, key=severity, reverse=True)
    return Track(
        path=edition.addresses.service(lang, service),
        name=speech.text(next(s.name for s in edition.site.services if s.id == service), edition.languages),
        stretches=tuple(axis.stretch(span) for span in spans),
        description=" · ".join(_described(speech, facts, span, today) for span in spans),
        states=tuple(
            (state, _lasted(speech, facts, [span for span in spans if span.status is state], today)) for state in states
        ),
    )


def _described(speech: Speech, facts: IncidentFacts, span: Span, today: date | None) -> str:
    begun_unknown = facts.window is None and facts.started.first is None and span == facts.spans[0]
    ended_unknown = span.end is not None and _end_unknown(facts)
    start = facts.started if begun_unknown else exact(span.start)
    end = facts.ended if ended_unknown else exact(span.end) if span.end else None
    lasted = approximate(speech.span(start, end), span.rough and not begun_unknown and not ended_unknown)
    if span.end is None and facts.last_reported:
        lasted = speech.row([lasted, _unconfirmed(speech, facts.last_reported, today)])
    return speech.gettext("{label}: {title}", label=words.status_name(speech, span.status), title=lasted)


def _end_unknown(facts: IncidentFacts) -> bool:
    return facts.ended is not None and facts.ended.first is None


def _estimated(facts: IncidentFacts, span: Span) -> bool:
    """Return whether the length of what is over is an estimate: up to an end that nobody knows it is the least."""
    return span.rough and not _end_unknown(facts)


def _lasted(speech: Speech, facts: IncidentFacts, spans: list[Span], today: date | None) -> str:
    """Say how long spans lasted in all, and no more than is known of the end."""
    if any(span.end is None for span in spans):
        return _unconfirmed(speech, facts.last_reported, today) if facts.last_reported else ""
    seconds = sum(int((span.end - span.start).total_seconds()) for span in spans if span.end is not None)
    if _end_unknown(facts):
        return speech.gettext("at least {duration}", duration=speech.duration(seconds))
    return approximate(speech.duration(seconds), any(span.rough for span in spans))
