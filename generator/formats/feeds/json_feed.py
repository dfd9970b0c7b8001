"""JSON Feed: write version 1.1, with the facts for programs beside the words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from generator.formats.feeds.channel import Channel
from generator.formats.feeds.items import Item
from generator.formats.output import as_json
from generator.model import Kind, ServiceStatus
from generator.time_slots import instant, instant_or_none

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, items: Sequence[Item]) -> bytes:
    """Write JSON Feed 1.1."""
    feed: dict[str, object] = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.author, "url": channel.site}],
    }
    if channel.state:
        status, headline = channel.state
        feed["_lagebild"] = {"about": channel.about, "status": status, "headline": headline}
    feed["items"] = [_item(channel, item) for item in items]
    return as_json(feed)


def _item(channel: Channel, item: Item) -> dict[str, object]:
    written: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "content_text": item.text,
        "date_published": instant_or_none(item.told),
    }
    if item.modified:
        written["date_modified"] = instant_or_none(item.modified)
    return {**written, "language": item.language, "tags": item.tags, "_lagebild": _extension(channel, item)}


def _extension(channel: Channel, item: Item) -> dict[str, object]:
    """Return the facts as they stood then; the same in every language but for the words in `who`."""
    facts, window = item.facts, item.facts.window
    return {
        "about": channel.about,
        "incident": facts.incident.id,
        "update": item.word.key,
        "kind": facts.incident.kind,
        "services": {id_: facts.statuses.get(id_, ServiceStatus.OPERATIONAL) for id_ in facts.services},
        "status": item.word.status,
        "impact": facts.impact,
        "mail": facts.mail,
        "action": facts.action,
        "who": facts.who,
        "next_update": instant_or_none(facts.next_update.last) if facts.next_update else None,
        "window": {"from": instant(window.start), "to": instant(window.end)} if window else None,
        "started": instant_or_none(facts.started.first) if facts.began else None,
        "resolved": instant_or_none(_resolved(item)),
        "rough": facts.rough,
        "automatic": facts.incident.automatic,
        "retracted": facts.retracted,
        "cancelled": facts.cancelled,
    }


def _resolved(item: Item) -> datetime | None:
    """Return when it was over; an end told as vaguely as "today" lies no later than the word of it."""
    facts = item.facts
    if (
        not facts.began
        or facts.ended is None
        or facts.ended.last is None
        or facts.open
        or facts.incident.kind is Kind.NOTICE
    ):
        return None
    ended = min(facts.ended.last, item.word.told)
    return max(ended, facts.started.first) if facts.started.first else ended
