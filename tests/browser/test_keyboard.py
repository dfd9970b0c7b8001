"""The way of the Tab key through a page, as a screen reader tells it: one line a stop, in walks/<page>.<lang>.txt.

`make golden` accepts what the ways have become; read the difference in git before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Sites
from tests.browser.trees import LANGUAGES
from tests.browser.windows import Look, Windows

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import CDPSession, Page

WALKS = Path(__file__).parent / "walks"
ACCEPT = os.environ.get("GOLDEN") == "accept"
STOPS = 60
"""No way is longer."""

SEEN = """() => {
  const element = document.activeElement
  const {outlineStyle, outlineWidth, clipPath} = getComputedStyle(element)
  const {top, left, bottom, right, width, height} = element.getBoundingClientRect()
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && clipPath === 'none' && width > 1 && height > 1
    && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An element that the Tab key leads to."""

    role: str
    name: str
    seen: bool
    """Whether it is in the window and outlined."""

    def __str__(self) -> str:
        return f"{self.role}: {self.name}"


def walk(page: Page, key: str = "Tab") -> Iterator[Stop]:
    """Press the key until it has led through the whole page, and yield where it stops."""
    session = page.context.new_cdp_session(page)
    for _ in range(2 * STOPS):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            return
        role, name = spoken(session)
        yield Stop(role=role, name=name, seen=page.evaluate(SEEN))
    pytest.fail(f"after {2 * STOPS} stops the way still goes on")


def spoken(session: CDPSession) -> tuple[str, str]:
    """Return role and name of what has the focus, as Chromium tells them to a screen reader."""
    element = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    tree = session.send("Accessibility.getPartialAXTree", {"objectId": element, "fetchRelatives": False})
    (node,) = tree["nodes"]
    return str(node["role"]["value"]), str(node["name"]["value"])


@pytest.fixture(params=list(product(("overview", "incident"), LANGUAGES)), ids="-".join)
def way(request: pytest.FixtureRequest, windows: Windows, sites: Sites) -> tuple[str, Page]:
    """Open a page at its beginning, and return the name of its way too."""
    (kind, lang), site = request.param, sites("outage")
    url = site.url(lang, site.tree.incident if kind == "incident" else "")
    windows.close()
    return f"{kind}.{lang}", windows.visit(url, Look(), now=site.now).page


def test_the_way_is_the_recorded_one(way: tuple[str, Page]) -> None:
    """Every stop is outlined and in the window, has a name, and is the one on record; there are at most 60."""
    name, page = way
    record = WALKS / f"{name}.txt"

    stops = list(walk(page))

    told = "".join(f"{stop}\n" for stop in stops)
    if ACCEPT:
        record.parent.mkdir(exist_ok=True)
        record.write_text(told, "utf-8")
    assert [str(stop) for stop in stops if not stop.seen or not stop.name] == []
    assert len(stops) <= STOPS
    assert told.splitlines() == record.read_text("utf-8").splitlines(), "If all of this is meant: make golden"


def test_the_way_back_is_the_same(way: tuple[str, Page]) -> None:
    """Backwards the keyboard stops at the same places: nothing holds it."""
    _, page = way
    there = [str(stop) for stop in walk(page)]

    back = [str(stop) for stop in islice(walk(page, "Shift+Tab"), len(there))]

    assert back == there[::-1]


def test_the_first_stop_skips_to_the_content(way: tuple[str, Page]) -> None:
    """The first stop is a link that shows itself and leads past the menus, to the first stop of the main part."""
    _, page = way
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.matches('a[href^=\"#\"]')"), page.evaluate(SEEN)

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert first == (True, True)
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
