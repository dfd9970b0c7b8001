"""Here: describe the page at hand to its template: its address, the links from it, and its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from generator.formats.addresses import Addresses
from generator.formats.edition import Edition
from generator.formats.html.drawings.icons import Icon
from generator.formats.html.frame.assets import Assets
from generator.formats.html.frame.brand_parts import Link, LogoView, links, logo
from generator.formats.html.links import FeedLink, calendar_link, feed_links
from generator.formats.html.page import Version
from generator.formats.html.poster import Preview, picture
from generator.formats.output import STAMP_ISO, STAMP_TIME
from generator.formats.palettes import Palettes
from generator.i18n import Speech


class MenuItem(NamedTuple):
    """An entry of the menu."""

    label: str
    path: str
    current: str
    """What `aria-current` says of it: the page itself, one of its kind, or nothing."""


class StampWords(NamedTuple):
    """When the site is made: slots that each build fills, and what surrounds them."""

    iso: str
    time: str
    date: str
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What templates and components know as `here`."""

    path: str
    alternates: Mapping[str, str]
    """The same page in every language, by code."""
    addresses: Addresses
    assets: Assets
    icon: Icon
    stamp: StampWords
    picture: Preview | None = None
    """What stands beside a link to the page."""
    webmanifest: str = ""
    fallback: str = ""
    """Where visitors go whose language the site does not speak."""
    overview: str = ""
    languages: Sequence[Speech] = ()
    others: Sequence[Speech] = ()
    menu: Sequence[MenuItem] = ()
    feeds: Sequence[FeedLink] = field(default=())
    calendar: FeedLink | None = None
    logo: LogoView | None = None
    links: Sequence[Link] = ()
    """The site's own, for the foot of the page."""

    @property
    def colours(self) -> Palettes:
        """Return the colours by day and by night, for what a browser paints around the page."""
        return self.assets.icons.colours

    def link(self, target: str) -> str:
        """Return the link from this page to a path."""
        return self.addresses.relative(self.path, target)

    def absolute(self, path: str) -> str:
        """Return the full address of a path."""
        return self.addresses.absolute(path)

    def rooted(self, path: str) -> str:
        """Return a link that holds wherever the page is shown."""
        return self.addresses.rooted(path)


class Current:
    """Stands for the page that is being rendered, so that components are compiled and loaded only once."""

    here: Here

    def __getattr__(self, name: str) -> Any:
        """Return what the page at hand has under this name."""
        return getattr(self.here, name)


def stamp(edition: Edition, speech: Speech) -> StampWords:
    """Return the slots, with the date and interval in a language's words."""
    return StampWords(
        iso=STAMP_ISO.decode(),
        time=STAMP_TIME.decode(),
        date=speech.date(edition.facts.today),
        interval=speech.duration(int(edition.site.publish_every.total_seconds()), long=True),
    )


def unknown(speech: Speech, today: date) -> str:
    """Return what the script puts in the place of the answer once the site was not renewed in time."""
    made = speech.gettext("{date}, {time}", date=speech.date(today), time=STAMP_TIME.decode())
    return speech.gettext("Current state unknown. Last update: {time}.", time=made)


def _current(template: str, path: str, version: Version) -> str:
    """Return what a page is to an entry of the menu; every year is part of the history."""
    if path == version.path:
        return "page"
    return "true" if template == version.template else ""


def here(edition: Edition, assets: Assets, version: Version, menu: Iterable[tuple[str, str, str]]) -> Here:
    """Return where a page stands; `menu` has the template, label and path of each entry."""
    page, lang = version.page, version.lang
    addresses, speech = edition.addresses, edition.speeches[lang]
    own_feeds = feed_links(edition, lang, page.feeds_of) if page.feeds_of else []
    return Here(
        path=version.path,
        alternates=version.alternates,
        addresses=addresses,
        assets=assets,
        icon=assets.icons.showing(page.status),
        stamp=stamp(edition, speech),
        picture=picture(edition, lang, telling=page.telling),
        webmanifest=addresses.webmanifest(lang),
        fallback=version.fallback,
        overview=addresses.overview(lang),
        languages=tuple(edition.speeches.values()),
        others=tuple(other for code, other in edition.speeches.items() if code != lang),
        menu=tuple(MenuItem(label, path, _current(template, path, version)) for template, label, path in menu),
        feeds=(*feed_links(edition, lang), *own_feeds),
        calendar=calendar_link(edition, lang, page.feeds_of),
        logo=logo(edition, speech, assets.brand),
        links=links(edition, speech),
    )
