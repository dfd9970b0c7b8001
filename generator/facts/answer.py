"""The answer to "am I affected": what does not work as usual, for whom, and whose fault it is.

It is worked out here once; page, embed, preview, badge, feeds, API, metrics and `poll` all say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from generator.facts.calendar import local_day
from generator.facts.model import Answer, IncidentFacts, Limitation, ServiceFacts, TaskFacts
from generator.facts.phases import last_reported, over_since
from generator.facts.severities import impact_of, in_part, severity, worst
from generator.model import Impact, Kind, Service, ServiceStatus, Site, Task, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """One state of one service, and which of its users have it."""

    service: Service
    status: ServiceStatus
    who: Text
    stories: tuple[IncidentFacts, ...]
    last_reported: datetime | None
    """When it was last confirmed, if that is so long ago that it may be over."""


Reaches = Mapping[str, Sequence[_Reach]]
"""By service."""


def task_facts(site: Site, services: Sequence[ServiceFacts], stories: Sequence[IncidentFacts]) -> tuple[TaskFacts, ...]:
    """Return whether customers can do what they want to, in the order of status.yaml."""
    certain, reported = (
        {facts.service.id: list(_reaches(facts.service, told)) for facts in services}
        for told in (_certain(stories), stories)
    )
    return tuple(_task(task, certain, reported) for task in site.tasks)


def answer(
    site: Site,
    tasks: Sequence[TaskFacts],
    services: Sequence[ServiceFacts],
    stories: Sequence[IncidentFacts],
    today: date,
) -> Answer:
    """Return the answer. `today` is the local day; `stories` are all that was told."""
    affected = [facts for facts in services if facts.status is not ServiceStatus.OPERATIONAL]
    own = [facts for facts in services if facts.service.own]
    common = [_everybodys(facts.service, _certain(stories)) for facts in own]
    named = {need.service for facts in tasks for need in facts.task.needs}
    untasked = [facts.service for facts in affected if facts.service.id not in named]
    beside = (_beside(service, stories) for service in untasked)
    limitations = _merged(one for part in (*(facts.told for facts in tasks), *beside) for one in part)
    unplaced, watched = _without_effect(stories)
    doubtful = [ServiceStatus.DEGRADED_PERFORMANCE] if unplaced else []
    status = worst([*(_counted(facts.service, facts.status) for facts in affected), *doubtful])
    return Answer(
        status=status,
        indicator=_indicator(status, common),
        limitations=limitations,
        alike=_alike(own, common),
        affected=tuple(facts.service.id for facts in affected),
        own_works=bool(own) and not any(facts.service.own for facts in affected),
        incidents=tuple(dict.fromkeys([*(id_ for one in limitations for id_ in one.incidents), *_at_work(stories)])),
        unplaced=unplaced,
        watched=watched,
        resolved_today=tuple(story.incident.id for story in _resolved(stories, site.time_zone, today)),
    )


def _indicator(status: ServiceStatus, common: Sequence[ServiceStatus]) -> Impact:
    """Return Statuspage's top-level indicator: critical only where every service is out, for everybody.

    https://support.atlassian.com/statuspage/docs/top-level-status-and-incident-impact-calculations/
    """
    critical = all(each is ServiceStatus.MAJOR_OUTAGE for each in common)
    return Impact.MAJOR if impact_of(status) is Impact.CRITICAL and not critical else impact_of(status)


def _everybodys(service: Service, stories: Iterable[IncidentFacts]) -> ServiceStatus:
    """Return the worst state that is told of all users of a service, whatever more is told of some."""
    return worst(story.statuses[service.id] for story in stories if service.id in story.statuses and not story.who)


def _counted(service: Service, status: ServiceStatus) -> ServiceStatus:
    """Return what a service's state counts for the page: another provider's outage impairs ours at most."""
    return status if service.own else min(status, ServiceStatus.DEGRADED_PERFORMANCE, key=severity)


def _reaches(service: Service, stories: Iterable[IncidentFacts]) -> Iterator[_Reach]:
    """Yield the state that all users of a service have, then those of some."""
    by_who: dict[tuple[tuple[str, str], ...], list[IncidentFacts]] = {}
    for story in stories:
        if severity(story.statuses.get(service.id, ServiceStatus.OPERATIONAL)):
            by_who.setdefault(tuple(sorted(story.who.items())), []).append(story)
    for who, found in sorted(by_who.items()):
        status = worst(story.statuses[service.id] for story in found)
        causes = tuple(story for story in found if story.statuses[service.id] is status)
        reported = last_reported(causes)
        yield _Reach(service=service, status=status, who=dict(who), stories=causes, last_reported=reported)


def _certain(stories: Iterable[IncidentFacts]) -> list[IncidentFacts]:
    return [story for story in stories if story.last_reported is None]


def _limitation(reach: _Reach, *, task: Task | None = None, audience: Text | None = None) -> Limitation:
    return Limitation(
        status=reach.status,
        delayed=reach.status is ServiceStatus.DEGRADED_PERFORMANCE and all(s.late for s in reach.stories),
        tasks=(task,) if task else (),
        services=() if task else (reach.service.id,),
        audience=audience or {},
        who=reach.who,
        upstream=None if reach.service.own else reach.service.id,
        incidents=tuple(story.incident.id for story in reach.stories),
        last_reported=reach.last_reported,
    )


def _task(task: Task, certain: Reaches, reported: Reaches) -> TaskFacts:
    limitations = _merged(_with_doubt(_limits(task, certain), _limits(task, reported)))
    return TaskFacts(
        task=task,
        status=worst(_for_task(one) for one in limitations),
        limitations=limitations,
        told=_uncovered(limitations),
        incidents=tuple(dict.fromkeys(id_ for one in limitations for id_ in one.incidents)),
    )


def _with_doubt(certain: Sequence[Limitation], reported: Iterable[Limitation]) -> list[Limitation]:
    """Return what is certain, and what is doubtful: neither hides the other."""
    return [*certain, *(one for one in reported if one.last_reported)]


def _limits(task: Task, reaches: Reaches) -> list[Limitation]:
    found = [
        _limitation(reach, task=task, audience=need.audience)
        for need in task.needs
        for reach in reaches.get(need.service, ())
    ]
    whos = {tuple(sorted(one.who.items())): one.who for one in found}
    return [*found, *(shared for _, who in sorted(whos.items()) for shared in _shared(task, reaches, who))]


def _shared(task: Task, reaches: Reaches, who: Text) -> list[Limitation]:
    """Return what holds for whomever of its users since every way to do the task has it: v1, v2, IncaMail are all down.

    It was last confirmed when the first of them was: one that is over leaves a way.
    """
    reached = ((reach for reach in reaches.get(need.service, ()) if reach.who == who) for need in task.needs)
    ways = [next(each, None) for each in reached]
    known = [way for way in ways if way and way.service.own]
    if len(known) < len(ways) or not known:
        return []
    mildest = min(known, key=lambda way: severity(way.status))
    stories = tuple({story.incident.id: story for way in known for story in way.stories}.values())
    reported = min((way.last_reported for way in known if way.last_reported), default=None)
    return [_limitation(replace(mildest, stories=stories, last_reported=reported), task=task)]


def _uncovered(limitations: Sequence[Limitation]) -> tuple[Limitation, ...]:
    """Return the limitations of one thing without those that another tells the same customers of, or worse."""
    return tuple(one for one in limitations if not any(_covers(other, one) for other in limitations))


def _covers(wider: Limitation, one: Limitation) -> bool:
    """Return whether all whom a limitation concerns hear by another of something worse, or as bad for more.

    What is doubtful covers nothing certain.
    """
    if wider.upstream != one.upstream or (wider.last_reported and not one.last_reported):
        return False
    if wider.audience not in ({}, one.audience) or wider.who not in ({}, one.who):
        return False
    more = (wider.audience, wider.who, not wider.last_reported) != (one.audience, one.who, not one.last_reported)
    return severity(wider.status) > severity(one.status) or (wider.status is one.status and more)


def _for_task(one: Limitation) -> ServiceStatus:
    """Return what a limitation amounts to for a task: what some cannot do works in part."""
    if one.upstream:
        return min(one.status, ServiceStatus.DEGRADED_PERFORMANCE, key=severity)
    return one.status if one.for_all else in_part(one.status)


def _beside(service: Service, stories: Sequence[IncidentFacts]) -> Sequence[Limitation]:
    """Return how a service that no task takes is limited."""
    certain, reported = (
        [_limitation(reach) for reach in _reaches(service, told)] for told in (_certain(stories), stories)
    )
    return _uncovered(_with_doubt(certain, reported))


def _merged(limitations: Iterable[Limitation]) -> tuple[Limitation, ...]:
    """Unite what is alike but for the task: ours first, the worst first, the certain before the doubtful."""
    groups: dict[object, Limitation] = {}
    for one in limitations:
        audience, who = (tuple(sorted(text.items())) for text in (one.audience, one.who))
        key = one.status, one.delayed, audience, who, one.upstream, one.last_reported
        known = groups.get(key)
        groups[key] = (
            one
            if known is None
            else replace(
                known,
                tasks=tuple({task.id: task for task in (*known.tasks, *one.tasks)}.values()),
                services=tuple(dict.fromkeys((*known.services, *one.services))),
                incidents=tuple(dict.fromkeys((*known.incidents, *one.incidents))),
            )
        )
    return tuple(sorted(groups.values(), key=_order))


def _order(one: Limitation) -> tuple[bool, int, float, bool]:
    doubt = -one.last_reported.timestamp() if one.last_reported else float("-inf")
    return one.upstream is not None, -severity(one.status), doubt, not one.for_all


def _alike(own: Sequence[ServiceFacts], common: Sequence[ServiceStatus]) -> ServiceStatus | None:
    """Return the state that all of several services of ours certainly have for everybody, if it is not operational."""
    statuses = {*common, *(facts.status for facts in own)}
    several = len(own) > 1 and len(statuses) == 1 and ServiceStatus.OPERATIONAL not in statuses
    return statuses.pop() if several else None


def _at_work(stories: Iterable[IncidentFacts]) -> Iterator[str]:
    """Yield what has an effect now, also where a worse or wider one says more: each has a fate of mail of its own."""
    return (story.incident.id for story in stories if story.statuses)


def _without_effect(stories: Iterable[IncidentFacts]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the open incidents that name no service, and those whose services all work again."""
    idle = [s for s in stories if s.open and s.incident.kind is Kind.INCIDENT and not s.statuses]
    return (
        tuple(story.incident.id for story in idle if story.unplaced),
        tuple(story.incident.id for story in idle if story.works_since),
    )


def _resolved(stories: Iterable[IncidentFacts], zone: str, today: date) -> list[IncidentFacts]:
    """Return the incidents that were over today, the latest first; a false alarm is none."""
    over: list[tuple[datetime, IncidentFacts]] = []
    for story in stories:
        since = over_since(story)
        if since and story.incident.kind is Kind.INCIDENT and not story.retracted and local_day(since, zone) == today:
            over.append((since, story))
    return [story for _, story in sorted(over, key=lambda pair: pair[0], reverse=True)]
