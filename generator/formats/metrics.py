"""metrics.txt: the state for Prometheus, in text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator import __version__
from generator.formats.edition import Edition
from generator.formats.output import STAMP_EPOCH, Output
from generator.model import Impact, ServiceStatus

PATH = "metrics.txt"
MILLION = 1_000_000

Sample = tuple[tuple[str, ...], float]
"""The values of a metric's labels, and what is measured there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A gauge: what it tells, by which labels, and how it is read from an edition."""

    help: str
    labels: tuple[str, ...] = ()
    samples: Callable[[Edition], Iterator[Sample]]


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the file; but for the time of building it changes only at a transition."""
    read = {name: tuple(metric.samples(edition)) for name, metric in METRICS.items()}
    yield Output(path=PATH, inputs=edition.inputs(PATH, read), render=lambda: _written(read), stamped=True)


def _written(read: Mapping[str, tuple[Sample, ...]]) -> bytes:
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.registry import Collector

    class Read(Collector):
        def collect(self) -> Iterator[GaugeMetricFamily]:
            for name, samples in read.items():
                if not samples:
                    continue
                family = GaugeMetricFamily(name, METRICS[name].help, labels=METRICS[name].labels)
                for labels, value in samples:
                    family.add_metric(labels, value)
                yield family

    registry = CollectorRegistry()
    registry.register(Read())
    # The library writes numbers only, so the slot for the time of building takes the place of one.
    return generate_latest(registry).replace(b"\n%b 0.0\n" % _GENERATED, b"\n%b %b\n" % (_GENERATED, STAMP_EPOCH))


def _one(value: float) -> Iterator[Sample]:
    yield (), value


def _state_set(status: ServiceStatus, *labels: str) -> Iterator[Sample]:
    """Yield one sample a status: 1 for the one that holds, 0 for the others."""
    for candidate in ServiceStatus:
        yield (*labels, candidate.value), float(candidate is status)


def _service_status(edition: Edition) -> Iterator[Sample]:
    for facts in edition.facts.services:
        yield from _state_set(facts.status, facts.service.id, facts.service.group)


def _open_incidents(edition: Edition) -> Iterator[Sample]:
    counted = Counter(found.impact for found in edition.facts.open)
    for impact in Impact:
        yield (impact.value,), counted[impact]


def _service_seconds(edition: Edition) -> Iterator[Sample]:
    for facts in edition.facts.services:
        for figure in facts.figures:
            for state, seconds in figure.seconds._asdict().items():
                yield (facts.service.id, str(figure.days), state), seconds


def _uptime_ratio(edition: Edition) -> Iterator[Sample]:
    for facts in edition.facts.services:
        for figure in facts.figures:
            if figure.uptime_ppm is not None:
                yield (facts.service.id, str(figure.days)), figure.uptime_ppm / MILLION


def _last_result(edition: Edition) -> Iterator[Sample]:
    for facts in edition.facts.checks:
        if facts.last_result_at is not None:
            yield (facts.check, facts.service, facts.prober), facts.last_result_at.timestamp()


def _stale_after(edition: Edition) -> Iterator[Sample]:
    for facts in edition.facts.checks:
        yield (facts.check, facts.service, facts.prober), facts.stale_after.timestamp()


_GENERATED = b"lagebild_generated_timestamp_seconds"

METRICS: Mapping[str, Metric] = {
    "lagebild_info": Metric(
        help="The version of lagebild that built the site; always 1.",
        labels=("version",),
        samples=lambda _: iter([((__version__,), 1)]),
    ),
    _GENERATED.decode(): Metric(
        help="When the site was built.",
        samples=lambda _: _one(0),
    ),
    "lagebild_validity_seconds": Metric(
        help="How long after it was built the site is to be believed; afterwards every state is unknown.",
        samples=lambda edition: _one(2 * edition.site.publish_every.total_seconds()),
    ),
    "lagebild_next_transition_timestamp_seconds": Metric(
        help="When a fact next changes by the clock alone.",
        samples=lambda edition: _one(edition.facts.next_transition.timestamp()),
    ),
    "lagebild_faulty_files": Metric(
        help="How many content files have an error, so that the states may lack something.",
        samples=lambda edition: _one(len(edition.faulty)),
    ),
    "lagebild_page_status": Metric(
        help="1 for the worst status of the site's own services, a third party's counting as degraded; 0 for others.",
        labels=("status",),
        samples=lambda edition: _state_set(edition.facts.answer.status),
    ),
    "lagebild_service_status": Metric(
        help="1 for the status of the service, 0 for the others.",
        labels=("service", "group", "status"),
        samples=_service_status,
    ),
    "lagebild_open_incidents": Metric(
        help="How many incidents are unresolved, by the worst they have done.",
        labels=("impact",),
        samples=_open_incidents,
    ),
    "lagebild_overdue_incidents": Metric(
        help="How many incidents are unresolved although their next update was promised for an earlier time.",
        samples=lambda edition: _one(sum(found.overdue for found in edition.facts.open)),
    ),
    "lagebild_maintenance_under_way": Metric(
        help="How many planned works are in progress or being verified.",
        samples=lambda edition: _one(len(edition.facts.under_way)),
    ),
    "lagebild_maintenance_upcoming": Metric(
        help="How many planned works are announced and have not begun.",
        samples=lambda edition: _one(len(edition.facts.upcoming)),
    ),
    "lagebild_service_seconds": Metric(
        help="How long the service was in each state, over whole local days up to the last midnight.",
        labels=("service", "days", "state"),
        samples=_service_seconds,
    ),
    "lagebild_service_uptime_ratio": Metric(
        help="The service's uptime by the site's weights, rounded down; absent where nothing is on record.",
        labels=("service", "days"),
        samples=_uptime_ratio,
    ),
    "lagebild_check_last_result_timestamp_seconds": Metric(
        help="When the last result of the check that said something was known; absent before the first.",
        labels=("check", "service", "prober"),
        samples=_last_result,
    ),
    "lagebild_check_stale_after_timestamp_seconds": Metric(
        help="From when on, without a newer result, nothing is known of the service by the check of this prober.",
        labels=("check", "service", "prober"),
        samples=_stale_after,
    ),
}
"""Every metric by its name, in the order of the file."""
