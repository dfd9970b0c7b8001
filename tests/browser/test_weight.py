"""What a page weighs on its way to a phone, and what a browser asks for to show it."""

from __future__ import annotations

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest

from bench.weights import weigh
from tests.browser.site import Site, Sites
from tests.browser.trees import LANGUAGES, TREES
from tests.browser.windows import Look, Visit, Windows

OVERVIEW_BYTES = 9_000
"""Well within the first round trip of ten packets (RFC 6928)."""
INCIDENT_BYTES = 6_000
NEEDED = ("document", "stylesheet", "script", "fetch")
LIGHT = ("", TREES["outage"].incident)
"""Pages that do with one style sheet; those one goes to for more have a second."""
NAMED = """() => {
  const named = 'link[rel=stylesheet], link[rel=icon], link[rel=manifest], script[src], img[src]'
  return [...document.querySelectorAll(named)].map(({href, src}) => href || src)
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_overview_is_light(sites: Sites, language: str) -> None:
    """While an outage is open the overview, with its style sheet, comes in one round trip after gzip."""
    weight = weigh(sites("outage").file(language))

    assert weight.styles > 0
    assert weight.needed <= OVERVIEW_BYTES, weight


@pytest.mark.parametrize("language", LANGUAGES)
def test_incident_is_light(sites: Sites, language: str) -> None:
    """An incident's page, with its style sheet, is less than half as heavy."""
    site = sites("outage")

    weight = weigh(site.file(language, site.tree.incident))

    assert weight.needed <= INCIDENT_BYTES, weight


def first_visit(windows: Windows, site: Site, page: str) -> Visit:
    """Open a page in a window that has nothing in its cache."""
    windows.close()
    return windows.visit(site.url("en", page), Look(), now=site.now)


@pytest.mark.parametrize("page", TREES["outage"].pages)
def test_requests(windows: Windows, sites: Sites, page: str) -> None:
    """A browser asks for page, style sheet, script and heartbeat, once each, and for what the page names."""
    site = sites("outage")
    visit = first_visit(windows, site, page)
    named = {urljoin(visit.page.url, address) for address in visit.page.evaluate(NAMED)}

    asked = [(request.resource_type, request.url) for request in visit.requests]

    needed = [(kind, url) for kind, url in asked if kind in NEEDED]
    fonts = {url for kind, url in asked if kind == "font" and url.startswith(f"{site.origin}/assets/")}
    sheets = [kind for kind, _ in needed].count("stylesheet")
    assert [kind for kind, _ in needed if kind != "stylesheet"] == [kind for kind in NEEDED if kind != "stylesheet"]
    assert sheets == (1 if page in LIGHT else 2)
    assert urlsplit(needed[0][1]).path == visit.path
    assert needed[-1][1] == f"{site.origin}/heartbeat.json"
    assert {url for _, url in asked[1:]} - named - fonts == {needed[-1][1]}


@pytest.mark.parametrize(("language", "kind"), list(product(LANGUAGES, ("", TREES["outage"].incident))))
def test_nothing_is_named_that_is_not_there(sites: Sites, language: str, kind: str) -> None:
    """What a page makes a browser load lies beside it in the site."""
    weight = weigh(sites("outage").file(language, kind))

    assert weight.requests >= len(NEEDED) - 1
    assert min(weight.page, weight.styles, weight.scripts, weight.icons) > 0
