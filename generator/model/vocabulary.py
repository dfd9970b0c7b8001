"""Vocabulary: the closed lists of words for states, impacts, causes, mail and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of this clock another may be; of what was written later than that, one of the two clocks is wrong."""


Text = Mapping[str, str]
"""Words by language code, e.g. `{"de": "…", "fr": "…"}`; empty where nothing was written."""


class ServiceStatus(StrEnum):
    """The state of a service (Statuspage calls it a component), from best to worst.

    The order of the members is the severity order: an outage outranks maintenance,
    so maintenance never hides one.
    """

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


class UpdateStatus(StrEnum):
    """How far an incident (first four) or a maintenance (last four) has come."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"


class Kind(StrEnum):
    """What a file tells of: a disturbance, planned work, or an advisory."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    NOTICE = "notice"


class Impact(StrEnum):
    """How bad an incident is as a whole (Statuspage's vocabulary)."""

    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Cause(StrEnum):
    """Whose fault it was."""

    INTERNAL = "internal"
    UPSTREAM = "upstream"
    UNKNOWN = "unknown"


class MailFate(StrEnum):
    """What happens to the customers' mail meanwhile."""

    DELAYED = "delayed"
    """It comes later, and all of it comes: only staff can know that."""
    LATE = "late"
    """It comes later, as far as one can see; no more is promised."""
    HELD = "held"
    REJECTED = "rejected"
    MISFILED = "misfiled"
    LOST = "lost"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """What a customer should do."""

    NONE = "none"
    RESEND = "resend"
    CHECK_QUARANTINE = "check-quarantine"
    CHECK_CACHE = "check-cache"
    RETRY_LATER = "retry-later"
    USE_WEBMAIL = "use-webmail"
    CONTACT_SUPPORT = "contact-support"


class Precision(StrEnum):
    """How exactly a time is known."""

    MINUTE = "minute"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    DAY = "day"
    UNKNOWN = "unknown"


class ContactKind(StrEnum):
    """How a contact is reached."""

    CHAT = "chat"
    MAIL = "mail"
    PHONE = "phone"
    WEB = "web"
