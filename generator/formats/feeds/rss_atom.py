"""How feedgen writes RSS 2.0 and Atom 1.0; imported only where such a feed is rendered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from generator.formats.addresses import FEED_ENDINGS
from generator.formats.feeds.channel import NEVER, Channel
from generator.formats.feeds.items import Item

FEED_HISTORY = "http://purl.org/syndication/history/1.0"


class Archive(BaseExtension):  # type: ignore[misc]
    """Marks a document as a page of an archive (RFC 5005, section 4)."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefix that the mark is written with."""
        return {"fh": FEED_HISTORY}

    def extend_atom(self, feed: Any) -> Any:
        """Add the mark."""
        xml_elem(f"{{{FEED_HISTORY}}}archive", feed)
        return feed


def rss(channel: Channel, items: Sequence[Item]) -> bytes:
    """Write RSS 2.0."""
    feed = _feed(channel, items, FEED_ENDINGS["rss"])
    feed.ttl(channel.refresh_minutes)
    return _ended(feed.rss_str(pretty=True))


def atom(channel: Channel, items: Sequence[Item]) -> bytes:
    """Write Atom 1.0 (RFC 4287), with the links of a paged history (RFC 5005)."""
    feed = _feed(channel, items, FEED_ENDINGS["atom"])
    if channel.current:
        feed.register_extension("archive", Archive, rss=False)
    return _ended(feed.atom_str(pretty=True))


def _feed(channel: Channel, items: Sequence[Item], mime: str) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(channel.id)
    feed.title(channel.title)
    feed.description(channel.description)
    feed.subtitle(channel.description)
    feed.author({"name": channel.author, "uri": channel.site})
    feed.language(channel.language)
    feed.generator("lagebild")
    feed.updated(max((item.changed for item in items), default=NEVER))  # else it says when it was built
    feed.link(_links(channel, mime))
    for item in items:
        _add(feed, item)
    return feed


def _links(channel: Channel, mime: str) -> list[dict[str, str]]:
    links = [{"rel": "self", "type": mime, "href": channel.address}]
    if channel.current:
        links.append({"rel": "current", "type": mime, "href": channel.current})
    if channel.previous:
        links.append({"rel": "prev-archive", "type": mime, "href": channel.previous})
    # The last one becomes <link> of RSS.
    return [*links, {"rel": "alternate", "type": "text/html", "href": channel.home}]


def _add(feed: FeedGenerator, item: Item) -> None:
    entry = feed.add_entry(order="append")
    entry.id(item.id)
    entry.title(item.title)
    entry.link(href=item.url)
    entry.published(item.told)
    entry.updated(item.changed)
    entry.content(item.html, type="html")
    entry.category([{"term": tag} for tag in item.tags])


def _ended(document: bytes) -> bytes:
    return document if document.endswith(b"\n") else document + b"\n"
