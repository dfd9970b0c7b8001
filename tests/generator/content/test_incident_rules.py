"""What no single key of an incident shows is judged by all of them together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.content import incidents, status_yaml
from generator.content.incident_rules import FURTHEST
from generator.model import Site

NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
SPEC = Path(__file__).parents[2] / "spec"


@pytest.fixture
def site() -> Site:
    """Return the site of the fixtures."""
    found, problems = status_yaml.parse((SPEC / "status.yaml").read_text("utf-8"))
    assert found is not None, problems
    return found


def codes(site: Site, text: str) -> list[str]:
    """Return the codes of what is wrong with an incident."""
    _, problems = incidents.parse(
        incidents.IncidentFile(path="incidents/2024/trouble.yaml", text=text), site=site, now=NOW
    )
    return [problem.code for problem in problems]


def test_nothing_ends_before_it_begins(site: Site) -> None:
    """An end before the beginning is an error, whichever of the two is wrong."""
    times = "started: 2024-02-20 09:00\nended: 2024-02-20 08:00\n"
    updates = "updates:\n  - {at: 2024-02-20 09:30, status: resolved}\n"

    assert codes(site, f"services: {{mail-archive: major_outage}}\n{times}{updates}") == ["ended-before-started"]


@pytest.mark.parametrize(("days", "found"), [(FURTHEST.days - 1, []), (FURTHEST.days + 1, ["far-future"])])
def test_no_window_lies_years_ahead(site: Site, days: int, found: list[str]) -> None:
    """A maintenance may be announced two years ahead; a year further on it is taken for a mistake."""
    day = (NOW + timedelta(days=days)).date()
    window = f"window: {{from: {day} 08:00, to: {day} 10:00}}\n"
    updates = "updates:\n  - {at: 2024-02-20 09:30}\n"

    assert codes(site, f"kind: maintenance\nservices: {{mail-archive: under_maintenance}}\n{window}{updates}") == found
