"""Which changes of which services are one incident."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from generator.facts.automatic.bouts import Bout
from generator.facts.automatic.courses import Standing, Voice
from generator.model import ServiceStatus
from probes.events import EventKind

__all__ = ["Group", "groups"]

TOGETHER = timedelta(minutes=10)
"""Services that fail within this time of each other fail for one reason, as far as anybody can tell from outside."""


@dataclass(kw_only=True)
class Group:
    """Changes that are told as one incident."""

    since: datetime
    """The first bad result of all."""
    changes: list[Standing] = field(default_factory=list)
    """In the order in which they could be told."""
    statuses: dict[str, ServiceStatus] = field(default_factory=dict)
    """How each service that was ever part of it stands now."""
    members: list[Bout] = field(default_factory=list)
    """Whose voices it is made of, in the order in which they joined."""
    id: str = ""

    @property
    def open(self) -> bool:
        """Return whether one of its services is still bad."""
        return any(status is not ServiceStatus.OPERATIONAL for status in self.statuses.values())

    @property
    def episodes(self) -> dict[str, int]:
        """Return the ids of the episodes in it, the earliest first, with the year in which each was opened."""
        years: dict[str, int] = {}
        for bout in sorted(self.members, key=lambda bout: (bout.opened, bout.first.id)):
            years.setdefault(bout.first.id, bout.opened.year)
        return years

    @property
    def year(self) -> int:
        """Return the year in which it was first told."""
        return self.changes[0].at.year

    def add(self, standing: Standing) -> None:
        """Take in a change of one of its services."""
        self.changes.append(standing)
        self.statuses[standing.service] = standing.status
        for voice in standing.voices:
            if voice.bout not in self.members:
                self.members.append(voice.bout)


def groups(standings: Iterable[Standing], taken: Iterable[str] = ()) -> list[Group]:
    """Return the incidents that changes of services amount to, earliest first.

    Each is named after the earliest episode in it; `taken` are names that stand for something else already.
    """
    found: list[Group] = []
    for standing in sorted(standings, key=lambda standing: (standing.at, standing.since, standing.service)):
        group = _place(standing, found)
        if group is None:
            group = Group(since=standing.since)
            found.append(group)
        group.add(standing)
    used = set(taken)
    for group in found:
        group.id = _name(group, used)
        used.update((*group.episodes, group.id))
    return found


def _place(standing: Standing, found: Sequence[Group]) -> Group | None:
    """Return the incident that a change belongs to, None if it begins one of its own."""
    for group in reversed(found):
        if group.statuses.get(standing.service, ServiceStatus.OPERATIONAL) is not ServiceStatus.OPERATIONAL:
            return group
    reopened = {voice.event.id for voice in standing.voices if voice.bout.first.event is EventKind.REOPEN}
    for group in reversed(found):
        if not reopened.isdisjoint(group.episodes):
            return group
    open_ = [group for group in reversed(found) if group.open]
    for group in open_:
        if any(_suffers_from(voice, group) for voice in standing.voices):
            return group
    return next((group for group in open_ if abs(standing.since - group.since) <= TOGETHER), None)


def _suffers_from(voice: Voice, group: Group) -> bool:
    return group.statuses.get(voice.bout.first.behind, ServiceStatus.OPERATIONAL) is not ServiceStatus.OPERATIONAL


def _name(group: Group, used: set[str]) -> str:
    """Return the id of the earliest episode; where that is a name already, one that is made from it."""
    id_ = next(iter(group.episodes))
    if id_ in used:
        opened = min(bout.opened for bout in group.members)
        id_ = hashlib.sha256(f"{id_}|{opened.isoformat()}".encode()).hexdigest()[:16]
    return id_
