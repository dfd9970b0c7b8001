"""Told: list what was told on an incident, word by word, and how it stood each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from generator.facts.edges import exactly
from generator.facts.model import IncidentFacts
from generator.facts.phases import incident_facts
from generator.facts.spans import closing_update
from generator.facts.stages import Stage, stage_at, stages
from generator.model import Incident, Kind, Site, Update, UpdateStatus

OVER: Mapping[Kind, UpdateStatus] = {
    Kind.INCIDENT: UpdateStatus.RESOLVED,
    Kind.MAINTENANCE: UpdateStatus.COMPLETED,
}
"""What an event of a kind ends with."""
TAKEN_BACK, CALLED_OFF = "retracted", "cancelled"
"""The keys of the words that take an incident back, and that call a maintenance off."""
SOON = timedelta(minutes=15)
"""Who writes so soon after a window's edge tells of the edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """An update; or that the clock carried a maintenance on, that it was called off, that an alarm was false."""

    key: str
    """Permanent within the incident."""
    told: datetime
    modified: datetime | None = None
    """When the words were corrected."""
    status: UpdateStatus | None
    """How far things had come by then; None on a notice."""
    updates: tuple[Update, ...]
    """Those told by then, oldest first."""
    telling: tuple[Update, ...]
    """Those of them on which depends how the incident stood; the rest said the same again."""
    update: Update | None = None
    """The update itself; for the clock, one that says no more than its status; None for what takes something back."""
    clock: bool = False
    """Whether the clock brought it, and nobody wrote it."""


def words_told(facts: IncidentFacts, now: datetime) -> tuple[Word, ...]:
    """Return everything that was told by `now`, oldest first.

    The clock is silent where somebody says the same at that time or soon after, and once the incident was taken back.
    """
    told: list[Word] = []
    taken_back = False
    # Stable: of what was told at the same time, what was written comes first.
    for word in sorted([*_updates(facts, now), *_endings(facts), *_clock(facts, now)], key=lambda word: word.told):
        taken_back = taken_back or word.key in (TAKEN_BACK, CALLED_OFF)
        if word.clock and (taken_back or word.status is told[-1].status or _said_soon(facts, word)):
            continue
        told.append(replace(word, status=OVER.get(facts.incident.kind)) if taken_back else word)
    return tuple(told)


def _said_soon(facts: IncidentFacts, word: Word) -> bool:
    """Return whether somebody says soon after the clock what it says."""
    said = (update.told for update in facts.updates if update.status is word.status)
    return any(word.told <= told <= word.told + SOON for told in said)


def carries_long_text(facts: IncidentFacts, update: Update) -> bool:
    """Return whether the long text comes with this update: the review with the end, any other with the beginning."""
    if not facts.incident.long_text:
        return False
    if facts.incident.kind is Kind.INCIDENT:
        return closing_update(facts.updates) is update
    return update is facts.updates[0]


def as_of(site: Site, facts: IncidentFacts, word: Word) -> IncidentFacts:
    """Return how an incident stood when a word was told.

    Later words are left out, so that they do not change what was said before them.
    """
    taken_back, called_off = facts.incident.retracted, facts.incident.cancelled
    then = replace(
        _known_then(facts.incident, word.updates, word.telling),
        updates=word.telling,
        retracted=taken_back if taken_back and taken_back.at <= word.told else None,
        cancelled=called_off if called_off and called_off <= word.told else None,
    )
    order = {service.id: place for place, service in enumerate(site.services)}
    found = incident_facts(then, order, _instant(then, word))
    assert found is not None  # noqa: S101 - its first update has been told by then
    return replace(found, incident=replace(then, updates=word.updates), updates=word.updates)


def _known_then(incident: Incident, updates: tuple[Update, ...], telling: tuple[Update, ...]) -> Incident:
    """Return an incident as it was written when these updates had been told, `telling` of them counting.

    An end is written down with the word that it is over, or after all the words.
    """
    over = len(updates) == len(incident.updates) or closing_update(telling)
    return replace(incident, updates=updates, ended=incident.ended if over else None)


