"""RSS and Atom: write both with feedgen; imported only where such a feed is rendered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from generator.formats.addresses import FEED_ENDINGS
from generator.formats.feeds.channel import NEVER, Channel
from generator.formats.feeds.items import Item

TAG = re.compile("<(?=[A-Za-z/!?])")
INERT = "<\u2060"
"""Looks like `<`, but no reader that takes plain text for HTML sees a tag in what follows."""
TITLE = re.compile(b"<title>[^<]*</title>")
FEED_HISTORY = "http://purl.org/syndication/history/1.0"
THREADING = "http://purl.org/syndication/thread/1.0"


class Archive(BaseExtension):  # type: ignore[misc]
    """Marks a document as a page of an archive (RFC 5005, section 4)."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefix that the mark is written with."""
        return {"fh": FEED_HISTORY}

    def extend_atom(self, feed: Any) -> Any:
        """Add the mark."""
        xml_elem(f"{{{FEED_HISTORY}}}archive", feed)
        return feed


class Thread(BaseEntryExtension):  # type: ignore[misc]
    """Says what an entry follows up, so that readers group the words on an incident (RFC 4685, section 3)."""

    first: str | None = None
    """The id of the first word; None on that itself."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefix that the reference is written with."""
        return {"thr": THREADING}

    def extend_atom(self, entry: Any) -> Any:
        """Add the reference."""
        if self.first:
            xml_elem(f"{{{THREADING}}}in-reply-to", entry, ref=self.first)
        return entry


def rss(channel: Channel, items: Sequence[Item]) -> bytes:
    """Write RSS 2.0."""
    plain = replace(channel, title=TAG.sub(INERT, channel.title), description=TAG.sub(INERT, channel.description))
    feed = _feed(plain, [replace(item, title=TAG.sub(INERT, item.title)) for item in items], FEED_ENDINGS["rss"])
    feed.ttl(channel.refresh_minutes)
    return TITLE.sub(_in_hexadecimal, _ended(feed.rss_str(pretty=True)))


def _in_hexadecimal(title: re.Match[bytes]) -> bytes:
    """Return a title as the RSS profile wants it (https://www.rssboard.org/rss-profile#data-types-characterdata)."""
    return title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def atom(channel: Channel, items: Sequence[Item]) -> bytes:
    """Write Atom 1.0 (RFC 4287), with the links of a paged history (RFC 5005)."""
    feed = _feed(channel, items, FEED_ENDINGS["atom"])
    feed.register_extension("thread", Thread, Thread, rss=False)
    for entry, item in zip(feed.entry(), items, strict=True):
        entry.thread.first = item.first if item.first != item.id else None
    if channel.current:
        feed.register_extension("archive", Archive, rss=False)
    written = _ended(feed.atom_str(pretty=True))
    for name in (b"title", b"subtitle"):  # feedgen has no way to say what RFC 4287 lets it leave out, and readers guess
        written = written.replace(b"<%b>" % name, b'<%b type="text">' % name)
    return written


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
