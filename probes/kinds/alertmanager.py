"""The kind `alertmanager`: the active alerts of a Prometheus, each for the service it names.

An alert that is gone is not a service that is well. A Prometheus that has frozen lets its alerts run out, and an
Alertmanager that was started anew knows none; so only while the alert that always fires (the watchdog) is there does
the absence of another one mean anything (https://github.com/prometheus/prometheus/issues/10457).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probes.alerts import Alert, Rule, read_alerts
from probes.asking import Source, ask, read_source, unknown
from probes.kind import Ground, Kind
from probes.model import Check, Outcome, Policy, Reason, Result
from probes.options import Options

__all__ = ["KIND"]

_STATUSES = (Outcome.DEGRADED.value, Outcome.PARTIAL.value, Outcome.OUTAGE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    source: Source
    watchdog: str
    """The name of the alert that always fires."""
    rules: tuple[Rule, ...]


def _read(options: Options) -> _Options:
    return _Options(
        source=read_source(options),
        watchdog=options.text("watchdog", "Watchdog"),
        rules=tuple(rule for part in options.parts("map", "an entry of map") if (rule := _rule(part))),
    )


def _rule(part: Options) -> Rule | None:
    match = part.part("match", "match")
    service, status = part.text("service", required=True), part.text("status", Outcome.OUTAGE.value)
    if status not in _STATUSES:
        part.fault("status", "unknown-status", f'"{status}" is no status that a failure can have', allowed=_STATUSES)
        status = Outcome.OUTAGE.value
    labels = match.all_texts() if match else {}
    if not labels:
        part.fault("match", "missing-key", 'an entry of map needs "match"', "e.g. match: {alertname: QueueGrows}")
    part.finish()
    return Rule(match=labels, service=service, status=Outcome(status)) if labels else None


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind
    parameters = {"active": "true", "silenced": "false", "inhibited": "false", "unprocessed": "false"}
    found = await ask(options.source, "/api/v2/alerts", parameters, check.timeout_seconds * 0.9)
    if not isinstance(found, list):
        raise unknown("the answer is of another form")
    now = ground.now()
    worst: dict[str, Alert] = {}
    for alert in read_alerts(found, options.rules, now):
        known = worst.get(alert.service)
        if alert.service in check.services and (known is None or alert.status.severity > known.status.severity):
            worst[alert.service] = alert
    alive = any(_name(one) == options.watchdog for one in found)
    return [_result(service, worst.get(service), ground, alive=alive) for service in check.services]


def _name(alert: object) -> object:
    labels = alert.get("labels") if isinstance(alert, dict) else None
    return labels.get("alertname") if isinstance(labels, dict) else None


def _result(service: str, alert: Alert | None, ground: Ground, *, alive: bool) -> Result:
    now = ground.now()
    if alert is not None:
        return Result(
            at=now,
            outcome=alert.status,
            reason=Reason.ALERT,
            since=alert.starts_at,
            service=service,
            title=alert.title,
            text=alert.text,
        )
    if not alive:
        return Result(at=now, outcome=Outcome.UNKNOWN, service=service, note="the watchdog does not fire")
    return Result(at=now, outcome=Outcome.OPERATIONAL, service=service)


KIND = Kind(
    read=_read,
    probe=_probe,
    policy=Policy(window=1, bad=1, bad_for_seconds=0, often_bad=1000, good=2, good_for_seconds=120),
    interval_seconds=30,
    retry_interval_seconds=30,
    many_services=True,
)
