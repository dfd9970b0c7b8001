"""Published: hold a tree to what was published of it before; what is gone without a word is an error.

What is known comes from accepted versions and from pages in the target folder. Where neither is left, nothing is
claimed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from generator.content.incidents import stem_of
from generator.places import REMOVED
from generator.problems import Level, Problem
from generator.sources import Sources
from probes.events import FOLDER as EVENTS

_EPISODE = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Published:
    """What is known of earlier publications of a tree."""

    paths: Set[str] = frozenset()
    """The content files that have an accepted version."""
    accepted: Callable[[str], str | None] = lambda _: None
    """Returns a content file's last accepted version, None if there is none."""
    pages: Callable[[str], Mapping[str, str]] = lambda _: {}
    """Returns the years of the incidents with a page in the target folder of a site (`feed_authority`), by id."""

    @cached_property
    def incidents(self) -> Mapping[str, str]:
        """Return the accepted incident files by id."""
        return {stem_of(path): path for path in sorted(self.paths) if is_incident(path)}

    def long_texts(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the accepted Markdown beside an incident file, by language: (path, text)."""
        found = {}
        for name in self._beside.get(path, ()):
            text = self.accepted(name)
            if text is not None:
                found[stem_of(name).rpartition(".")[2]] = (name, text)
        return found

    @cached_property
    def _beside(self) -> Mapping[str, list[str]]:
        beside: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            if path.endswith(".md"):
                beside.setdefault(owner_of(path), []).append(path)
        return beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What there is of a tree, and what staff say is gone."""

    sources: Sources
    events: Set[str]
    """The names of the sound event files."""
    removed: Set[str]
    """The ids that are gone for good."""


def missing(published: Published, there: Inventory, owner: str) -> Iterator[Problem]:
    """Yield a problem for each published incident or event file that is gone, and for incidents in another folder."""
    read = there.sources
    faulty = {problem.path for problem in read.problems}
    present = {stem_of(path): path for path in (*filter(is_incident, faulty), *read.incidents)}
    for id_, path in published.incidents.items():
        if id_ not in present and id_ not in there.removed:
            yield deleted(path, twin=_twin(published, read, path))
        elif id_ in present and path not in read.incidents and path not in faulty:
            yield _moved(present[id_], path)
    known = {*present, *published.incidents, *there.removed}
    for id_, year in sorted(published.pages(owner).items()):
        if id_ not in known and not _EPISODE.fullmatch(id_):
            yield deleted(f"incidents/{year}/{id_}.yaml")
    for path in sorted(published.paths):
        if is_event(path) and posixpath.basename(path) not in there.events and id_of(path) not in there.removed:
            message = "this event file was published and is gone or damaged"
            hint = f"restore it, e.g. from git; to remove the finding: lagebild remove {id_of(path)} --reason TEXT"
            yield Problem(path=path, code="event-deleted", message=message, hint=hint)


def deleted(path: str, *, twin: str = "") -> Problem:
    """Return the problem of an incident file that is gone; `twin` is another file with the same text."""
    message = "this incident was published and is gone"
    hint = "restore the file, e.g. from git"
    if twin:
        message += f"; {twin} has the same text, but another id"
        hint = f"rename {twin} to {path}, because the name is the incident's permanent address"
    hint += f"; to remove it for good: lagebild remove {stem_of(path)} --reason TEXT"
    return Problem(path=path, code="incident-deleted", message=message, hint=hint)


def outdated(published: Published, there: Inventory, faulty: Collection[str], ids: Collection[str]) -> list[str]:
    """Return the accepted versions that nothing needs any more: of what was removed, moved or is no longer named.

    `ids` are those of the incidents that are shown.
    """
    beside = (path for texts in there.sources.long_texts.values() for path, _ in texts.values())
    texts = {*there.sources.incidents, *beside}
    shown = {*ids, *there.removed}
    gone = [
        path
        for path in published.paths - texts
        if path.startswith("incidents/") and not is_event(path) and id_of(path) in shown
        if path not in faulty and owner_of(path) not in faulty
    ]
    return gone + [path for path in published.paths if is_event(path) and id_of(path) in there.removed]


def is_event(path: str) -> bool:
    """Return whether a path is that of an event file."""
    return path.startswith(f"{EVENTS}/")


def id_of(path: str) -> str:
    """Return the id of the incident or the episode that a content file belongs to."""
    return stem_of(path).rpartition("-")[2] if is_event(path) else stem_of(owner_of(path))


def owner_of(path: str) -> str:
    """Return the incident file that a file is part of: itself, or the one beside a long text."""
    return f"{posixpath.splitext(path.removesuffix('.md'))[0]}.yaml" if path.endswith(".md") else path


def lost(published: Published, ids: Iterable[str], removed: Collection[str], owner: str) -> tuple[str, ...]:
    """Return the ids of published incidents that are not among the ones to be shown."""
    pages = {id_ for id_ in published.pages(owner) if not _EPISODE.fullmatch(id_)}
    return tuple(sorted({*published.incidents, *pages} - {*ids, *removed}))


def is_incident(path: str) -> bool:
    """Return whether a path is that of an incident file."""
    return path.startswith("incidents/") and path.endswith(".yaml") and path != REMOVED


def _twin(published: Published, read: Sources, path: str) -> str:
    """Return the path of a file that was never published, with the text of one that was; empty if there is none."""
    text = published.accepted(path)
    return next((new for new, same in read.incidents.items() if same == text and new not in published.paths), "")


def _moved(path: str, former: str) -> Problem:
    message = f"this incident was published as {former}, and the folder is part of its address"
    hint = "move it back, so that links to it still work"
    return Problem(path=path, code="incident-moved", message=message, hint=hint, level=Level.WARNING)
