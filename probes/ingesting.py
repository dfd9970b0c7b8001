"""What a webhook of Alertmanager reports, as events (https://prometheus.io/docs/alerting/latest/configuration/)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from probes.alerts import Alert, read_alerts
from probes.events import Event, EventKind, episode_id
from probes.model import Announce, Outcome, Reason

__all__ = ["MAX_BYTES", "PayloadError", "ingest"]

MAX_BYTES = 4 * 1024 * 1024
VERSION = "4"


class PayloadError(ValueError):
    """Something else than a webhook's payload; the message says what."""


def ingest(
    payload: bytes,
    services: Collection[str],
    *,
    prober: str,
    check: str,
    probers: int,
    trust_resolved: bool,
    now: datetime,
) -> tuple[list[Event], list[str]]:
    """Return the events of a payload, and a line for each alert that leads to none.

    The same payload leads to the same events. An alert that is `resolved` closes only with `trust_resolved`: a
    Prometheus that has frozen resolves its alerts as well.

    Raises:
        PayloadError: It is no payload of a webhook.
    """
    alerts, passed_over = _alerts(payload, now)
    events: list[Event] = []
    said = [f"{passed_over} alerts name no service by status_service"] if passed_over else []
    for alert in alerts:
        if alert.service not in services:
            said.append(f'"{alert.service}" is no service of status.yaml')
        elif alert.firing:
            events.append(_event(EventKind.OPEN, alert, alert.starts_at, alert.starts_at, prober, check, probers))
        elif not trust_resolved or alert.ends_at is None or alert.ends_at < alert.starts_at:
            said.append(f"{alert.service}: resolved is not taken for recovered; see --trust-resolved")
        else:
            end = min(alert.ends_at, now)
            events.append(_event(EventKind.CLOSE, alert, end, end, prober, check, probers))
    return events, said


def _alerts(payload: bytes, now: datetime) -> tuple[list[Alert], int]:
    if len(payload) > MAX_BYTES:
        raise PayloadError(f"more than {MAX_BYTES} bytes")
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"it is not JSON: {type(error).__name__}") from None
    if not isinstance(said, dict) or not isinstance(said.get("alerts"), list):
        raise PayloadError('it has no list "alerts"')
    if said.get("version") != VERSION:
        raise PayloadError(f'its "version" is not "{VERSION}"')
    found = read_alerts(said["alerts"], (), now)
    return found, len(said["alerts"]) - len(found)


def _event(
    kind: EventKind, alert: Alert, at: datetime, since: datetime, prober: str, check: str, probers: int
) -> Event:
    over = kind is EventKind.CLOSE
    return Event(
        event=kind,
        id=episode_id(prober, alert.service, f"{check}-{alert.fingerprint}", alert.starts_at),
        prober=prober,
        at=at,
        since=since,
        service=alert.service,
        check=check,
        kind="alertmanager",
        status=Outcome.OPERATIONAL if over else alert.status,
        reason=None if over else Reason.ALERT,
        announce=Announce.AT_ONCE,
        probers=probers,
        title={} if over else alert.title,
        text={} if over else alert.text,
    )
