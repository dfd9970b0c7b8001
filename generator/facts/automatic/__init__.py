"""Automatic incidents: merge the probers' events with the incidents that staff write.

Everything is worked out from the files alone and does not depend on `now`: what is to be told later (that a lone voice
has lasted five minutes, say) is an update that lies ahead, as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.facts.automatic.evidence import Allotment, Evidence, evidence
from generator.facts.automatic.groups import Group
from generator.facts.automatic.owners import settled
from generator.facts.automatic.staff import with_aliases, with_prelude
from generator.facts.automatic.telling import incident
from generator.model import Incident, Site, Update
from probes.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """The incidents that staff and probers tell of together, and what they were made from."""

    incidents: tuple[Incident, ...]
    """Those by staff, with what they have taken over from the probers, and the automatic ones."""
    evidence: Evidence
    allotment: Allotment


def merge(site: Site, incidents: Sequence[Incident], events: Iterable[Event]) -> Merger:
    """Return the incidents by staff and the automatic ones.

    A majority of the probers that can see must agree; fewer are told as degraded performance after five minutes.
    Services that fail within ten minutes fail together. What staff write on a service stands before what is measured.
    No id or alias is of two of them.
    """
    found = evidence(site, incidents, events)
    upstream = frozenset(service.id for service in site.services if not service.own)
    staff = {one.id: one for one in incidents}
    for claim in found.adopting:
        named = {run.first.id: run.opened.year for run in reversed(found.named(claim))}
        staff[claim.incident.id] = with_aliases(staff[claim.incident.id], named)
    allotment = found.allotment()
    told: dict[str, list[tuple[Group, Update]]] = {}
    for takeover in allotment.takeovers:
        group, updates = takeover.group, incident(takeover.group, upstream).updates
        for run, (claim, *_) in takeover.wanting:
            ids = {run.first.id: group.episodes[run.first.id]}
            staff[claim.incident.id] = with_aliases(staff[claim.incident.id], ids)
        for taker in dict.fromkeys(claim.incident.id for _, (claim, *_) in takeover.wanting):
            told.setdefault(taker, []).extend((group, update) for update in updates)
    standing = {id_ for one in staff.values() for id_ in (one.id, *one.aliases)}
    standing |= {id_ for group in allotment.groups for id_ in (group.id, *group.episodes)}
    for taker, words in told.items():
        whole = {group.id: group.year for group, _ in words if group.id not in standing}
        staff[taker] = with_aliases(with_prelude(staff[taker], words), whole)
    told_together = [*staff.values(), *(incident(group, upstream) for group in allotment.groups)]
    return Merger(incidents=tuple(settled(told_together)), evidence=found, allotment=allotment)
