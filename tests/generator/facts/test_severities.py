"""What the worst of several states is."""

from __future__ import annotations

import pytest

from generator.facts.severities import impact_of, worst
from generator.model import Impact, ServiceStatus


def test_outage_outranks_maintenance() -> None:
    """Maintenance never hides an outage, nor even a degradation."""
    found = worst([ServiceStatus.UNDER_MAINTENANCE, ServiceStatus.DEGRADED_PERFORMANCE])

    assert found is ServiceStatus.DEGRADED_PERFORMANCE


def test_nothing_is_operational() -> None:
    """Where nothing is said, all is well."""
    found = worst([])

    assert found is ServiceStatus.OPERATIONAL


@pytest.mark.parametrize(
    ("status", "impact"),
    [
        (ServiceStatus.OPERATIONAL, Impact.NONE),
        (ServiceStatus.UNDER_MAINTENANCE, Impact.MAINTENANCE),
        (ServiceStatus.DEGRADED_PERFORMANCE, Impact.MINOR),
        (ServiceStatus.PARTIAL_OUTAGE, Impact.MAJOR),
        (ServiceStatus.MAJOR_OUTAGE, Impact.CRITICAL),
    ],
)
def test_each_status_has_its_impact(status: ServiceStatus, impact: Impact) -> None:
    """Degraded is minor, a partial outage major, a major outage critical."""
    found = impact_of(status)

    assert found is impact
