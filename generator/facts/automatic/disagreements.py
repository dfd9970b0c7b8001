"""Disagreements: what staff write and what the probers have filed, where the two do not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts.automatic.bouts import Bout
from generator.facts.automatic.case import Case, Outcome, Takeover
from generator.model import Incident
from probes.events import Event, EventKind, episode_id
from probes.model import Announce, Plan

__all__ = ["Dispute", "Stray", "disputes", "orphans", "proposals", "strays"]


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


def proposals(found: Case) -> list[Bout]:
    """Return what probers have found that is not told before staff adopt it, and that nobody has adopted."""
    adopted = {id(bout) for claim in found.adopting for bout in found.named(claim)}
    proposed = (bout for bout in found.rest if all(event.announce is Announce.PROPOSE for event in bout.told))
    return [bout for bout in proposed if id(bout) not in adopted]


def disputes(found: Case, outcome: Outcome) -> list[Dispute]:
    """Return what more than one incident by staff adopts with equal right; one for each id and incident."""
    named = {(dispute.id, dispute.other.id): dispute for dispute in _disputes(found, outcome.takeovers)}
    return list(named.values())


def strays(found: Case, outcome: Outcome) -> list[Stray]:
    """Return what incidents by staff adopt in vain, since it is on other services than theirs."""
    services: dict[str, dict[str, None]] = {}
    for bout in found.said:
        services.setdefault(bout.first.id, {})[bout.first.service] = None
    for group in (*(takeover.group for takeover in outcome.takeovers), *outcome.groups):
        services.setdefault(group.id, {}).update(dict.fromkeys(group.statuses))
    return [
        Stray(id=id_, incident=claim.incident, services=tuple(services[id_]))
        for claim in found.adopting
        for id_ in claim.incident.adopts
        if id_ in services and claim.services.isdisjoint(services[id_])
    ]


def orphans(outcome: Outcome, plan: Plan | None) -> Iterator[tuple[Bout, str]]:
    """Yield what goes on and nobody will ever close, since who saw it is not in the plan, with what is missing."""
    probers = plan.probers if plan else ()
    services = {check.name: check.services for check in plan.checks} if plan else {}
    for bout in outcome.rest:
        first = bout.first
        if bout.closed or not any(bout.due(event) for event in bout.told):
            continue
        if first.prober not in probers:
            yield bout, f'prober "{first.prober}"'
        elif first.service not in services.get(first.check, ()) and not _of_webhook(first):
            yield bout, f'check "{first.check}" of {first.service}'


def _of_webhook(first: Event) -> bool:
    """Return whether a webhook opened it: that is no check of the plan, and has its ids made otherwise."""
    opens = first.event is EventKind.OPEN and first.kind == "alertmanager"
    return opens and first.id != episode_id(first.prober, first.service, first.check, first.since)


def _disputes(found: Case, takeovers: Sequence[Takeover]) -> Iterator[Dispute]:
    had = {(bout.first.id, first.incident.id) for takeover in takeovers for bout, (first, *_) in takeover.wanting}
    owners: dict[int, Incident] = {}
    for claim in found.adopting:
        for bout in found.named(claim):
            owner = owners.setdefault(id(bout), claim.incident)
            # What came back may be the second file's.
            if owner is not claim.incident and (bout.first.id, claim.incident.id) not in had:
                yield Dispute(id=bout.first.id, owner=owner, other=claim.incident)
    for takeover in takeovers:
        ids = {takeover.group.id, *takeover.group.episodes}
        for bout, (first, *later) in takeover.wanting:
            for claim in () if first.names(bout) else later:
                id_ = next(id_ for id_ in claim.incident.adopts if id_ in ids)
                yield Dispute(id=id_, owner=first.incident, other=claim.incident)
