"""The shapes of the Statuspage v2 API, with keys in the order in which Statuspage writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.formats.openapi.shapes import ADDRESS, FLAG, TEXT, Schema, list_of, object_of, ref
from generator.model import Impact, ServiceStatus

NULL: Schema = {"type": "null"}
UNRESOLVED = ("investigating", "identified", "monitoring")
RESOLVED = ("resolved", "postmortem")
UNDER_WAY = ("in_progress", "verifying")
DESCRIPTIONS = (
    "All Systems Operational",
    "Service Under Maintenance",
    "Partially Degraded Service",
    "Partial System Outage",
    "Major System Outage",
)


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, NULL]}


ID, NAME, AT, STATE = ref("Id"), ref("Name"), ref("Instant"), ref("ComponentStatus")


def _component(**differing: Schema) -> Schema:
    return object_of(
        {
            "id": ID,
            "name": NAME,
            "status": STATE,
            "created_at": AT,
            "updated_at": AT,
            "position": {"type": "integer", "minimum": 1},
            "description": _or_null({"type": "string", "minLength": 1}),
            "showcase": FLAG,
            "start_date": _or_null({"type": "string", "format": "date"}),
            "group_id": _or_null(ID),
            "page_id": ID,
            "group": {"const": False},
            "only_show_if_degraded": FLAG,
            **differing,
        }
    )


def _update(statuses: Sequence[str]) -> Schema:
    return object_of(
        {
            "id": ID,
            "status": {"enum": list(statuses)},
            "body": {"type": "string", "minLength": 1, "description": "Plain text."},
            "incident_id": ID,
            "created_at": AT,
            "updated_at": AT,
            "display_at": AT,
            "affected_components": _or_null(list_of(ref("AffectedComponent"), minItems=1)),
            "deliver_notifications": FLAG,
            "custom_tweet": NULL,
            "tweet_id": NULL,
        }
    )


def _story(statuses: Sequence[str], impact: Schema, update: str, **more: Schema) -> Schema:
    return object_of(
        {
            "id": ID,
            "name": NAME,
            "status": {"enum": list(statuses)},
            "created_at": AT,
            "updated_at": AT,
            "monitoring_at": _or_null(AT),
            "resolved_at": _or_null(AT),
            "impact": impact,
            "shortlink": {**ADDRESS, "description": "The page for people; it never changes."},
            "started_at": AT,
            "page_id": ID,
            "incident_updates": list_of(ref(update), minItems=1, description="Newest first."),
            "components": list_of(ref("Component")),
            **more,
        }
    )


def _document(**parts: Schema) -> Schema:
    return object_of({"page": ref("Page"), **parts})


def _only(name: str, statuses: Sequence[str]) -> Schema:
    return list_of({"allOf": [ref(name), {"properties": {"status": {"enum": list(statuses)}}}]})


COMPONENTS = list_of(
    {"oneOf": [ref("Component"), ref("ComponentGroup")]}, description="Each group before its components."
)
INCIDENT, WORK = (*UNRESOLVED, *RESOLVED), ("scheduled", *UNDER_WAY, "completed")
IMPACTS: Schema = {"enum": [impact.value for impact in Impact if impact is not Impact.MAINTENANCE]}

SHAPES: Mapping[str, Schema] = {
    "Id": {"type": "string", "pattern": "^[a-z0-9]{12}$", "description": "Permanent, the same in every language."},
    "Name": {"type": "string", "minLength": 1, "description": "Plain text of one line."},
    "Instant": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$",
    },
    "ComponentStatus": {"type": "string", "enum": [status.value for status in ServiceStatus]},
    "Page": object_of({"id": ID, "name": NAME, "url": ADDRESS, "time_zone": TEXT, "updated_at": AT}),
    "PageStatus": {
        "description": "The description is that of the indicator, the two lists being in the same order.",
        **object_of(
            {
                "indicator": {"enum": [impact.value for impact in Impact]},
                "description": {"enum": list(DESCRIPTIONS)},
            }
        ),
    },
    "Component": _component(),
    "ComponentGroup": _component(
        description=NULL,
        showcase={"const": False},
        start_date=NULL,
        group_id=NULL,
        group={"const": True},
        components=list_of(ID, minItems=1),
    ),
    "AffectedComponent": object_of({"code": ID, "name": NAME, "old_status": STATE, "new_status": STATE}),
    "IncidentUpdate": _update(INCIDENT),
    "MaintenanceUpdate": _update(WORK),
    "Incident": _story(INCIDENT, IMPACTS, "IncidentUpdate", reminder_intervals=NULL),
    "Maintenance": _story(
        WORK, {"const": Impact.MAINTENANCE.value}, "MaintenanceUpdate", scheduled_for=AT, scheduled_until=AT
    ),
    "SummaryDocument": _document(
        components=COMPONENTS,
        incidents=_only("Incident", UNRESOLVED),
        scheduled_maintenances=_only("Maintenance", ["scheduled", *UNDER_WAY]),
        status=ref("PageStatus"),
    ),
    "StatusDocument": _document(status=ref("PageStatus")),
    "ComponentsDocument": _document(components=COMPONENTS),
    "IncidentsDocument": _document(incidents=list_of(ref("Incident"), maxItems=50)),
    "UnresolvedIncidentsDocument": _document(incidents=_only("Incident", UNRESOLVED)),
    "MaintenancesDocument": _document(scheduled_maintenances=list_of(ref("Maintenance"), maxItems=50)),
    "UpcomingMaintenancesDocument": _document(scheduled_maintenances=_only("Maintenance", ["scheduled"])),
    "ActiveMaintenancesDocument": _document(scheduled_maintenances=_only("Maintenance", UNDER_WAY)),
}
"""By name in `components.schemas`."""
