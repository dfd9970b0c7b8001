"""Alerts: reads which service an alert stands for, from its labels or from a map."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from probes.events import NO_TEXT
from probes.model import Outcome

__all__ = ["Alert", "AlertMeaning", "AlertRules", "Rule", "read_alerts", "read_time"]

_IMPACTS = {
    "degraded": Outcome.DEGRADED,
    "partial": Outcome.PARTIAL,
    "outage": Outcome.OUTAGE,
    Outcome.DEGRADED.value: Outcome.DEGRADED,
    Outcome.PARTIAL.value: Outcome.PARTIAL,
    Outcome.OUTAGE.value: Outcome.OUTAGE,
}
_PLANNED = ("maintenance", "under_maintenance")
_WORDS = re.compile(r"status_(title|body)_([a-z]{2,3}(?:[_-][a-z0-9]{1,8})*)")
_UNSEEN = re.compile(f"[{NO_TEXT}\u202a-\u202e\u2066-\u2069]")
"""What no page, feed or file can hold, and what would turn the words around it."""
_FINGERPRINT = re.compile(r"[0-9a-f]{1,64}")
_LIMITS = {"title": 300, "body": 4_000}
_MOST_BYTES = 12_000
"""For the words of one alert in all languages, so that an event file (`probes.events.MAX_BYTES`) can hold them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert, as Alertmanager tells of it: in its API, or in a webhook's payload."""

    fingerprint: str
    """Empty if it is none."""
    labels: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    """When it ended, or will if it is not confirmed; None where no time stands."""
    updated_at: datetime | None = None
    """When Alertmanager last heard of it."""
    state: str = ""
    """`active`, `suppressed` or `unprocessed` in the API, `firing` or `resolved` in a payload."""
    title: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of its rule."""
        return self.labels.get("alertname", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which alerts stand for which service: those whose labels are all as here."""

    match: Mapping[str, str]
    service: str
    status: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMeaning:
    """What an alert means."""

    alert: Alert
    service: str
    status: Outcome
    doubt: str = ""
    """What its author should know, if it is not as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """How alerts are to be understood."""

    rules: Sequence[Rule] = ()
    """For alerts without the label `status_service`."""
    status: Outcome = Outcome.OUTAGE
    """For alerts without the label `status_impact`."""

    def meaning(self, alert: Alert) -> AlertMeaning | None:
        """Return what an alert means, None if it stands for no service.

        One whose `status_impact` is `maintenance` stands for none: planned work is written by staff. One that nobody
        knows is taken for the usual one: a slip of the pen must not make an outage vanish.
        """
        service, impact = alert.labels.get("status_service", ""), alert.labels.get("status_impact", "")
        if not service:
            rule = next((rule for rule in self.rules if rule.match.items() <= alert.labels.items()), None)
            return AlertMeaning(alert=alert, service=rule.service, status=rule.status) if rule else None
        if impact in _PLANNED:
            return None
        doubt = f'{alert.name}: status_impact "{impact}" is taken for {self.status}' if impact not in _IMPACTS else ""
        status = _IMPACTS.get(impact, self.status)
        return AlertMeaning(alert=alert, service=service, status=status, doubt=doubt if impact else "")


def read_alerts(found: Iterable[object]) -> list[Alert]:
    """Return alerts, without what is none."""
    return [alert for one in found if isinstance(one, dict) and (alert := _alert(one))]


def read_time(said: object) -> datetime | None:
    """Return a time as Alertmanager writes it, None if it is none; it writes the year 1 where there is none."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at.astimezone(UTC) if at and at.tzinfo and 2000 <= at.year < 3000 else None
    except (ValueError, OverflowError):
        return None


def _alert(said: Mapping[str, object]) -> Alert | None:
    starts_at, fingerprint, status = read_time(said.get("startsAt")), said.get("fingerprint"), said.get("status")
    if starts_at is None:
        return None
    title, text = _words(_texts(said.get("annotations")))
    return Alert(
        fingerprint=fingerprint if isinstance(fingerprint, str) and _FINGERPRINT.fullmatch(fingerprint) else "",
        labels=_texts(said.get("labels")),
        starts_at=starts_at,
        ends_at=read_time(said.get("endsAt")),
        updated_at=read_time(said.get("updatedAt")),
        state=str(status.get("state", "") if isinstance(status, dict) else status or ""),
        title=title,
        text=text,
    )


def _words(annotations: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the annotations `status_title_<language>` and `status_body_<language>`, by language.

    If all of them together are too long the bodies are left out, then the titles.
    """
    found: dict[str, dict[str, str]] = {"title": {}, "body": {}}
    for name, written in sorted(annotations.items()):
        match = _WORDS.fullmatch(name)
        clean = _UNSEEN.sub("", written).strip() if match else ""
        if match and clean:
            shown = " ".join(clean.split()) if match[1] == "title" else clean
            found[match[1]][match[2].replace("_", "-")] = shown[: _LIMITS[match[1]]].rstrip()
    title, body = found["title"], found["body"]
    return (title if _size(title) <= _MOST_BYTES else {}), (body if _size(title, body) <= _MOST_BYTES else {})


def _size(*words: Mapping[str, str]) -> int:
    return sum(len(json.dumps(one, ensure_ascii=False).encode()) for one in words)


def _texts(said: object) -> dict[str, str]:
    return {key: value for key, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}
