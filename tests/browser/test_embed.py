"""What a customer's own site shows of the status, in a real browser and under the policies of both sites."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from generator.formats.hosting import EMBED_POLICY, POLICY
from tests.conftest import SHIPPED_AT, Lagebild

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Browser, Page, Request

NOW = datetime.fromisoformat(SHIPPED_AT)
LATE = NOW + timedelta(minutes=45)
"""The site is due to be renewed every 15 minutes, and to be believed for twice as long."""
SENTENCES = {
    "de": "Ausgefallen: Suche im Archiv. Alles andere funktioniert.",
    "fr": "En panne\N{NARROW NO-BREAK SPACE}: recherche dans les archives. Tout le reste fonctionne.",
    "en": "Not working: searching the archive. Everything else works.",
}
UNKNOWN = re.compile(r"^Status unknown since 20 Feb 2024, 09:30\.")
ANSWERS = Path(__file__).parents[1] / "spec" / "answers.md"
HOSTILE = "<img src=x onerror=alert(1)>"
PREVIOUS = "Our status page"
"""What stands on the customer's page until the script has something better."""
VIOLATIONS = """async () => (await axe.run({resultTypes: ['violations']})).violations.map(
  violation => `${violation.id}: ${violation.nodes.map(node => node.target.join(' ')).join(', ')}`
)"""
Scheme = Literal["light", "dark"]


class StatusHandler(SimpleHTTPRequestHandler):
    """The status site, with the headers that docs/hosting sets."""

    def end_headers(self) -> None:
        """Add the policy of the address, and let every site read what is made for programs."""
        path = urlsplit(self.path).path
        self.send_header("Content-Security-Policy", EMBED_POLICY if path.startswith("/embed/") else POLICY)
        if path.endswith(".json") or path == "/embed/status.js":
            self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Keep quiet."""


class CustomerHandler(BaseHTTPRequestHandler):
    """A customer's site: every address shows the page it asks for, under a policy that trusts the status site alone."""

    def __init__(self, status: str, *arguments: object) -> None:
        self._status = status
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer `/frame/<lang>` with a frame, and `/script/<lang>` with the script."""
        _, kind, lang = self.path.split("/")
        status = self._status
        frame = f'<iframe src="{status}/embed/{lang}/" title="Status" width="400" height="220"></iframe>'
        script = f'<script src="{status}/embed/status.js" data-lang="{lang}" defer></script>'
        shown = f"<p data-lagebild>{PREVIOUS}</p>"
        head, body = {"frame": ("", frame), "script": (script, shown)}[kind]
        page = f'<!doctype html><html lang="en"><head><title>C</title>{head}</head><body>{body}</body></html>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {status}; connect-src {status}; frame-src {status};"
            " require-trusted-types-for 'script'",
        )
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Keep quiet."""


@contextmanager
def serving(handler: partial[StatusHandler] | partial[CustomerHandler]) -> Iterator[str]:
    """Serve on a free port of loopback; the value is the origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass(frozen=True, kw_only=True)
class Sites:
    """The origins of the two sites."""

    status: str
    customer: str


@contextmanager
def both(folder: Path) -> Iterator[Sites]:
    """Serve a built site, and a customer's that shows it."""
    with (
        serving(partial(StatusHandler, directory=str(folder))) as status,
        serving(partial(CustomerHandler, status)) as customer,
    ):
        yield Sites(status=status, customer=customer)


@pytest.fixture(scope="module")
def sites(shipped_site: Path) -> Iterator[Sites]:
    """Serve the shipped site and a customer's."""
    with both(shipped_site) as served:
        yield served


