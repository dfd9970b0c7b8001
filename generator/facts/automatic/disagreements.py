"""Disagreements: what staff write and what the probers have filed, where the two do not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts.automatic.evidence import Allotment, Evidence, Takeover
from generator.facts.automatic.runs import Run
from generator.model import Incident
from probes.events import Event, EventKind, episode_id
from probes.model import Announce, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An automatic id that two incidents by staff adopt with equal right."""

    id: str
    """As the other one names it."""
    owner: Incident
    """Who has it."""
    other: Incident
    """Who has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """An automatic id that an incident by staff adopts without speaking of its services."""

    id: str
    incident: Incident
    services: tuple[str, ...]
    """Those of the automatic incident."""


def proposals(found: Evidence) -> list[Run]:
    """Return what probers have found that is not told before staff adopt it, and that nobody has adopted."""
    adopted = {id(run) for claim in found.adopting for run in found.named(claim)}
    proposed = (run for run in found.rest if all(event.announce is Announce.PROPOSE for event in run.told))
    return [run for run in proposed if id(run) not in adopted]


def disputes(found: Evidence, allotment: Allotment) -> list[Dispute]:
    """Return what more than one incident by staff adopts with equal right; one for each id and incident."""
    named = {(dispute.id, dispute.other.id): dispute for dispute in _disputes(found, allotment.takeovers)}
    return list(named.values())


def strays(found: Evidence, allotment: Allotment) -> list[Stray]:
    """Return what incidents by staff adopt in vain, since it is on other services than theirs."""
    services: dict[str, dict[str, None]] = {}
    for run in found.said:
        services.setdefault(run.first.id, {})[run.first.service] = None
    for group in (*(takeover.group for takeover in allotment.takeovers), *allotment.groups):
        services.setdefault(group.id, {}).update(dict.fromkeys(group.statuses))
    return [
        Stray(id=id_, incident=claim.incident, services=tuple(services[id_]))
        for claim in found.adopting
        for id_ in claim.incident.adopts
        if id_ in services and claim.services.isdisjoint(services[id_])
    ]


def orphans(allotment: Allotment, plan: Plan | None) -> Iterator[tuple[Run, str]]:
    """Yield what goes on and nobody will ever close, since who saw it is not in the plan, with what is missing."""
    probers = plan.probers if plan else ()
    services = {check.name: check.services for check in plan.checks} if plan else {}
    for run in allotment.rest:
        first = run.first
        if run.closed or not any(run.due(event) for event in run.told):
            continue
        if first.prober not in probers:
            yield run, f'prober "{first.prober}"'
        elif first.service not in services.get(first.check, ()) and not _of_webhook(first):
            yield run, f'check "{first.check}" of {first.service}'


def _of_webhook(first: Event) -> bool:
    """Return whether a webhook opened it: that is no check of the plan, and has its ids made otherwise."""
    opens = first.event is EventKind.OPEN and first.kind == "alertmanager"
    return opens and first.id != episode_id(first.prober, first.service, first.check, first.since)


def _disputes(found: Evidence, takeovers: Sequence[Takeover]) -> Iterator[Dispute]:
    had = {(run.first.id, first.incident.id) for takeover in takeovers for run, (first, *_) in takeover.wanting}
    owners: dict[int, Incident] = {}
    for claim in found.adopting:
        for run in found.named(claim):
            owner = owners.setdefault(id(run), claim.incident)
            # What came back may be the second file's.
            if owner is not claim.incident and (run.first.id, claim.incident.id) not in had:
                yield Dispute(id=run.first.id, owner=owner, other=claim.incident)
    for takeover in takeovers:
        ids = {takeover.group.id, *takeover.group.episodes}
        for run, (first, *later) in takeover.wanting:
            for claim in () if first.names(run) else later:
                id_ = next(id_ for id_ in claim.incident.adopts if id_ in ids)
                yield Dispute(id=id_, owner=first.incident, other=claim.incident)
