"""What alerts of Prometheus' Alertmanager say of services: by their labels, or by a map for rules one does not own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from probes.model import Outcome

__all__ = ["Alert", "Rule", "read_alerts"]

_STATUSES = {
    "degraded": Outcome.DEGRADED,
    "partial": Outcome.PARTIAL,
    "outage": Outcome.OUTAGE,
    Outcome.DEGRADED.value: Outcome.DEGRADED,
    Outcome.PARTIAL.value: Outcome.PARTIAL,
    Outcome.OUTAGE.value: Outcome.OUTAGE,
}
_LANGUAGE = re.compile(r"status_(title|body)_([a-z]{2,3}(?:-[a-z0-9]+)*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TITLE, _BODY = 300, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which alerts stand for which service: those whose labels are all as here."""

    match: Mapping[str, str]
    service: str
    status: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert that stands for a service."""

    fingerprint: str
    service: str
    status: Outcome
    starts_at: datetime
    firing: bool = True
    ends_at: datetime | None = None
    """None while it is firing."""
    title: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)


def read_alerts(found: Iterable[object], rules: Sequence[Rule], now: datetime) -> list[Alert]:
    """Return the alerts that stand for a service, and pass over all others and what is no alert.

    An alert whose `status_impact` is `maintenance` stands for none: planned work is written by staff.
    """
    alerts = (_alert(one, rules, now) for one in found if isinstance(one, dict))
    return [alert for alert in alerts if alert]


def _alert(said: Mapping[str, object], rules: Sequence[Rule], now: datetime) -> Alert | None:
    labels, annotations = _texts(said.get("labels")), _texts(said.get("annotations"))
    service, status = _meaning(labels, rules)
    starts_at = _time(said.get("startsAt"))
    if not service or status is None or starts_at is None:
        return None
    ends_at = _time(said.get("endsAt"))
    firing = said.get("status") != "resolved"
    return Alert(
        fingerprint=str(said.get("fingerprint", ""))[:64],
        service=service,
        status=status,
        starts_at=min(starts_at, now),
        firing=firing,
        ends_at=None if firing else ends_at,
        title=_words(annotations, "title", _TITLE),
        text=_words(annotations, "body", _BODY),
    )


def _meaning(labels: Mapping[str, str], rules: Sequence[Rule]) -> tuple[str, Outcome | None]:
    if "status_service" in labels:
        return labels["status_service"], _STATUSES.get(labels.get("status_impact", "outage"))
    for rule in rules:
        if all(labels.get(name) == value for name, value in rule.match.items()):
            return rule.service, rule.status
    return "", None


def _words(annotations: Mapping[str, str], part: str, limit: int) -> dict[str, str]:
    """Return the annotations `status_title_de` and so on by language, without what no page can hold."""
    found = {}
    for name, text in annotations.items():
        match = _LANGUAGE.fullmatch(name)
        if match and match[1] == part:
            clean = _CONTROL.sub("", text).strip()[:limit]
            found[match[2]] = " ".join(clean.split()) if part == "title" else clean
    return {language: text for language, text in found.items() if text}


def _texts(said: object) -> dict[str, str]:
    if not isinstance(said, dict):
        return {}
    return {str(key): value for key, value in said.items() if isinstance(value, str)}


def _time(said: object) -> datetime | None:
    """Return a time; Alertmanager writes the year 1 where there is none."""
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(re.sub(r"\.\d+", "", said.replace("Z", "+00:00")))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo and at.year > 1970 else None
