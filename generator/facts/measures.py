"""Measures: how long a service was in each state, day by day, month by month and year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from generator.model import Service, ServiceStatus


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


class Seconds(NamedTuple):
    """How long a service was in each state within a stretch of time; overlapping causes count once, the worst wins.

    The states have the names and the order of `ServiceStatus`.
    """

    operational: int = 0
    under_maintenance: int = 0
    degraded_performance: int = 0
    partial_outage: int = 0
    major_outage: int = 0
    not_recorded: int = 0
    """Before the record began; no state is claimed."""

    @property
    def recorded(self) -> int:
        """Return the length of the stretch that is on record."""
        return sum(self) - self.not_recorded

    @property
    def lost(self) -> dict[ServiceStatus, int]:
        """Return the seconds in each state but the operational, the worst first, without what did not happen."""
        states = [*zip(ServiceStatus, self, strict=False)][:0:-1]
        return {state: seconds for state, seconds in states if seconds}


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
