"""What a site, its services and its incidents are.

Everything here is frozen data without behaviour that could fail: the readers
(`generator.content.status_yaml`, `generator.content.incidents`) have judged it already.
All `datetime` values are aware and in UTC; the site's zone is applied where a time is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from probes.model import Plan, Reason

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as vaguely as it was told; a span of the clock behind it."""

    precision: Precision
    about: bool = False
    """Told with "about" before it."""
    first: datetime | None
    """Where the span opens, UTC: what counts when the moment is a beginning. None if unknown."""
    last: datetime | None
    """Where the span closes, UTC: what counts when the moment is an end; equals `first` for a minute."""

    @property
    def rough(self) -> bool:
        """Whether figures that use this moment rest on a guess."""
        return self.about or self.precision is not Precision.MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When planned work takes place."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A reviewed sentence of locales/phrases.yaml, with its placeholders filled."""

    id: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one prober saw of one service: what an automatic update rests on."""

    prober: str
    service: str
    kind: str
    """The kind of the check."""
    status: ServiceStatus
    """What the service counts as; operational where it has recovered."""
    reason: Reason | None = None
    since: datetime
    """Since when the service counts as `status`."""
    recovered: datetime | None = None
    """Where it has come back: since when it had been operational before."""
    figures: Mapping[str, float] = field(default_factory=dict)
    fresh: bool = True
    """Whether the update tells this, rather than that it goes on."""
    lone: bool = False
    """Whether too few probers see it to be sure; then it counts as degraded performance at most."""
    probers: int = 1
    """How many looked for such things then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One word from the staff (or a prober) on an incident."""

    key: str
    """Permanent within the incident: its `id:`, else the first instant it is dated, e.g. `2024-02-22T15:00Z`."""
    at: Moment
    """When it was told, as it was written; unknown where nobody noted it."""
    told: datetime
    """When it was told, for sorting and for feeds: never before the update above it.

    Where nobody noted it, the earliest time it can have been: that of what it tells.
    """
    status: UpdateStatus | None
    """None on a notice, and on a maintenance update that leaves the state to the clock."""
    services: Mapping[str, ServiceStatus] = field(default_factory=dict)
    """What this update changes, by service id, from `effective` on."""
    effective: Moment
    """When the change of `services` took place (default: `at`)."""
    text: Text = field(default_factory=dict)
    """Markdown by language."""
    phrases: tuple[Phrase, ...] = ()
    mail: MailFate | None = None
    action: Action | None = None
    who: Text = field(default_factory=dict)
    next_update: Moment | None = None
    window: Window | None = None
    """A maintenance's new window from here on."""
    corrected: datetime | None = None
    """When the text was changed after it was told."""
    sightings: tuple[Sighting, ...] = ()
    """On an automatic update: what the probers saw by then, of what still went on."""
    told_under: str = ""
    """The id of the automatic incident it was first told under, where another one has taken it over."""

    @property
    def dated(self) -> Moment:
        """Return the time that readers see beside it: when it was told, else when what it tells took place."""
        return self.effective if self.at.first is None else self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """A false alarm, taken back."""

    at: datetime
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A disturbance, planned work or an advisory: one file of incidents/."""

    id: str
    kind: Kind
    path: str
    """The file it was read from, relative to the tree, with `/`."""
    title: Text = field(default_factory=dict)
    """Plain text by language; where empty, one is composed from the facts."""
    titled: frozenset[str] | None = None
    """Automatic only: the services that the title speaks of; where more are hit it no longer holds."""
    services: Mapping[str, ServiceStatus] = field(default_factory=dict)
    """The status each service has from `started` on; on a notice, the services it concerns."""
    started: Moment
    """When the impact began; may precede the first update (told late). Unknown: the first update's time counts."""
    ended: Moment | None = None
    """When the impact ended, if the file says it apart from the `resolved` update."""
    cause: Cause | None = None
    who: Text = field(default_factory=dict)
    """Who is affected, where not every customer is."""
    window: Window | None = None
    """Maintenance only: as first announced; updates may move it."""
    ends: Moment | None = None
    """Notice only: when it no longer applies."""
    cancelled: datetime | None = None
    """Maintenance only: when it was called off."""
    retracted: Retraction | None = None
    follows: str | None = None
    adopts: tuple[str, ...] = ()
    updates: tuple[Update, ...]
    """Oldest first, at least one."""
    long_text: Text = field(default_factory=dict)
    """Markdown of `<id>.<lang>.md`: shown below the updates; on a resolved incident the postmortem."""
    automatic: bool = False
    """Whether the probers wrote it, and nobody else."""
    aliases: Mapping[str, int] = field(default_factory=dict)
    """Ids of automatic incidents that have become part of this one, with the year of each; links to them lead here."""
    confirmed: datetime | None = None
    """Automatic only: when a prober last said that it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the site: its code (`de`, in addresses) and its Babel locale (`de_CH`, for formats)."""

    code: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading above some services."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What can be up or down."""

    id: str
    name: Text
    description: Text = field(default_factory=dict)
    group: str
    own: bool = True
    """False for an upstream service: shown, but not counted in the page's state."""
    depends_on: tuple[str, ...] = ()
    since: date | None = None
    """The first day on record; earlier days are "not recorded"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A service that a task takes, and for whom."""

    service: str
    audience: Text = field(default_factory=dict)
    """The customers who need it, as it reads after "for": "Microsoft 365 mailboxes"; empty: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What customers do, and the services that it takes."""

    id: str
    name: Text
    doing: Text = field(default_factory=dict)
    """The name as it reads within a sentence, where that is another: "Empfang von E-Mails"."""
    needs: tuple[Need, ...]


