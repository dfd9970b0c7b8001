"""What is true at `now`: the data that every format is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from generator.facts.automatic import Merger
from generator.facts.severities import worst
from generator.model import (
    Action,
    Cause,
    Impact,
    Incident,
    Kind,
    MailFate,
    Moment,
    Service,
    ServiceStatus,
    Site,
    Task,
    Text,
    Update,
    UpdateStatus,
    Window,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One status of one service because of one incident, for a stretch of time."""

    incident: str
    service: str
    status: ServiceStatus
    """Never operational."""
    start: datetime
    end: datetime | None
    """None: it goes on, or its planned end lies ahead."""
    rough: bool = False
    """Whether either edge rests on a vague time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How long a service was in each state within a stretch of time; overlapping causes count once, the worst wins."""

    operational: int = 0
    degraded: int = 0
    partial: int = 0
    major: int = 0
    maintenance: int = 0
    not_recorded: int = 0
    """Before the record began; no state is claimed."""

    @property
    def recorded(self) -> int:
        """Return the length of the stretch that is on record."""
        return self.operational + self.degraded + self.partial + self.major + self.maintenance

    @property
    def down(self) -> int:
        """Return the seconds of partial and major outage."""
        return self.partial + self.major


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day of one service."""

    date: date
    worst: ServiceStatus | None
    """None: not recorded. Today: the worst so far."""
    seconds: Seconds
    """All zero for today, which is not over: its figures would change with every build."""
    incidents: tuple[str, ...] = ()
    """Ids of the incidents that touched the day, oldest first."""
    today: bool = False
    rough: tuple[ServiceStatus, ...] = ()
    """The states of which the length rests on a vague time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The uptime of a service over whole local days up to the last midnight."""

    days: int
    """1 (the last whole day), 7, 30, 90 or 365."""
    seconds: Seconds
    uptime_ppm: int | None
    """Uptime in millionths, rounded down (1_000_000 only if nothing was lost); None if nothing is on record."""
    uptime_rough: bool
    """Whether a vague time went into the uptime; it does not where the state counts for nothing."""
    rough: tuple[ServiceStatus, ...]
    """The states of which the length rests on a vague time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """An incident as it stands at `now`."""

    incident: Incident
    status: UpdateStatus | None
    """None on a notice."""
    open: bool
    """An unresolved incident, maintenance under way, or a notice that still applies."""
    upcoming: bool
    """Maintenance that is announced and has not begun."""
    impact: Impact
    """The worst it has ever done."""
    worst: ServiceStatus
    """The worst status it has ever given a service; operational on a notice."""
    worst_each: Mapping[str, ServiceStatus]
    """The same for each of `services`."""
    services: tuple[str, ...]
    """Every service it has ever touched (notice: concerns), in the order of status.yaml."""
    statuses: Mapping[str, ServiceStatus]
    """What it does to services at `now`; empty once over."""
    spans: tuple[Span, ...]
    updates: tuple[Update, ...]
    """Those told by `now`, oldest first; at least one."""
    started: Moment
    ended: Moment | None
    """None while open (or where nobody told: then `ended.precision` is unknown)."""
    told: datetime
    """The first update's time; where nobody noted it, the earliest it can be."""
    last_told: datetime
    told_late: bool
    """Whether the first word came an hour or more after the beginning."""
    mail: MailFate | None
    """As last told; None once over with nothing left to say."""
    action: Action | None
    who: Text
    cause: Cause | None
    """Whose fault it was; None also where the file calls it unknown and an update has told that it was found."""
    next_update: Moment | None
    """When the next word is due; None once over."""
    overdue: bool
    """Whether that time has passed while the incident is open."""
    window: Window | None
    """Maintenance: as last announced."""
    window_changes: int
    """How many updates moved the window (the calendar's SEQUENCE)."""
    cancelled: bool
    retracted: bool
    rough: bool
    last_reported: datetime | None
    """Automatic only: when a prober last spoke of it, if that is so long ago that nobody knows whether it goes on."""

    @property
    def unplaced(self) -> bool:
        """Return whether it is an open incident of which nobody has said which services it affects."""
        return self.open and self.incident.kind is Kind.INCIDENT and not self.services

    @property
    def at_now(self) -> ServiceStatus:
        """Return the worst it does at `now`: operational once all works again, degraded where it is unplaced."""
        return ServiceStatus.DEGRADED_PERFORMANCE if self.unplaced else worst(self.statuses.values())

    @property
    def late(self) -> bool:
        """Return whether it says that mail comes late."""
        return self.mail in (MailFate.DELAYED, MailFate.LATE)

    @property
    def began(self) -> bool:
        """Return whether it ever took place: not yet if it lies ahead, never if it was called off before."""
        called_off = self.incident.cancelled if self.cancelled else None
        return not self.upcoming and not (called_off and self.started.first and called_off <= self.started.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """A service as it stands at `now`."""

    service: Service
    status: ServiceStatus
    """The worst that any of its users has."""
    for_all: ServiceStatus
    """What all of its users have, whatever more is told of some."""
    last_reported: datetime | None
    """When a prober last confirmed `status`, if that is so long ago that it may be over."""
    incidents: tuple[str, ...]
    """Ids of what is open on it, worst first."""
    days: tuple[Day, ...]
    """The last 90 local days and today, oldest first: 91 entries."""
    figures: tuple[Figure, ...]
    """For 1, 7, 30, 90 and 365 days."""

    @property
    def for_some(self) -> bool:
        """Return whether only some of its users have its state."""
        return self.status is not self.for_all


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceYear:
    """A calendar year of a service, as far as it has come."""

    service: Service
    days: tuple[Day, ...]
    """Every local day from 1 January up to today, oldest first; those to come are left out."""
    seconds: Seconds
    """Over the whole days so far."""
    uptime_ppm: int | None
    """Uptime over the whole days so far in millionths, rounded down; None if nothing is on record."""
    uptime_rough: bool
    """Whether a vague time went into the uptime."""
    rough: tuple[ServiceStatus, ...]
    """The states of which the length rests on a vague time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMonth:
    """A calendar month of a service, as far as it has come."""

    first: date
    worst: ServiceStatus | None
    """The worst of its days; None if none of them is on record."""
    seconds: Seconds
    """Over its whole days so far."""
    rough: tuple[ServiceStatus, ...]
    """The states of which the length rests on a vague time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How many disturbances there were, and how long they lasted; what was taken back is left out."""

    count: int
    known: int
    """Of how many beginning and end are known; the figures below are theirs alone."""
    rough: int
    """Of how many of these at least one of the two is vague."""
    median_seconds: int | None
    """Rounded down; None if no length is known."""
    longest: str | None
    """The id of the one that lasted longest, the latest of several."""
    longest_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """What customers cannot do as usual, and which of them: one sentence of the answer."""

    status: ServiceStatus
    """The state of the services behind it; never operational."""
    delayed: bool
    """Whether degraded performance means that mail is late, by the word of every incident behind it."""
    tasks: tuple[Task, ...]
    services: tuple[str, ...]
    """Ids of affected services that no task needs; they are named themselves."""
    audience: Text
    """The customers who need the service for these tasks; empty: all of them."""
    who: Text
    """Whom the incidents narrow it to; empty: everybody in the audience."""
    upstream: str | None
    """The id of the third-party service that may cause it; None: one of ours does."""
    incidents: tuple[str, ...]
    last_reported: datetime | None
    """When a prober last confirmed it, if that is so long ago that it may be over."""

    @property
    def for_all(self) -> bool:
        """Return whether it holds for everybody who does these tasks."""
        return not self.audience and not self.who


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """Whether customers can do what they want to."""

    task: Task
    status: ServiceStatus
    """The worst of its limitations; what fails for some is a partial outage at most, upstream a degradation."""
    limitations: tuple[Limitation, ...]
    """Worst first; empty where it works."""
    told: tuple[Limitation, ...]
    """Those of them that tell their customers more than a wider or worse one does."""
    incidents: tuple[str, ...]
    """Ids of the incidents behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to "am I affected", as every output gives it."""

    status: ServiceStatus
    """The worst of the site's own services; a third-party service counts as degraded performance at most, and so does
    an incident of which nobody has said which services it affects."""
    indicator: Impact
    """The same as Statuspage's top-level indicator."""
    limitations: tuple[Limitation, ...]
    """Ours first, each worst first; empty where all listed services are operational."""
    alike: ServiceStatus | None
    """The state of our own services where they all certainly have the same for everybody, and it is not operational."""
    affected: tuple[str, ...]
    """Ids of the services that are not operational, in the order of status.yaml."""
    own_works: bool
    """Whether there are services of ours, and all of them are operational."""
    incidents: tuple[str, ...]
    """Ids of the incidents and maintenance behind the limitations, then of what else has an effect."""
    unplaced: tuple[str, ...]
    """Ids of the open incidents of which nobody has said which services they affect."""
    watched: tuple[str, ...]
    """Ids of the open incidents whose services all work again."""
    resolved_today: tuple[str, ...]
    """Ids of the incidents that were over today, latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What one prober knows of one service by one check, and until when."""

    prober: str
    check: str
    kind: str
    service: str
    last_result_at: datetime | None
    """When the last result that said something was known; None before the first."""
    stale_after: datetime
    """When the last result expires: after that, without a newer one, this check says nothing about the service."""
    stale: bool
    """Whether that time has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProberFacts:
    """One of the site's probers."""

    prober: str
    last_seen_at: datetime | None
    """When it last wrote down what it saw; None if nothing of it has come to this build."""
    blind: bool
    """Whether it was itself offline then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """How fast a service answered within a stretch of time."""

    start: datetime
    """When the hour or the local day begins, in UTC."""
    median_seconds: float | None
    """None where nothing answered, or nobody asked."""
    p95_seconds: float | None
    """At least 95 of 100 responses took no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    """How fast a service answered to one check, whoever asked; up to the last full hour, so that it holds within it."""

    check: str
    kind: str
    hours: tuple[Responses, ...]
    """The last 24 whole hours, oldest first."""
    days: tuple[Responses, ...]
    """The last 30 whole local days, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbingFacts:
    """What the checks of one service amount to.

    It stands apart from `ServiceFacts`, which feeds, badges and documents are made from: they must not change with
    every look at the service.
    """

    last_probed: datetime | None
    """When the latest result of all its checks was known; None before the first."""
    silent: bool
    """Whether each of its checks is stale, so that nothing is known of the service by them."""
    responses: tuple[ResponseFacts, ...]
    """Of each check that had a response within the last 30 days, in the order of status.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is true at `now`."""

    now: datetime
    today: date
    """The local day of `now`."""
    site: Site
    answer: Answer
    services: tuple[ServiceFacts, ...]
    """In the order of status.yaml."""
    tasks: tuple[TaskFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    """Everything told by `now`, latest beginning first; retracted ones included."""
    open: tuple[IncidentFacts, ...]
    """Unresolved incidents, worst first, then latest first."""
    under_way: tuple[IncidentFacts, ...]
    """Maintenance in progress or being verified."""
    upcoming: tuple[IncidentFacts, ...]
    """Announced maintenance, soonest first."""
    notices: tuple[IncidentFacts, ...]
    """Those that still stand on the overview."""
    called_off: tuple[IncidentFacts, ...]
    """Maintenance that was cancelled before it began, until its window has passed; soonest first."""
    recent: tuple[IncidentFacts, ...]
    """Incidents and maintenance that were over within the last 14 days, latest first, but for what is called off."""
    probers: tuple[ProberFacts, ...]
    """In the order of status.yaml."""
    checks: tuple[CheckFacts, ...]
    """In the order of status.yaml: by check, then by service, then by prober."""
    probing: Mapping[str, ProbingFacts]
    """By service; those that a check has told of."""
    next_transition: datetime
    """The next instant at which any fact changes by the clock alone; at the latest the next local midnight."""
    merger: Merger | None = field(default=None, compare=False)
    """What the incidents were merged from, which advice to staff rests on; None where no prober has filed anything."""

    def incident(self, id_: str) -> IncidentFacts:
        """Return one incident by its id; KeyError if there is none."""
        for facts in self.incidents:
            if facts.incident.id == id_:
                return facts
        raise KeyError(id_)
