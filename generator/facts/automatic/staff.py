"""Staff: find what staff have taken over from the probers, and what their maintenance explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from generator.facts.automatic.groups import Group
from generator.facts.automatic.runs import Period, Run
from generator.facts.stages import last_window, stages, under_way
from generator.model import Incident, Kind, Update, UpdateStatus

_AT_LAST = datetime.max.replace(tzinfo=UTC)
"""When everything is known that is written down."""


def maintenance(incidents: Iterable[Incident]) -> dict[str, list[Period]]:
    """Return when planned work explains failures, by service: within its window, as far as it went on.

    What was completed or called off before the window's end explains nothing after that; what was taken back as a
    mistake explains nothing at all. Work that overruns its window does not explain more than was announced.
    """
    found: dict[str, list[Period]] = {}
    for incident in incidents:
        for period in _work(incident):
            for service in incident.services:
                found.setdefault(service, []).append(period)
    return found


def _work(incident: Incident) -> Iterator[Period]:
    window = last_window(incident, incident.updates) if incident.kind is Kind.MAINTENANCE else None
    if window is None or incident.retracted is not None:
        return
    limit = min(window.end, incident.cancelled) if incident.cancelled else window.end
    for begun, over in under_way(stages(incident, incident.updates, _AT_LAST)):
        start, end = max(window.start, begun.edge.at), min(limit, over.at) if over else limit
        if start < end:
            yield Period(start=start, end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an incident by staff speaks of, and when."""

    incident: Incident
    services: frozenset[str]
    life: Period
    """From the first word to the last."""

    def names(self, run: Run) -> bool:
        """Return whether it adopts a run by that very id."""
        return run.first.id in self.incident.adopts

    def may_take(self, run: Run) -> bool:
        """Return whether a run is on a service it speaks of, and began before staff had closed theirs."""
        return run.first.service in self.services and (self.life.end is None or run.opened < self.life.end)


def claims(incidents: Iterable[Incident]) -> list[Claim]:
    """Return the claims of the incidents among what staff write, oldest first; maintenance and notices have none."""
    made = [
        Claim(incident=incident, services=_touched(incident), life=_life(incident))
        for incident in incidents
        if incident.kind is Kind.INCIDENT
    ]
    return sorted(made, key=lambda claim: (claim.life.start, claim.incident.id))


def absorbing(run: Run, claimed: Mapping[str, Sequence[Claim]]) -> Claim | None:
    """Return who had an incident open on the service already when a run began; it needs no other.

    `claimed` holds the claims on each service.
    """
    return next((claim for claim in claimed.get(run.first.service, ()) if claim.life.holds(run.opened)), None)


def wanted(group: Group, made: Iterable[Claim]) -> list[tuple[Run, list[Claim]]]:
    """Return what would be taken over of a group, each run with who wants it; the first of them has it.

    An incident that `adopts:` one of a group's ids takes over whatever of the group is on services it speaks of; the
    rest goes on by itself. Who names the very id comes before who names another one of the group, else the oldest
    does. `made` are oldest first.
    """
    ids = {group.id, *group.episodes}
    concerned = [claim for claim in made if not ids.isdisjoint(claim.incident.adopts)]
    found = ((run, [claim for claim in concerned if claim.may_take(run)]) for run in group.members)
    return [(run, sorted(wanting, key=lambda claim: not claim.names(run))) for run, wanting in found if wanting]


def with_prelude(incident: Incident, told: Iterable[tuple[Group, Update]]) -> Incident:
    """Return an incident with what the probers had told of it before staff did; its own words and states stand.

    `told` are updates of automatic incidents, each with its group. The measured beginning counts where the file has
    none.
    """
    first = incident.updates[0]
    own = {update.key for update in incident.updates}
    before: dict[str, Update] = {}
    for group, update in sorted(told, key=lambda pair: (pair[1].told, pair[0].id)):
        if update.told < first.told and update.status is not UpdateStatus.RESOLVED and update.key not in own:
            before.setdefault(
                update.key,
                replace(update, services={}, status=UpdateStatus.INVESTIGATING, mail=None, told_under=group.id),
            )
    began = [update.effective for update in before.values()] if incident.started == first.at else []
    measured = min(began, key=lambda moment: moment.first or first.told, default=incident.started)
    return replace(incident, updates=(*before.values(), *incident.updates), started=measured)


def with_aliases(incident: Incident, ids: Mapping[str, int]) -> Incident:
    """Return an incident that stands for some automatic ones too; `ids` are theirs, with the year of each."""
    return replace(incident, aliases={**incident.aliases, **ids})


def _touched(incident: Incident) -> frozenset[str]:
    return frozenset((*incident.services, *(service for update in incident.updates for service in update.services)))


def _life(incident: Incident) -> Period:
    """Return from when to when staff speak of an incident."""
    last = incident.updates[-1]
    ends = [update.told for update in (last,) if update.status is UpdateStatus.RESOLVED]
    ends += [incident.retracted.at] if incident.retracted else []
    return Period(start=incident.updates[0].told, end=min(ends, default=None))
