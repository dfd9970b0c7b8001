"""The shape of status.json, as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from generator.model import Action, Cause, Impact, Kind, MailFate, Precision, ServiceStatus, UpdateStatus

Schema = dict[str, object]

INSTANT: Schema = {"type": "string", "format": "date-time"}
DATE: Schema = {"type": "string", "format": "date"}
FLAG: Schema = {"type": "boolean"}
WORDS: Schema = {"type": "string"}


def schema(address: str) -> Schema:
    """Return the schema that stands at `address`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "The state of a site, with every fact",
        "description": (
            "Times are RFC 3339 in UTC. The document changes only when a fact does, so it does not say when it was"
            " made: heartbeat.json does, and past its next_update_before every state here is UNKNOWN."
        ),
        **_object(DOCUMENT),
        "$defs": DEFINITIONS,
    }


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _list(of: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": of, **({"description": description} if description else {})}


def _one_of(values: Iterable[StrEnum]) -> Schema:
    return {"enum": [value.value for value in values]}


def _said(of: Schema, description: str) -> Schema:
    return {**of, "description": description}


SECONDS = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance", "not_recorded")

DOCUMENT: Mapping[str, Schema] = {
    "version": {"const": 1},
    "schema": {"type": "string", "format": "uri"},
    "site": _ref("site"),
    "status": _said(
        _ref("service_status"), "The worst of the site's own services; a third-party one counts as degraded at most."
    ),
    "indicator": _ref("impact"),
    "headline": _ref("text"),
    "tasks": _list(_ref("task"), "What customers do, and whether they can."),
    "groups": _list(_ref("group")),
    "services": _list(_ref("service")),
    "incidents": _object(
        {
            "open": _list(_ref("incident"), "Unresolved incidents, worst first."),
            "under_way": _list(_ref("incident"), "Maintenance that is going on."),
            "upcoming": _list(_ref("incident"), "Announced maintenance, soonest first."),
            "notices": _list(_ref("incident"), "Advisories that still apply."),
            "recent": _list(
                _ref("incident"),
                "What is over, latest beginning first: the last 50, and all of the last 14 days."
                " The feeds hold the whole history.",
            ),
        }
    ),
}

DEFINITIONS: Mapping[str, Schema] = {
    "text": {
        "description": "Words by language code.",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]{2,3}(-[a-z0-9]+)*$"},
        "additionalProperties": WORDS,
    },
    "id": {"type": "string", "pattern": "^[0-9a-z]+(-[0-9a-z]+)*$"},
    "service_status": _one_of(ServiceStatus),
    "impact": _one_of(Impact),
    "statuses": {
        "description": "Service statuses by service id.",
        "type": "object",
        "propertyNames": _ref("id"),
        "additionalProperties": _ref("service_status"),
    },
    "update_status": _or_null(_said(_one_of(UpdateStatus), "Null on a notice.")),
    "mail": _or_null(_said(_one_of(MailFate), "What happens to mail.")),
    "action": _or_null(_said(_one_of(Action), "What a customer should do.")),
    "moment": {
        "description": (
            "A time as vaguely as it is known, as the span of the clock it may lie in."
            " For figures a beginning counts from first, an end from last."
        ),
        **_object(
            {
                "precision": _one_of(Precision),
                "about": FLAG,
                "first": _or_null(INSTANT),
                "last": _or_null(INSTANT),
            }
        ),
    },
    "window": _object({"from": INSTANT, "to": INSTANT}),
    "seconds": _object({name: {"type": "integer", "minimum": 0} for name in SECONDS}),
    "site": _object(
        {
            "name": _ref("text"),
            "url": {"type": "string", "format": "uri"},
            "time_zone": _said(WORDS, "IANA name; days are those of this zone."),
            "languages": _said(_ref("tags"), "Language tags (BCP 47) by the code used in addresses and texts."),
            "uptime_weights": {
                "description": "How much a second in each status counts as lost, in percent.",
                "type": "object",
                "propertyNames": _ref("service_status"),
                "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 100},
            },
        }
    ),
    "tags": {"type": "object", "minProperties": 1, "additionalProperties": WORDS},
    "group": _object({"id": _ref("id"), "name": _ref("text")}),
    "limitation": _object(
        {
            "status": _said(_ref("service_status"), "Never operational."),
            "delayed": _said(FLAG, "Whether degraded performance means that mail is late."),
            "for": _said(_ref("text"), "The customers who need the service; empty: all of them."),
            "who": _said(_ref("text"), "Whom the incidents narrow it to; empty: everybody."),
            "upstream": _or_null(_said(_ref("id"), "The third-party service that may cause it.")),
            "incidents": _list(_ref("id")),
        }
    ),
    "task": _object(
        {
            "id": _ref("id"),
            "name": _ref("text"),
            "status": _said(
                _ref("service_status"),
                "The worst of its limitations; what fails for some counts as a partial outage at most, a third party's"
                " fault as degraded.",
            ),
            "services": _list(_ref("id")),
            "limitations": _list(_ref("limitation"), "What does not work as usual, worst first, and for whom."),
            "incidents": _list(_ref("id"), "The incidents behind the limitations."),
        }
    ),
    "service": _object(
        {
            "id": _ref("id"),
            "name": _ref("text"),
            "description": _ref("text"),
            "url": _said(_ref("text"), "Its page, by language code."),
            "group": _ref("id"),
            "own": _said(FLAG, "False for an upstream service: it does not count in the state of the site."),
            "depends_on": _list(_ref("id")),
            "status": _ref("service_status"),
            "incidents": _list(_ref("id"), "What is open on it, worst first."),
            "recorded_since": _or_null(_said(DATE, "Earlier days are not recorded; no state is claimed for them.")),
            "uptime": _list(_ref("figure")),
            "days": _list(_ref("day"), "Those of the last 90 days and today on which it was not operational."),
        }
    ),
    "figure": _object(
        {
            "days": _said({"type": "integer"}, "Over so many whole local days up to the last midnight."),
            "uptime": _or_null(
                _said(
                    {"type": "number", "minimum": 0, "maximum": 1},
                    "Rounded down to six decimals: 1 only if nothing was lost. Null if nothing is on record.",
                )
            ),
            "rough": _said(FLAG, "Whether it rests on times that are known only roughly."),
            "seconds": _ref("seconds"),
        }
    ),
    "day": _object(
        {
            "date": DATE,
            "worst": _ref("service_status"),
            "today": _said(FLAG, "Whether the day is not over: then seconds is null."),
            "rough": FLAG,
            "seconds": _or_null(_ref("seconds")),
            "incidents": _list(_ref("id")),
        }
    ),
    "incident": _object(
        {
            "id": _said(_ref("id"), "Permanent, the same in every language."),
            "kind": _one_of(Kind),
            "automatic": _said(FLAG, "Whether it was found by the monitoring alone."),
            "url": _said(_ref("text"), "Its page, by language code."),
            "title": _said(_ref("text"), "Plain text."),
            "status": _ref("update_status"),
            "impact": _said(_ref("impact"), "The worst it has ever done."),
            "worst": _said(_ref("service_status"), "The worst status it has ever given a service."),
            "services": _said(_ref("statuses"), "Every service it has touched, with what it does to it now."),
            "started": _or_null(
                _said(
                    _ref("moment"),
                    "When the trouble began, which may be before it was told."
                    " Null for what lies ahead or was called off before it began.",
                )
            ),
            "ended": _or_null(_ref("moment")),
            "ends": _or_null(_said(_ref("moment"), "Notice: when it no longer applies, if that was said.")),
            "rough": FLAG,
            "told": _said(INSTANT, "When the first word came; where nobody noted it, the earliest it can be."),
            "last_told": INSTANT,
            "told_late": _said(FLAG, "Whether the first word came an hour or more after the beginning."),
            "cause": _or_null(_one_of(Cause)),
            "who": _said(_ref("text"), "Who is affected, where not every customer is."),
            "mail": _ref("mail"),
            "action": _ref("action"),
            "next_update": _or_null(_ref("moment")),
            "overdue": _said(FLAG, "Whether the next update was due and has not come."),
            "last_reported": _said(
                _or_null(INSTANT), "Automatic only: when it was last seen, if nobody knows whether it goes on."
            ),
            "window": _or_null(_said(_ref("window"), "Maintenance: as last announced.")),
            "cancelled": _or_null(INSTANT),
            "retracted": _or_null(_object({"at": INSTANT, "reason": _ref("text")})),
            "follows": _or_null(_ref("id")),
            "updates": {**_list(_ref("update"), "Newest first."), "minItems": 1},
        }
    ),
    "update": _object(
        {
            "key": _said(WORDS, "Permanent within the incident."),
            "at": _said(_ref("moment"), "When it was told, as it was written."),
            "told": _said(INSTANT, "The same for sorting: where nobody noted it, the earliest it can be."),
            "corrected": _or_null(_said(INSTANT, "When the text was changed after it was told.")),
            "status": _ref("update_status"),
            "services": _said(_ref("statuses"), "What it changes."),
            "effective": _said(_ref("moment"), "When that change took place."),
            "sentences": {
                "description": (
                    "Composed from the facts, by language code: how things stand, if the text does not say it,"
                    " then mail, action and the next update, then whether it came late or was corrected."
                ),
                "type": "object",
                "additionalProperties": _list(WORDS),
            },
            "text": _said(_ref("text"), "Markdown, in the languages it was written in."),
            "mail": _ref("mail"),
            "action": _ref("action"),
            "who": _ref("text"),
            "next_update": _or_null(_ref("moment")),
            "window": _or_null(_ref("window")),
        }
    ),
}
