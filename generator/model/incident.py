"""Incident: what an incident file says, time by time and word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from generator.model.vocabulary import Action, Cause, Kind, MailFate, Precision, ServiceStatus, Text, UpdateStatus
from probes.model import Reason


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
