"""An automatic incident in the form in which staff write theirs, so that everything after treats both alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from generator.facts.automatic.groups import Group
from generator.facts.automatic.standings import Standing, Voice
from generator.facts.edges import exactly
from generator.model import Cause, Incident, Kind, MailFate, ServiceStatus, Sighting, Text, Update, UpdateStatus
from generator.time_slots import instant
from probes.events import FOLDER
from probes.model import Reason

_FATES: Mapping[Reason, MailFate] = {
    Reason.MISSING: MailFate.UNKNOWN,
    Reason.RECIPIENT_REFUSED: MailFate.REJECTED,
    Reason.MISFILED: MailFate.MISFILED,
    Reason.DELAYED: MailFate.LATE,
}
"""What a measurement says of mail, the worst first."""


def incident(group: Group, upstream: frozenset[str]) -> Incident:
    """Return the incident of a group; `upstream` are the services that others run."""
    first = group.changes[0]
    updates = tuple(_updates(group))
    touched = group.statuses.keys()
    title = _words(voice.event.title for change in group.changes for voice in change.voices)
    return Incident(
        id=group.id,
        kind=Kind.INCIDENT,
        path=f"{FOLDER}/{first.at:%Y/%m}/{group.id}.json",
        title=title,
        titled=_of_title(group, title),
        services={change.service: change.status for change in group.changes if change.at == first.at},
        started=exactly(min(change.since for change in _bad(group))),
        cause=Cause.UPSTREAM if touched <= upstream else None,
        updates=updates,
        automatic=True,
        aliases={id_: year for id_, year in group.episodes.items() if id_ != group.id},
        confirmed=max(
            event.at for run in group.members for event in (*run.told, *([run.closed] if run.closed else []))
        ),
    )


def _of_title(group: Group, title: Text) -> frozenset[str]:
    """Return the services that were reported under a title."""
    return frozenset(
        change.service for change in group.changes for voice in change.voices if voice.event.title == title
    )


def _bad(group: Group) -> Iterable[Standing]:
    return (change for change in group.changes if change.status is not ServiceStatus.OPERATIONAL)


def _updates(group: Group) -> Iterable[Update]:
    latest: dict[str, Standing] = {}
    recovered: dict[str, datetime] = {}
    fate: MailFate | None = None
    text: Text = {}
    for at, together in groupby(group.changes, key=lambda change: change.at):
        changes = list(together)
        for change in changes:
            before = latest.get(change.service)
            if before and before.status is ServiceStatus.OPERATIONAL:
                recovered[change.service] = before.since
            else:
                recovered.pop(change.service, None)
            latest[change.service] = change
        over = all(standing.status is ServiceStatus.OPERATIONAL for standing in latest.values())
        sightings = () if over else tuple(_sightings(latest.values(), at, recovered))
        former, fate = fate, None if over else _fate(sightings)
        said, text = (
            text,
            {} if over else _words(voice.event.text for standing in latest.values() for voice in _heard(standing)),
        )
        yield Update(
            key=instant(at),
            at=exactly(at),
            told=at,
            status=UpdateStatus.RESOLVED if over else UpdateStatus.INVESTIGATING,
            services={change.service: change.status for change in changes},
            effective=exactly(_effective(changes, over=over)),
            text=text if text != said else {},
            mail=fate if fate is not former else None,
            sightings=sightings,
        )


def _effective(changes: Sequence[Standing], *, over: bool) -> datetime:
    """Return when changes took place that are told together: a beginning counts from the first, an end to the last."""
    return max(change.since for change in changes) if over else min(change.since for change in changes)


def _sightings(standings: Iterable[Standing], at: datetime, recovered: Mapping[str, datetime]) -> Iterator[Sighting]:
    """Yield what is seen at an instant: what goes on, and what has just recovered.

    `recovered` says of the services that have come back since when each was well before.
    """
    for standing in standings:
        fresh = standing.at == at
        if fresh and standing.status is ServiceStatus.OPERATIONAL:
            first = standing.voices[0].event
            yield Sighting(
                prober=first.prober,
                service=standing.service,
                kind=first.kind,
                status=standing.status,
                since=standing.since,
            )
        for voice in _heard(standing):
            yield Sighting(
                prober=voice.event.prober,
                service=standing.service,
                kind=voice.event.kind,
                status=standing.status,
                reason=voice.event.reason,
                since=standing.since,
                recovered=recovered.get(standing.service),
                figures=voice.event.figures,
                fresh=fresh,
                lone=standing.lone,
                probers=voice.event.probers,
            )


def _heard(standing: Standing) -> tuple[Voice, ...]:
    return () if standing.status is ServiceStatus.OPERATIONAL else standing.voices


def _fate(sightings: Iterable[Sighting]) -> MailFate | None:
    reasons = {sighting.reason for sighting in sightings}
    return next((fate for reason, fate in _FATES.items() if reason in reasons), None)


def _words(texts: Iterable[Text]) -> Text:
    return next((text for text in texts if text), {})
