"""Which words a feed is made of, in which order."""

from __future__ import annotations

from dataclasses import dataclass

from generator.facts import IncidentFacts, Word, as_of, words_told
from generator.formats.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """A word on an incident, in no language yet."""

    facts: IncidentFacts
    """The incident as it stands now."""
    word: Word
    services: tuple[str, ...]
    """What the incident had touched by then."""

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what its item is made from."""
        return self.facts, self.word.key, self.word.modified


def posts(edition: Edition) -> list[Post]:
    """Return everything that was said by `now`, oldest first.

    What is said next comes last in this order, unless it is dated back.
    """
    found = [
        Post(facts=facts, word=word, services=_services(edition, facts, word))
        for facts in edition.facts.incidents
        for word in words_told(facts, edition.facts.now)
    ]
    # Sorting is stable: words of one incident told at the same time stay in their order.
    return sorted(found, key=lambda post: (post.word.told, post.facts.incident.id))


def _services(edition: Edition, facts: IncidentFacts, word: Word) -> tuple[str, ...]:
    if any(update.services for update in facts.updates):
        return as_of(edition.site, facts, word).services
    return facts.services
