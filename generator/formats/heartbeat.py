"""heartbeat.json: whether the publisher is alive, and until when the site can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from generator.facts import CheckFacts, ProberFacts
from generator.formats.edition import Edition
from generator.formats.output import STAMP_DUE, STAMP_ISO, Output, as_json
from generator.time_slots import instant

PATH = "heartbeat.json"
SCHEMA_PATH = "schema/heartbeat-1.json"

SCHEMA: Mapping[str, object] = {
    "title": "Whether the publisher of a status site is alive",
    "description": (
        "Written at every build, last of all files. Rule for whoever polls: once next_update_before has passed,"
        " the publisher has died and every state it published is UNKNOWN, never operational. Once a check's stale_after"
        " has passed, nothing is known of its service by that check of that prober. Times are RFC 3339 in UTC."
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
        "probers": {
            "type": "array",
            "description": "Who probes the services, in the order of status.yaml; empty where nobody does.",
            "items": {
                "type": "object",
                "properties": {
                    "prober": {"type": "string"},
                    "last_seen_at": {
                        "type": ["string", "null"],
                        "format": "date-time",
                        "description": "When it last wrote what it saw; null if nothing of it has come to this build.",
                    },
                    "blind": {"type": "boolean", "description": "Whether it was itself offline then."},
                },
                "required": ["prober", "last_seen_at", "blind"],
                "additionalProperties": False,
            },
        },
        "checks": {
            "type": "array",
            "description": "What is looked at again and again: an entry for each service that a check tells of.",
            "items": {
                "type": "object",
                "properties": {
                    "check": {"type": "string"},
                    "prober": {"type": "string"},
                    "service": {"type": "string", "description": "Its id."},
                    "kind": {"type": "string", "description": "What is looked at: http, smtp, roundtrip and so on."},
                    "last_result_at": {
                        "type": ["string", "null"],
                        "format": "date-time",
                        "description": "When the last result that said something was known; null before the first.",
                    },
                    "stale_after": {
                        "type": "string",
                        "format": "date-time",
                        "description": "From when on, without a newer result, nothing is known of the service by it.",
                    },
                    "state": {
                        "enum": ["known", "unknown"],
                        "description": (
                            "Whether something was known by it at generated_at. What was found is told by incidents"
                            " alone, once it is certain."
                        ),
                    },
                },
                "required": ["check", "prober", "service", "kind", "last_result_at", "stale_after", "state"],
                "additionalProperties": False,
            },
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
        "probers",
        "checks",
    ],
    "additionalProperties": False,
}


RULE = (
    "Once next_update_before has passed, every state of this site is UNKNOWN, never operational;"
    " once a check's stale_after has passed, nothing is known by that check."
)


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the JSON Schema, then the heartbeat."""
    address = edition.addresses.absolute(SCHEMA_PATH)
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, **SCHEMA}
    described = partial(as_json, shape, spread=True)
    yield Output(path=SCHEMA_PATH, inputs=edition.inputs(SCHEMA_PATH), render=described)
    beat = {
        "version": 1,
        "schema": address,
        "rule": RULE,
        "generated_at": STAMP_ISO.decode(),
        "next_update_before": STAMP_DUE.decode(),
        "next_transition_at": instant(edition.facts.next_transition),
        "publish_every_seconds": int(edition.site.publish_every.total_seconds()),
        "faulty_files": len(edition.faulty),
        "probers": [_prober(prober) for prober in edition.facts.probers],
        "checks": [_check(check) for check in edition.facts.checks],
    }
    told = partial(as_json, beat, spread=True)
    yield Output(path=PATH, inputs=edition.inputs(PATH, beat), render=told, stamped=True)


def _prober(facts: ProberFacts) -> dict[str, object]:
    seen = instant(facts.last_seen_at) if facts.last_seen_at else None
    return {"prober": facts.prober, "last_seen_at": seen, "blind": facts.blind}


def _check(facts: CheckFacts) -> dict[str, object]:
    known = facts.last_result_at is not None and not facts.stale
    return {
        "check": facts.check,
        "prober": facts.prober,
        "service": facts.service,
        "kind": facts.kind,
        "last_result_at": instant(facts.last_result_at) if facts.last_result_at else None,
        "stale_after": instant(facts.stale_after),
        "state": "known" if known else "unknown",
    }