class ContactKind(StrEnum):
    """How a contact is reached."""

    CHAT = "chat"
    MAIL = "mail"
    PHONE = "phone"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a customer finds help."""

    kind: ContactKind
    label: Text
    target: str
    """An https address, an e-mail address or a telephone number, by `kind`."""
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of brand/ that holds a picture, and the size it is shown in, in CSS pixels."""

    path: str
    """Relative to the tree, with `/`."""
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """What stands in the masthead in place of the site's name."""

    light: Picture
    dark: Picture | None = None
    """For visitors who prefer a dark page; None where the light one does for both."""
    alt: Text
    """What the picture says, for those who do not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """The colour (`#rrggbb`) of links and of the focus, in each scheme."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A file of brand/ that holds a typeface in one style."""

    family: str
    path: str
    """Relative to the tree, with `/`."""
    weight: str = "400"
    """As CSS writes it: one, or two for a variable font, e.g. `100 900`."""
    style: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    """A link at the foot of every page."""

    label: Text
    url: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How a site looks where it does not look as shipped."""

    logo: Logo | None = None
    accent: Accent | None = None
    fonts: tuple[Font, ...] = ()
    links: tuple[FooterLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """status.yaml: what is shown, in which languages, and where."""

    name: Text
    url: str
    """Absolute, without a trailing slash; may carry a path."""
    feed_authority: str
    """The authority of tag URIs (RFC 4151), e.g. `example.ch,2026`; never changes."""
    time_zone: str
    """IANA name."""
    languages: tuple[Language, ...]
    """In order of preference: the source of a text is the first that is present."""
    groups: tuple[Group, ...]
    services: tuple[Service, ...]
    tasks: tuple[Task, ...] = ()
    contacts: tuple[Contact, ...] = ()
    record_since: date | None = None
    publish_every: timedelta = timedelta(hours=1)
    """How often a build is due; a site older than twice that says so."""
    uptime_weights: Mapping[ServiceStatus, int]
    """How much a second in each status counts as lost, in percent."""
    plan: Plan | None = None
    """Who probes what; None where nobody does."""
    places: Mapping[str, Text] = field(default_factory=dict)
    """Where probers stand, by name, as readers know the place."""
    brand: Brand | None = None
    """How it looks; None for the shipped look."""
