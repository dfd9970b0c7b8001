"""Evidence: sort out what probers have said and staff have claimed, for what is told and what is advised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.facts.automatic.groups import Group, groups
from generator.facts.automatic.runs import Period, Run, blindness, in_order, runs
from generator.facts.automatic.staff import Claim, absorbing, claims, maintenance, wanted
from generator.facts.automatic.standings import standings
from generator.model import Incident, Site
from probes.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """An automatic incident of which staff have adopted something."""

    group: Group
    wanting: Sequence[tuple[Run, Sequence[Claim]]]
    """Members that are taken over, each with who wants it; the first does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """The runs that began without an open incident by staff: those taken over since, and the rest."""

    takeovers: tuple[Takeover, ...]
    rest: tuple[Run, ...]
    """What nobody takes over."""
    groups: tuple[Group, ...]
    """What that amounts to: the automatic incidents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The runs of all probers, and what staff make of them."""

    said: tuple[Run, ...]
    """On services of the site, earliest first."""
    by_id: Mapping[str, Sequence[Run]]
    """The same by the ids of their episodes."""
    rest: tuple[Run, ...]
    """Of these, what began while no incident by staff was open on the service."""
    adopting: tuple[Claim, ...]
    """The claims of incidents that adopt something, oldest first."""
    ids: frozenset[str]
    """Those of the incidents by staff."""
    blind: Mapping[str, Sequence[Period]]
    windows: Mapping[str, Sequence[Period]]

    def named(self, claim: Claim) -> list[Run]:
        """Return the runs that a claim takes over by name, earliest first."""
        found = (run for id_ in dict.fromkeys(claim.incident.adopts) for run in self.by_id.get(id_, ()))
        return sorted((run for run in found if claim.may_take(run)), key=lambda run: (run.opened, run.first.id))

    def allotment(self) -> Allotment:
        """Return who takes over what, and what is left to be told by itself."""
        takeovers: list[Takeover] = []
        rest, taken = list(self.rest), set(self.ids)
        groups = self._groups(rest, taken)
        taken |= {run.first.id for claim in self.adopting for run in self.named(claim)}
        while self.adopting:
            fresh = [Takeover(group=group, wanting=wanted(group, self.adopting)) for group in groups]
            fresh = [takeover for takeover in fresh if takeover.wanting]
            gone = {id(run): run for takeover in fresh for run, _ in takeover.wanting}
            taken |= {run.first.id for run in gone.values()}
            rest = [run for run in rest if id(run) not in gone]
            takeovers += fresh
            groups = self._groups(rest, taken)  # what is left may be told under another name, and adopted by that
            if not fresh:
                break
        return Allotment(takeovers=tuple(takeovers), rest=tuple(rest), groups=tuple(groups))

    def _groups(self, said: Sequence[Run], taken: Iterable[str]) -> list[Group]:
        of: dict[str, list[Run]] = {}
        for run in said:
            of.setdefault(run.first.service, []).append(run)
        each = (
            standing
            for service, mine in of.items()
            for standing in standings(service, mine, self.blind, self.windows.get(service, ()))
        )
        return groups(each, taken)


def evidence(site: Site, incidents: Iterable[Incident], events: Iterable[Event]) -> Evidence:
    """Sort out what there is; the order of the incidents and of the events does not matter."""
    ordered, incidents = in_order(events), list(incidents)
    known = {service.id for service in site.services}
    said = tuple(run for run in runs(ordered) if run.first.service in known)
    by_id: dict[str, list[Run]] = {}
    for run in said:
        by_id.setdefault(run.first.id, []).append(run)
    made = claims(incidents)
    claimed: dict[str, list[Claim]] = {}
    for claim in made:
        for service in claim.services:
            claimed.setdefault(service, []).append(claim)
    return Evidence(
        said=said,
        by_id=by_id,
        rest=tuple(run for run in said if absorbing(run, claimed) is None),
        adopting=tuple(claim for claim in made if claim.incident.adopts),
        blind=blindness(ordered),
        ids=frozenset(incident.id for incident in incidents),
        windows=maintenance(incidents),
    )
