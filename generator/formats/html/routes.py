"""Routes: each kind of page with its template, the function that yields its pages, and its entry in the menu.

A page is a template and a line here: the menu and the sitemap follow from this table, and the hosts' rules hold for all
that lies in a language's folder. The root and 404.html speak every language at once and stand apart, and so does the
page for other sites' frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.formats.edition import Edition
from generator.formats.html.page import Page
from generator.formats.html.pages import history, incident, moved, overview, service, subscribe
from generator.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A link in the menu of every page."""

    place: int
    """Its place among the others, from 1."""
    label: str
    """A message of the catalogs."""
    address: Callable[[Edition, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A kind of page that exists in every language."""

    template: str
    """The name of its template below pages/."""
    pages: Callable[[Edition], Iterator[Page]]
    menu: MenuEntry | None = None


ROUTES = (
    Route(
        template="overview",
        pages=overview.pages,
        menu=MenuEntry(place=1, label=N_("Overview"), address=lambda made, lang: made.addresses.overview(lang)),
    ),
    Route(
        template="subscribe",
        pages=subscribe.pages,
        menu=MenuEntry(place=3, label=N_("Subscribe"), address=lambda made, lang: made.addresses.subscribe(lang)),
    ),
    Route(template="service", pages=service.pages),
    Route(
        template="history",
        pages=history.pages,
        menu=MenuEntry(
            place=2,
            label=N_("History"),
            address=lambda made, lang: made.addresses.history(lang, made.facts.today.year),
        ),
    ),
    Route(template="incident", pages=incident.pages),
    Route(template="moved", pages=moved.pages),
)
"""In the order of the sitemap."""


def menu(edition: Edition, lang: str) -> list[tuple[str, str, str]]:
    """Return the template, label and path of each entry of a language's menu, in order."""
    speech = edition.speeches[lang]
    found = sorted(((route.template, route.menu) for route in ROUTES if route.menu), key=lambda listed: listed[1].place)
    return [(template, speech.gettext(entry.label), entry.address(edition, lang)) for template, entry in found]
