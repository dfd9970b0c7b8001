"""How pages lie in their window: at every width and zoom, in both directions, with whatever a site may hold."""

from __future__ import annotations

from itertools import product

import pytest

from tests.browser.site import Sites
from tests.browser.trees import TREES
from tests.browser.windows import Look, Windows

WIDTHS = {"400 %": 320, "200 %": 640, "whole": 1280, "4K": 3840}
"""CSS pixels: a window of 1280 at a zoom of 400 % and 200 %, that window itself, and a large screen."""
LINE_LENGTH = 80
"""Characters, after Bringhurst and WCAG 1.4.8."""
HERE = [
    pytest.param(name, lang, page, id=f"{name}-{lang}-{page.partition('/')[0] or 'overview'}")
    for name, tree in TREES.items()
    for lang, page in product(tree.languages[:1], tree.pages)
]
"""A page of each kind, of every tree."""

STICKS_OUT = """() => {
  const {clientWidth, scrollWidth} = document.documentElement
  const scrolled = element => element && (getComputedStyle(element).overflowX !== 'visible'
    || scrolled(element.parentElement))
  const beyond = element => {
    const {left, right} = element.getBoundingClientRect()
    return (right > clientWidth + 1 || left < -1) && !scrolled(element)
  }
  const found = [...document.querySelectorAll('body, body *')].filter(beyond)
  const named = found.map(element => `${element.tagName}.${element.getAttribute('class')}`)
  return scrollWidth > clientWidth ? [`wider by ${scrollWidth - clientWidth}`, ...named] : named
}"""
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(element => {
  const {overflowX, clipPath} = getComputedStyle(element)
  return ['hidden', 'clip'].includes(overflowX) && clipPath === 'none' && !(element instanceof SVGElement)
    && element.scrollWidth > element.clientWidth + 1
}).map(element => `${element.tagName}.${element.getAttribute('class')}`)"""
LINES = """() => {
  const longest = element => {
    let length = 0, line = 0, top = null
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      for (const {0: word, index} of text.data.matchAll(/\\S+\\s*/g)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        const [box] = range.getClientRects()
        if (!box) continue
        if (top === null || Math.abs(box.top - top) > box.height / 2) line = 0
        top = box.top
        length = Math.max(length, line + word.trimEnd().length)
        line += word.trimEnd().length + 1
      }
    }
    return length
  }
  return [...document.querySelectorAll('main p, main .prose li, main dd')]
    .map(element => [longest(element), element.innerText.slice(0, 60)])
}"""


@pytest.mark.parametrize(("name", "lang", "page"), HERE)
def test_nothing_sticks_out(windows: Windows, sites: Sites, name: str, lang: str, page: str) -> None:
    """At every width no element is wider than the window, but for those that scroll by themselves."""
    site = sites(name)
    window = windows.visit(site.url(lang, page), Look(width=320), now=site.now).page

    found = {}
    for zoom, width in WIDTHS.items():
        window.set_viewport_size({"width": width, "height": 800})
        found[zoom] = window.evaluate(STICKS_OUT) + window.evaluate(CUT_OFF)

    assert {zoom: elements for zoom, elements in found.items() if elements} == {}


def test_a_state_in_many_words_wraps(windows: Windows, sites: Sites) -> None:
    """The state of a service goes on on another line where it says much; it makes no page wider."""
    site = sites("outage")
    window = windows.visit(site.url("fr"), Look(width=320), now=site.now).page

    window.evaluate("""document.querySelectorAll('.service .status').forEach(state => {
      state.lastChild.data = ' Panne partielle (dans certains cas) (sans confirmation récente)'
    })""")

    assert window.evaluate(STICKS_OUT) == []


def test_what_sticks_out_is_noticed(windows: Windows, sites: Sites) -> None:
    """An element that is planted too wide is found, and so is one that cuts its text off."""
    window = windows.visit(sites("calm").url("en"), Look(width=320)).page
    window.set_viewport_size({"width": 320, "height": 800})
    window.evaluate("""() => {
      document.querySelector('main').innerHTML = '<p class="wide">x</p><p class="cut"><code>xxxxxxxxxxxx</code></p>'
      document.querySelector('.wide').style.width = '500px'
      Object.assign(document.querySelector('.cut').style, {width: '1em', overflow: 'hidden'})
      document.querySelector('.cut code').style.whiteSpace = 'pre'
      document.querySelector('.cut code').style.overflowWrap = 'normal'
    }""")

    (excess, *too_wide), cut_off = window.evaluate(STICKS_OUT), window.evaluate(CUT_OFF)

    assert excess.startswith("wider by ")
    assert (too_wide, cut_off) == (["P.wide"], ["P.cut"])


@pytest.mark.parametrize(("name", "page"), [("outage", page) for page in TREES["outage"].pages] + [("six-open", "")])
@pytest.mark.parametrize("width", [1280, 3840])
def test_lines_are_not_too_long_to_read(windows: Windows, sites: Sites, name: str, page: str, width: int) -> None:
    """However wide the window, a line of prose has at most 80 characters."""
    site = sites(name)
    window = windows.visit(site.url("en", page), Look(width=width), now=site.now).page

    lines = window.evaluate(LINES)

    assert lines != []
    assert [(length, text) for length, text in lines if length > LINE_LENGTH] == []


@pytest.mark.parametrize("page", TREES["outage"].pages)
@pytest.mark.parametrize("lang", ["de", "fr", "en"])
def test_words_may_be_hyphenated(windows: Windows, sites: Sites, lang: str, page: str) -> None:
    """Headings and prose are hyphenated by the rules of a language that is declared; code never is."""
    site = sites("outage")
    window = windows.visit(site.url(lang, page), Look(width=320), now=site.now).page
    hyphens = "elements => [...new Set(elements.map(element => getComputedStyle(element).hyphens))]"

    prose = window.locator("main :is(h1, h2, h3, p, dd, li)").evaluate_all(hyphens)
    code = window.locator("code").evaluate_all(hyphens)

    assert (window.locator("html").get_attribute("lang") or "").startswith(lang)
    assert prose == ["auto"]
    assert code in ([], ["none"])


def test_the_title_is_as_long_as_any(sites: Sites) -> None:
    """The title that these tests lay out has 300 characters."""
    site = sites("long-words")

    (incident,) = site.status["incidents"]["open"]

    assert len(incident["title"]["de"]) == 300


def test_arabic_runs_from_right_to_left(windows: Windows, sites: Sites) -> None:
    """An Arabic page declares its direction, and begins at the right."""
    site = sites("arabic")
    window = windows.visit(site.url("ar"), Look(), now=site.now).page
    middle = 1280 / 2

    box = window.locator("main h2").first.bounding_box()

    assert window.locator("html").get_attribute("dir") == "rtl"
    assert box is not None
    assert box["x"] + box["width"] / 2 > middle


def test_pictures_of_time_run_with_the_text(windows: Windows, sites: Sites) -> None:
    """Where text runs from right to left, later days stand further to the left in a picture, else to the right."""
    site = sites("arabic")
    places = """pictures => pictures.map(
      picture => [...picture.querySelectorAll('rect')].map(bar => bar.getBoundingClientRect().left)
    ).filter(bars => bars.length > 1)"""

    found = {}
    for lang in ("de", "ar"):
        window = windows.visit(site.url(lang), Look(), now=site.now).page
        found[lang] = window.locator("svg[role=img]").evaluate_all(places)

    assert found["de"] != []
    assert found["de"] == [sorted(bars) for bars in found["de"]]
    assert found["ar"] == [sorted(bars, reverse=True) for bars in found["ar"]]


def test_arrows_point_where_they_lead(windows: Windows, sites: Sites) -> None:
    """Where text runs from right to left, what came before lies to the right, and its arrow points there."""
    site = sites("arabic")
    window = windows.visit(site.url("ar", site.tree.incident), Look(), now=site.now).page

    former = window.locator("main [rel=prev]").inner_text()

    assert "←" not in former
