"""Which of several states is the worst, and what that means for a page as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import Impact, ServiceStatus

_RANKS = {status: rank for rank, status in enumerate(ServiceStatus)}
_IMPACTS = {
    ServiceStatus.OPERATIONAL: Impact.NONE,
    ServiceStatus.UNDER_MAINTENANCE: Impact.MAINTENANCE,
    ServiceStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ServiceStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ServiceStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}


def severity(status: ServiceStatus) -> int:
    """Return how bad a status is, from 0 (operational) to 4 (major outage)."""
    return _RANKS[status]


def worst(statuses: Iterable[ServiceStatus]) -> ServiceStatus:
    """Return the worst of some statuses; operational if there are none. An outage outranks maintenance."""
    return max(statuses, key=severity, default=ServiceStatus.OPERATIONAL)


def in_part(status: ServiceStatus) -> ServiceStatus:
    """Return what a state that only some have amounts to for all: a partial outage at most, as Statuspage defines it.

    https://support.atlassian.com/statuspage/docs/what-is-a-component/
    """
    return min(status, ServiceStatus.PARTIAL_OUTAGE, key=severity)


def impact_of(status: ServiceStatus) -> Impact:
    """Return the impact that a status stands for."""
    return _IMPACTS[status]
