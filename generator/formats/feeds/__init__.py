"""The feeds: RSS, Atom and JSON Feed, for the whole site and for each service, in each language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from generator.formats.addresses import FEED_ENDINGS
from generator.formats.edition import Edition
from generator.formats.feeds import schema
from generator.formats.feeds.archive import Sheet, latest, sheets
from generator.formats.feeds.channel import Channel, channel, state
from generator.formats.feeds.items import Item, item
from generator.formats.feeds.posts import Post, posts
from generator.formats.output import Output, as_json
from generator.model import Service

REMEMBERED = 10_000
"""So many items are kept for the next format and for the feeds of their services; each costs a few kB."""

Itemize = Callable[[str, Post], Item]
"""From a language's code and a post to its item."""
Write = Callable[[Channel, Sequence[Item]], bytes]


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield every feed, the archive of the site's own, and the shape of what they hold for programs."""
    said = posts(edition)
    on: dict[str, list[Post]] = defaultdict(list)
    for post in said:
        for id_ in post.services:
            on[id_].append(post)
    itemize = lru_cache(maxsize=REMEMBERED)(partial(item, edition))
    for sheet in sheets(said):
        yield from _written(edition, itemize, None, sheet)
    for service in edition.site.services:
        yield from _written(edition, itemize, service, latest(on[service.id]))
    shape = schema.schema(edition.addresses.absolute(schema.PATH))
    render = partial(as_json, shape, spread=True)
    yield Output(path=schema.PATH, inputs=edition.inputs(schema.PATH), render=render)


def _written(edition: Edition, itemize: Itemize, service: Service | None, sheet: Sheet) -> Iterator[Output]:
    made_from = edition.inputs("", sheet.previous, *(part for post in sheet.posts for part in post.parts))
    for lang in edition.languages:
        for ending in ARCHIVED if sheet.number else FEED_ENDINGS:
            described = partial(channel, edition, lang, ending, service, sheet)
            render = partial(_render, WRITERS[ending], described, partial(itemize, lang), sheet.posts)
            head = (state(edition, lang),) if ending == "json" and not service else ()
            for path in _paths(edition, lang, ending, service, sheet):
                yield Output(path=path, inputs=edition.inputs(path, made_from, *head), render=render)


def _paths(edition: Edition, lang: str, ending: str, service: Service | None, sheet: Sheet) -> Iterator[str]:
    if sheet.number:
        yield edition.addresses.archive(lang, sheet.number)
        return
    yield edition.addresses.feed(lang, ending, service=service.id if service else None)
    if service is None and lang == edition.languages[0] and ending in STATUSPAGE:
        yield f"history.{ending}"


def _render(
    write: Write, describe: Callable[[], Channel], itemize: Callable[[Post], Item], posts_: Sequence[Post]
) -> bytes:
    return write(describe(), [itemize(post) for post in posts_])


# A build with nothing to do loads neither feedgen nor lxml, so the writers are imported where they write.


def _rss(described: Channel, items: Sequence[Item]) -> bytes:
    from generator.formats.feeds.rss_atom import rss

    return rss(described, items)


def _atom(described: Channel, items: Sequence[Item]) -> bytes:
    from generator.formats.feeds.rss_atom import atom

    return atom(described, items)


def _json(described: Channel, items: Sequence[Item]) -> bytes:
    from generator.formats.feeds.json_feed import json_feed

    return json_feed(described, items)


WRITERS: Mapping[str, Write] = {"rss": _rss, "atom": _atom, "json": _json}
ARCHIVED = ("atom",)
STATUSPAGE = ("rss", "atom")
"""The formats that Statuspage has at `/history.<ending>`: whoever followed it there gets the first language's feed."""
