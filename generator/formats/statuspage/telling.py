"""What was told on an incident or a maintenance, word by word, what the clock alone brought included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from generator.facts import IncidentFacts
from generator.facts.stages import Stage, stage_at, stages
from generator.formats.statuspage.stories import OVER, Story, Word
from generator.i18n import exact
from generator.model import Incident, Kind, Update, UpdateStatus

ENDINGS = ("retracted", "cancelled")
"""The keys of the words that take something back, as `generator.formats.entries` gives them."""


def story(facts: IncidentFacts, now: datetime) -> Story:
    """Return the story of an incident or a maintenance, up to `now`."""
    said = [*_updates(facts, now), *_endings(facts), *_clock(facts, now)]
    words: list[Word] = []
    taken_back = False
    for word in sorted(said, key=lambda word: word.told):  # stable: at the same time, what was written comes first
        taken_back = taken_back or word.key in ENDINGS
        if word.clock and (taken_back or word.status is words[-1].status):
            continue
        words.append(replace(word, status=OVER[facts.incident.kind]) if taken_back else word)
    return Story(facts=facts, words=tuple(words))


def known_then(incident: Incident, updates: tuple[Update, ...]) -> Incident:
    """Return an incident as it was written when these updates had been told; an end is written with the last one."""
    return replace(incident, updates=updates, ended=incident.ended if len(updates) == len(incident.updates) else None)


def _updates(facts: IncidentFacts, now: datetime) -> Iterator[Word]:
    for place, update in enumerate(facts.updates, start=1):
        corrected = update.corrected if update.corrected and update.corrected <= now else None
        updates = facts.updates[:place]
        yield Word(
            key=update.key,
            told=update.told,
            modified=max(corrected, update.told) if corrected else None,
            status=_reached(facts.incident, updates, update.told),
            updates=updates,
        )


def _reached(incident: Incident, updates: tuple[Update, ...], at: datetime) -> UpdateStatus:
    if incident.kind is Kind.MAINTENANCE:
        return stage_at(stages(known_then(incident, updates), updates, at), at)
    return next((update.status for update in reversed(updates) if update.status), UpdateStatus.INVESTIGATING)


def _clock(facts: IncidentFacts, now: datetime) -> Iterator[Word]:
    """Yield what a maintenance reached without a word, each time by what was known of it then."""
    if facts.incident.kind is not Kind.MAINTENANCE:
        return
    for place, (update, following) in enumerate(pairwise([*facts.updates, None]), start=1):
        assert update is not None  # noqa: S101 - only what follows the last one is
        updates, until = facts.updates[:place], following.told if following else None
        for stage in stages(known_then(facts.incident, updates), updates, min(until or now, now)):
            at = max(stage.told, stage.edge.known)
            if update.told <= at <= now and (until is None or at < until):
                yield _by_the_clock(stage, at, updates)


def _by_the_clock(stage: Stage, at: datetime, updates: tuple[Update, ...]) -> Word:
    key = f"{stage.status}@{at:%Y-%m-%dT%H:%MZ}"
    update = Update(key=key, at=exact(at), told=at, status=stage.status, effective=exact(at))
    return Word(key=key, told=at, status=stage.status, updates=updates, clock=update)


def _endings(facts: IncidentFacts) -> Iterator[Word]:
    incident = facts.incident
    retracted = incident.retracted.at if facts.retracted and incident.retracted else None
    cancelled = incident.cancelled if facts.cancelled else None
    for key, at in zip(ENDINGS, (retracted, cancelled), strict=True):
        if at:
            updates = tuple(update for update in facts.updates if update.told <= at)
            yield Word(key=key, told=at, status=OVER[incident.kind], updates=updates or facts.updates[:1])
