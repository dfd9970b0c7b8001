"""Model: the facts at `now`, the data that every format is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from generator.facts.automatic import Merger
from generator.facts.measures import Day, Figure, Span
from generator.facts.probing import CheckFacts, ProberFacts, ProbingFacts
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
    works_since: Moment | None
    """An open incident whose services all work again: since when; None of everything else."""
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
    def until(self) -> Moment | None:
        """Return when its effect ended; None while it goes on."""
        return self.works_since if self.open else self.ended

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
