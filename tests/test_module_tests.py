"""The tests themselves: each module has one, and it is found by the module's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.module_tests import reached
from tests.conftest import CHECKOUT

UNREACHED = {
    "generator/cli/remove.py": "tests/generator/content/test_published.py removes an incident by the command",
    "generator/content/probes_section.py": "tests/generator/test_problems.py makes every mistake in it",
    "generator/content/removals.py": "tests/generator/content/test_published.py tells of removals",
    "generator/facts/told.py": "tests/generator/formats/test_feeds.py reads each word it tells",
    "generator/publish/incident_pages.py": "tests/generator/content/test_published.py misses pages without a file",
}
"""Modules that are reached through two others, with the test that tries them."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout of four modules, where only the test of one room exists."""
    for path, text in {
        "generator/facts/uptime.py": "",
        "generator/feeds/items.py": "from generator.facts.uptime import share",
        "generator/feeds/archive.py": "",
        "probes/alone.py": "import generator.facts.uptime",
        "tests/generator/test_feeds.py": "from generator import feeds",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def test_every_module_is_tested() -> None:
    """A module has a test of its name or room, or a test or a module with such a test imports it, or it is named."""
    unreached = {module.module for module in reached(CHECKOUT) if not module.tests}

    assert unreached == set(UNREACHED)
    assert [why for why in UNREACHED.values() if not (CHECKOUT / why.partition(" ")[0]).exists()] == []


def test_a_room_is_tested_by_one_test(root: Path) -> None:
    """A test of a room is that of its modules, and of what they import; what nobody tests is reached by nothing."""
    found = {module.module: (module.tests, module.through) for module in reached(root)}

    assert found == {
        "generator/facts/uptime.py": (["tests/generator/test_feeds.py"], ["generator.feeds.items"]),
        "probes/alone.py": ([], []),
    }


@pytest.mark.parametrize("name", ["facts/test_uptime", "facts/test_uptime_days", "test_facts"])
def test_a_test_of_its_name_is_found(root: Path, name: str) -> None:
    """A test of the module's name, with more words or not, or of its room's name, is the module's."""
    test = root / "tests" / "generator" / f"{name}.py"
    test.parent.mkdir(exist_ok=True)
    test.touch()

    assert [module.module for module in reached(root)] == ["probes/alone.py"]


def test_a_test_that_imports_it_comes_before_those_of_its_users(root: Path) -> None:
    """What a test imports is tested by it, wherever it is; a test of the same name in another folder is none."""
    (root / "tests/test_alone.py").touch()
    (root / "tests/test_whole.py").write_text("from generator.facts import uptime", "utf-8")

    found = {module.module: (module.tests, module.through) for module in reached(root)}

    assert found == {
        "generator/facts/uptime.py": (["tests/test_whole.py"], []),
        "probes/alone.py": ([], []),
    }
