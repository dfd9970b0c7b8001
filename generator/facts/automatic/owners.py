"""Owners: settle which incident an automatic id belongs to, where several could have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.model import Incident


def settled(found: Sequence[Incident]) -> list[Incident]:
    """Return incidents so that each id and alias is of one of them only, and so is each word told under an id.

    An id is its own incident's; an alias is of who adopts it by name, else of the oldest. No order is asked of `found`.
    """
    owners = {one.id: one.id for one in found}
    oldest_first = sorted((one for one in found if one.aliases), key=lambda one: (one.updates[0].told, one.id))
    for one in oldest_first:
        for alias in one.aliases:
            if alias in one.adopts:
                owners.setdefault(alias, one.id)
    for one in oldest_first:
        for alias in one.aliases:
            owners.setdefault(alias, one.id)
    return [_own(one, owners) if one.aliases else one for one in found]


def _own(incident: Incident, owners: dict[str, str]) -> Incident:
    own = {
        alias: year for alias, year in incident.aliases.items() if alias != incident.id and owners[alias] == incident.id
    }
    updates = tuple(
        replace(update, told_under="") if update.told_under and update.told_under not in own else update
        for update in incident.updates
    )
    return replace(incident, aliases=own, updates=updates)
