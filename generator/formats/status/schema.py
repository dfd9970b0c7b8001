"""The shape of status.json, as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Mapping

from generator.formats.shapes import DATE, FLAG, INSTANT, TEXT, Schema, described, list_of, object_of, one_of, or_null
from generator.model import Action, Cause, Impact, Kind, MailFate, Precision, ServiceStatus, UpdateStatus


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
        **object_of(DOCUMENT),
        "$defs": DEFINITIONS,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_LAST_REPORTED = described(or_null(INSTANT), "When monitoring last confirmed it, if nobody knows whether it goes on.")


SECONDS = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance", "not_recorded")

DOCUMENT: Mapping[str, Schema] = {
    "version": {"const": 1},
    "schema": {"type": "string", "format": "uri"},
    "site": _ref("site"),
    "status": described(
        _ref("service_status"), "The worst of the site's own services; a third-party one counts as degraded at most."
    ),
    "indicator": _ref("impact"),
    "headline": _ref("text"),
    "tasks": list_of(_ref("task"), "What customers do, and whether they can."),
    "groups": list_of(_ref("group")),
    "services": list_of(_ref("service")),
    "incidents": object_of(
        {
            "open": list_of(_ref("incident"), "Unresolved incidents, worst first."),
            "under_way": list_of(_ref("incident"), "Maintenance that is going on."),
            "upcoming": list_of(_ref("incident"), "Announced maintenance, soonest first."),
            "notices": list_of(_ref("incident"), "Advisories that still apply."),
            "recent": list_of(
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
        "additionalProperties": TEXT,
    },
    "id": {"type": "string", "pattern": "^[0-9a-z]+(-[0-9a-z]+)*$"},
    "service_status": one_of(ServiceStatus),
    "impact": one_of(Impact),
    "statuses": {
        "description": "Service statuses by service id.",
        "type": "object",
        "propertyNames": _ref("id"),
        "additionalProperties": _ref("service_status"),
    },
    "update_status": or_null(described(one_of(UpdateStatus), "Null on a notice.")),
    "mail": or_null(described(one_of(MailFate), "What happens to mail.")),
    "action": or_null(described(one_of(Action), "What a customer should do.")),
    "moment": {
        "description": (
            "A time as vaguely as it is known, as the span of the clock it may lie in."
            " For figures a beginning counts from first, an end from last."
        ),
        **object_of(
            {
                "precision": one_of(Precision),
                "about": FLAG,
                "first": or_null(INSTANT),
                "last": or_null(INSTANT),
            }
        ),
    },
    "window": object_of({"from": INSTANT, "to": INSTANT}),
    "seconds": object_of({name: {"type": "integer", "minimum": 0} for name in SECONDS}),
    "site": object_of(
        {
            "name": _ref("text"),
            "url": {"type": "string", "format": "uri"},
            "time_zone": described(TEXT, "IANA name; days are those of this zone."),
            "languages": described(_ref("tags"), "Language tags (BCP 47) by the code used in addresses and texts."),
            "uptime_weights": {
                "description": "How much a second in each status counts as lost, in percent.",
                "type": "object",
                "propertyNames": _ref("service_status"),
                "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 100},
            },
        }
    ),
    "tags": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
    "group": object_of({"id": _ref("id"), "name": _ref("text")}),
    "limitation": object_of(
        {
            "status": described(_ref("service_status"), "Never operational."),
            "delayed": described(FLAG, "Whether degraded performance means that mail is late."),
            "for": described(_ref("text"), "The customers who need the service; empty: all of them."),
            "who": described(_ref("text"), "Whom the incidents narrow it to; empty: everybody."),
            "upstream": or_null(described(_ref("id"), "The third-party service that may cause it.")),
            "incidents": list_of(_ref("id")),
            "last_reported": _LAST_REPORTED,
        }
    ),
    "task": object_of(
        {
            "id": _ref("id"),
            "name": _ref("text"),
            "status": or_null(
                described(
                    _ref("service_status"),
                    "The worst of its limitations; what fails for some counts as a partial outage at most, a third"
                    " party's fault as degraded. Null while an incident is open of which nobody has said which"
                    " services it affects, and nothing else is known.",
                )
            ),
            "services": list_of(_ref("id")),
            "limitations": list_of(_ref("limitation"), "What does not work as usual, worst first, and for whom."),
            "incidents": list_of(_ref("id"), "The incidents behind the limitations."),
        }
    ),
    "service": object_of(
        {
            "id": _ref("id"),
            "name": _ref("text"),
            "headline": described(_ref("text"), "Its name and its status, in words."),
            "description": _ref("text"),
            "url": described(_ref("text"), "Its page, by language code."),
            "group": _ref("id"),
            "own": described(FLAG, "False for an upstream service: it does not count in the state of the site."),
            "depends_on": list_of(_ref("id")),
            "status": described(_ref("service_status"), "The worst that any of its users has."),
            "status_for_all": described(
                _ref("service_status"), "What all of its users have; milder than status where that holds for some."
            ),
            "last_reported": _LAST_REPORTED,
            "incidents": list_of(_ref("id"), "What is open on it, worst first."),
            "recorded_since": or_null(described(DATE, "Earlier days are not recorded; no state is claimed for them.")),
            "uptime": list_of(_ref("figure")),
            "days": list_of(_ref("day"), "Those of the last 90 days and today on which it was not operational."),
        }
    ),
    "figure": object_of(
        {
            "days": described({"type": "integer"}, "Over so many whole local days up to the last midnight."),
            "uptime": or_null(
                described(
                    {"type": "number", "minimum": 0, "maximum": 1},
                    "Rounded down to six decimals: 1 only if nothing was lost. Null if nothing is on record.",
                )
            ),
            "rough": described(FLAG, "Whether it rests on times that are known only roughly."),
            "seconds": _ref("seconds"),
        }
    ),
    "day": object_of(
        {
            "date": DATE,
            "worst": _ref("service_status"),
            "today": described(FLAG, "Whether the day is not over: then seconds is null."),
            "rough": FLAG,
            "seconds": or_null(_ref("seconds")),
            "incidents": list_of(_ref("id")),
        }
    ),
    "incident": object_of(
        {
            "id": described(_ref("id"), "Permanent, the same in every language."),
            "kind": one_of(Kind),
            "automatic": described(FLAG, "Whether it was found by the monitoring alone."),
            "url": described(_ref("text"), "Its page, by language code."),
            "title": described(_ref("text"), "Plain text."),
            "status": _ref("update_status"),
            "impact": described(_ref("impact"), "The worst it has ever done."),
            "worst": described(_ref("service_status"), "The worst status it has ever given a service."),
            "services": described(_ref("statuses"), "Every service it has touched, with what it does to it now."),
            "started": or_null(
                described(
                    _ref("moment"),
                    "When the trouble began, which may be before it was told."
                    " Null for what lies ahead or was called off before it began.",
                )
            ),
            "ended": or_null(_ref("moment")),
            "ends": or_null(described(_ref("moment"), "Notice: when it no longer applies, if that was said.")),
            "rough": FLAG,
            "told": described(INSTANT, "When the first word came; where nobody noted it, the earliest it can be."),
            "last_told": INSTANT,
            "told_late": described(FLAG, "Whether the first word came an hour or more after the beginning."),
            "cause": or_null(one_of(Cause)),
            "who": described(_ref("text"), "Who is affected, where not every customer is."),
            "mail": _ref("mail"),
            "action": _ref("action"),
            "next_update": or_null(_ref("moment")),
            "overdue": described(FLAG, "Whether the next update was due and has not come."),
            "last_reported": described(
                or_null(INSTANT), "Automatic only: when it was last seen, if nobody knows whether it goes on."
            ),
            "window": or_null(described(_ref("window"), "Maintenance: as last announced.")),
            "cancelled": or_null(INSTANT),
            "retracted": or_null(object_of({"at": INSTANT, "reason": _ref("text")})),
            "follows": or_null(_ref("id")),
            "updates": list_of(_ref("update"), "Newest first.", minItems=1),
        }
    ),
    "update": object_of(
        {
            "key": described(TEXT, "Permanent within the incident."),
            "at": described(_ref("moment"), "When it was told, as it was written."),
            "told": described(INSTANT, "The same for sorting: where nobody noted it, the earliest it can be."),
            "corrected": or_null(described(INSTANT, "When the text was changed after it was told.")),
            "status": _ref("update_status"),
            "services": described(_ref("statuses"), "What it changes."),
            "effective": described(_ref("moment"), "When that change took place."),
            "sentences": {
                "description": (
                    "Composed from the facts, by language code: how things stand, if the text does not say it,"
                    " then mail, action and the next update, then whether it came late or was corrected."
                ),
                "type": "object",
                "additionalProperties": list_of(TEXT),
            },
            "text": described(_ref("text"), "Markdown, in the languages it was written in."),
            "mail": _ref("mail"),
            "action": _ref("action"),
            "who": _ref("text"),
            "next_update": or_null(_ref("moment")),
            "window": or_null(_ref("window")),
        }
    ),
}
