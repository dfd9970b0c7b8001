"""Phases: work out how an incident stands at `now`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.facts.edges import ending, exactly
from generator.facts.last_word import cause, fate, next_word, told_by, told_late, who_is_affected
from generator.facts.measures import Span
from generator.facts.model import IncidentFacts
from generator.facts.severities import impact_of, severity, worst
from generator.facts.spans import Change, changes, closing_update, spans
from generator.facts.stages import completion, last_window, stage_at, stages, under_way, window_changes
from generator.model import (
    Impact,
    Incident,
    Kind,
    Moment,
    Precision,
    ServiceStatus,
    Update,
    UpdateStatus,
)

STANDS_FOR = timedelta(days=14)
"""How long a notice without an end, and what is over, stays on the overview."""

CONFIRMED_FOR = timedelta(hours=6)
"""How long an automatic incident counts as seen; probers confirm every three hours what goes on."""

_TAKEN_BACK = {Kind.INCIDENT: UpdateStatus.RESOLVED, Kind.MAINTENANCE: UpdateStatus.COMPLETED, Kind.NOTICE: None}
_UNKNOWN = Moment(precision=Precision.UNKNOWN, first=None, last=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phase:
    status: UpdateStatus | None
    started: Moment
    ended: Moment | None
    open: bool
    upcoming: bool = False


def incident_facts(incident: Incident, order: Mapping[str, int], now: datetime) -> IncidentFacts | None:
    """Return how an incident stands at `now`, or None if nothing has been told of it.

    `order` holds the place of each service in status.yaml.
    """
    visible = told_by(incident, now)
    if not visible:
        return None
    phase = _phase(incident, visible, now)
    retracted = incident.retracted is not None and incident.retracted.at <= now
    over = not phase.open and not phase.upcoming
    timelines = changes(incident, visible)
    did = spans(incident, visible, timelines, now)
    services = _touched(incident, visible, timelines, order)
    worst_each = _worst_each(incident, visible, did, services, retracted=retracted)
    worst_ever = worst(worst_each.values())
    mail, action = (None, None) if retracted else fate(visible, over=over)
    next_update = None if over else next_word(visible)
    due = next_update.last if next_update else None
    return IncidentFacts(
        incident=incident,
        status=phase.status,
        open=phase.open,
        upcoming=phase.upcoming,
        impact=_impact(incident.kind, worst_ever, retracted=retracted, unplaced=phase.open and not services),
        worst=worst_ever,
        worst_each=worst_each,
        services=services,
        statuses={span.service: span.status for span in did if span.end is None},
        spans=did,
        updates=visible,
        started=phase.started,
        ended=phase.ended,
        works_since=_works_since(phase, visible, did) if incident.kind is Kind.INCIDENT and services else None,
        told=visible[0].told,
        last_told=visible[-1].told,
        told_late=told_late(incident),
        mail=mail,
        action=action,
        who=who_is_affected(incident, visible),
        cause=cause(incident, visible),
        next_update=next_update,
        overdue=phase.open and due is not None and due <= now,
        window=last_window(incident, visible),
        window_changes=window_changes(incident, visible),
        cancelled=incident.cancelled is not None and incident.cancelled <= now,
        retracted=retracted,
        rough=any(span.rough for span in did),
        last_reported=incident.confirmed if _unconfirmed(incident, now) and phase.open else None,
    )


def last_reported(stories: Iterable[IncidentFacts]) -> datetime | None:
    """Return when what some incidents say was last confirmed; None if it is certain, by one of them at least."""
    told = [story.last_reported for story in stories]
    return None if None in told else max(filter(None, told), default=None)


def over_since(facts: IncidentFacts) -> datetime | None:
    """Return from when on something was over for the readers too; None if it is not over."""
    if facts.open or facts.upcoming:
        return None
    if facts.retracted and facts.incident.retracted:
        return facts.incident.retracted.at
    closing = closing_update(facts.updates)
    ended = facts.ended.last if facts.ended and facts.ended.last else facts.last_told
    return max(ended, closing.told) if closing else ended


def notice_limit(incident: Incident, visible: Sequence[Update]) -> datetime:
    """Return when a notice leaves the overview."""
    stated = incident.ends.last if incident.ends else None
    return stated or visible[-1].told + STANDS_FOR


def _unconfirmed(incident: Incident, now: datetime) -> bool:
    return incident.confirmed is not None and now >= incident.confirmed + CONFIRMED_FOR


def _phase(incident: Incident, visible: Sequence[Update], now: datetime) -> _Phase:
    if incident.kind is Kind.INCIDENT:
        phase = _disturbance(incident, visible)
    elif incident.kind is Kind.MAINTENANCE:
        phase = _maintenance(incident, visible, now)
    else:
        phase = _notice(incident, visible, now)
    if incident.retracted is None or incident.retracted.at > now:
        return phase
    ended = phase.ended or exactly(incident.retracted.at)
    return _Phase(status=_TAKEN_BACK[incident.kind], started=phase.started, ended=ended, open=False)


def _disturbance(incident: Incident, visible: Sequence[Update]) -> _Phase:
    said = (update.status for update in reversed(visible) if update.status)
    status = next(said, UpdateStatus.INVESTIGATING)
    closing = closing_update(visible)
    ended = (incident.ended or closing.effective) if closing else None
    return _Phase(status=status, started=incident.started, ended=ended, open=closing is None)


def _maintenance(incident: Incident, visible: Sequence[Update], now: datetime) -> _Phase:
    course = stages(incident, visible, now)
    work, window = under_way(course), last_window(incident, visible)
    planned = exactly(window.start) if window else incident.started
    started = work[0][0].moment if work else planned
    if incident.cancelled and incident.cancelled <= now:
        ended = exactly(incident.cancelled)
        return _Phase(status=UpdateStatus.COMPLETED, started=started, ended=ended, open=False)
    status = stage_at(course, now)
    done = completion(course, now)
    return _Phase(
        status=status,
        started=started,
        ended=done.moment if done else None,
        open=status in (UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING),
        upcoming=status is UpdateStatus.SCHEDULED,
    )


def _notice(incident: Incident, visible: Sequence[Update], now: datetime) -> _Phase:
    stands = now < notice_limit(incident, visible)
    ended = None if stands else incident.ends or _UNKNOWN
    return _Phase(status=None, started=incident.started, ended=ended, open=stands)


def _worst_each(
    incident: Incident, visible: Sequence[Update], did: Sequence[Span], services: Sequence[str], *, retracted: bool
) -> dict[str, ServiceStatus]:
    """Return the worst that each service was; where nothing lasted, the worst it was said to be."""
    had = [(span.service, span.status) for span in did]
    if not did and not retracted and incident.kind is Kind.INCIDENT:
        said = (incident.services, *(update.services for update in visible))
        had = [(service, status) for statuses in said for service, status in statuses.items()]
    return {id_: worst(status for service, status in had if service == id_) for id_ in services}


def _works_since(phase: _Phase, visible: Sequence[Update], did: Sequence[Span]) -> Moment | None:
    """Return when the last service worked again, as vaguely as it was told; None if it is over, or not so far."""
    ends = [span.end for span in did]
    if not phase.open or None in ends:
        return None
    last = max(filter(None, ends), default=None)
    told = (update.effective for update in reversed(visible) if ending(update.effective, update.told).at == last)
    return next(told, exactly(last) if last else phase.started)


def _impact(kind: Kind, status: ServiceStatus, *, retracted: bool, unplaced: bool) -> Impact:
    if kind is Kind.INCIDENT and unplaced:
        return impact_of(ServiceStatus.DEGRADED_PERFORMANCE)
    if kind is Kind.MAINTENANCE and not retracted:
        return impact_of(worst((status, ServiceStatus.UNDER_MAINTENANCE)))
    return impact_of(status)


def _touched(
    incident: Incident,
    visible: Sequence[Update],
    timelines: Mapping[str, Sequence[Change]],
    order: Mapping[str, int],
) -> tuple[str, ...]:
    if incident.kind is Kind.NOTICE:
        touched = {*incident.services, *(id_ for update in visible for id_ in update.services)}
    else:
        touched = {id_ for id_, timeline in timelines.items() if any(severity(change.status) for change in timeline)}
        touched.update(id_ for id_, status in incident.services.items() if severity(status))
    return tuple(sorted(touched & order.keys(), key=order.__getitem__))
