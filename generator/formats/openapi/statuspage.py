"""The shapes of the Statuspage v2 API, with keys in the order in which Statuspage writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.formats.shapes import (
    ADDRESS,
    DATE,
    FLAG,
    INSTANT,
    NULL,
    TEXT,
    Schema,
    described,
    list_of,
    object_of,
    one_of,
    or_null,
)
from generator.formats.statuspage.page import DESCRIPTION
from generator.model import Impact, ServiceStatus

UNRESOLVED = ("investigating", "identified", "monitoring")
RESOLVED = ("resolved", "postmortem")
UNDER_WAY = ("in_progress", "verifying")


def ref(name: str) -> Schema:
    """Return what leads to a shape of `components.schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}


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
            "description": or_null({"type": "string", "minLength": 1}),
            "showcase": FLAG,
            "start_date": or_null(DATE),
            "group_id": or_null(ID),
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
            "status": one_of(statuses),
            "body": {"type": "string", "minLength": 1, "description": "Plain text."},
            "incident_id": ID,
            "created_at": AT,
            "updated_at": AT,
            "display_at": AT,
            "affected_components": or_null(list_of(ref("AffectedComponent"), minItems=1)),
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
            "status": one_of(statuses),
            "created_at": AT,
            "updated_at": AT,
            "monitoring_at": or_null(AT),
            "resolved_at": or_null(AT),
            "impact": impact,
            "shortlink": described(ADDRESS, "The page for people; it never changes."),
            "started_at": AT,
            "page_id": ID,
            "incident_updates": list_of(ref(update), "Newest first.", minItems=1),
            "components": list_of(ref("Component"), uniqueItems=True),
            **more,
        }
    )


def _document(**parts: Schema) -> Schema:
    return object_of({"page": ref("Page"), **parts})


def _only(name: str, statuses: Sequence[str]) -> Schema:
    return list_of({"allOf": [ref(name), {"properties": {"status": one_of(statuses)}}]})


COMPONENTS = list_of({"oneOf": [ref("Component"), ref("ComponentGroup")]}, "Each group before its components.")
INCIDENT, WORK = (*UNRESOLVED, *RESOLVED), ("scheduled", *UNDER_WAY, "completed")
IMPACTS = one_of(impact for impact in Impact if impact is not Impact.MAINTENANCE)

SHAPES: Mapping[str, Schema] = {
    "Id": {"type": "string", "pattern": "^[a-z0-9]{12}$", "description": "Permanent, the same in every language."},
    "Name": {
        "type": "string",
        "minLength": 1,
        "pattern": r"^[^\u0000-\u001f\u007f-\u009f]+$",
        "description": "Plain text of one line.",
    },
    "Instant": {
        **INSTANT,
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$",
    },
    "ComponentStatus": one_of(ServiceStatus),
    "Page": object_of({"id": ID, "name": NAME, "url": ADDRESS, "time_zone": TEXT, "updated_at": AT}),
    "PageStatus": {
        "description": "The description is that of the indicator, the two lists being in the same order.",
        **object_of(
            {
                "indicator": one_of(DESCRIPTION),
                "description": one_of(DESCRIPTION.values()),
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
        components=list_of(ID, minItems=1, uniqueItems=True),
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