@pytest.fixture(scope="module")
def hostile(lagebild: Lagebild, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Serve the site with a task whose name looks like markup, and a customer's."""
    tree = tmp_path_factory.mktemp("hostile")
    shutil.copytree(checkout / "incidents", tree / "incidents")
    config = (checkout / "status.yaml").read_text(encoding="utf-8")
    assert "en: searching the archive}" in config
    hostile_config = config.replace("en: searching the archive}", f'en: "{HOSTILE}"}}')
    (tree / "status.yaml").write_text(hostile_config, encoding="utf-8")
    built = lagebild("-C", tree, "build", "--now", SHIPPED_AT)
    assert built.returncode == 0, built.stderr
    with both(tree / "site") as served:
        yield served


@contextmanager
def opened(browser: Browser, *, at: datetime = NOW, script: bool = True, scheme: Scheme = "light") -> Iterator[Page]:
    """Open an empty page whose clock stands at an instant, and that fails the test if a script throws."""
    context = browser.new_context(
        viewport={"width": 320, "height": 600},
        color_scheme=scheme,
        java_script_enabled=script,
        timezone_id="Europe/Zurich",
    )
    page = context.new_page()
    page.clock.install(time=at)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("dialog", lambda dialog: thrown.append(f"dialog: {dialog.message}"))
    yield page
    context.close()
    assert thrown == []


def wait(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the sentence on the customer's page is or begins with a text."""
    from playwright.sync_api import expect

    wanted = text if isinstance(text, re.Pattern) else re.compile(f"^{re.escape(text)}")
    expect(page.locator("[data-lagebild]")).to_have_text(wanted)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("lang", SENTENCES)
def test_a_frame_shows_the_sentence(browser: Browser, sites: Sites, lang: str, script: bool) -> None:
    """On another origin the page shows the sentence, the state and its time, with and without JavaScript."""
    with opened(browser, script=script) as page:
        page.goto(f"{sites.customer}/frame/{lang}")
        frame = page.frame_locator("iframe")

        heading = frame.get_by_role("heading", level=1).inner_text()

        assert heading == SENTENCES[lang]
        assert frame.locator(".mark--major_outage").count() == 1
        assert frame.locator(".stale").is_hidden()


def test_a_frame_is_as_high_as_the_docs_say(browser: Browser, sites: Sites) -> None:
    """Nothing of the page is cut off or scrolls in a frame of 300 by 220."""
    with opened(browser) as page:
        page.set_viewport_size({"width": 300, "height": 220})
        for lang in SENTENCES:
            page.goto(f"{sites.status}/embed/{lang}/")
            root = "document.documentElement"
            excess = page.evaluate(f"[{root}.scrollWidth - {root}.clientWidth, {root}.scrollHeight - innerHeight]")
            assert excess == [0, 0], lang


def test_the_longest_headline_fits_into_the_frame_of_the_docs(browser: Browser, sites: Sites) -> None:
    """In each language, the longest answer that editors have read does not scroll in a frame of 400 by 280."""
    answers = ANSWERS.read_text("utf-8")
    with opened(browser) as page:
        page.set_viewport_size({"width": 400, "height": 280})
        for lang in SENTENCES:
            longest = max(re.findall(rf"^- \*\*{lang}\*\* (.+)$", answers, re.MULTILINE), key=len)
            page.goto(f"{sites.status}/embed/{lang}/")
            page.locator("h1").evaluate(
                "(h1, text) => { h1.textContent = text; h1.classList.add('embed__answer--long') }", longest
            )

            assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0, lang


def test_a_long_word_breaks_in_a_frame(browser: Browser, sites: Sites) -> None:
    """A name without a space is broken where the frame ends, in every part of the page."""
    with opened(browser) as page:
        page.set_viewport_size({"width": 300, "height": 220})
        page.goto(f"{sites.status}/embed/de/")
        for part in (".embed__name", ".embed__answer", ".embed__note"):
            page.locator(part).first.evaluate("element => element.prepend('Donaudampfschiff'.repeat(6))")

            assert page.evaluate("document.documentElement.scrollWidth") == 300, part


def test_a_late_frame_says_so(browser: Browser, sites: Sites) -> None:
    """Once the site is late, the page in the frame warns."""
    with opened(browser, at=LATE) as page:
        page.goto(f"{sites.customer}/frame/en")

        warning = page.frame_locator("iframe").locator(".stale")
        warning.wait_for(state="visible")

        assert warning.inner_text().startswith("This page is no longer being updated")


def test_the_link_leaves_the_frame(browser: Browser, sites: Sites) -> None:
    """The link in the frame opens the overview in a page of its own."""
    with opened(browser) as page:
        page.goto(f"{sites.customer}/frame/de")

        with page.context.expect_page() as other:
            page.frame_locator("iframe").get_by_role("link").click()

        other.value.wait_for_url(f"{sites.status}/de/")
        assert other.value.evaluate("window.opener") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", SENTENCES)
def test_the_page_is_accessible(browser: Browser, sites: Sites, axe: str, lang: str, scheme: Scheme) -> None:
    """axe-core finds nothing to object to, in light and dark."""
    with opened(browser, scheme=scheme) as page:
        page.goto(f"{sites.status}/embed/{lang}/")
        page.evaluate(axe)

        assert page.evaluate(VIOLATIONS) == []


def test_dark_is_another_picture(browser: Browser, sites: Sites) -> None:
    """Who prefers dark pages gets another background in the frame."""
    backgrounds = set()
    for scheme in ("light", "dark"):
        with opened(browser, scheme=scheme) as page:
            page.goto(f"{sites.status}/embed/de/")
            backgrounds.add(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    assert len(backgrounds) == 2


@pytest.mark.parametrize("lang", SENTENCES)
def test_the_script_writes_the_sentence(browser: Browser, sites: Sites, lang: str) -> None:
    """On a foreign origin the script writes the sentence, with its language, its state and a link to the overview."""
    with opened(browser) as page:
        page.goto(f"{sites.customer}/script/{lang}")
        wait(page, SENTENCES[lang])

        place = page.locator("[data-lagebild]")
        link = place.get_by_role("link")

        assert (place.get_attribute("lang") or "").startswith(lang)
        assert place.get_attribute("data-lagebild") == "major_outage"
        assert link.get_attribute("href") == f"{sites.status}/{lang}/"
        assert link.inner_text().strip() != ""


def test_the_script_leaves_no_trace(browser: Browser, sites: Sites) -> None:
    """The script asks the status site alone, tells it no address, and keeps nothing on the machine."""
    requests: list[Request] = []
    with opened(browser) as page:
        page.on("request", lambda request: requests.append(request))
        page.goto(f"{sites.customer}/script/en")
        wait(page, SENTENCES["en"])

        asked = [(request.url, request.all_headers()) for request in requests]
        fetched = {url: headers for url, headers in asked if url.endswith(".json")}
        kept = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")

        assert set(fetched) == {f"{sites.status}/heartbeat.json", f"{sites.status}/embed/en/sentence.json"}
        assert [url for url, headers in fetched.items() if {"referer", "cookie"} & set(headers)] == []
        assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url, _ in asked} == {
            sites.status,
            sites.customer,
        }
        assert kept == ["", 0, 0]
        assert page.context.cookies() == []


def test_the_script_tells_a_late_site(browser: Browser, sites: Sites) -> None:
    """Past the heartbeat's `next_update_before` the script says that nothing is known, and since when."""
    with opened(browser, at=LATE) as page:
        page.goto(f"{sites.customer}/script/en")

        wait(page, UNKNOWN)

        assert page.locator("[data-lagebild]").get_attribute("data-lagebild") == "unknown"
        assert SENTENCES["en"] not in page.locator("[data-lagebild]").inner_text()


@pytest.mark.parametrize("reachable", [True, False], ids=["reachable", "unreachable"])
def test_a_page_left_open_tells_that_the_site_fell_silent(browser: Browser, sites: Sites, reachable: bool) -> None:
    """On a page left open a sentence is believed no longer than its heartbeat, even if the site stops answering."""
    with opened(browser) as page:
        page.goto(f"{sites.customer}/script/en")
        wait(page, SENTENCES["en"])
        if not reachable:
            page.route("**/*.json", lambda route: route.abort())

        page.clock.fast_forward("45:00")

        wait(page, UNKNOWN)


def test_a_failure_is_silent(browser: Browser, sites: Sites) -> None:
    """Where the site has no such language, or does not answer, what stands on the customer's page stays."""
    with opened(browser) as page:
        with page.expect_response("**/embed/xx/sentence.json") as answer:
            page.goto(f"{sites.customer}/script/xx")
        answer.value.finished()
        missing = page.locator("[data-lagebild]").inner_text()
        page.route("**/*.json", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.goto(f"{sites.customer}/script/en")
        silent = page.locator("[data-lagebild]").inner_text()

        assert (missing, silent) == (PREVIOUS, PREVIOUS)


def test_a_hostile_name_is_text(browser: Browser, hostile: Sites) -> None:
    """A name that looks like markup is read as it is written, in the frame and on the customer's page."""
    with opened(browser) as page:
        page.goto(f"{hostile.customer}/script/en")
        wait(page, f"Not working: {HOSTILE}. Everything else works.")
        elements = page.locator("[data-lagebild] img").count()
        page.goto(f"{hostile.customer}/frame/en")
        frame = page.frame_locator("iframe")

        heading = frame.get_by_role("heading", level=1).inner_text()

        assert (heading, elements, frame.locator("img").count()) == (
            f"Not working: {HOSTILE}. Everything else works.",
            0,
            0,
        )
