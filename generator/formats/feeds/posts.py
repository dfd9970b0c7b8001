"""Which words a feed is made of, in which order, and when each was told."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.facts import IncidentFacts, Word, as_of, words_told
from generator.formats.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """A word on an incident, in no language yet."""

    facts: IncidentFacts
    """The incident as it stands now."""
    word: Word
    told: datetime
    modified: datetime | None
    """Both as the word has them, but no two posts have the same: readers sort by them."""
    services: tuple[str, ...]
    """What the incident had touched by then."""

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what its item is made from."""
        return self.facts, self.word.key, self.told, self.modified


def posts(edition: Edition) -> list[Post]:
    """Return everything that was said by `now`, oldest first.

    What is said next comes last in this order, unless it is dated back.
    """
    found = [(facts, word) for facts in edition.facts.incidents for word in words_told(facts, edition.facts.now)]
    # Sorting is stable: words of one incident told at the same time stay in their order.
    found.sort(key=lambda pair: (pair[1].told, pair[0].incident.id))
    taken: set[datetime] = set()
    told = [_free(word.told, taken) for _, word in found]
    modified = [word.modified and _free(word.modified, taken) for _, word in found]
    moving = {facts.incident.id for facts in edition.facts.incidents if any(word.services for word in facts.updates)}
    return [
        Post(facts=facts, word=word, told=at, modified=then, services=_services(edition, facts, word, moving))
        for (facts, word), at, then in zip(found, told, modified, strict=True)
    ]


def _free(at: datetime, taken: set[datetime]) -> datetime:
    """Take the first free second from a time on."""
    while at in taken:
        at += timedelta(seconds=1)
    taken.add(at)
    return at


def _services(edition: Edition, facts: IncidentFacts, word: Word, moving: Set[str]) -> tuple[str, ...]:
    """Return what an incident had touched by a word; `moving` are the ids of those whose updates name services."""
    return as_of(edition.site, facts, word).services if facts.incident.id in moving else facts.services
