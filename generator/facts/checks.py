"""Checks: judge what the probers last saw as of `now`: how long it holds, and what it means for each service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from generator.facts.probing import CheckFacts, ProberFacts, ProbingFacts, ResponseFacts
from generator.facts.responses import HOUR, full_hour, midnights_until, response_facts
from generator.model import CLOCK_SKEW, Site
from probes.observations import Observation, Observations


def believed(site: Site, observations: Sequence[Observations], now: datetime) -> list[Observations]:
    """Return what the site's own probers have written, in the order of status.yaml."""
    probers = site.plan.probers if site.plan else ()
    by_prober = {seen.prober: seen for seen in observations if seen.at - CLOCK_SKEW <= now}
    return [by_prober[prober] for prober in probers if prober in by_prober]


def prober_facts(site: Site, seen: Sequence[Observations]) -> tuple[ProberFacts, ...]:
    """Return how each prober of status.yaml stands."""
    by_prober = {one.prober: one for one in seen}
    return tuple(
        ProberFacts(
            prober=prober,
            last_seen_at=by_prober[prober].at if prober in by_prober else None,
            blind=prober in by_prober and by_prober[prober].blind,
        )
        for prober in (site.plan.probers if site.plan else ())
    )


def check_facts(site: Site, seen: Sequence[Observations], now: datetime) -> tuple[CheckFacts, ...]:
    """Return how each check of status.yaml stands, once for each service it tells of and each prober that runs it."""
    kinds = _kinds(site)
    found = [
        CheckFacts(
            prober=one.prober,
            check=check.check,
            kind=kinds[check.check, check.service],
            service=check.service,
            last_result_at=check.last_result_at,
            stale_after=check.stale_after,
            stale=check.stale_after <= now,
        )
        for one in seen
        for check in one.checks
        if (check.check, check.service) in kinds
    ]
    places = {key: place for place, key in enumerate(kinds)}
    return tuple(sorted(found, key=lambda check: places[check.check, check.service]))


def probing_facts(
    site: Site, checks: Sequence[CheckFacts], seen: Sequence[Observations], now: datetime, today: date
) -> Mapping[str, ProbingFacts]:
    """Return what the checks of each service amount to; `today` is the local day."""
    responses: dict[str, list[ResponseFacts]] = {}
    kinds = _kinds(site)
    midnights = midnights_until(today, site.time_zone) if kinds else []
    for (check, service), kind in kinds.items():
        known = [(one.at, found) for one in seen for found in one.checks if _names(found, check, service)]
        measured = response_facts(check, kind, known, now, midnights)
        if measured:
            responses.setdefault(service, []).append(measured)
    by_service: dict[str, list[CheckFacts]] = {}
    for fact in checks:
        by_service.setdefault(fact.service, []).append(fact)
    return {
        service: ProbingFacts(
            last_probed=max((fact.last_result_at for fact in facts if fact.last_result_at), default=None),
            silent=all(fact.stale for fact in facts),
            responses=tuple(responses.get(service, ())),
        )
        for service, facts in by_service.items()
    }


def edges(observations: Sequence[Observations], checks: Sequence[CheckFacts], now: datetime) -> Iterator[datetime]:
    """Yield each instant at which the clock alone makes something else of what was seen."""
    for one in observations:
        yield one.at - CLOCK_SKEW
    for check in checks:
        yield check.stale_after
    if any(check.hours for one in observations for check in one.checks):
        yield full_hour(now) + HOUR


def _kinds(site: Site) -> dict[tuple[str, str], str]:
    """Return the kind of each check of status.yaml by its name and service; one that has gone is told of no more."""
    checks = site.plan.checks if site.plan else ()
    return {(check.name, service): check.kind for check in checks for service in check.services}


def _names(found: Observation, check: str, service: str) -> bool:
    return (found.check, found.service) == (check, service)
