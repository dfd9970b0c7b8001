"""What every page keeps to in a real browser, in each language, light and dark, narrow and wide."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

NOW = datetime.fromisoformat("2024-02-20T09:00:00+01:00")
LANGUAGES = ("de", "fr", "en")
INCIDENT = "incidents/2024/2024-02-19-mail-archive-down/"
PAGES = (
    "",
    INCIDENT,
    "history/2024/",
    "history/2023/",
    "history/2023/services/domain-gateway/",
    "services/mail-archive/",
    "subscribe/",
)
PATHS = ("/", "/404.html", *(f"/{language}/{page}" for language in LANGUAGES for page in PAGES))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (320, 1280)

SHIFTED = """() => new Promise(resolve => {
  let sum = 0
  const add = list => list.getEntries().forEach(entry => { sum += entry.value })
  new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true})
  requestAnimationFrame(() => setTimeout(() => resolve(sum)))
})"""
VIOLATIONS = """async () => (await axe.run({resultTypes: ['violations']})).violations.map(
  violation => `${violation.id}: ${violation.nodes.map(node => node.target.join(' ')).join(', ')}`
)"""


@dataclass(kw_only=True)
class Visit:
    """A page that was opened, and what the browser noted meanwhile."""

    path: str
    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, uncaught errors, requests that failed."""
    requests: list[Request] = field(default_factory=list)


def open_page(browser: Browser, url: str, *, scheme: Scheme = "light", width: int = 1280, script: bool = True) -> Visit:
    """Open an address in a new context at `NOW`; the caller closes `visit.page.context`."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=script,
        timezone_id="Europe/Zurich",
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    visit = Visit(path=urlsplit(url).path, page=page)

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.complaints.append(f"{message.text} ({message.location.get('url')})")

    page.on("console", note_console)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("requestfailed", lambda request: visit.complaints.append(f"failed: {request.url}"))
    page.on("request", lambda request: visit.requests.append(request))
    page.goto(url)
    for request in visit.requests:
        request.response()  # waits for what the script still fetches
    return visit


@pytest.fixture(scope="module", params=list(product(PATHS, SCHEMES, WIDTHS)), ids=lambda it: "-".join(map(str, it)))
def visit(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Visit]:
    """Open a page in one scheme and width; the tests below share the visit."""
    path, scheme, width = request.param
    opened = open_page(browser, served + path, scheme=scheme, width=width)
    yield opened
    opened.page.context.close()


def test_nothing_overflows(visit: Visit) -> None:
    """A page is never wider than its window."""
    root = "document.documentElement"

    excess = visit.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")

    assert excess <= 0


def test_console_is_silent(visit: Visit) -> None:
    """The browser has nothing to complain about, under a strict content security policy."""
    assert visit.complaints == []


def test_nothing_comes_from_elsewhere(visit: Visit, served: str) -> None:
    """A page asks no other origin for anything."""
    addresses = [request.url for request in visit.requests]

    assert addresses != []
    assert [address for address in addresses if not address.startswith(served + "/")] == []


def test_nothing_shifts(visit: Visit) -> None:
    """What has been drawn stays where it is."""
    assert visit.page.evaluate(SHIFTED) == 0


def test_structure(visit: Visit) -> None:
    """A page has one first heading, which says something, and one main landmark."""
    headings = visit.page.locator("h1")
    mains = visit.page.get_by_role("main")

    assert headings.count() == 1
    assert headings.inner_text().strip()
    assert mains.count() == 1


def test_language_is_declared(visit: Visit) -> None:
    """`lang` of the document is the language of the address."""
    language = visit.path.split("/")[1]

    declared = visit.page.locator("html").get_attribute("lang") or ""

    primary = declared.partition("-")[0]
    assert primary == language if language in LANGUAGES else primary in LANGUAGES


def test_accessible(visit: Visit, axe: str) -> None:
    """axe-core finds nothing to object to."""
    visit.page.evaluate(axe)

    assert visit.page.evaluate(VIOLATIONS) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("here", "there"), [("de", "fr"), ("fr", "en"), ("en", "de")])
def test_language_switch_stays_on_the_page(browser: Browser, served: str, here: str, there: str, page: str) -> None:
    """The language switch leads to the same page in the other language."""
    visit = open_page(browser, f"{served}/{here}/{page}")

    visit.page.locator(f'body a[hreflang^="{there}"]').first.click()
    visit.page.wait_for_url(f"{served}/{there}/{page}")

    assert (visit.page.locator("html").get_attribute("lang") or "").startswith(there)
    visit.page.context.close()


@pytest.mark.parametrize("page", ["", INCIDENT, "services/mail-archive/"])
@pytest.mark.parametrize(
    ("language", "since"), [("de", "19. Februar 2024"), ("fr", "19 février 2024"), ("en", "19 February 2024")]
)
def test_works_without_script(browser: Browser, served: str, language: str, since: str, page: str) -> None:
    """Without JavaScript a page says what is down and since when."""
    visit = open_page(browser, f"{served}/{language}/{page}", script=False)

    text = visit.page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")

    assert "Mail Archive" in text
    assert since in text
    visit.page.context.close()


def test_dark_is_another_picture(browser: Browser, served: str) -> None:
    """Who prefers dark pages gets another background."""
    backgrounds = set()
    for scheme in SCHEMES:
        visit = open_page(browser, f"{served}/de/", scheme=scheme)
        backgrounds.add(visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
        visit.page.context.close()

    assert len(backgrounds) == len(SCHEMES)


@pytest.mark.parametrize("missing", ["/nothing", "/de/services/nothing/", "/de/incidents/1999/nothing/deeper/"])
def test_missing_page_is_styled_at_any_depth(browser: Browser, served: str, missing: str) -> None:
    """The page for what is missing finds its stylesheet from every address."""
    visit = open_page(browser, served + missing)

    loaded = visit.page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)")

    assert loaded != []
    assert all(loaded)
    visit.page.context.close()


class InlineFinder(HTMLParser):
    """Collects style and script that stand in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge one start tag."""
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}> at line {self.getpos()[0]}")
        self.found += [
            f"{name}= at line {self.getpos()[0]}" for name in names if name == "style" or name.startswith("on")
        ]


def test_no_page_has_style_or_script_in_it(shipped_site: Path) -> None:
    """Style and script come from files of their own, so that a strict policy holds."""
    pages = sorted(shipped_site.rglob("*.html"))

    found = {}
    for page in pages:
        finder = InlineFinder()
        finder.feed(page.read_text(encoding="utf-8"))
        found[page.relative_to(shipped_site).as_posix()] = finder.found

    assert len(found) > len(LANGUAGES) * len(PAGES)
    assert {page: inline for page, inline in found.items() if inline} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_overview_is_light(shipped_site: Path, language: str) -> None:
    """The overview with its stylesheet weighs at most 14 kB gzipped."""
    page = shipped_site / language / "index.html"
    html = page.read_text(encoding="utf-8")
    sheets = re.findall(r'<link[^>]*rel="?stylesheet"?[^>]*href="?([^"> ]+)', html)

    sizes = [len(gzip.compress((page.parent / sheet).read_bytes(), 9)) for sheet in [page.name, *sheets]]

    assert sheets != []
    assert sum(sizes) <= 14_000
