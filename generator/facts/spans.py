"""Which service was in which state, and when, because of one incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from generator.facts.edges import EVER, Edge, beginning, ending
from generator.facts.measures import Span
from generator.facts.stages import stages, under_way
from generator.model import Incident, Kind, ServiceStatus, Update, UpdateStatus

_OVER = (UpdateStatus.RESOLVED, UpdateStatus.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A status that a service takes on."""

    status: ServiceStatus
    edge: Edge


def spans(
    incident: Incident, visible: Sequence[Update], timelines: Mapping[str, Sequence[Change]], now: datetime
) -> tuple[Span, ...]:
    """Return what an incident did to services up to `now`, earliest first. `timelines` are its `changes`.

    A span without an end still goes on at `now`; an end told as vaguely as "today" may lie past `now`.
    """
    if incident.kind is Kind.NOTICE or (incident.retracted and incident.retracted.at <= now):
        return ()
    periods = _periods(incident, visible, now)
    found: list[Span] = []
    for service, timeline in timelines.items():
        for change, following in pairwise((*timeline, None)):
            if change is None or change.status is ServiceStatus.OPERATIONAL:
                continue
            for begin, ends in periods:
                limits = [*ends, following.edge] if following else ends
                start = max(begin, change.edge, key=lambda edge: edge.at)
                stretch = _stretch(start, limits, now)
                if stretch:
                    end, rough = stretch
                    found.append(
                        Span(
                            incident=incident.id,
                            service=service,
                            status=change.status,
                            start=start.at,
                            end=end,
                            rough=rough,
                        )
                    )
    return tuple(sorted(found, key=lambda span: (span.start, span.service)))


def changes(incident: Incident, visible: Sequence[Update]) -> Mapping[str, Sequence[Change]]:
    """Return the statuses that each service takes on, by service id, earliest first.

    Of two words on the same time, the later one is right.
    """
    planned = incident.kind is Kind.MAINTENANCE
    first = EVER if planned else beginning(incident.started, visible[0].told)
    timelines = {id_: [Change(status=status, edge=first)] for id_, status in incident.services.items()}
    for place, update in enumerate(visible):
        if update.status is UpdateStatus.RESOLVED:
            if incident.ended is None:
                _resolve(timelines, visible[: place + 1])
            continue
        for id_, status in update.services.items():
            ends = status is ServiceStatus.OPERATIONAL
            edge = (ending if ends else beginning)(update.effective, update.told)
            _change(timelines.setdefault(id_, []), Change(status=status, edge=edge))
    return timelines


def closing_update(visible: Sequence[Update]) -> Update | None:
    """Return the update that said it is over, if nothing was said against it since."""
    closing: Update | None = None
    for update in reversed(visible):
        if update.status in _OVER:
            closing = update
        elif update.status is not None:
            break
    return closing


def _resolve(timelines: Mapping[str, list[Change]], visible: Sequence[Update]) -> None:
    update = visible[-1]
    stated = ending(update.effective, _last_known(visible))
    edge = Edge(at=stated.at, known=min(stated.known, update.told), rough=stated.rough)
    well = Change(status=ServiceStatus.OPERATIONAL, edge=edge)
    for timeline in timelines.values():
        timeline[:] = (_known(change, update.told) for change in timeline)
        _change(timeline, well)


def _known(change: Change, told: datetime) -> Change:
    """Return a change as known from the report that all is over: by then it has ended, even if it was due later."""
    return replace(change, edge=replace(change.edge, known=min(change.edge.known, told)))


def _change(timeline: list[Change], change: Change) -> None:
    while timeline and timeline[-1].edge.at >= change.edge.at:
        timeline.pop()
    before = timeline[-1].status if timeline else ServiceStatus.OPERATIONAL
    if before is not change.status:
        timeline.append(change)


def _periods(incident: Incident, visible: Sequence[Update], now: datetime) -> list[tuple[Edge, list[Edge]]]:
    if incident.kind is not Kind.MAINTENANCE:
        end = _stated_end(incident, visible)
        return [(EVER, [end] if end else [])]
    cancelled = incident.cancelled
    caps = [Edge(at=cancelled, known=cancelled)] if cancelled and cancelled <= now else []
    course = stages(incident, visible, now)
    return [(begin.edge, [*caps, end] if end else caps) for begin, end in under_way(course)]


def _stated_end(incident: Incident, visible: Sequence[Update]) -> Edge | None:
    ended = incident.ended
    if ended is None:
        return None
    closing = closing_update(visible)
    if ended.first is None or ended.last is None:
        if closing is None and len(visible) < len(incident.updates):
            return None
        until = visible[: visible.index(closing) + 1] if closing else visible
        return Edge(at=_last_known(until), known=until[-1].told, rough=True)
    known = min(ended.first, closing.told) if closing else ended.first
    return Edge(at=ended.last, known=known, rough=ended.rough)


def _last_known(visible: Sequence[Update]) -> datetime:
    """Return the end of the last time that an update is dated."""
    known = (update.dated.last for update in reversed(visible) if update.dated.last)
    return next(known, visible[-1].told)


def _stretch(start: Edge, ends: Sequence[Edge], now: datetime) -> tuple[datetime | None, bool] | None:
    """Return the end of what began at `start`, and whether it is rough; None if there was nothing yet, or ever."""
    end = min(ends, key=lambda edge: edge.at, default=None)
    if start.at > now or (end and end.at <= start.at):
        return None
    if end is None or not any(edge.known <= now for edge in ends):
        return None, start.rough
    return end.at, start.rough or end.rough
