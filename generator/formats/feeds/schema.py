"""The shape of the extension in the items of a JSON Feed, as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from generator.formats.shapes import ADDRESS, FLAG, INSTANT, TEXT, described, object_of
from generator.model import Action, Impact, Kind, MailFate, ServiceStatus, UpdateStatus

PATH = "schema/feed-1.json"


def schema(address: str) -> dict[str, object]:
    """Return the schema that stands at `address`, which is where an item's `about` leads."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "The extension _lagebild of an item in a JSON Feed",
        "description": (
            "The facts of an incident, a maintenance or a notice as they stood when the item was told; they are the"
            " same in every language, so that a program need not parse prose. Times are RFC 3339 in UTC."
            " What follows later comes as an item of its own with the same value of incident."
        ),
        **object_of(PROPERTIES),
    }


def _one_of(values: Iterable[StrEnum]) -> dict[str, object]:
    return {"enum": [value.value for value in values]}


def _said_or_null(values: Iterable[StrEnum], description: str) -> dict[str, object]:
    return {"enum": [*(value.value for value in values), None], "description": description}


def _instant(description: str) -> dict[str, object]:
    return {"type": ["string", "null"], "format": "date-time", "description": description}


PROPERTIES: Mapping[str, object] = {
    "about": described(ADDRESS, "This document."),
    "incident": described(TEXT, "The id of the incident, permanent, the same in every language."),
    "update": described(TEXT, "The key of the update, permanent within the incident; of the clock, state and time."),
    "kind": _one_of(Kind),
    "services": {
        "type": "object",
        "description": "Every service touched so far, by id, with what was being done to it.",
        "additionalProperties": _one_of(ServiceStatus),
    },
    "status": _said_or_null(UpdateStatus, "Null on a notice."),
    "impact": {**_one_of(Impact), "description": "The worst it had done by then."},
    "mail": _said_or_null(MailFate, "What happened to mail."),
    "action": _said_or_null(Action, "What a customer should do."),
    "who": {
        "type": "object",
        "description": "Who was affected, where not every customer was: words by language code.",
        "additionalProperties": TEXT,
    },
    "next_update": _instant("By when the next word was promised."),
    "window": {
        "description": "Maintenance: as announced by then.",
        "type": ["object", "null"],
        "properties": {
            "from": INSTANT,
            "to": INSTANT,
        },
        "required": ["from", "to"],
        "additionalProperties": False,
    },
    "started": _instant("When the trouble or the work began; null if it had not, or nobody knows."),
    "resolved": _instant("When it was over; null if it was not, or nobody knows when: status tells the two apart."),
    "rough": described(FLAG, "Whether the times are known only roughly."),
    "automatic": described(FLAG, "Whether it was found by the monitoring alone."),
    "retracted": described(FLAG, "Whether this item takes the entry back, as a false alarm or a mistake."),
    "cancelled": described(FLAG, "Whether this item calls a maintenance off."),
}
