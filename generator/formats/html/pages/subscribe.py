"""The page that tells how to stay informed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.formats.edition import Edition
from generator.formats.html.links import badge_links, calendar_link, documents, feed_links
from generator.formats.html.page import Page, View


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the page with every address to copy."""
    yield Page(address=edition.addresses.subscribe, view=partial(_view, edition))


def _view(edition: Edition, lang: str) -> View:
    speech = edition.speeches[lang]
    rss, *formats = feed_links(edition, lang)
    return {
        "rss": rss,
        "formats": formats,
        "services": [
            {
                "path": edition.addresses.service(lang, item.service.id),
                "name": speech.text(item.service.name, edition.languages),
                "feeds": feed_links(edition, lang, item),
            }
            for item in edition.facts.services
        ],
        "calendar": [calendar_link(edition, lang)],
        "badges": badge_links(edition, lang, "overall"),
        "documents": documents(speech, lang),
    }
