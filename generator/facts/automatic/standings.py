"""Standings: work out how a service stands as all probers together see it, from one change to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush

from generator.facts.automatic.runs import Period, Run
from generator.facts.severities import severity
from generator.model import ServiceStatus
from probes.events import Event

ALONE = timedelta(minutes=5)
"""How long the voice of too few probers must go on before it is told at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one run says at an instant."""

    run: Run
    event: Event
    since: datetime
    """Since when it is bad, as far as it counts: not before a maintenance was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a service stands from an instant on."""

    service: str
    at: datetime
    """When it could be told."""
    since: datetime
    """Since when it is so: the first bad result, or the first good one."""
    status: ServiceStatus
    lone: bool = False
    """Whether too few probers see it to be sure."""
    voices: tuple[Voice, ...] = ()


def standings(
    service: str,
    said: Sequence[Run],
    blind: Mapping[str, Sequence[Period]],
    windows: Sequence[Period],
) -> Iterator[Standing]:
    """Yield each change of how a service stands, earliest first.

    Args:
        service: Its id.
        said: The runs that speak of it.
        blind: When each prober was offline: then it has no voice, and is not counted among those who must agree.
        windows: Its maintenance. What begins within is told only if it lasts ten minutes beyond the end, and from then.
    """
    instants = {instant for run in said for instant in run.instants()}
    instants |= {edge for periods in blind.values() for period in periods for edge in _edges(period)}
    instants |= {window.end + GRACE for window in windows if window.end}
    queue = list(instants)
    heapify(queue)
    standing = Standing(service=service, at=_EVER, since=_EVER, status=ServiceStatus.OPERATIONAL)
    alone_since: datetime | None = None
    last = None
    ahead = deque(sorted(said, key=lambda run: run.opened))
    open_: list[Run] = []
    while queue:
        at = heappop(queue)
        if at == last:
            continue
        last = at
        while ahead and ahead[0].opened <= at:
            open_.append(ahead.popleft())
        open_ = [run for run in open_ if run.open_at(at)]
        heard = [voice for voice in (_voice(run, at, windows) for run in open_) if voice]
        audible = [voice for voice in heard if not _is_blind(voice.event.prober, at, blind)]
        agreed = _agreed(audible, at, blind)
        if agreed is not None or not audible:
            alone_since = None
        elif alone_since is None:
            alone_since = at
            heappush(queue, at + ALONE)
        if heard and not audible:  # Who has seen it bad is blind now: nothing is known, so nothing changes.
            continue
        following = _following(standing, at, audible, agreed, alone_since)
        if (following.status, following.lone) != (standing.status, standing.lone):
            yield following
        standing = following


GRACE = timedelta(minutes=10)
"""How long what began in a maintenance may outlast its end."""
_EVER = datetime.min.replace(tzinfo=UTC)


def _following(
    standing: Standing,
    at: datetime,
    audible: Sequence[Voice],
    agreed: ServiceStatus | None,
    alone_since: datetime | None,
) -> Standing:
    """Return how the service stands at an instant, given how it stood before."""
    if agreed is not None:
        status, lone = agreed, False
    elif not audible:
        status, lone = ServiceStatus.OPERATIONAL, False
    elif alone_since is not None and at >= alone_since + ALONE:
        status, lone = ServiceStatus.DEGRADED_PERFORMANCE, True
    else:
        return standing
    voices = tuple(sorted(audible, key=lambda voice: (voice.since, voice.event.prober, voice.event.id)))
    return Standing(
        service=standing.service,
        at=at,
        since=_since(standing, status, voices, at),
        status=status,
        lone=lone,
        voices=voices or standing.voices,
    )


def _since(standing: Standing, status: ServiceStatus, voices: Sequence[Voice], at: datetime) -> datetime:
    """Return since when a service has the status that it is found to have at an instant."""
    if status is standing.status:
        return standing.since
    if severity(status) < severity(standing.status):  # It is better since the last of those who are silent now saw it.
        ends = (voice.run.closed for voice in standing.voices)
        times = [end.since for end in ends if end and end.at <= at]
    elif standing.status is ServiceStatus.OPERATIONAL:
        return voices[0].since
    else:
        times = [voice.event.since for voice in voices if severity(_status(voice.event)) >= severity(status)]
    return max(min(max(times, default=at), at), standing.since)


def _status(event: Event) -> ServiceStatus:
    return ServiceStatus(event.status.value)


def _agreed(audible: Sequence[Voice], at: datetime, blind: Mapping[str, Sequence[Period]]) -> ServiceStatus | None:
    """Return the status that a majority of the probers that can see finds at least, None if too few find any."""
    worst: dict[str, Event] = {}
    for voice in audible:
        known = worst.get(voice.event.prober)
        if known is None or voice.event.status.severity > known.status.severity:
            worst[voice.event.prober] = voice.event
    if not worst:
        return None
    offline = sum(1 for prober in blind if _is_blind(prober, at, blind))
    seeing = max(max(event.probers for event in worst.values()) - offline, len(worst))
    needed = seeing // 2 + 1
    ranked = sorted((event.status for event in worst.values()), key=lambda status: status.severity, reverse=True)
    return ServiceStatus(ranked[needed - 1].value) if len(ranked) >= needed else None


def _voice(run: Run, at: datetime, windows: Sequence[Period]) -> Voice | None:
    event = run.loudest(at)
    if event is None:
        return None
    since = run.first.since
    for window in windows:
        if window.end is not None and window.start <= run.opened < window.end + GRACE:
            if at < window.end + GRACE:
                return None
            since = max(since, window.end)
    return Voice(run=run, event=event, since=since)


def _is_blind(prober: str, at: datetime, blind: Mapping[str, Sequence[Period]]) -> bool:
    return any(period.holds(at) for period in blind.get(prober, ()))


def _edges(period: Period) -> Iterable[datetime]:
    return (period.start, period.end) if period.end else (period.start,)
