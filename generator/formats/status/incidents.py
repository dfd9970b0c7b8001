"""Incidents: write an incident, a maintenance or a notice for status.json."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.facts import Facts, IncidentFacts
from generator.formats import words
from generator.formats.edition import Edition
from generator.model import Moment, Retraction, ServiceStatus, Update, Window
from generator.time_slots import instant_or_none

LATEST = 50
"""So many of what is over stand in status.json, the last 14 days in any case; the feeds hold the whole history."""


def latest(facts: Facts) -> Sequence[IncidentFacts]:
    """Return what is over, latest beginning first, as far back as status.json goes."""
    recent = {found.incident.id for found in facts.recent}
    over = [found for found in facts.incidents if not found.open and not found.upcoming]
    return [found for place, found in enumerate(over) if place < LATEST or found.incident.id in recent]


def listed(edition: Edition, incidents: Iterable[IncidentFacts]) -> list[dict[str, object]]:
    """Return incidents with everything said on them."""
    return [_incident(edition, facts) for facts in incidents]


def _incident(edition: Edition, facts: IncidentFacts) -> dict[str, object]:
    incident, addresses, site = facts.incident, edition.addresses, edition.site
    return {
        "id": incident.id,
        "kind": incident.kind,
        "automatic": incident.automatic,
        "url": {code: addresses.absolute(addresses.incident(code, incident)) for code in edition.languages},
        "title": {code: words.title(speech, site, facts).text for code, speech in edition.speeches.items()},
        "status": facts.status,
        "impact": facts.impact,
        "worst": facts.worst,
        "services": {id_: facts.statuses.get(id_, ServiceStatus.OPERATIONAL) for id_ in facts.services},
        "started": _moment(facts.started) if facts.began else None,
        "ended": _moment(facts.ended) if facts.began else None,
        "ends": _moment(incident.ends),
        "rough": facts.rough,
        "told": instant_or_none(facts.told),
        "last_told": instant_or_none(facts.last_told),
        "told_late": facts.told_late,
        "cause": facts.cause,
        "who": facts.who,
        "mail": facts.mail,
        "action": facts.action,
        "next_update": _moment(facts.next_update),
        "overdue": facts.overdue,
        "last_reported": instant_or_none(facts.last_reported),
        "window": _window(facts.window),
        "cancelled": instant_or_none(incident.cancelled) if facts.cancelled else None,
        "retracted": _retraction(incident.retracted if facts.retracted else None),
        "follows": incident.follows,
        "updates": [_update(edition, facts, update) for update in reversed(facts.updates)],
    }


def _update(edition: Edition, facts: IncidentFacts, update: Update) -> dict[str, object]:
    return {
        "key": update.key,
        "at": _moment(update.at),
        "told": instant_or_none(update.told),
        "corrected": instant_or_none(update.corrected),
        "status": update.status,
        "services": update.services,
        "effective": _moment(update.effective),
        "sentences": {
            code: [
                *words.update_lead(speech, edition.site, facts, update, edition.phrases),
                *words.update_facts(speech, update),
                *words.update_notes(speech, facts, update),
            ]
            for code, speech in edition.speeches.items()
        },
        "text": update.text,
        "mail": update.mail,
        "action": update.action,
        "who": update.who,
        "next_update": _moment(update.next_update),
        "window": _window(update.window),
    }


def _moment(moment: Moment | None) -> dict[str, object] | None:
    if moment is None:
        return None
    return {
        "precision": moment.precision,
        "about": moment.about,
        "first": instant_or_none(moment.first),
        "last": instant_or_none(moment.last),
    }


def _window(window: Window | None) -> dict[str, object] | None:
    return {"from": instant_or_none(window.start), "to": instant_or_none(window.end)} if window else None


def _retraction(retraction: Retraction | None) -> dict[str, object] | None:
    return {"at": instant_or_none(retraction.at), "reason": retraction.reason} if retraction else None
