"""The content of a tree, read and judged: what a build and a check both begin with."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from generator.brand import overrides
from generator.brand.palette import SHEET, schemes
from generator.content import incidents, phrases, removals, status_yaml
from generator.content.incidents import IncidentFile
from generator.content.published import Inventory, Published, id_of, is_incident, lost, missing, outdated
from generator.model import Brand, Incident, Site, Text
from generator.places import CONFIG, PHRASES, REMOVED
from generator.problems import Level, Problem
from generator.reading import yaml
from generator.reading.reader import Reader
from generator.sources import Sources
from probes.events import path_of

if TYPE_CHECKING:  # a tree without probers does without them
    from probes.events import Event
    from probes.observations import Observations

NOTHING = Published()
_NAMED = 3


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
    removed: Mapping[str, str]
    """Why published incidents are gone for good, by id."""
    lost: tuple[str, ...] = ()
    """The ids of published incidents that cannot be shown, and whose removal nobody has told."""


def judge(sources: Sources, now: datetime, published: Published = NOTHING, *, keep_going: bool = False) -> Content:
    """Read everything and collect every problem.

    What was published and is gone is one. With `keep_going`, a file's accepted version stands in for one that has an
    error or is gone.
    """
    accepted = published.accepted if keep_going else NOTHING.accepted
    problems = [*sources.problems, *overrides.judge(sources)]
    site = _site(sources, problems, accepted)
    if site is None:
        faulty = _faulty(problems)
        return Content(site=None, incidents=(), phrases={}, problems=tuple(sorted(problems)), faulty=faulty, removed={})
    sentences, faults = phrases.parse(sources.phrases, [language.code for language in site.languages])
    problems += faults
    events = _events(sources.events, problems)
    removed = _removed(sources, events, problems, accepted)
    gone = [*missing(published, _inventory(sources, events, removed), site.feed_authority)]
    problems += gone
    former = {problem.path: accepted(problem.path) for problem in gone if problem.code == "event-deleted"}
    events += _events({path: text.encode() for path, text in former.items() if text is not None}, [])
    reading = _Reading(sources, site, phrases.placeholders(sentences), now, published if keep_going else NOTHING)
    unreadable = filter(is_incident, _faulty(problems))
    for path in sorted({*sources.incidents, *unreadable}):
        problems += reading.read(path)
    linked, faults = incidents.link(reading.found)
    problems += faults
    seen = _observations(sources, site, now, problems)
    return Content(
        site=site,
        incidents=tuple(linked),
        events=tuple(events),
        observations=seen,
        phrases=sentences,
        problems=tuple(sorted(problems)),
        faulty=_faulty(problems),
        removed=removed,
        lost=lost(published, (incident.id for incident in linked), removed, site.feed_authority),
    )


def judge_whole(sources: Sources, now: datetime, published: Published) -> tuple[Sources, Content]:
    """Judge with `keep_going`, and let no published incident vanish for what other files say; return what counts.

    Where incidents no longer fit a new status.yaml or phrases.yaml, the accepted versions of these stand in too.
    """
    judged = judge(sources, now, published, keep_going=True)
    former = _with_former_frame(sources, published)
    if not judged.lost or former == sources:
        return sources, judged
    again = judge(former, now, published, keep_going=True)
    if again.site is None or len(again.lost) >= len(judged.lost):
        return sources, judged
    problems = [*judged.problems]
    for path, changed in ((CONFIG, former.config != sources.config), (PHRASES, former.phrases != sources.phrases)):
        if changed:
            named = ", ".join(judged.lost[:_NAMED])
            more = f" and {len(judged.lost) - _NAMED} more" if len(judged.lost) > _NAMED else ""
            message = f"with this file, published incidents could not be shown: {named}{more}"
            hint = "put back what they name, or correct them"
            problems.append(Problem(path=path, code="incidents-lost", message=message, hint=hint))
    return former, replace(again, problems=tuple(sorted(problems)), faulty=_faulty(problems))


def sound_texts(sources: Sources, content: Content) -> dict[str, str]:
    """Return the texts without an error, by path."""
    texts = {CONFIG: sources.config or "", REMOVED: sources.removed, **sources.incidents}
    texts |= {path: text for path, text in sources.phrases.items() if path == PHRASES}
    for beside in sources.long_texts.values():
        texts |= dict(beside.values())
    sound = {posixpath.basename(path_of(event)) for event in content.events} if content.events else set()
    for path, data in sources.events.items():
        if posixpath.basename(path) in sound:
            texts[path] = data.decode("utf-8", "replace")
    return {path: text for path, text in texts.items() if text and path not in content.faulty}


def outdated_texts(sources: Sources, content: Content, published: Published) -> list[str]:
    """Return the paths of accepted versions that nothing needs any more."""
    there = _inventory(sources, content.events, content.removed)
    return outdated(published, there, content.faulty, {incident.id for incident in content.incidents})


def files_of(sources: Sources, id_: str) -> list[str]:
    """Return the paths of the files that an incident or a finding of the probers consists of."""
    beside = (path for texts in sources.long_texts.values() for path, _ in texts.values())
    return sorted(path for path in (*sources.incidents, *beside, *sources.events) if id_of(path) == id_)


def _inventory(sources: Sources, events: Iterable[Event], removed: Mapping[str, str]) -> Inventory:
    names = frozenset(posixpath.basename(path_of(event)) for event in events)
    return Inventory(sources=sources, events=names, removed=removed.keys())


def _with_former_frame(sources: Sources, published: Published) -> Sources:
    """Return the sources with the accepted versions of status.yaml and of the site's own phrases."""
    own = published.accepted(PHRASES)
    return replace(
        sources,
        config=published.accepted(CONFIG) or sources.config,
        phrases=sources.phrases if own is None else {**sources.phrases, PHRASES: own},
    )


