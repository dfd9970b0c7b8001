"""Webhook: turns what Alertmanager reports into events (https://prometheus.io/docs/alerting/latest/configuration/)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probes.events import Event, EventKind, episode_id
from probes.model import Announce, Outcome, Reason
from probes.monitoring.alerts import AlertMeaning, AlertRules, read_alerts
from probes.net.reach import one_line

__all__ = ["MAX_BYTES", "Intake", "PayloadError", "ingest"]

MAX_BYTES = 4 * 1024 * 1024
_VERSION = "4"
_SKEW = timedelta(minutes=5)
"""How far the clock of the sender may be ahead."""


class PayloadError(ValueError):
    """Something else than a webhook's payload; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Where payloads are taken in."""

    prober: str
    check: str
    """What the source is called; no check of the plan, which would not close what is opened here."""
    services: Collection[str]
    """Every service of the site."""
    trust_resolved: bool = False
    """Whether a resolved alert is a recovery: a Prometheus that has frozen resolves its alerts too."""


def ingest(payload: bytes, desk: Intake, now: datetime) -> tuple[list[Event], list[str]]:
    """Return the events of a payload, and a line for each thing in it that leads to none or may be wrong.

    The same payload leads to the same events, for they hold nothing but what it says. Each alert is an episode of its
    own, however Alertmanager groups them.

    Raises:
        PayloadError: It is no payload of a webhook.
    """
    said = _payload(payload)
    entries = said["alerts"]
    cases = [case for alert in read_alerts(entries) if (case := AlertRules().meaning(alert))]
    refusals = [_refusal(case, desk, now) for case in cases]
    events = [_event(case, desk) for case, refusal in zip(cases, refusals, strict=True) if not refusal]
    doubts = [case.doubt for case in cases]
    lines = [*_left_out(said, len(entries) - len(cases)), *filter(None, refusals), *filter(None, doubts)]
    return events, [one_line(line) for line in dict.fromkeys(lines)]


def _payload(payload: bytes) -> Mapping[str, Sequence[object]]:
    if len(payload) > MAX_BYTES:
        raise PayloadError(f"it has more than {MAX_BYTES} bytes")
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"it is not JSON ({type(error).__name__})") from None
    if not isinstance(said, dict) or not isinstance(said.get("alerts"), list):
        raise PayloadError('it has no list "alerts"')
    if said.get("version") != _VERSION:
        raise PayloadError(f'its "version" is not "{_VERSION}"')
    return said


def _left_out(said: Mapping[str, object], strange: int) -> Sequence[str]:
    truncated = said.get("truncatedAlerts")
    lines = [f"{strange} of the alerts stand for no service"] if strange else []
    return [*lines, f"{truncated} alerts were left out: max_alerts of the receiver is too low"] if truncated else lines


def _refusal(case: AlertMeaning, desk: Intake, now: datetime) -> str:
    """Return why an alert leads to no event, empty if it does."""
    alert = case.alert
    if case.service not in desk.services:
        return f'{alert.name} stands for "{case.service}", which is not in status.yaml'
    if not alert.fingerprint:
        return f"{alert.name} has no fingerprint"
    if alert.starts_at > now + _SKEW:
        return f"{alert.name} begins in the future: the clocks differ"
    if alert.state == "firing":
        return ""
    if alert.state != "resolved":
        return f"{alert.name} is neither firing nor resolved"
    if not desk.trust_resolved:
        return f"{alert.name} is resolved, which is not taken for recovered: see --trust-resolved"
    if alert.ends_at is None or not alert.starts_at < alert.ends_at <= now + _SKEW:
        return f"{alert.name} is resolved, but not by a time that has passed"
    return ""


def _event(case: AlertMeaning, desk: Intake) -> Event:
    alert = case.alert
    over = alert.ends_at if alert.state == "resolved" else None
    at = (over or alert.starts_at).replace(microsecond=0)
    return Event(
        event=EventKind.CLOSE if over else EventKind.OPEN,
        id=episode_id(desk.prober, case.service, f"{desk.check}-{alert.fingerprint}", alert.starts_at),
        prober=desk.prober,
        at=at,
        since=at,
        service=case.service,
        check=desk.check,
        kind="alertmanager",
        status=Outcome.OPERATIONAL if over else case.status,
        reason=None if over else Reason.ALERT,
        announce=Announce.AFTER_10M if case.status is Outcome.DEGRADED else Announce.AT_ONCE,
        probers=1,  # A webhook comes to one place; whether several agree its rules have judged.
        title={} if over else alert.title,
        text={} if over else alert.text,
    )
