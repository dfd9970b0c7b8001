"""status.json: every fact, in a format of its own that changes only with its version number."""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.output import Output, as_json
from generator.formats.status.incidents import latest, listed
from generator.formats.status.schema import schema
from generator.formats.status.services import groups, services, tasks

PATH = "status.json"
SCHEMA_PATH = "schema/status-1.json"


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the document and its JSON Schema."""
    facts = edition.facts
    now = (facts.open, facts.under_way, facts.upcoming, facts.notices)
    inputs = edition.inputs(
        PATH,
        facts.answer,
        facts.services,
        facts.tasks,
        tuple(tuple(found.incident.id for found in stand) for stand in now),
        *(found for stand in (*now, latest(facts)) for found in stand),
    )
    yield Output(path=PATH, inputs=inputs, render=lambda: as_json(document(edition)))
    address = edition.addresses.absolute(SCHEMA_PATH)
    yield Output(path=SCHEMA_PATH, inputs=edition.inputs(SCHEMA_PATH), render=lambda: as_json(schema(address)))


def document(edition: Edition) -> dict[str, object]:
    """Return status.json, before it is written."""
    facts, site, order = edition.facts, edition.site, edition.languages
    return {
        "version": 1,
        "schema": edition.addresses.absolute(SCHEMA_PATH),
        "site": {
            "name": {code: speech.text(site.name, order).text for code, speech in edition.speeches.items()},
            "url": edition.addresses.absolute(""),
            "time_zone": site.time_zone,
            "languages": {code: speech.tag for code, speech in edition.speeches.items()},
            "uptime_weights": {status.value: weight for status, weight in site.uptime_weights.items()},
        },
        "status": facts.answer.status,
        "indicator": facts.answer.indicator,
        "headline": {code: words.headline(speech, facts) for code, speech in edition.speeches.items()},
        "tasks": tasks(edition),
        "groups": groups(edition),
        "services": services(edition),
        "incidents": {
            "open": listed(edition, facts.open),
            "under_way": listed(edition, facts.under_way),
            "upcoming": listed(edition, facts.upcoming),
            "notices": listed(edition, facts.notices),
            "recent": listed(edition, latest(facts)),
        },
    }
