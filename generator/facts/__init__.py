"""Facts: derive what is true at `now` from the site and its incidents; a pure function of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from generator.facts.answer import answer, task_facts
from generator.facts.automatic import Merger, merge
from generator.facts.calendar import local_day, midnight
from generator.facts.checks import believed, check_facts, edges, prober_facts, probing_facts
from generator.facts.durations import durations_of
from generator.facts.last_word import who_is_affected
from generator.facts.measures import Day, Durations, Figure, Seconds, ServiceMonth, ServiceYear, Span
from generator.facts.model import Answer, Facts, IncidentFacts, Limitation, ServiceFacts, TaskFacts
from generator.facts.months import service_months
from generator.facts.phases import STANDS_FOR, incident_facts, over_since
from generator.facts.probing import CheckFacts, ProberFacts, ProbingFacts, ResponseFacts, Responses
from generator.facts.severities import impact_of, in_part, severity, worst
from generator.facts.stages import WindowChange, last_window, window_change
from generator.facts.status import service_facts
from generator.facts.stretches import sum_of
from generator.facts.told import OVER, TAKEN_BACK, Word, as_of, carries_long_text, words_told
from generator.facts.transitions import next_transition
from generator.facts.years import service_years
from generator.model import Incident, Kind, Site
from probes.events import Event
from probes.observations import Observations

__all__ = [
    "OVER",
    "TAKEN_BACK",
    "Answer",
    "CheckFacts",
    "Day",
    "Durations",
    "Facts",
    "Figure",
    "IncidentFacts",
    "Limitation",
    "Merger",
    "ProberFacts",
    "ProbingFacts",
    "ResponseFacts",
    "Responses",
    "Seconds",
    "ServiceFacts",
    "ServiceMonth",
    "ServiceYear",
    "Span",
    "TaskFacts",
    "WindowChange",
    "Word",
    "as_of",
    "carries_long_text",
    "derive",
    "durations_of",
    "impact_of",
    "in_part",
    "last_window",
    "local_day",
    "midnight",
    "service_months",
    "service_years",
    "severity",
    "sum_of",
    "who_is_affected",
    "window_change",
    "words_told",
    "worst",
]


def derive(
    site: Site,
    incidents: Sequence[Incident],
    now: datetime,
    *,
    events: Sequence[Event] = (),
    observations: Sequence[Observations] = (),
) -> Facts:
    """Return what is true at `now` (aware); the order of the incidents, events and observations does not matter.

    `events` are what the probers have filed; they become automatic incidents, or part of those by staff.
    `observations` are what the probers last saw; no state rests on them.

    For every instant from `now` up to the result's `next_transition` the result is the same but for its own `now`.
    """
    now = now.astimezone(UTC)
    merger = merge(site, incidents, events) if events else None
    incidents = merger.incidents if merger else incidents
    today = local_day(now, site.time_zone)
    order = {service.id: place for place, service in enumerate(site.services)}
    told = (incident_facts(incident, order, now) for incident in incidents)
    stories = _latest_first(story for story in told if story)
    services = service_facts(site, stories, today)
    tasks = task_facts(site, services, stories)
    seen = believed(site, observations, now)
    checks = check_facts(site, seen, now)
    return Facts(
        now=now,
        today=today,
        site=site,
        answer=answer(site, tasks, services, stories, today),
        services=services,
        tasks=tasks,
        incidents=stories,
        open=tuple(sorted(_open(stories, Kind.INCIDENT), key=_badness, reverse=True)),
        under_way=_open(stories, Kind.MAINTENANCE),
        upcoming=tuple(sorted((story for story in stories if story.upcoming), key=_beginning)),
        notices=_open(stories, Kind.NOTICE),
        called_off=tuple(sorted((story for story in stories if _called_off(story, now)), key=_beginning)),
        recent=_recent(stories, now),
        probers=prober_facts(site, seen),
        checks=checks,
        probing=probing_facts(site, checks, seen, now, today),
        next_transition=min(
            (
                next_transition(incidents, stories, now, today, site.time_zone),
                *(at for at in edges(observations, checks, now) if at > now),
            )
        ),
        merger=merger,
    )


def _latest_first(stories: Iterable[IncidentFacts]) -> tuple[IncidentFacts, ...]:
    by_id = sorted(stories, key=lambda story: story.incident.id)
    return tuple(sorted(by_id, key=_beginning, reverse=True))


def _beginning(story: IncidentFacts) -> datetime:
    return story.started.first or story.told


def _badness(story: IncidentFacts) -> tuple[int, int]:
    return severity(worst(story.statuses.values())), severity(story.worst)


def _open(stories: Iterable[IncidentFacts], kind: Kind) -> tuple[IncidentFacts, ...]:
    return tuple(story for story in stories if story.open and story.incident.kind is kind)


def _called_off(story: IncidentFacts, now: datetime) -> bool:
    """Return whether readers should still be told that a maintenance does not take place when it was announced."""
    off = story.cancelled and not story.retracted and not story.began
    return off and story.window is not None and now < story.window.end


def _recent(stories: Iterable[IncidentFacts], now: datetime) -> tuple[IncidentFacts, ...]:
    told = (story for story in stories if story.incident.kind is not Kind.NOTICE and not _called_off(story, now))
    over = [(since, story) for story in told if (since := over_since(story)) and now < since + STANDS_FOR]
    return tuple(story for _, story in sorted(over, key=lambda pair: pair[0], reverse=True))
