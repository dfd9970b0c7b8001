"""heartbeat.json: that the publisher is alive, and until when to believe what it published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.formats.edition import Edition
from generator.formats.output import STAMP_DUE, STAMP_ISO, Output

PATH = "heartbeat.json"
SCHEMA_PATH = "schema/heartbeat-1.json"

SCHEMA: Mapping[str, object] = {
    "title": "Whether the publisher of a status site is alive",
    "description": (
        "Written at every build, last of all files. Rule for whoever polls: once next_update_before has passed,"
        " the publisher has died and every state it published is UNKNOWN, never operational. Times are RFC 3339 in UTC."
    ),
    "type": "object",
    "properties": {
        "version": {"const": 1},
        "schema": {"type": "string", "format": "uri"},
        "rule": {"type": "string", "description": "How to take what the site says, in a sentence for people."},
        "generated_at": {"type": "string", "format": "date-time", "description": "When the site was built."},
        "next_update_before": {
            "type": "string",
            "format": "date-time",
            "description": "Before when the next build is expected: twice publish_every_seconds after this one.",
        },
        "next_transition_at": {
            "type": "string",
            "format": "date-time",
            "description": "When a fact next changes by the clock alone, at the latest at the next local midnight.",
        },
        "publish_every_seconds": {"type": "integer", "minimum": 1, "description": "How often a build is due."},
        "faulty_files": {
            "type": "integer",
            "minimum": 0,
            "description": "How many content files have an error: left out, or at their last sound version.",
        },
    },
    "required": [
        "version",
        "schema",
        "rule",
        "generated_at",
        "next_update_before",
        "next_transition_at",
        "publish_every_seconds",
        "faulty_files",
    ],
    "additionalProperties": False,
}


RULE = "Once next_update_before has passed, every state of this site is UNKNOWN, never operational."


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the JSON Schema, then the heartbeat."""
    address = edition.addresses.absolute(SCHEMA_PATH)
    yield Output(path=SCHEMA_PATH, inputs=edition.inputs(SCHEMA_PATH), render=lambda: _schema(address))
    beat = {
        "version": 1,
        "schema": address,
        "rule": RULE,
        "generated_at": STAMP_ISO.decode(),
        "next_update_before": STAMP_DUE.decode(),
        "next_transition_at": f"{edition.facts.next_transition:%Y-%m-%dT%H:%M:%SZ}",
        "publish_every_seconds": int(edition.site.publish_every.total_seconds()),
        "faulty_files": len(edition.faulty),
    }
    yield Output(
        path=PATH,
        inputs=edition.inputs(PATH, beat),
        render=lambda: json.dumps(beat, indent=1).encode() + b"\n",
        stamped=True,
    )


def _schema(address: str) -> bytes:
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, **SCHEMA}
    return json.dumps(named, ensure_ascii=False, indent=1).encode() + b"\n"
