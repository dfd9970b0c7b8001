"""What the probers' events amount to: incidents like those that staff write.

Everything is worked out from the files alone and does not depend on `now`: what is to be told later (that a lone voice
has lasted five minutes, say) is an update that lies ahead, as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.facts.automatic.bouts import Bout, Period, blindness, bouts, in_order
from generator.facts.automatic.courses import course
from generator.facts.automatic.groups import Group, groups
from generator.facts.automatic.staff import (
    Claim,
    absorbing,
    adopted,
    claims,
    maintenance,
    with_aliases,
    with_prelude,
)
from generator.facts.automatic.telling import incident
from generator.model import Incident, Site
from probes.events import Event
from probes.model import Announce

__all__ = ["merge", "proposals"]


def merge(site: Site, incidents: Sequence[Incident], events: Iterable[Event]) -> list[Incident]:
    """Return the incidents by staff, with what they have taken over from the probers, and the automatic ones.

    A majority of the probers that can see must agree; fewer are told as degraded performance after five minutes.
    Services that fail within ten minutes fail together. What staff write on a service stands before what is measured.
    """
    ordered = in_order(events)
    if not ordered:
        return list(incidents)
    known = {service.id for service in site.services}
    said = [bout for bout in bouts(ordered) if bout.first.service in known]
    windows, blind, made = maintenance(incidents), blindness(ordered), claims(incidents)
    claimed = _by_service(made)
    rest = [bout for bout in said if absorbing(bout, claimed) is None]
    upstream = frozenset(service.id for service in site.services if not service.own)
    staff = {one.id: one for one in incidents}
    adopting = [claim for claim in made if claim.incident.adopts]
    for group in _groups(rest, blind, windows, ()) if adopting else ():
        takers = adopted(group, adopting)
        for taker in dict.fromkeys(taker.id for taker in takers.values()):
            staff[taker] = with_prelude(staff[taker], group, incident(group, upstream).updates)
        gone = {id(group.members[place]) for place in takers}
        rest = [bout for bout in rest if id(bout) not in gone] if gone else rest
    episodes = {bout.first.id: bout.opened.year for bout in reversed(said)}
    for claim in adopting:
        named = {id_: episodes[id_] for id_ in claim.incident.adopts if id_ in episodes}
        staff[claim.incident.id] = with_aliases(staff[claim.incident.id], named)
    taken = {alias for one in staff.values() for alias in one.aliases} | staff.keys()
    return [*staff.values(), *(incident(group, upstream) for group in _groups(rest, blind, windows, taken))]


def proposals(site: Site, incidents: Sequence[Incident], events: Iterable[Event]) -> list[Bout]:
    """Return what probers have found that is not told before staff adopt it, and that nobody has adopted."""
    known = {service.id for service in site.services}
    adopted_ids = {id_ for incident in incidents for id_ in incident.adopts}
    claimed = _by_service(claims(incidents))
    return [
        bout
        for bout in bouts(in_order(events))
        if bout.first.service in known
        and all(event.announce is Announce.PROPOSE for event in bout.told)
        and bout.first.id not in adopted_ids
        and absorbing(bout, claimed) is None
    ]


def _by_service(made: Iterable[Claim]) -> dict[str, list[Claim]]:
    claimed: dict[str, list[Claim]] = {}
    for claim in made:
        for service in claim.services:
            claimed.setdefault(service, []).append(claim)
    return claimed


def _groups(
    said: Sequence[Bout], blind: dict[str, list[Period]], windows: dict[str, list[Period]], taken: Iterable[str]
) -> list[Group]:
    of: dict[str, list[Bout]] = {}
    for bout in said:
        of.setdefault(bout.first.service, []).append(bout)
    standings = (
        standing for service, mine in of.items() for standing in course(service, mine, blind, windows.get(service, ()))
    )
    return groups(standings, taken)
