"""What the script adds to a page: the words of each day, the viewer's own time, and what is copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]
NOW = datetime.fromisoformat("2024-02-20T09:00:00+01:00")
INCIDENT = "incidents/2024/2024-02-12-sign-encrypt-delays/"


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Open]:
    """Return how to open a page for a viewer in a time zone; the contexts are closed afterwards."""
    contexts = []

    def open_page(path: str, zone: str = "Europe/Zurich") -> Page:
        context = browser.new_context(timezone_id=zone, permissions=["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.goto(f"{served}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_arrow_keys_read_the_days(visit: Open) -> None:
    """On the figures below the bars the arrow keys go from day to day, and Escape hides the words again."""
    page = visit("en/")
    row = page.locator(".service", has_text="Sign+Encrypt v1").first
    read = row.locator(".bars__read")

    page.keyboard.press("Tab")
    row.locator("summary").focus()
    latest = plain(read.inner_text())
    page.keyboard.press("ArrowRight")
    next_day = plain(read.inner_text())
    page.keyboard.press("Escape")

    assert latest.startswith("13 February: ")
    assert next_day == "14 February: no incidents"
    assert read.is_hidden()


def test_the_pointer_reads_the_days(visit: Open) -> None:
    """Under the pointer a bar says its day, within the window's edges."""
    page = visit("de/")
    row = page.locator(".service", has_text="Mail Archive").first
    row.scroll_into_view_if_needed()
    box = row.locator(".bars").bounding_box()

    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)

    read = row.locator(".bars__read")
    assert plain(read.inner_text()) == "20. Februar: Ausfall"
    assert read.bounding_box()["x"] + read.bounding_box()["width"] <= box["x"] + box["width"] + 1


def test_days_with_something_to_report_open_without_a_script_too(browser: Browser, served: str) -> None:
    """The figures open to the days, with links to what happened, without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/en/")
    row = page.locator(".service", has_text="Sign+Encrypt v1").first

    row.locator("summary").click()

    links = row.locator("li a")
    assert links.count() == 3
    assert links.first.get_attribute("href") == "incidents/2024/2024-02-13-incomplete-logs-and-delays/"
    context.close()


@pytest.mark.parametrize(
    ("zone", "own"),
    [("Europe/Zurich", []), ("Europe/Paris", []), ("America/New_York", [" (12\u00a0Feb,\u00a010:25\u00a0GMT-5)"])],
)
def test_the_viewers_own_time_stands_beside(visit: Open, zone: str, own: list[str]) -> None:
    """Where the viewer's clock differs from the site's, each exact time has the own one beside it, unbroken."""
    page = visit(f"en/{INCIDENT}", zone)

    assert page.locator(".timeline .own").all_text_contents() == own


def test_an_address_is_copied(visit: Open) -> None:
    """The button puts the whole address on the clipboard, and says so."""
    page = visit("fr/services/mail-archive/")
    button = page.get_by_role("button").first

    button.click()

    page.wait_for_function("button => button.textContent === 'Copié'", arg=button.element_handle())
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "https://status.example.ch/fr/services/mail-archive/feed.rss"


def test_a_stale_page_claims_nothing(browser: Browser, served: str) -> None:
    """Once the site was not renewed in time the answer says that nothing is known, and states lose their colour."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat("2099-01-01T09:00:00+01:00"))

    page.goto(f"{served}/en/")
    page.wait_for_selector(".is-stale")

    title = page.locator("h1").inner_text()
    assert re.fullmatch(r"Current state unknown\. Last update: .+, \d\d:\d\d\.", title)
    colours = page.locator(".status .mark").evaluate_all("marks => marks.map((mark) => getComputedStyle(mark).fill)")
    assert len(set(colours)) == 1
    assert page.locator(".stale").inner_text().startswith("This page is no longer being updated.")
    context.close()
