"""An incident or a maintenance as the words that were told on it, and the times that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from generator.facts import OVER, IncidentFacts, Word, words_told
from generator.model import Kind, UpdateStatus, Window


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Story:
    """An incident or a maintenance with its words, in no language yet."""

    facts: IncidentFacts
    words: tuple[Word, ...]
    """Oldest first, at least one."""

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what it is written from."""
        return self.facts, tuple((word.key, word.told, word.modified, word.status) for word in self.words)

    @property
    def created(self) -> datetime:
        """Return when the first word was told."""
        return self.words[0].told

    @property
    def updated(self) -> datetime:
        """Return when anything was last told or corrected."""
        return max(word.modified or word.told for word in self.words)

    @property
    def started(self) -> datetime:
        """Return when it began; of work that has not, when it was announced."""
        work = (UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING)
        called_off = self.facts.cancelled or self.facts.retracted
        if self.facts.incident.kind is Kind.MAINTENANCE and (self.facts.upcoming or called_off):
            return next((word.told for word in self.words if word.status in work), self.created)
        return self.facts.started.first or self.created

    @property
    def monitored(self) -> datetime | None:
        """Return when a fix was last in place."""
        watched = (word.told for word in reversed(self.words) if word.status is UpdateStatus.MONITORING)
        return next(watched, None)

    @property
    def resolved(self) -> datetime | None:
        """Return when it was over; an end told as vaguely as "today" lies no later than the word of it."""
        told: datetime | None = None
        for word in reversed(self.words):
            if word.status is not OVER[self.facts.incident.kind]:
                break
            told = word.told
        if told is None:
            return None
        ended = self.facts.ended.last if self.facts.ended else None
        return max(self.started, min(ended or told, told))

    @property
    def scheduled(self) -> Window:
        """Return the window of a maintenance as last announced."""
        return self.facts.window or Window(start=self.started, end=self.resolved or self.started)


def story(facts: IncidentFacts, now: datetime) -> Story:
    """Return the story of an incident or a maintenance, up to `now`."""
    return Story(facts=facts, words=words_told(facts, now))
