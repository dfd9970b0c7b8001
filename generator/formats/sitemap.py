"""sitemap.xml and robots.txt: the pages of the site, and their versions in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from itertools import islice

from generator.facts import IncidentFacts
from generator.formats.addresses import year_of
from generator.formats.edition import Edition
from generator.formats.output import Output

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
    addresses, facts = edition.addresses, edition.facts
    overview = _leaf(edition, addresses.overview)
    yield Leaf(paths=overview.paths, fallback="")
    yield _leaf(edition, addresses.subscribe)
    for service in edition.site.services:
        yield _leaf(edition, partial(addresses.service, id_=service.id))
    years = {facts.today.year, *(int(year_of(found.incident)) for found in facts.incidents)}
    for year in range(max(years), min(years) - 1, -1):
        yield _leaf(edition, partial(addresses.history, year=year))
    for found in facts.incidents:
        yield _leaf(edition, partial(addresses.incident, incident=found.incident), _changed(found))


def _leaf(edition: Edition, address: Callable[[str], str], changed: datetime | None = None) -> Leaf:
    paths = tuple((code, address(code)) for code in edition.languages)
    return Leaf(paths=paths, fallback=paths[0][1], changed=changed)


def _changed(facts: IncidentFacts) -> datetime:
    """Return when the last word came."""
    times = [facts.last_told]
    if facts.retracted and facts.incident.retracted:
        times.append(facts.incident.retracted.at)
    if facts.cancelled and facts.incident.cancelled:
        times.append(facts.incident.cancelled)
    return max(times)


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
    changed = f"<lastmod>{leaf.changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>\n" if leaf.changed else ""
    for path in dict.fromkeys([*(path for _, path in leaf.paths), leaf.fallback]):
        yield f"<url>\n<loc>{escape(absolute(path))}</loc>\n{changed}{alternates}</url>\n"


def _robots(edition: Edition) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {edition.addresses.absolute('sitemap.xml')}\n".encode()
