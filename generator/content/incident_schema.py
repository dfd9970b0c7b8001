"""The JSON Schema of an incident file, by which editors complete and check while one writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from generator.model import Action, Cause, Kind, MailFate, ServiceStatus, Site, UpdateStatus

PATH = "incidents/incident.schema.json"
"""Where editors find it: incident files name it in their first line."""

Schema = dict[str, object]

_TIME = (
    r"^(unknown|(about )?\d{4}-\d{2}-\d{2}"
    r"( (\d{1,2}:\d{2}( ?(Z|[+-]\d{2}:?\d{2}))?|morning|afternoon|evening|night))?)$"
)


def schema(site: Site, phrases: Iterable[str]) -> Schema:
    """Return the schema (JSON Schema 2020-12) of this site's incident files.

    It knows the site's services, languages and phrases. It is for the comfort of who writes: what it cannot say,
    such as the order of times, `lagebild check` does.
    """
    text = _by_language(site)
    changes = _object({service.id: {"enum": list(ServiceStatus)} for service in site.services})
    window = _object({"from": _time("begins"), "to": _time("ends")}, required=("from", "to"))
    listed = {"type": "array", "items": {"enum": [service.id for service in site.services]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An incident file of lagebild",
        **_object(
            {
                "title": text | {"description": "Plain text; left out, one is composed from the facts."},
                "kind": _choice(Kind, "Default: incident."),
                "services": {
                    "description": "What is affected, and the status it has from `started` on.",
                    "oneOf": [changes, listed],
                },
                "started": _time("When the impact began; default: the first update."),
                "ended": _time("When the impact ended; default: the update that resolves it."),
                "cause": _choice(Cause, "Where the cause lay."),
                "who": text | {"description": "Who is affected, if not every customer is."},
                "window": window | {"description": "Maintenance: when it takes place."},
                "ends": _time("Notice: when it expires."),
                "cancelled": _time("Maintenance: when it was cancelled."),
                "retracted": _object({"at": _time("When it was retracted."), "reason": text}, required=("at",)),
                "follows": {"type": "string", "description": "The id of an earlier incident that this one continues."},
                "adopts": {"type": "array", "items": {"type": "string"}},
                "updates": {"type": "array", "minItems": 1, "items": _update(text, changes, window, phrases)},
            },
            required=("updates",),
        ),
    }


def _update(text: Schema, changes: Schema, window: Schema, phrases: Iterable[str]) -> Schema:
    return _object(
        {
            "at": _time("When the update was published; `unknown` if nobody noted it."),
            "id": {"type": "string", "description": "The update's own key; the default is derived from its time."},
            "status": _choice(UpdateStatus, "The progress."),
            "services": changes | {"description": "What changes with this update."},
            "effective": _time("When the change took effect; default: `at`."),
            "mail": _choice(MailFate, "What happens to customers' mail."),
            "action": _choice(Action, "What customers should do."),
            "who": text,
            "next_update": _time("When the next update will follow."),
            "window": window | {"description": "Maintenance: its new window."},
            "corrected": _time("When the text was changed after publication."),
            "phrase": _phrase(sorted(phrases)),
            "text": text | {"description": "Markdown."},
        },
        required=("at",),
    )


def _phrase(known: list[str]) -> Schema:
    named: Schema = {"enum": known}
    filled: Schema = {
        "type": "object",
        "propertyNames": {"enum": known},
        "additionalProperties": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
    }
    one: Schema = {"anyOf": [named, filled]}
    return {
        "description": "Reviewed sentences from locales/phrases.yaml.",
        "anyOf": [named, filled, {"type": "array", "items": one}],
    }


def _by_language(site: Site) -> Schema:
    return _object({language.code: {"type": "string"} for language in site.languages})


def _choice(choices: type[StrEnum], description: str) -> Schema:
    return {"enum": [choice.value for choice in choices], "description": description}


def _time(description: str) -> Schema:
    return {"type": "string", "pattern": _TIME, "description": description}


def _object(properties: Mapping[str, object], *, required: tuple[str, ...] = ()) -> Schema:
    made: Schema = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return made | ({"required": list(required)} if required else {})
