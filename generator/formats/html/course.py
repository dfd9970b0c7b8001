"""The course of an incident as a picture: a strip for each service, and when it was spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from generator.facts import IncidentFacts, Span, severity
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.html.pictures import HEIGHTS
from generator.i18n import Speech, Spoken, approximate, exact
from generator.model import ServiceStatus, Update, UpdateStatus

WIDTH = 1000
_LEAST = 4
"""What is short beside the whole stays visible."""
_OPEN_ENDED = 0.1
"""How much of the width an open incident leaves for what nobody knows yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
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
    stretches: tuple[Stretch, ...]
    description: str
    """Each state, from when to when."""
    states: tuple[tuple[ServiceStatus, str], ...]
    """Each state it had, the worst first, and how long in all; no length while it goes on."""


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
    last = max([*told, *(span.end or planned or span.start for span in facts.spans)])
    goes_on = planned is None and any(span.end is None for span in facts.spans)
    axis = _Axis(first=first, last=last, open=goes_on)
    return Course(
        width=WIDTH,
        tracks=tuple(_track(edition, lang, facts, axis, service) for service in _touched(facts)),
        told="".join(f"M{axis.place(at)} 0v6" for at in sorted(set(told))),
        first=_label(speech, facts, first, today),
        last=_end(speech, facts, axis, planned, today),
        rough=any(span.rough and span.end for span in facts.spans),
        plain=len(facts.spans) == 1 and not facts.open,
    )


def _spoken(update: Update) -> datetime:
    """Return where the tick of an update stands: who says within a day that it is over says it at the day's end."""
    over = update.status in (UpdateStatus.RESOLVED, UpdateStatus.COMPLETED)
    return update.at.last if over and update.at.last else update.told


def _end(speech: Speech, facts: IncidentFacts, axis: _Axis, planned: datetime | None, today: date | None) -> str:
    if axis.open:
        return speech.gettext("ongoing")
    if planned == axis.last:
        return speech.gettext("planned end: {time}", time=speech.moment(exact(axis.last), today=today))
    return _label(speech, facts, axis.last, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    first: datetime
    last: datetime
    open: bool

    def place(self, at: datetime) -> int:
        """Return where an instant lies."""
        whole = (self.last - self.first).total_seconds()
        reach = WIDTH * (1 - _OPEN_ENDED) if self.open else WIDTH
        return round(reach * (at - self.first).total_seconds() / whole) if whole else 0

    def stretch(self, span: Span) -> Stretch:
        """Return a span as a bar; one that goes on reaches to the edge."""
        x = self.place(span.start)
        width = max((WIDTH if span.end is None else self.place(span.end)) - x, _LEAST)
        height = HEIGHTS[span.status]
        return Stretch(x=min(x, WIDTH - width), y=10 - height, width=width, height=height, state=span.status)


def _touched(facts: IncidentFacts) -> Iterator[str]:
    concerned = {span.service for span in facts.spans}
    yield from (service for service in facts.services if service in concerned)


def _label(speech: Speech, facts: IncidentFacts, at: datetime, today: date | None) -> str:
    """Say an end of the axis as exactly as it is known."""
    known = (facts.started, facts.ended, *(update.at for update in facts.updates))
    moment = next((moment for moment in known if moment and at in (moment.first, moment.last)), None)
    return speech.moment(moment or exact(at), today=today)


def _track(edition: Edition, lang: str, facts: IncidentFacts, axis: _Axis, service: str) -> Track:
    speech = edition.speeches[lang]
    spans = [span for span in facts.spans if span.service == service]
    states = sorted({span.status for span in spans}, key=severity, reverse=True)
    return Track(
        path=edition.addresses.service(lang, service),
        name=speech.text(next(s.name for s in edition.site.services if s.id == service), edition.languages),
        stretches=tuple(axis.stretch(span) for span in spans),
        description=" · ".join(_described(speech, span) for span in spans),
        states=tuple(
            (state, _lasted(speech, facts, [span for span in spans if span.status is state])) for state in states
        ),
    )


def _described(speech: Speech, span: Span) -> str:
    lasted = speech.span(exact(span.start), exact(span.end) if span.end else None)
    return speech.gettext(
        "{label}: {title}", label=words.status_name(speech, span.status), title=approximate(lasted, span.rough)
    )


def _lasted(speech: Speech, facts: IncidentFacts, spans: list[Span]) -> str:
    """Say how long spans lasted in all; nothing while one of them goes on, and no more than is known of the end."""
    if any(span.end is None for span in spans):
        return ""
    seconds = sum(int((span.end - span.start).total_seconds()) for span in spans if span.end is not None)
    if facts.ended is not None and facts.ended.first is None:
        return speech.gettext("at least {duration}", duration=speech.duration(seconds))
    return approximate(speech.duration(seconds), any(span.rough for span in spans))
