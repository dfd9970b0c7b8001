"""The table of routes: every template has its line, and every page lies where the hosts' rules hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.formats import hosting
from generator.formats.html.page import versions
from generator.formats.html.routes import ROUTES, menu

NOW = "2024-02-20 09:00"
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"
APART = {"root", "404", "embed"}
"""Templates of pages that do not exist once in each language's folder."""


def test_every_template_has_its_route(checkout: Path) -> None:
    """A template below pages/ is that of one route, but for those that stand apart."""
    names = [path.stem for path in (checkout / "templates" / "pages").glob("*.html")]

    assert sorted([*(route.template for route in ROUTES), *APART]) == sorted(names)


def test_every_page_lies_under_the_hosts_rules(press: Any) -> None:
    """Every page of every route lies in the folder of its language, for which `_headers` sets a policy."""
    edition = press.edition(NOW, {"past": PAST})
    rules = press.files(hosting.outputs, edition)["_headers"].decode()

    found = [
        version
        for route in ROUTES
        for page in route.pages(edition)
        for version in versions(page, "", edition.languages)
    ]

    assert {version.stands_at.partition("/")[0] for version in found} == set(edition.languages)
    assert all(f"/{version.lang}/" in f"/{version.stands_at}" for version in found)
    assert all(
        f"{edition.addresses.rooted(f'{lang}/*')}\n  Content-Security-Policy: " in rules for lang in edition.languages
    )


def test_the_menu_follows_from_the_routes(press: Any) -> None:
    """The menu has the routes that name a place in it, in that order, each with its first page for the language."""
    edition = press.edition(NOW, {})

    assert menu(edition, "en") == [
        ("overview", "Overview", "en/"),
        ("history", "History", "en/history/2024/"),
        ("subscribe", "Subscribe", "en/subscribe/"),
    ]
