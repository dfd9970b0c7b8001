"""How services, tasks and the page stand at `now`."""

from __future__ import annotations

from typing import Any


def test_outage_shows_through_maintenance(make: Any) -> None:
    """An outage during planned work is what the page shows, and it leads the service's list."""
    work = make.maintenance("2024-02-19 08:00", "2024-02-19 18:00", make.update("2024-02-18 08:00", "scheduled"))
    outage = make.incident({"mail": "major_outage"}, make.update("2024-02-19 10:00", "investigating"))

    facts = make.facts("2024-02-19 11:00", work, outage)

    assert facts.services[0].status.value == "major_outage"
    assert facts.services[0].incidents == ("trouble", "work")
    assert (facts.answer.status.value, facts.answer.indicator.value) == ("major_outage", "major")


def test_upstream_counts_as_degraded_at_most(make: Any) -> None:
    """An outage at an upstream service shows on it; the tasks that need it and the page are degraded at most."""
    fault = make.incident({"upstream": "partial_outage"}, make.update("2024-02-19 10:00", "investigating"))

    facts = make.facts("2024-02-19 11:00", fault)

    assert [service.status.value for service in facts.services] == ["operational", "operational", "partial_outage"]
    assert facts.answer.status.value == "degraded_performance"
    assert [(task.status.value, task.incidents) for task in facts.tasks] == [("degraded_performance", ("trouble",))]


def test_open_incidents_stand_worst_first_then_latest(make: Any) -> None:
    """The open list begins with the worst incident; of equals, with the latest."""
    minor = make.incident(
        {"mail": "degraded_performance"}, make.update("2024-02-19 09:00", "investigating"), id_="minor"
    )
    older = make.incident({"mail": "major_outage"}, make.update("2024-02-19 07:00", "investigating"), id_="older")
    newer = make.incident({"archive": "major_outage"}, make.update("2024-02-19 08:00", "investigating"), id_="newer")

    facts = make.facts("2024-02-19 11:00", older, minor, newer)

    assert [story.incident.id for story in facts.open] == ["newer", "older", "minor"]
    assert [story.incident.id for story in facts.incidents] == ["minor", "newer", "older"]


def test_upcoming_work_stands_soonest_first(make: Any) -> None:
    """The upcoming list begins with the next window."""
    told = make.update("2024-02-01 08:00", "scheduled")
    later = make.maintenance("2024-03-02 08:00", "2024-03-02 09:00", told, id_="later")
    sooner = make.maintenance("2024-03-01 08:00", "2024-03-01 09:00", told, id_="sooner")

    facts = make.facts("2024-02-19 11:00", later, sooner)

    assert [story.incident.id for story in facts.upcoming] == ["sooner", "later"]


def test_recovered_service_is_operational_while_the_incident_is_open(make: Any) -> None:
    """A service that an update set to operational is well, though the incident is still open on it."""
    incident = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-19 10:00", "investigating"),
        make.update("2024-02-19 11:00", "monitoring", {"mail": "operational"}),
    )

    facts = make.facts("2024-02-19 12:00", incident)

    assert (facts.services[0].status.value, facts.services[0].incidents) == ("operational", ("trouble",))
