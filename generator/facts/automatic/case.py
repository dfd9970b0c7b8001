"""What probers have said and staff have claimed, sorted out: the ground for what is told and what is advised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.facts.automatic.bouts import Bout, Period, blindness, bouts, in_order
from generator.facts.automatic.courses import course
from generator.facts.automatic.groups import Group, groups
from generator.facts.automatic.staff import Claim, absorbing, claims, maintenance, wanted
from generator.model import Incident, Site
from probes.events import Event

__all__ = ["Case", "Outcome", "Takeover", "case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """An automatic incident of which staff have adopted something."""

    group: Group
    wanting: Sequence[tuple[Bout, Sequence[Claim]]]
    """Members that are taken over, each with who wants it; the first does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The bouts that began without an open incident by staff: those taken over since, and the rest."""

    takeovers: tuple[Takeover, ...]
    rest: tuple[Bout, ...]
    """What nobody takes over."""
    groups: tuple[Group, ...]
    """What that amounts to: the automatic incidents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The bouts of all probers, and what staff make of them."""

    said: tuple[Bout, ...]
    """On services of the site, earliest first."""
    by_id: Mapping[str, Sequence[Bout]]
    """The same by the ids of their episodes."""
    rest: tuple[Bout, ...]
    """Of these, what began while no incident by staff was open on the service."""
    adopting: tuple[Claim, ...]
    """The claims of incidents that adopt something, oldest first."""
    ids: frozenset[str]
    """Those of the incidents by staff."""
    blind: Mapping[str, Sequence[Period]]
    windows: Mapping[str, Sequence[Period]]

    def named(self, claim: Claim) -> list[Bout]:
        """Return the bouts that a claim takes over by name, earliest first."""
        found = (bout for id_ in dict.fromkeys(claim.incident.adopts) for bout in self.by_id.get(id_, ()))
        return sorted((bout for bout in found if claim.may_take(bout)), key=lambda bout: (bout.opened, bout.first.id))

    def outcome(self) -> Outcome:
        """Return who takes over what, and what is left to be told by itself."""
        takeovers: list[Takeover] = []
        rest, taken = list(self.rest), set(self.ids)
        groups = self._groups(rest, taken)
        taken |= {bout.first.id for claim in self.adopting for bout in self.named(claim)}
        while self.adopting:
            fresh = [Takeover(group=group, wanting=wanted(group, self.adopting)) for group in groups]
            fresh = [takeover for takeover in fresh if takeover.wanting]
            gone = {id(bout): bout for takeover in fresh for bout, _ in takeover.wanting}
            taken |= {bout.first.id for bout in gone.values()}
            rest = [bout for bout in rest if id(bout) not in gone]
            takeovers += fresh
            groups = self._groups(rest, taken)  # what is left may be told under another name, and adopted by that
            if not fresh:
                break
        return Outcome(takeovers=tuple(takeovers), rest=tuple(rest), groups=tuple(groups))

    def _groups(self, said: Sequence[Bout], taken: Iterable[str]) -> list[Group]:
        of: dict[str, list[Bout]] = {}
        for bout in said:
            of.setdefault(bout.first.service, []).append(bout)
        standings = (
            standing
            for service, mine in of.items()
            for standing in course(service, mine, self.blind, self.windows.get(service, ()))
        )
        return groups(standings, taken)


def case(site: Site, incidents: Iterable[Incident], events: Iterable[Event]) -> Case:
    """Sort out what there is; the order of the incidents and of the events does not matter."""
    ordered, incidents = in_order(events), list(incidents)
    known = {service.id for service in site.services}
    said = tuple(bout for bout in bouts(ordered) if bout.first.service in known)
    by_id: dict[str, list[Bout]] = {}
    for bout in said:
        by_id.setdefault(bout.first.id, []).append(bout)
    made = claims(incidents)
    claimed: dict[str, list[Claim]] = {}
    for claim in made:
        for service in claim.services:
            claimed.setdefault(service, []).append(claim)
    return Case(
        said=said,
        by_id=by_id,
        rest=tuple(bout for bout in said if absorbing(bout, claimed) is None),
        adopting=tuple(claim for claim in made if claim.incident.adopts),
        blind=blindness(ordered),
        ids=frozenset(incident.id for incident in incidents),
        windows=maintenance(incidents),
    )
