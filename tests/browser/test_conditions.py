"""What a page is without what it usually has: colours of its own, a screen, motion, style, script, a fast line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.colours import contrast
from tests.browser.site import Site, Sites, missing
from tests.browser.trees import LANGUAGES, TREES
from tests.browser.windows import SCHEMES, Look, Scheme, Windows

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Page

SITES = ("calm", "six-open")
PAGES = TREES["outage"].pages
MARK_PIXELS, PICTURE_PIXELS = 32, 100
"""How high a mark beside a word, and a picture of its own, may be where no style sheet says so."""

MARKS = """() => [...document.querySelectorAll('main svg[aria-hidden=true]')].map(mark => {
  const shape = mark.querySelector('path, circle, rect, polygon')
  const {width, height} = mark.getBoundingClientRect()
  return {
    form: shape.tagName + shape.getAttribute('d'), size: Math.min(width, height),
    word: mark.parentElement.innerText.trim(), fill: getComputedStyle(shape).fill,
    ground: getComputedStyle(document.documentElement).backgroundColor,
  }
})"""
MOVING = """() => [...document.querySelectorAll('*')].flatMap(element =>
  ['', '::before', '::after'].map(part => [element, getComputedStyle(element, part || null)])
).filter(([, style]) => style.animationName !== 'none' || style.transitionDuration.split(', ').some(
  time => parseFloat(time) > 0.01) || style.scrollBehavior === 'smooth'
).map(([element]) => `${element.tagName}.${element.getAttribute('class')}`)"""
PICTURES = """() => [...document.querySelectorAll('svg, img')].filter(picture => {
  const {height} = picture.getBoundingClientRect()
  return height > (picture.getAttribute('aria-hidden') === 'true' ? $MARK : $PICTURE)
}).map(picture => `${picture.getAttribute('class')}: ${Math.round(picture.getBoundingClientRect().height)} px`)"""
DRAWN = """() => new Promise(resolve => {
  new PerformanceObserver(() => resolve(true)).observe({type: 'paint', buffered: true})
  setTimeout(() => resolve(false), 10000)
})"""


def lines(page: Page) -> list[str]:
    """Return what can be read in the main part, line by line, but not menus and what the script counts."""
    text = page.locator("main").evaluate("""main => {
      main.querySelectorAll('[data-since], nav, .noprint').forEach(element => element.remove())
      return main.innerText
    }""")
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


def overview(windows: Windows, site: Site, look: Look, lang: str = "en") -> Page:
    """Open the overview of a site."""
    return windows.visit(site.url(lang), look, now=site.now).page


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forced_colours_keep_shape_and_word(windows: Windows, sites: Sites, scheme: Scheme) -> None:
    """In colours that the visitor forces, each state stays a word and a visible shape of its own."""
    site = sites("six-open")
    page = overview(windows, site, Look(scheme=scheme, forced_colours=True))

    marks = page.evaluate(MARKS)

    words = set(site.words("en").values())
    named = {mark["word"]: mark["form"] for mark in marks if mark["word"] in words}
    assert len(named) == len(words)
    assert len(set(named.values())) == len(words)
    assert [mark for mark in marks if mark["size"] < 8 or contrast(mark["fill"], mark["ground"]) < 3] == []
    assert missing(page.locator("body").inner_text(), site.facts("en")) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forced_colours_keep_the_focus(windows: Windows, sites: Sites, scheme: Scheme) -> None:
    """In colours that the visitor forces, what has the focus is outlined in a colour that shows."""
    page = overview(windows, sites("six-open"), Look(scheme=scheme, forced_colours=True))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    outline = page.evaluate("""() => {
      const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(document.activeElement)
      return [outlineStyle, parseFloat(outlineWidth) >= 2,
              outlineColor !== getComputedStyle(document.documentElement).backgroundColor]
    }""")

    assert outline == ["solid", True, True]


@pytest.mark.parametrize("path", PAGES)
def test_print_has_everything(windows: Windows, sites: Sites, path: str) -> None:
    """On paper a page says all that it says on the screen but for its menus."""
    site = sites("outage")
    page = windows.visit(site.url("en", path), Look(), now=site.now).page
    page.emulate_media(media="print")
    on_paper = page.locator("main").inner_text()
    page.emulate_media(media="screen")

    on_screen = lines(page)

    assert on_screen != []
    assert missing(on_paper, on_screen) == []


@pytest.mark.parametrize("path", PAGES)
def test_print_has_no_menus(windows: Windows, sites: Sites, path: str) -> None:
    """On paper there is nothing to navigate with."""
    site = sites("outage")
    page = windows.visit(site.url("en", path), Look(), now=site.now).page

    page.emulate_media(media="print")
    menus = [menu.get_attribute("aria-label") for menu in page.locator("nav:visible, .skip:visible").all()]
    page.emulate_media(media="screen")

    assert menus == []


@pytest.mark.parametrize("path", PAGES)
def test_print_is_dark_on_white(windows: Windows, sites: Sites, path: str) -> None:
    """On paper text and links are dark, whatever the visitor prefers on a screen."""
    site = sites("outage")
    page = windows.visit(site.url("en", path), Look(), now=site.now).page

    page.emulate_media(media="print")
    colours = page.locator("main, main a, main p").evaluate_all(
        "all => [...new Set(all.map(element => getComputedStyle(element).color))]"
    )
    page.emulate_media(media="screen")

    assert colours != []
    assert [colour for colour in colours if contrast(colour, "#ffffff") < 7] == []


@pytest.mark.parametrize("path", PAGES)
def test_reduced_motion_is_stillness(windows: Windows, sites: Sites, path: str) -> None:
    """Nothing moves where the visitor asked for it, not even the page on its way to an anchor."""
    site = sites("outage")
    page = windows.visit(site.url("en", path), Look(reduced_motion=True), now=site.now).page

    moving = page.evaluate(MOVING)

    assert moving == []
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SITES)
def test_without_style_everything_is_told_in_order(windows: Windows, sites: Sites, name: str, lang: str) -> None:
    """Without a style sheet one reads the answer, what is open, and each service with its state in words."""
    site = sites(name)
    page = overview(windows, site, Look(style=False), lang)

    text = page.locator("body").inner_text()

    assert missing(text, site.facts(lang)) == []


@pytest.mark.parametrize("path", PAGES)
def test_without_style_nothing_is_lost(windows: Windows, sites: Sites, path: str) -> None:
    """Without a style sheet a page says every word that it says with one."""
    site = sites("outage")
    with_style = " ".join(lines(windows.visit(site.url("en", path), Look(), now=site.now).page)).split()

    without = " ".join(lines(windows.visit(site.url("en", path), Look(style=False), now=site.now).page)).split()

    assert {word for word in with_style if word.casefold() not in {other.casefold() for other in without}} == set()


@pytest.mark.parametrize("path", PAGES)
def test_without_style_pictures_stay_small(windows: Windows, sites: Sites, path: str) -> None:
    """Without a style sheet marks are as large as letters, and pictures leave room for what they illustrate."""
    site = sites("six-open")
    page = windows.visit(site.url("en", path), Look(style=False), now=site.now).page
    script = PICTURES.replace("$MARK", str(MARK_PIXELS)).replace("$PICTURE", str(PICTURE_PIXELS))

    giants = page.evaluate(script)

    assert giants == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SITES)
def test_without_script_everything_is_told(windows: Windows, sites: Sites, name: str, lang: str) -> None:
    """Without JavaScript the overview says all it has to say, and a page says what it says with it."""
    site = sites(name)
    with_script = lines(overview(windows, site, Look(), lang))

    page = windows.visit(site.url(lang), Look(script=False), now=site.now).page

    text = page.locator("main").inner_text()
    assert missing(text, site.facts(lang)) == []
    assert missing(text, with_script) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_slow_line_the_page_shows_at_once(windows: Windows, sites: Sites, lang: str) -> None:
    """Page and style sheet are enough: the page is drawn while script and icon are still on their way."""
    site = sites("outage")
    visit = windows.visit(site.url(lang), Look(slow=True), now=site.now)

    drawn = visit.page.evaluate(DRAWN)

    text = visit.page.locator("body").inner_text()
    waiting = [request.resource_type for request in visit.requests if request.timing["responseEnd"] < 0]
    assert drawn
    assert "script" in waiting
    assert missing(text, site.facts(lang)) == []
