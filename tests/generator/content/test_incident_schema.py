"""Editors complete and check incident files by a schema that knows the site."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from generator import sources
from generator.content import incident_schema, incidents, updates
from generator.content.judge import judge
from generator.problems import Level
from generator.reading import moments

CHECKOUT = Path(__file__).resolve().parents[3]
SPEC = Path(__file__).parents[2] / "spec"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
JUDGED = judge(sources.read(CHECKOUT), NOW)
assert JUDGED.site is not None
SCHEMA = incident_schema.schema(JUDGED.site, JUDGED.phrases)


def plain(text: str) -> object:
    """Return what YAML says, with every scalar as text."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes nothing but text, lists and mappings


def test_valid_schema() -> None:
    """The schema is one of JSON Schema 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


def test_shipped_schema() -> None:
    """The schema beside the shipped incidents is that of the shipped site: `lagebild schema` mends it."""
    assert json.loads((CHECKOUT / incident_schema.PATH).read_text("utf-8")) == SCHEMA


@pytest.mark.parametrize("path", sorted((CHECKOUT / "incidents").rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_incidents(path: Path) -> None:
    """Every shipped incident file keeps to the schema, and names it in its first line where editors look for it."""
    text = path.read_text("utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)", text)

    faults = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(plain(text))]

    assert faults == []
    assert named is not None
    assert (path.parent / named[1]).resolve() == CHECKOUT / incident_schema.PATH


def test_same_keys() -> None:
    """The schema has exactly the keys that are read."""
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)

    assert set(properties) == set(incidents.KEYS)
    assert set(properties["updates"]["items"]["properties"]) == set(updates.KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-19",
        "2024-02-19 8:00",
        "about 2024-02-19 08:00",
        "2024-02-19 08:00+01:00",
        "2024-02-19 night",
        "unknown",
    ],
)
def test_times(text: str) -> None:
    """The schema takes every form of a time that is read."""
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)

    assert re.search(properties["started"]["pattern"], text)
    assert moments.parse(text, UTC)


def test_what_the_schema_refuses() -> None:
    """What the schema refuses is an error of `check` too."""
    text = "services: {mail-archiv: down}\nupdates:\n  - at: 19.2.2024\n    status: fixed\n"
    assert JUDGED.site is not None

    _, problems = incidents.parse(
        incidents.IncidentFile(path="incidents/2024/a.yaml", text=text), site=JUDGED.site, now=NOW
    )

    assert not Draft202012Validator(SCHEMA).is_valid(plain(text))
    assert any(problem.level is Level.ERROR for problem in problems)
