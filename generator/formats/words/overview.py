"""What the page as a whole says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from generator.facts.model import Facts, ServiceFacts
from generator.facts.severity import severity
from generator.formats.words.names import order, service_names, task_sentence
from generator.i18n import N_, Speech
from generator.model import ServiceStatus, Site

NAMED_AT_MOST = 4
"""A headline counts more services than these instead of naming them."""

HEADLINE: Mapping[ServiceStatus, str] = {
    ServiceStatus.UNDER_MAINTENANCE: N_("Planned maintenance is under way: {services}."),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("{services}: degraded performance."),
    ServiceStatus.PARTIAL_OUTAGE: N_("{services}: partial outage."),
    ServiceStatus.MAJOR_OUTAGE: N_("{services}: major outage."),
}
OUTAGES = (ServiceStatus.MAJOR_OUTAGE, ServiceStatus.PARTIAL_OUTAGE, ServiceStatus.DEGRADED_PERFORMANCE)


def headline(speech: Speech, facts: Facts) -> str:
    """Say the state of the whole site in a sentence or two, the worst first.

    Upstream services are named only while the site's own are all in operation.
    """
    own = [service for service in facts.services if service.service.own]
    if facts.status is ServiceStatus.OPERATIONAL:
        upstream = [service for service in facts.services if not service.service.own and service.status in OUTAGES]
        if not upstream:
            return speech.gettext("All services are operational.")
        worst = max((service.status for service in upstream), key=severity)
        return _both(speech.gettext("Our own services are operational."), _group(speech, facts, upstream, worst))
    first = _group(speech, facts, own, facts.status)
    others = [service for service in own if service.status in OUTAGES and service.status is not facts.status]
    if not others:
        return first
    also = speech.ngettext(
        "Also affected: {services}.",
        "Also affected: {services}.",
        len(others),
        services=_named(speech, facts.site, others),
    )
    return _both(first, also)


def answer(speech: Speech, facts: Facts) -> list[str]:
    """Answer "am I affected" by what customers do, the worst first; the headline where no task says more.

    Returns the sentences, each of which may stand on a line of its own.
    """
    affected = sorted(
        (task for task in facts.tasks if task.status is not ServiceStatus.OPERATIONAL),
        key=lambda task: severity(task.status),
        reverse=True,
    )
    if not 0 < len(affected) <= NAMED_AT_MOST:
        return [headline(speech, facts)]
    sentences = []
    for state, tasks in groupby(affected, key=lambda task: task_sentence(speech, task)):
        first, *more = (speech.text(task.task.name, order(facts.site)) for task in tasks)
        named = speech.row([first.text, *map(speech.inside, more)])
        sentences.append(speech.gettext("{tasks}: {state}.", tasks=named, state=state))
    if len(affected) < len(facts.tasks):
        sentences.append(speech.gettext("Everything else works."))
    return sentences


def uptime_formula(speech: Speech, site: Site) -> str:
    """Say how uptime is reckoned, with the site's weights."""
    weights = {status: speech.whole_percent(site.uptime_weights.get(status, 0)) for status in HEADLINE}
    return speech.gettext(
        "Uptime is the share of time without downtime, over whole days up to the last midnight. A major outage"
        " counts as downtime at {major}, a partial outage at {partial}, degraded performance at {degraded} and"
        " maintenance at {maintenance}.",
        major=weights[ServiceStatus.MAJOR_OUTAGE],
        partial=weights[ServiceStatus.PARTIAL_OUTAGE],
        degraded=weights[ServiceStatus.DEGRADED_PERFORMANCE],
        maintenance=weights[ServiceStatus.UNDER_MAINTENANCE],
    )


def _group(speech: Speech, facts: Facts, services: Sequence[ServiceFacts], status: ServiceStatus) -> str:
    affected = [service for service in services if service.status is status]
    return speech.gettext(HEADLINE[status], services=_named(speech, facts.site, affected))


def _named(speech: Speech, site: Site, services: Sequence[ServiceFacts]) -> str:
    if len(services) > NAMED_AT_MOST:
        return speech.ngettext("{n} service", "{n} services", len(services))
    return service_names(speech, site, [service.service.id for service in services])


def _both(first: str, second: str) -> str:
    return f"{first} {second}"
