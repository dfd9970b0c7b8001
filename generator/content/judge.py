"""The content of a tree, read and judged: what a build and a check both begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from generator.brand import overrides
from generator.brand.palette import SHEET, schemes
from generator.content import incidents, phrases, status_yaml
from generator.model import Brand, Incident, Site, Text
from generator.places import CONFIG
from generator.problems import Level, Problem
from generator.reading import yaml
from generator.reading.reader import Reader
from generator.sources import Sources

if TYPE_CHECKING:  # a tree without probers does without them
    from probes.events import Event
    from probes.observations import Observations

Accepted = Callable[[str], str | None]
"""Returns the last sound version of a content file by its path, None if there never was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A site and its incidents, and everything that is wrong with the files they come from."""

    site: Site | None
    """None where status.yaml leaves nothing to build on."""
    incidents: tuple[Incident, ...]
    events: tuple[Event, ...] = ()
    """What the probers have filed."""
    observations: tuple[Observations, ...] = ()
    """What the probers last saw."""
    phrases: Mapping[str, Text]
    problems: tuple[Problem, ...]
    """By path and line."""
    faulty: tuple[str, ...]
    """Content files with an error: left out, or kept at their last accepted version."""


def judge(sources: Sources, now: datetime, accepted: Accepted = lambda _: None) -> Content:
    """Read everything and collect every problem; where a file has an error, its accepted version stands in."""
    problems = [*sources.problems, *overrides.judge(sources)]
    site = _site(sources, problems, accepted)
    if site is None:
        faulty = _faulty(problems)
        return Content(site=None, incidents=(), phrases={}, problems=tuple(sorted(problems)), faulty=faulty)
    sentences, faults = phrases.parse(sources.phrases, [language.code for language in site.languages])
    problems += faults
    reading = _Reading(sources, site, phrases.placeholders(sentences), now, accepted)
    unreadable = [path for path in _faulty(problems) if path.startswith("incidents/") and path.endswith(".yaml")]
    for path in sorted({*sources.incidents, *unreadable}):
        problems += reading.read(path)
    linked, faults = incidents.link(reading.found)
    problems += faults
    events = _events(sources, problems)
    seen = _observations(sources, site, now, problems)
    return Content(
        site=site,
        incidents=tuple(linked),
        events=events,
        observations=seen,
        phrases=sentences,
        problems=tuple(sorted(problems)),
        faulty=_faulty(problems),
    )


def sound_texts(sources: Sources, content: Content) -> dict[str, str]:
    """Return the texts without an error, by path."""
    texts = {CONFIG: sources.config or "", **sources.incidents}
    for beside in sources.long_texts.values():
        texts |= dict(beside.values())
    return {path: text for path, text in texts.items() if path not in content.faulty}


def _site(sources: Sources, problems: list[Problem], accepted: Accepted) -> Site | None:
    brand_of = partial(_brand, sources)
    site, faults = status_yaml.parse(sources.config, brand_of) if sources.config is not None else (None, [])
    problems += faults
    former = accepted(CONFIG) if site is None else None
    return site if former is None else status_yaml.parse(former, brand_of)[0]


def _brand(sources: Sources, reader: Reader, node: yaml.Node, name: Text) -> Brand | None:
    from generator.brand import brand_section

    colours = schemes(sources.templates.get(SHEET, ""))
    materials = brand_section.Materials(files=sources.brand, unread=sources.unread_brand, colours=colours)
    return brand_section.read(reader, node, materials, name)


def _events(sources: Sources, problems: list[Problem]) -> tuple[Event, ...]:
    if not sources.events:
        return ()
    from generator.content import filed_events

    events, faults = filed_events.read(sources.events)
    problems += faults
    return tuple(events)


def _observations(sources: Sources, site: Site, now: datetime, problems: list[Problem]) -> tuple[Observations, ...]:
    if not sources.observations:
        return ()
    from generator.content import filed_observations

    seen, faults = filed_observations.read(sources.observations, site, now)
    problems += faults
    return tuple(seen)


def _faulty(problems: list[Problem]) -> tuple[str, ...]:
    return tuple(sorted({problem.path for problem in problems if problem.level is Level.ERROR}))


class _Reading:
    """Reads one incident file after the other."""

    def __init__(
        self, sources: Sources, site: Site, sentences: Mapping[str, frozenset[str]], now: datetime, accepted: Accepted
    ) -> None:
        self._sources = sources
        self._site = site
        self._phrases = sentences
        self._now = now
        self._accepted = accepted
        self.found: list[Incident] = []

    def read(self, path: str) -> list[Problem]:
        """Read a file and return its problems; what is sound, or was, is added to `found`."""
        text = self._sources.incidents.get(path)
        beside = self._sources.long_texts.get(path.removesuffix(".yaml"), {})
        incident, problems = self._parse(path, text, beside) if text is not None else (None, [])
        former = self._accepted(path) if incident is None else None
        if former is not None:
            texts = {code: (name, self._accepted(name) or "") for code, (name, _) in beside.items()}
            incident, _ = self._parse(path, former, {code: pair for code, pair in texts.items() if pair[1]})
        if incident is not None:
            self.found.append(incident)
        return problems

    def _parse(
        self, path: str, text: str, beside: Mapping[str, tuple[str, str]]
    ) -> tuple[Incident | None, list[Problem]]:
        return incidents.parse(path, text, site=self._site, now=self._now, phrases=self._phrases, long_texts=beside)
