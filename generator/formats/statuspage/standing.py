"""Standing: find how the services of an incident stood after each word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.facts import IncidentFacts, as_of, in_part
from generator.formats.statuspage.stories import Story
from generator.model import ServiceStatus, Site

Standing = Mapping[str, ServiceStatus]
"""The status of each service that an incident had touched by then, in the order of status.yaml."""


def standings(site: Site, story: Story) -> Sequence[Standing]:
    """Return how the services stood after each word, oldest first; later words are left out."""
    told = [as_of(site, story.facts, word) for word in story.words]
    return [{id_: _standing(then, id_) for id_ in then.services} for then in told]


def _standing(then: IncidentFacts, service: str) -> ServiceStatus:
    status = then.statuses.get(service, ServiceStatus.OPERATIONAL)
    return in_part(status) if then.who else status
