"""What staff have taken over from the probers, and what their maintenance explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.facts.automatic.bouts import Bout, Period
from generator.facts.automatic.groups import Group
from generator.facts.stages import last_window
from generator.model import Incident, Kind, Update, UpdateStatus

__all__ = ["Claim", "absorbing", "adopted", "claims", "maintenance", "with_aliases", "with_prelude"]


def maintenance(incidents: Iterable[Incident]) -> dict[str, list[Period]]:
    """Return the windows of planned work by service; one that was called off counts until then."""
    found: dict[str, list[Period]] = {}
    for incident in incidents:
        window = last_window(incident, incident.updates) if incident.kind is Kind.MAINTENANCE else None
        if window is None or (incident.cancelled and incident.cancelled <= window.start):
            continue
        end = min(window.end, incident.cancelled) if incident.cancelled else window.end
        for service in incident.services:
            found.setdefault(service, []).append(Period(start=window.start, end=end))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an incident by staff speaks of, and when."""

    incident: Incident
    services: frozenset[str]
    life: Period
    """From the first word to the last."""


def claims(incidents: Iterable[Incident]) -> list[Claim]:
    """Return the claims of the incidents among what staff write; maintenance and notices have none."""
    return [
        Claim(incident=incident, services=_touched(incident), life=_life(incident))
        for incident in incidents
        if incident.kind is Kind.INCIDENT
    ]


def absorbing(bout: Bout, claimed: Mapping[str, Sequence[Claim]]) -> Claim | None:
    """Return who had an incident open on the service already when a bout began; it needs no other.

    `claimed` holds the claims on each service.
    """
    return next((claim for claim in claimed.get(bout.first.service, ()) if claim.life.holds(bout.opened)), None)


def adopted(group: Group, made: Iterable[Claim]) -> Mapping[int, Incident]:
    """Return who has taken over which members of a group, by their places.

    An incident that `adopts:` one of a group's ids takes over what it names itself, and whatever of the group is on
    services it speaks of; the rest goes on by itself. What began after staff had closed theirs is not taken over.
    """
    found: dict[int, Incident] = {}
    for claim in made:
        adopts, end = claim.incident.adopts, claim.life.end
        if group.id not in adopts and not any(id_ in adopts for id_ in group.episodes):
            continue
        for place, bout in enumerate(group.members):
            named = bout.first.id in adopts or bout.first.service in claim.services
            if named and (end is None or bout.opened < end):
                found.setdefault(place, claim.incident)
    return found


def with_prelude(incident: Incident, group: Group, told: Sequence[Update]) -> Incident:
    """Return an incident with what the probers had told of it before staff did; its own words and states stand.

    `told` are the updates of the automatic incident of `group`. The measured beginning counts where the file has none.
    """
    first = incident.updates[0]
    before = tuple(
        replace(update, services={}, status=UpdateStatus.INVESTIGATING, mail=None, told_under=group.id)
        for update in told
        if update.told < first.told and update.status is not UpdateStatus.RESOLVED
    )
    measured = before[0].effective if before and incident.started == first.at else incident.started
    updates = (*_without(before, incident.updates), *incident.updates)
    return with_aliases(replace(incident, updates=updates, started=measured), group.episodes | {group.id: group.year})


def with_aliases(incident: Incident, ids: Mapping[str, int]) -> Incident:
    """Return an incident that stands for some automatic ones too; `ids` are theirs, with the year of each."""
    return replace(incident, aliases={**incident.aliases, **ids})


def _without(before: Sequence[Update], own: Sequence[Update]) -> Sequence[Update]:
    keys = {update.key for update in own}
    return [update for update in before if update.key not in keys]


def _touched(incident: Incident) -> frozenset[str]:
    return frozenset((*incident.services, *(service for update in incident.updates for service in update.services)))


def _life(incident: Incident) -> Period:
    """Return from when to when staff speak of an incident."""
    last = incident.updates[-1]
    ends = [update.told for update in (last,) if update.status is UpdateStatus.RESOLVED]
    ends += [incident.retracted.at] if incident.retracted else []
    return Period(start=incident.updates[0].told, end=min(ends, default=None))