def _removed(
    sources: Sources, events: Iterable[Event], problems: list[Problem], accepted: Callable[[str], str | None]
) -> Mapping[str, str]:
    present = {incidents.stem_of(path) for path in sources.incidents} | {event.id for event in events}
    removed, faults = removals.parse(sources.removed, present)
    problems += faults
    former = accepted(REMOVED) if any(fault.level is Level.ERROR for fault in faults) else None
    return removed if former is None else removals.parse(former)[0]


def _site(sources: Sources, problems: list[Problem], accepted: Callable[[str], str | None]) -> Site | None:
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


def _events(files: Mapping[str, bytes], problems: list[Problem]) -> list[Event]:
    if not files:
        return []
    from generator.content import filed_events

    events, faults = filed_events.read(files)
    problems += faults
    return events


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
        self, sources: Sources, site: Site, sentences: Mapping[str, frozenset[str]], now: datetime, former: Published
    ) -> None:
        self._sources = sources
        self._site = site
        self._phrases = sentences
        self._now = now
        self._former = former
        self.found: list[Incident] = []

    def read(self, path: str) -> list[Problem]:
        """Read a file and return its problems; what is sound, or was, is added to `found`."""
        text = self._sources.incidents.get(path)
        beside = self._sources.long_texts.get(path.removesuffix(".yaml"), {})
        incident, problems = self._parse(path, text, beside) if text is not None else (None, [])
        if incident is None:
            place = self._former.incidents.get(incidents.stem_of(path), path)
            former = self._former.accepted(place)
            incident, _ = self._parse(path, former, self._former.long_texts(place)) if former else (None, [])
        if incident is not None:
            self.found.append(incident)
        return problems

    def _parse(
        self, path: str, text: str, beside: Mapping[str, tuple[str, str]]
    ) -> tuple[Incident | None, list[Problem]]:
        file = IncidentFile(path=path, text=text, long_texts=beside)
        return incidents.parse(file, site=self._site, now=self._now, phrases=self._phrases)