def _instant(incident: Incident, word: Word) -> datetime:
    """Return when to look: a change dated by the hour counts in words that are dated by the day alone."""
    times = [word.told, incident.updates[0].told]
    if incident.kind is Kind.INCIDENT:
        times += [at for at in (incident.started.first, incident.updates[-1].effective.first) if at]
    return max(times)


def _updates(facts: IncidentFacts, now: datetime) -> Iterator[Word]:
    told = enumerate(zip(facts.updates, _telling(facts), strict=True), start=1)
    for place, (update, telling) in told:
        corrected = update.corrected if update.corrected and update.corrected <= now else None
        updates = facts.updates[:place]
        yield Word(
            key=update.key,
            told=update.told,
            modified=max(corrected, update.told) if corrected else None,
            status=_reached(facts.incident, updates, update.told),
            updates=updates,
            telling=telling,
            update=update,
        )


def _telling(facts: IncidentFacts) -> Iterator[tuple[Update, ...]]:
    """Yield, update by update, those told by then on which depends how things stood; the last one always counts.

    So the work grows with what an incident's file tells, and not with the square of how often it tells it again.
    """
    telling: tuple[Update, ...] = ()
    again = False
    for update in facts.updates:
        # A word without a date is dated by the one before.
        telling = (*(telling[:-1] if again and update.dated.last else telling), update)
        yield telling
        before = telling[-2] if len(telling) > 1 else None
        again = facts.incident.kind is Kind.INCIDENT and before is not None and _says_again(update, before)


def _says_again(update: Update, before: Update) -> bool:
    """Return whether an update leaves everything but the text as the one before."""
    told = update.services or update.mail or update.action or update.who or update.next_update or update.window
    over = update.status is OVER[Kind.INCIDENT]
    return not (told or over) and update.status is before.status and bool(update.dated.last)


def _reached(incident: Incident, updates: tuple[Update, ...], at: datetime) -> UpdateStatus | None:
    if incident.kind is Kind.NOTICE:
        return None
    if incident.kind is Kind.MAINTENANCE:
        return stage_at(stages(_known_then(incident, updates, updates), updates, at), at)
    return next((update.status for update in reversed(updates) if update.status), UpdateStatus.INVESTIGATING)


def _clock(facts: IncidentFacts, now: datetime) -> Iterator[Word]:
    """Yield what a maintenance reached without a word, each time by what was known of it then."""
    if facts.incident.kind is not Kind.MAINTENANCE:
        return
    for place, (update, following) in enumerate(pairwise([*facts.updates, None]), start=1):
        assert update is not None  # noqa: S101 - only what follows the last one is
        updates, until = facts.updates[:place], following.told if following else None
        for stage in stages(_known_then(facts.incident, updates, updates), updates, min(until or now, now)):
            at = max(stage.told, stage.edge.known)
            if update.told <= at <= now and (until is None or at < until):
                yield _by_the_clock(stage, at, updates)


def _by_the_clock(stage: Stage, at: datetime, updates: tuple[Update, ...]) -> Word:
    """Return the word of a stage; its time keeps its key apart from that of another window, if it was moved."""
    key = f"{stage.status}@{at:%Y-%m-%dT%H:%MZ}"
    update = Update(key=key, at=exactly(at), told=at, status=stage.status, effective=exactly(at))
    return Word(key=key, told=at, status=stage.status, updates=updates, telling=updates, update=update, clock=True)


def _endings(facts: IncidentFacts) -> Iterator[Word]:
    incident = facts.incident
    retracted = incident.retracted.at if facts.retracted and incident.retracted else None
    cancelled = incident.cancelled if facts.cancelled else None
    for key, at in ((TAKEN_BACK, retracted), (CALLED_OFF, cancelled)):
        if at:
            updates = tuple(update for update in facts.updates if update.told <= at) or facts.updates[:1]
            yield Word(key=key, told=at, status=OVER.get(incident.kind), updates=updates, telling=updates)
