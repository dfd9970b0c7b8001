"""A real browser, and sites behind a server as strict as the one they are meant for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Site, Sites
from tests.browser.trees import TREES
from tests.browser.windows import Windows
from tests.conftest import Lagebild
from tests.programs import Npm, chromium

if TYPE_CHECKING:  # playwright may be absent; the tests that need it are skipped then
    from playwright.sync_api import Browser

POLICY = "; ".join(
    [
        "default-src 'none'",
        "connect-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
"""What the pages must do with (https://www.w3.org/TR/CSP3/)."""

FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
"""The browser speaks with the server of the tests and with nobody else."""

AXE = "axe-core@4.10.3"


class SiteHandler(SimpleHTTPRequestHandler):
    """A static file server with the content security policy, and with the site's own page for what is missing."""

    def end_headers(self) -> None:
        """Add the policy to whatever is answered."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's page where something is missing."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Keep quiet."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of loopback; the value is the origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def served(shipped_site: Path) -> Iterator[str]:
    """Serve the shipped site, and return its origin."""
    with serving(shipped_site) as origin:
        yield origin


@pytest.fixture(scope="session")
def sites(lagebild: Lagebild, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Return what builds a tree of `TREES` and serves its site, each once."""
    with ExitStack() as stack:

        @cache
        def site(name: str) -> Site:
            tree = TREES[name]
            folder = tmp_path_factory.mktemp(name)
            tree.plant(folder)
            built = lagebild("-C", folder, "build", "--now", tree.now)
            assert built.returncode == 0, built.stderr
            origin = stack.enter_context(serving(folder / "site"))
            return Site(name=name, tree=tree, folder=folder, origin=origin)

        yield site


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    """Return the windows of this module's tests."""
    opened = Windows(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium; of module scope, because its event loop would be in the way of other modules' tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test")
    program = chromium()
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe(npm: Npm) -> str:
    """Return the script of axe-core, the accessibility checker, from the npm registry."""
    return (npm(AXE) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
