"""What every page keeps to in a real browser, in each language, light and dark, narrow and wide."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from tests.browser.trees import LANGUAGES
from tests.browser.windows import SCHEMES, Look, Visit, Windows

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
LOOKS = (Look(scheme="light"), Look(scheme="dark", width=320))

SHIFTED = """() => new Promise(resolve => {
  let sum = 0
  const add = list => list.getEntries().forEach(entry => { sum += entry.value })
  new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true})
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 20)))
})"""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((path, look), id=f"{path}-{look.scheme}-{look.width}") for path, look in product(PATHS, LOOKS)
    ],
)
def visit(request: pytest.FixtureRequest, windows: Windows, served: str) -> Visit:
    """Open a page in one scheme and width; the tests below share the visit."""
    path, look = request.param
    return windows.visit(served + path, look)


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


def test_a_shift_is_noticed(windows: Windows, served: str) -> None:
    """What pushes the page down after it was drawn, as a late notice would, counts."""
    page = windows.visit(served + "/en/", Look()).page
    before = page.evaluate(SHIFTED)

    page.evaluate("""() => {
      const late = document.createElement('p')
      late.style.height = '200px'
      document.querySelector('main').prepend(late)
    }""")

    assert before == 0
    assert page.evaluate(SHIFTED) > 0


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


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("here", "there"), [("de", "fr"), ("fr", "en"), ("en", "de")])
def test_language_switch_stays_on_the_page(windows: Windows, served: str, here: str, there: str, page: str) -> None:
    """The language switch leads to the same page in the other language."""
    visit = windows.visit(f"{served}/{here}/{page}", Look())

    visit.page.locator(f'body a[hreflang^="{there}"]').first.click()
    visit.page.wait_for_url(f"{served}/{there}/{page}")

    assert (visit.page.locator("html").get_attribute("lang") or "").startswith(there)


@pytest.mark.parametrize("page", ["", INCIDENT, "services/mail-archive/"])
@pytest.mark.parametrize(("language", "since"), [("de", "19. Februar"), ("fr", "19 février"), ("en", "19 February")])
def test_works_without_script(windows: Windows, served: str, language: str, since: str, page: str) -> None:
    """Without JavaScript a page says what is down and since when."""
    visit = windows.visit(f"{served}/{language}/{page}", Look(script=False))

    text = visit.page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")

    assert "Mail Archive" in text
    assert since in text


def test_dark_is_another_picture(windows: Windows, served: str) -> None:
    """Who prefers dark pages gets another background."""
    backgrounds = set()
    for scheme in SCHEMES:
        visit = windows.visit(f"{served}/de/", Look(scheme=scheme))
        backgrounds.add(visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    assert len(backgrounds) == len(SCHEMES)


@pytest.mark.parametrize("missing", ["/nothing", "/de/services/nothing/", "/de/incidents/1999/nothing/deeper/"])
def test_missing_page_is_styled_at_any_depth(windows: Windows, served: str, missing: str) -> None:
    """The page for what is missing finds its stylesheet from every address."""
    visit = windows.visit(served + missing, Look())

    loaded = visit.page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)")

    assert loaded != []
    assert all(loaded)


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
