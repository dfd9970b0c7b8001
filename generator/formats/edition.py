"""Edition: hold what every format is made from, the facts and how to say them in each language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from generator.facts import Facts, IncidentFacts, ServiceFacts
from generator.formats.addresses import Addresses
from generator.i18n import Speech
from generator.model import Site, Text


class Memory(Protocol):
    """Remembers results from one build to the next, by a key that says all they depend on."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key."""

    def put(self, key: str, value: bytes) -> None:
        """Remember a value."""


class Forgetful:
    """Remembers nothing."""

    def get(self, key: str) -> bytes | None:  # noqa: ARG002 - the protocol's signature
        """Return nothing."""
        return None

    def put(self, key: str, value: bytes) -> None:
        """Let go of the value."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One state of the site, ready to be written down in every format."""

    facts: Facts
    speeches: Mapping[str, Speech]
    """By language code, in the order of status.yaml."""
    phrases: Mapping[str, Text]
    templates: Mapping[str, str]
    """Every template, style and asset by its path below templates/."""
    brand: Mapping[str, bytes] = field(default_factory=dict)
    """The files of brand/ by path relative to the tree; those that the site's brand names are among them."""
    compiled: Memory = field(default_factory=Forgetful)
    pictures: bool = True
    """Whether PNGs can be drawn."""
    faulty: tuple[str, ...] = ()
    """Content files with an error, left out or kept at their last accepted version."""
    base_digest: str
    """A digest of all that every output rests on: site, templates, catalogs, phrases, brand, code, what draws."""
    _digests: dict[int, tuple[object, str]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """Return the site."""
        return self.facts.site

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Return the language codes, the preferred first."""
        return tuple(language.code for language in self.site.languages)

    @cached_property
    def addresses(self) -> Addresses:
        """Return where everything lies."""
        return Addresses.of(self.site)

    def inputs(self, path: str, *parts: object) -> str:
        """Return the digest of an output at `path` that is made from `parts`, beside what all rest on."""
        digest = hashlib.blake2b(self.base_digest.encode(), digest_size=16)
        for part in (path, *parts):
            digest.update(b"\0")
            text = self._digest(part) if isinstance(part, IncidentFacts | ServiceFacts) else repr(part)
            digest.update(text.encode())
        return digest.hexdigest()

    def _digest(self, part: IncidentFacts | ServiceFacts) -> str:
        """Return the digest of facts that many outputs are made from, worked out once."""
        known = self._digests.get(id(part))
        if known is None or known[0] is not part:
            known = (part, hashlib.blake2b(repr(part).encode(), digest_size=16).hexdigest())
            self._digests[id(part)] = known
        return known[1]

    @cached_property
    def state(self) -> tuple[object, ...]:
        """Return all that the facts are made of but the instant they were derived for."""
        facts = self.facts
        lists = (facts.open, facts.under_way, facts.upcoming, facts.called_off, facts.notices, facts.recent)
        order = tuple(tuple(story.incident.id for story in listed) for listed in lists)
        return (facts.today, facts.answer, facts.tasks, order, *facts.services, *facts.incidents)
