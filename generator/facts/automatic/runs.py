"""Runs: find in the event files each stretch in which a single prober finds a service bad."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probes.events import Event, EventKind
from probes.model import Announce

WAIT = timedelta(minutes=10)
"""How long `after-10m` waits."""
LONGEST = timedelta(days=1)
"""How long a prober counts as offline at most; after that it counts as one that does not run."""

_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_OF_PROBER = (EventKind.BLIND, EventKind.SEEING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One stretch of an episode, from its opening (or reopening) to its close."""

    told: tuple[Event, ...]
    """What opened it, then what made it worse or confirmed it; oldest first, at least one."""
    closed: Event | None = None

    @property
    def first(self) -> Event:
        """Return what opened it."""
        return self.told[0]

    @property
    def opened(self) -> datetime:
        """Return when it was concluded that the service is bad."""
        return self.first.at

    def open_at(self, at: datetime) -> bool:
        """Return whether it is open at an instant."""
        return self.opened <= at and (self.closed is None or at < self.closed.at)

    def loudest(self, at: datetime) -> Event | None:
        """Return the worst that may be told of it at an instant, None if nothing may."""
        if not self.open_at(at):
            return None
        shown = [event for event in self.told if (due := self.due(event)) is not None and due <= at]
        return max(shown, key=lambda event: (event.status.severity, event.at), default=None)

    def due(self, event: Event) -> datetime | None:
        """Return from when on an event is told, None if staff must confirm it first."""
        if event.announce is Announce.PROPOSE:
            return None
        return event.at if event.announce is Announce.AT_ONCE else max(event.at, self.first.since + WAIT)

    def instants(self) -> Iterator[datetime]:
        """Yield every instant at which what it says may change."""
        for event in self.told:
            due = self.due(event)
            if due is not None:
                yield due
        if self.closed is not None:
            yield self.closed.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of time; it goes on where there is no end."""

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether an instant lies in it."""
        return self.start <= at and (self.end is None or at < self.end)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events by time; what happened at the same second, in the order in which it can have happened."""
    return sorted(events, key=lambda event: (event.at, _ORDER[event.event], event.prober, event.id))


def runs(events: Sequence[Event]) -> list[Run]:
    """Return the runs of all probers, earliest first. `events` are in order.

    An opening that was lost is made good by what was said later.
    """
    open_: dict[str, list[Event]] = {}
    found: list[Run] = []
    for event in events:
        if event.event in _OF_PROBER:
            continue
        if event.event is EventKind.CLOSE:
            told = open_.pop(event.id, None)
            if told:
                found.append(Run(told=tuple(told), closed=event))
        else:
            open_.setdefault(event.id, []).append(event)
    found += [Run(told=tuple(told)) for told in open_.values()]
    return sorted(found, key=lambda run: (run.opened, run.first.id))


def blindness(events: Sequence[Event]) -> dict[str, list[Period]]:
    """Return when each prober was offline itself. `events` are in order.

    It ends with whatever the prober says next, for who is offline concludes nothing, and counts for a day at most. So
    a word that was filed under a wrong clock silences nobody for long, and never what was said within. Where the word
    that it is over bears an earlier time than the one it answers, the clock was put back between: neither counts.
    """
    times: dict[str, list[datetime]] = {}
    back: dict[tuple[str, str], datetime] = {}
    for event in events:
        times.setdefault(event.prober, []).append(event.at)
        if event.event is EventKind.SEEING:
            back.setdefault((event.prober, event.id), event.at)
    periods: dict[str, list[Period]] = {}
    for event in events:
        answered = back.get((event.prober, event.id))
        if event.event is EventKind.BLIND and (answered is None or answered > event.at):
            said = times[event.prober]
            following = bisect_right(said, event.at)
            end = min([event.at + LONGEST, *said[following : following + 1]])
            periods.setdefault(event.prober, []).append(Period(start=event.at, end=end))
    return periods
