"""The kind `alertmanager`: the active alerts of a Prometheus, each for the service it names.

An alert that is gone does not mean that its service is well: see `probes.monitoring.watchdog`. Neither does one that
is silenced, or inhibited because the measuring point itself is offline; so these are fetched too, and leave the state
of their service unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.model import Check, Outcome, Policy, Reason, Result
from probes.monitoring.alerts import Alert, AlertMeaning, AlertRules, Rule, read_alerts, read_time
from probes.monitoring.query import Source, ask, read_source, unknown
from probes.monitoring.watchdog import asleep, awake_since
from probes.net.reach import one_line
from probes.options import Options

__all__ = ["KIND", "judged"]

_STATUSES = (Outcome.DEGRADED.value, Outcome.PARTIAL.value, Outcome.OUTAGE.value)
_MATCHER = re.compile(r'[a-zA-Z_][a-zA-Z0-9_]*\s*(=~|!~|!=|=)\s*("(\\.|[^"\\])*"|[^"{},\s]*)')
_SHARE = 0.45
"""Of the check's timeout, for each of two questions: what is late says nothing, and must be found out in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    source: Source
    watchdog: str
    """The name of the alert that always fires."""
    settle_seconds: float
    """For how long every look must have found the watchdog, and Alertmanager must have been running, before an alert's
    absence means anything."""
    filter: tuple[str, ...]
    """Matchers; what they leave out, the watchdog too, is not there."""
    rules: tuple[Rule, ...]


def _read(options: Options) -> _Options:
    filter_ = options.texts("filter")
    for matcher in filter_:
        if not _MATCHER.fullmatch(matcher.strip()):
            hint = "e.g. filter: ['prometheus=\"zrh\"']"
            options.fault("filter", "unknown-value", f"{one_line(matcher)} is not a matcher", hint)
    return _Options(
        source=read_source(options),
        watchdog=options.text("watchdog", "Watchdog"),
        settle_seconds=options.seconds("settle", 300, high=86400),
        filter=filter_,
        rules=tuple(_rules(options)),
    )


def _rules(options: Options) -> Iterable[Rule]:
    for part in options.parts("map", "an entry of map"):
        match = part.part("match", "match")
        labels = match.all_texts() if match else {}
        service, status = part.text("service", required=True), part.text("status", Outcome.OUTAGE.value)
        if not labels:
            part.fault("match", "missing-key", 'an entry of map needs "match"', "e.g. match: {alertname: QueueGrows}")
        if status not in _STATUSES:
            message = f'"{status}" is not a status for a failure'
            part.fault("status", "unknown-status", message, allowed=_STATUSES)
        elif labels:
            yield Rule(match=labels, service=service, status=Outcome(status))
        part.finish()


async def _probe(check: Check, options: _Options, context: ProbeContext) -> Sequence[Result]:
    try:
        alerts = await _alerts(options, check.timeout_seconds * _SHARE)
        started = await _started(options, check.timeout_seconds * _SHARE)
    except ProbeError as error:
        return [_unknown(service, error.note, context.now()) for service in check.services]
    return judged(check, options, alerts, started, context)


def judged(
    check: Check, options: _Options, alerts: Sequence[Alert], started: datetime, context: ProbeContext
) -> Sequence[Result]:
    """Return what the alerts that Alertmanager, which has run since `started`, knows say of each service."""
    now = context.now()
    lexicon = AlertRules(rules=options.rules, status=check.status)
    cases = [case for alert in alerts if (case := lexicon.meaning(alert))]
    mute = _mute(check, options, asleep(alerts, options.watchdog, now), started, context)
    first, *others = (
        _result(service, [case for case in cases if case.service == service], mute, now) for service in check.services
    )
    return [replace(first, warnings=tuple(_warnings(check.services, options.rules, cases))), *others]


async def _alerts(options: _Options, seconds: float) -> list[Alert]:
    parameters = {
        "active": "true",
        "silenced": "true",
        "inhibited": "true",
        "unprocessed": "false",
        "filter": options.filter,
    }
    found = await ask(options.source, "/api/v2/alerts", parameters, seconds)
    if not isinstance(found, list):
        raise unknown("the answer has an unexpected format")
    return read_alerts(found)


async def _started(options: _Options, seconds: float) -> datetime:
    found = await ask(options.source, "/api/v2/status", {}, seconds)
    started = read_time(found.get("uptime")) if isinstance(found, dict) else None
    if started is None:
        raise unknown("Alertmanager does not say when it started")
    return started


def _mute(check: Check, options: _Options, why: str, started: datetime, context: ProbeContext) -> str:
    """Return why the absence of an alert means nothing, empty if it means that all is well."""
    settle, now = timedelta(seconds=options.settle_seconds), context.now()
    within = max(settle, timedelta(seconds=3 * check.interval_seconds))
    since = awake_since(context.notes, check.name, now, within=within, sleeping=bool(why))
    if not why and now - started < settle:
        return f"Alertmanager runs only since {started:%H:%M:%S} UTC"
    return why or (f"the watchdog is there only since {since:%H:%M:%S} UTC" if now - since < settle else "")


def _result(service: str, cases: Sequence[AlertMeaning], mute: str, now: datetime) -> Result:
    """Return what the alerts that stand for a service say of it; the worst of them counts."""
    active = [case for case in cases if case.alert.state != "suppressed"]
    if not active:
        why = f"{cases[0].alert.name} is silenced or inhibited" if cases else mute
        return _unknown(service, why, now) if why else Result(at=now, outcome=Outcome.OPERATIONAL, service=service)
    worst = min(active, key=lambda case: (-case.status.severity, case.alert.starts_at, case.alert.fingerprint))
    return Result(
        at=now,
        outcome=worst.status,
        reason=Reason.ALERT,
        since=min(worst.alert.starts_at, now),
        service=service,
        title=worst.alert.title,
        text=worst.alert.text,
        note=one_line(worst.alert.name),
    )


def _unknown(service: str, note: str, now: datetime) -> Result:
    return Result(at=now, outcome=Outcome.UNKNOWN, service=service, note=one_line(note))


def _warnings(services: Sequence[str], rules: Iterable[Rule], cases: Iterable[AlertMeaning]) -> Iterable[str]:
    for rule in rules:
        if rule.service not in services:
            yield f'map names "{rule.service}", of which this check does not tell'
    for case in cases:
        if case.service not in services:
            yield one_line(f'{case.alert.name} stands for "{case.service}", of which this check does not tell')
        if case.doubt:
            yield one_line(case.doubt)


KIND = Kind(
    measures=N_("Alertmanager"),
    read=_read,
    probe=_probe,
    # An alert has waited already (`for:`), so that one is enough.
    policy=Policy(window=1, bad=1, bad_for_seconds=0, often_bad=1000, good=2, good_for_seconds=120),
    interval_seconds=30,
    retry_interval_seconds=30,
    many_services=True,
)
