"""Model: a site, its services and its incidents.

Everything here is frozen data without behaviour that could fail: the readers
(`generator.content.status_yaml`, `generator.content.incidents`) have judged it already.
All `datetime` values are aware and in UTC; the site's zone is applied where a time is shown.
"""

from __future__ import annotations

from generator.model.incident import Incident, Moment, Phrase, Retraction, Sighting, Update, Window
from generator.model.site import (
    Accent,
    Brand,
    Contact,
    Font,
    FooterLink,
    Group,
    Language,
    Logo,
    Need,
    Picture,
    Service,
    Site,
    Task,
)
from generator.model.vocabulary import (
    CLOCK_SKEW,
    Action,
    Cause,
    ContactKind,
    Impact,
    Kind,
    MailFate,
    Precision,
    ServiceStatus,
    Text,
    UpdateStatus,
)

__all__ = [
    "CLOCK_SKEW",
    "Accent",
    "Action",
    "Brand",
    "Cause",
    "Contact",
    "ContactKind",
    "Font",
    "FooterLink",
    "Group",
    "Impact",
    "Incident",
    "Kind",
    "Language",
    "Logo",
    "MailFate",
    "Moment",
    "Need",
    "Phrase",
    "Picture",
    "Precision",
    "Retraction",
    "Service",
    "ServiceStatus",
    "Sighting",
    "Site",
    "Task",
    "Text",
    "Update",
    "UpdateStatus",
    "Window",
]
