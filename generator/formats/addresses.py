"""Addresses: name the path of each thing of the site below its root, and build links from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.model import Incident, Site

_YEAR = re.compile(r"\d{4}")

FEED_ENDINGS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
"""Ending and MIME type of each feed format."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Builds paths; a path that ends with `/` is a page (its file is index.html)."""

    base: str
    """The site's address without a trailing slash."""

    @classmethod
    def of(cls, site: Site) -> Addresses:
        """Return the addresses of a site."""
        return cls(site.url)

    def absolute(self, path: str) -> str:
        """Return the full address of a path."""
        return f"{self.base}/{path}"

    def rooted(self, path: str) -> str:
        """Return a link that holds at any depth: for 404.html, which stands in for every missing page."""
        return f"{urlsplit(self.base).path}/{path}"

    @staticmethod
    def file(path: str) -> str:
        """Return the file that a path is served from."""
        return f"{path}index.html" if not path or path.endswith("/") else path

    @staticmethod
    def relative(origin: str, target: str) -> str:
        """Return the link from the page at `origin` to `target` (both paths; a fragment is kept)."""
        here = origin.split("/")[:-1]
        there = target.split("/")
        shared = 0
        while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
            shared += 1
        return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"

    @staticmethod
    def overview(lang: str) -> str:
        """Return the path of a language's overview."""
        return f"{lang}/"

    @staticmethod
    def incident(lang: str, incident: Incident) -> str:
        """Return the permalink of an incident: by the year of its folder, which never changes."""
        return Addresses.permalink(lang, int(year_of(incident)), incident.id)

    @staticmethod
    def permalink(lang: str, year: int, id_: str) -> str:
        """Return the path of the page of an id that is filed under a year."""
        return f"{lang}/incidents/{year:04}/{id_}/"

    @staticmethod
    def history(lang: str, year: int, part: str = "") -> str:
        """Return the path of a year's history, or of a part of it: `incidents`, or `services/<id>`."""
        return f"{lang}/history/{year}/{part}/" if part else f"{lang}/history/{year}/"

    @staticmethod
    def service(lang: str, id_: str) -> str:
        """Return the path of a service's page."""
        return f"{lang}/services/{id_}/"

    @staticmethod
    def subscribe(lang: str) -> str:
        """Return the path of the page that tells how to subscribe."""
        return f"{lang}/subscribe/"

    @staticmethod
    def poster(lang: str, *, telling: bool) -> str:
        """Return the path of the picture that stands beside a link: to a page that tells the state, or to another."""
        return f"{lang}/og.png" if telling else f"{lang}/og-site.png"

    @staticmethod
    def webmanifest(lang: str) -> str:
        """Return the path of what the site is called where it is kept as an app."""
        return f"{lang}/site.webmanifest"

    @staticmethod
    def feed(lang: str, ending: str, *, service: str | None = None) -> str:
        """Return the path of a feed."""
        return f"{lang}/services/{service}/feed.{ending}" if service else f"{lang}/feed.{ending}"

    @staticmethod
    def archive(lang: str, page: int) -> str:
        """Return the path of a page of the archive of the site's Atom feed, counted from the oldest."""
        return f"{lang}/feed/{page}.atom"

    @staticmethod
    def calendar(lang: str, service: str | None = None) -> str:
        """Return the path of a calendar of planned maintenance."""
        return f"{lang}/services/{service}/maintenance.ics" if service else f"{lang}/maintenance.ics"

    @staticmethod
    def badge(lang: str, name: str, ending: str = "svg") -> str:
        """Return the path of a badge; `name` is a service or `overall`, with `-uptime-<days>` for an uptime."""
        return f"badges/{lang}/{name}.{ending}"

    def feeds(self, lang: str, service: str | None = None) -> Iterator[tuple[str, str, str]]:
        """Yield (ending, MIME type, path) of each feed format."""
        for ending, mime in FEED_ENDINGS.items():
            yield ending, mime, self.feed(lang, ending, service=service)


def year_of(incident: Incident) -> str:
    """Return the year an incident is filed under: its folder's name, else its id's, else that of its first update."""
    folders = incident.path.split("/")[:-1]
    for candidate in (*reversed(folders), incident.id[:4]):
        if _YEAR.fullmatch(candidate):
            return candidate
    return str(incident.updates[0].told.year)
