"""sitemap.xml and robots.txt: the pages of the site, and their versions in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from itertools import islice

from generator.formats.edition import Edition
from generator.formats.html.page import versions
from generator.formats.html.routes import ROUTES
from generator.formats.output import Output
from generator.time_slots import instant

MOST = 50_000
"""More addresses a sitemap may not hold (sitemaps.org); beyond, the oldest incidents are left out."""
X_DEFAULT = "x-default"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page that exists once a language."""

    paths: tuple[tuple[str, str], ...]
    """(Language code, path)."""
    fallback: str
    """The page for everybody else."""
    changed: datetime | None = None


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the sitemap and the file that leads robots to it."""
    listed = tuple(leaves(edition))
    yield Output(
        path="sitemap.xml", inputs=edition.inputs("sitemap.xml", listed), render=partial(written, edition, listed)
    )
    yield Output(path="robots.txt", inputs=edition.inputs("robots.txt"), render=partial(_robots, edition))


def leaves(edition: Edition) -> Iterator[Leaf]:
    """Yield every page for people, the newest incidents before the oldest.

    The parts that a year can be narrowed to hold nothing of their own, and are left out.
    """
    for route in ROUTES:
        for page in route.pages(edition):
            if page.listed:
                first, *_ = versions(page, route.template, edition.languages)
                yield Leaf(paths=tuple(first.alternates.items()), fallback=first.fallback, changed=page.changed)


def written(edition: Edition, listed: tuple[Leaf, ...]) -> bytes:
    """Return the sitemap of some pages."""
    entries = (entry for leaf in listed for entry in _entries(edition, leaf))
    return "".join([HEAD, *islice(entries, MOST), "</urlset>\n"]).encode()


def _entries(edition: Edition, leaf: Leaf) -> Iterator[str]:
    absolute = edition.addresses.absolute
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(code)}" href="{escape(absolute(path))}"/>\n'
        for code, path in (*leaf.paths, (X_DEFAULT, leaf.fallback))
    )
    changed = f"<lastmod>{instant(leaf.changed)}</lastmod>\n" if leaf.changed else ""
    for path in dict.fromkeys([*(path for _, path in leaf.paths), leaf.fallback]):
        yield f"<url>\n<loc>{escape(absolute(path))}</loc>\n{changed}{alternates}</url>\n"


def _robots(edition: Edition) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {edition.addresses.absolute('sitemap.xml')}\n".encode()
