"""Browser windows as visitors set them up, and what a browser notes while a page is open in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from tests.conftest import SHIPPED_AT

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
NOW = datetime.fromisoformat(SHIPPED_AT)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a visitor prefers."""

    scheme: Scheme = "light"
    width: int = 1280
    script: bool = True
    forced_colours: bool = False
    reduced_motion: bool = False
    style: bool = True
    """Whether style sheets arrive."""
    slow: bool = False
    """Script, icon and whatever else the page can do without never arrive."""


@dataclass(kw_only=True)
class Visit:
    """A page that was opened, and what the browser noted meanwhile."""

    path: str
    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, uncaught errors, requests that failed."""
    requests: list[Request] = field(default_factory=list)


class Windows:
    """Windows by what their visitor prefers, each opened once and then led from page to page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: dict[Look, tuple[Page, Visit]] = {}

    def visit(self, url: str, look: Look, *, now: datetime = NOW) -> Visit:
        """Lead a window to an address, as of an instant, and wait for whatever the page's script fetches."""
        page, visit = self._open.get(look) or self._opened(look)
        visit.path = urlsplit(url).path
        visit.complaints.clear()
        visit.requests.clear()
        page.clock.set_fixed_time(now)
        page.goto(url, wait_until="commit" if look.slow else "load")
        if not look.slow:
            for request in visit.requests:
                request.response()
        return visit

    def close(self) -> None:
        """Close all windows; the next visit opens a new one, which knows nothing of the former."""
        for page, _ in self._open.values():
            page.context.close()
        self._open.clear()

    def _opened(self, look: Look) -> tuple[Page, Visit]:
        context = self._browser.new_context(
            viewport={"width": look.width, "height": 800},
            color_scheme=look.scheme,
            java_script_enabled=look.script,
            forced_colors="active" if look.forced_colours else "none",
            reduced_motion="reduce" if look.reduced_motion else "no-preference",
            timezone_id="Europe/Zurich",
        )
        page = context.new_page()
        visit = Visit(path="", page=page)
        if not look.style:
            page.route("**/*.css", lambda route: route.abort())
        if look.slow:
            page.route("**/*", documents_and_styles_only())
        listen(page, visit)
        self._open[look] = page, visit
        return page, visit


def listen(page: Page, visit: Visit) -> None:
    """Note what the browser says about a page."""

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.complaints.append(f"{message.text} ({message.location.get('url')})")

    page.on("console", note_console)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("requestfailed", lambda request: visit.complaints.append(f"failed: {request.url}"))
    page.on("request", lambda request: visit.requests.append(request))


def documents_and_styles_only() -> Callable[[Route], None]:
    """Return what lets pages and style sheets through, and never answers anything else."""

    def decide(route: Route) -> None:
        if route.request.resource_type in {"document", "stylesheet"}:
            route.continue_()

    return decide
