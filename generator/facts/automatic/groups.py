"""Which changes of which services are one incident."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from generator.facts.automatic.runs import Run
from generator.facts.automatic.standings import Standing, Voice
from generator.model import ServiceStatus
from probes.events import EventKind

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
    members: list[Run] = field(default_factory=list)
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
        for run in sorted(self.members, key=lambda run: (run.opened, run.first.id)):
            years.setdefault(run.first.id, run.opened.year)
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
            if not any(voice.run is member for member in self.members):
                self.members.append(voice.run)


def groups(standings: Iterable[Standing], taken: Iterable[str] = ()) -> list[Group]:
    """Return the incidents that changes of services amount to, earliest first.

    Each is named after the earliest episode that is told first; `taken` are names that stand for others already.
    """
    places = _Places()
    for standing in sorted(standings, key=lambda standing: (standing.at, standing.since, standing.service)):
        places.take(standing)
    used = set(taken)
    for group in places.found:
        group.id = _name(group, used)
        used.update((*group.episodes, group.id))
    return places.found


class _Places:
    """Puts each change where it belongs."""

    def __init__(self) -> None:
        self.found: list[Group] = []
        self._open: list[Group] = []
        self._of_service: dict[str, Group] = {}
        """Where a service was last bad."""
        self._of_episode: dict[str, Group] = {}

    def take(self, standing: Standing) -> None:
        """Add a change to the incident it belongs to, or begin one."""
        group = self._place(standing)
        if group is None:
            group = Group(since=standing.since)
            self.found.append(group)
        group.add(standing)
        self._of_service[standing.service] = group
        for voice in standing.voices:
            self._of_episode[voice.event.id] = group
        self._open = [one for one in (*self._open, group) if one.open and one is not group]
        self._open += [group] if group.open else []

    def _place(self, standing: Standing) -> Group | None:
        group = self._of_service.get(standing.service)
        if group and group.statuses[standing.service] is not ServiceStatus.OPERATIONAL:
            return group
        for voice in standing.voices:
            if voice.run.first.event is EventKind.REOPEN and voice.event.id in self._of_episode:
                return self._of_episode[voice.event.id]
        latest_first = self._open[::-1]
        for group in latest_first:
            if any(_suffers_from(voice, group) for voice in standing.voices):
                return group
        return next((group for group in latest_first if abs(standing.since - group.since) <= TOGETHER), None)


def _suffers_from(voice: Voice, group: Group) -> bool:
    return group.statuses.get(voice.run.first.behind, ServiceStatus.OPERATIONAL) is not ServiceStatus.OPERATIONAL


def _name(group: Group, used: set[str]) -> str:
    """Return the id of the earliest episode of those told first; where that is a name already, one made from it.

    One that joins later may have been opened earlier; the name must not change for that.
    """
    first = min((voice.run for voice in group.changes[0].voices), key=lambda run: (run.opened, run.first.id))
    id_ = first.first.id
    while id_ in used:
        id_ = hashlib.sha256(f"{id_}|{first.opened.isoformat()}".encode()).hexdigest()[:16]
    return id_
