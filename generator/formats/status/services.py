"""Services: write groups, services and tasks for status.json."""

from __future__ import annotations

from collections.abc import Mapping

from generator.facts import Day, Figure, Limitation, Seconds, ServiceFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.status.schema import SECONDS
from generator.model import ServiceStatus, Text
from generator.time_slots import instant_or_none

MILLION = 1_000_000


def groups(edition: Edition) -> list[dict[str, object]]:
    """Return the groups, in the order of status.yaml."""
    return [{"id": group.id, "name": _everywhere(edition, group.name)} for group in edition.site.groups]


def tasks(edition: Edition) -> list[dict[str, object]]:
    """Return what customers do and whether they can, in the order of status.yaml.

    While nobody has said which services an incident affects, nothing is said to work.
    """
    unknown = bool(edition.facts.answer.unplaced)
    return [
        {
            "id": facts.task.id,
            "name": _everywhere(edition, facts.task.name),
            "status": None if unknown and not facts.limitations else facts.status,
            "services": [need.service for need in facts.task.needs],
            "limitations": [_limitation(edition, one) for one in facts.limitations],
            "incidents": facts.incidents,
        }
        for facts in edition.facts.tasks
    ]


def _limitation(edition: Edition, one: Limitation) -> dict[str, object]:
    return {
        "status": one.status,
        "delayed": one.delayed,
        "for": _everywhere(edition, one.audience),
        "who": _everywhere(edition, one.who),
        "upstream": one.upstream,
        "incidents": one.incidents,
        "last_reported": instant_or_none(one.last_reported),
    }


def services(edition: Edition) -> list[dict[str, object]]:
    """Return the services, in the order of status.yaml."""
    return [_service(edition, facts) for facts in edition.facts.services]


def _service(edition: Edition, facts: ServiceFacts) -> dict[str, object]:
    service, addresses = facts.service, edition.addresses
    since = max((day for day in (edition.site.record_since, service.since) if day), default=None)
    return {
        "id": service.id,
        "name": _everywhere(edition, service.name),
        "headline": {code: _headline(edition, code, facts) for code in edition.languages},
        "description": _everywhere(edition, service.description),
        "url": {code: addresses.absolute(addresses.service(code, service.id)) for code in edition.languages},
        "group": service.group,
        "own": service.own,
        "depends_on": service.depends_on,
        "status": facts.status,
        "status_for_all": facts.for_all,
        "last_reported": instant_or_none(facts.last_reported),
        "incidents": facts.incidents,
        "recorded_since": since.isoformat() if since else None,
        "uptime": [_figure(figure) for figure in facts.figures],
        "days": [_day(day) for day in facts.days if day.worst not in (None, ServiceStatus.OPERATIONAL)],
    }


def _headline(edition: Edition, code: str, facts: ServiceFacts) -> str:
    speech = edition.speeches[code]
    name = speech.text(facts.service.name, edition.languages).text
    return speech.gettext("{label}: {title}", label=name, title=words.service_state(speech, facts))


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "days": figure.days,
        "uptime": None if figure.uptime_ppm is None else figure.uptime_ppm / MILLION,
        "rough": bool(figure.rough),
        "seconds": _seconds(figure.seconds),
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "date": day.date.isoformat(),
        "worst": day.worst,
        "today": day.today,
        "rough": bool(day.rough),
        "seconds": None if day.today else _seconds(day.seconds),
        "incidents": day.incidents,
    }


def _seconds(seconds: Seconds) -> dict[str, int]:
    return {name: getattr(seconds, name) for name in SECONDS}


def _everywhere(edition: Edition, text: Text) -> Mapping[str, str]:
    """Return a text in every language of the site, the source standing in for what is missing."""
    if not text:
        return {}
    return {code: speech.text(text, edition.languages).text for code, speech in edition.speeches.items()}
