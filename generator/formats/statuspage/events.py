"""Events: write an incident or a maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from generator.facts import IncidentFacts, Word, as_of, in_part
from generator.formats import words
from generator.formats.edition import Edition
from generator.formats.one_line import one_line
from generator.formats.statuspage.board import Board
from generator.formats.statuspage.bodies import bodies
from generator.formats.statuspage.components import component_id, full_name, some_components
from generator.formats.statuspage.notation import instant, instant_or_none, permanent_id
from generator.formats.statuspage.stories import Story
from generator.model import Impact, Kind, ServiceStatus

Written = dict[str, object]
Standing = Mapping[str, ServiceStatus]
"""The status of each service that an incident had touched by then, in the order of status.yaml."""
NOTHING: Standing = {}


def incident(edition: Edition, board: Board, lang: str, story: Story) -> Written:
    """Return an incident with its updates, newest first."""
    return {**_event(edition, board, lang, story), "reminder_intervals": None}


def maintenance(edition: Edition, board: Board, lang: str, story: Story) -> Written:
    """Return a maintenance with its updates, newest first."""
    window = story.scheduled
    return {
        **_event(edition, board, lang, story),
        "scheduled_for": instant(edition, window.start),
        "scheduled_until": instant(edition, window.end),
    }


def _event(edition: Edition, board: Board, lang: str, story: Story) -> Written:
    facts, addresses = story.facts, edition.addresses
    title = words.title(edition.speeches[lang], edition.site, facts).text
    return {
        "id": permanent_id(edition, "incident", facts.incident.id),
        "name": one_line(title),
        "status": facts.status,
        "created_at": instant(edition, story.created),
        "updated_at": instant(edition, story.updated),
        "monitoring_at": instant_or_none(edition, story.monitored),
        "resolved_at": instant_or_none(edition, story.resolved),
        "impact": _impact(story),
        "shortlink": addresses.absolute(addresses.incident(lang, facts.incident)),
        "started_at": instant(edition, story.started),
        "page_id": permanent_id(edition, "page"),
        "incident_updates": _updates(edition, lang, story),
        "components": some_components(edition, board, lang, facts.services),
    }


def _impact(story: Story) -> Impact:
    """Return how bad it is; Statuspage keeps `maintenance` for maintenances, and gives them no other impact.

    What only some have is not critical.
    """
    if story.facts.incident.kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    if story.facts.impact is Impact.MAINTENANCE:
        return Impact.NONE
    return Impact.MAJOR if story.facts.who and story.facts.impact is Impact.CRITICAL else story.facts.impact


def _updates(edition: Edition, lang: str, story: Story) -> list[Written]:
    said = bodies(edition, lang, story)
    after = [_standing(as_of(edition.site, story.facts, word)) for word in story.words]
    affected = [_affected(edition, lang, old, new) for old, new in pairwise([NOTHING, *after])]
    rows = zip(story.words, said, affected, strict=True)
    return [_update(edition, story, *row) for row in rows][::-1]


def _standing(then: IncidentFacts) -> Standing:
    """Return how the services stood after a word; later words are left out."""
    found = {id_: then.statuses.get(id_, ServiceStatus.OPERATIONAL) for id_ in then.services}
    return {id_: in_part(status) for id_, status in found.items()} if then.who else found


def _update(edition: Edition, story: Story, word: Word, body: str, affected: list[Written]) -> Written:
    id_ = story.facts.incident.id
    return {
        "id": permanent_id(edition, "update", f"{id_}/{word.key}"),
        "status": word.status,
        "body": body,
        "incident_id": permanent_id(edition, "incident", id_),
        "created_at": instant(edition, word.told),
        "updated_at": instant(edition, word.modified or word.told),
        "display_at": instant(edition, word.told),
        "affected_components": affected or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _affected(edition: Edition, lang: str, old: Standing, new: Standing) -> list[Written]:
    return [
        {
            "code": component_id(edition, service),
            "name": full_name(edition, lang, service),
            "old_status": old.get(service, ServiceStatus.OPERATIONAL),
            "new_status": status,
        }
        for service, status in new.items()
    ]
