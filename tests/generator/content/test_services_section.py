"""The services of a site are read in their order, with what they mean where nothing is said."""

from __future__ import annotations

from datetime import UTC

import pytest

from generator.content.services_section import services, tasks
from generator.model import Need, Service, Task
from generator.reading import yaml
from generator.reading.reader import Reader


@pytest.fixture
def reader() -> Reader:
    """Return a reader of a site in English."""
    return Reader("status.yaml", languages=("en",), zone=UTC)


def listed(text: str) -> yaml.Node | None:
    """Return a list as it stands in a file."""
    root, problems = yaml.parse("status.yaml", text)
    assert not problems
    return root


def test_a_service_is_ours_unless_it_says_otherwise(reader: Reader) -> None:
    """A service that says no more than it must is one of ours, depends on nothing, and is on record from the start."""
    (found,) = services(reader, listed("- {id: gateway, name: Gateway, group: mail}"), ["mail"])

    assert reader.problems == []
    assert found == Service(id="gateway", name={"en": "Gateway"}, description={}, group="mail")


def test_a_faulty_service_hides_no_other(reader: Reader) -> None:
    """A service without a good id is left out and reported; those beside it are read."""
    written = listed("- {id: Gate way, name: A, group: mail}\n- {id: archive, name: B, group: mail}")

    found = services(reader, written, ["mail"])

    assert [service.id for service in found] == ["archive"]
    assert [(problem.code, problem.line) for problem in reader.problems] == [("bad-id", 1)]


def test_a_task_may_be_needed_by_some(reader: Reader) -> None:
    """A task takes a service for everybody by its id, and for some customers by naming them."""
    written = listed("- {id: read, name: Read, doing: reading, services: [mailbox, {archive: {for: Old customers}}]}")

    (found,) = tasks(reader, written, ["mailbox", "archive"])

    assert reader.problems == []
    assert found == Task(
        id="read",
        name={"en": "Read"},
        doing={"en": "reading"},
        needs=(Need(service="mailbox"), Need(service="archive", audience={"en": "Old customers"})),
    )
