"""Update the README's pictures: `python docs/screenshot.py`.

The shipped content is built as of a day on which the archive was down, served on this machine only, and opened in
Debian's Chromium; the browser's clock is set to the same time, so that the page does not count as out of date.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NOW = "2024-02-20T09:00:00+01:00"
LOCALES = {"de": "de-CH", "en": "en-GB"}
WIDTH, HEIGHT = 1280, 900
MOST_BYTES = 150_000
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
"""The browser speaks with this machine and with nobody else."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet."""


def build(tree: Path) -> Path:
    """Build the shipped content below `tree` and return the site's folder."""
    shutil.copy(ROOT / "status.yaml", tree)
    shutil.copytree(ROOT / "incidents", tree / "incidents")
    command = [sys.executable, "-m", "generator", "-C", str(tree), "build", "--now", NOW]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - the project's own command
    return tree / "site"


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on loopback and yield its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def take(origin: str, program: str) -> Iterator[Path]:
    """Take a picture of each overview; yield where each lies."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for lang, locale in LOCALES.items():
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                locale=locale,
                timezone_id="Europe/Zurich",
                color_scheme="light",
            )
            page.clock.set_fixed_time(NOW)
            page.goto(f"{origin}/{lang}/", wait_until="networkidle")
            path = ROOT / "docs" / f"overview-{lang}.png"
            page.screenshot(path=path)
            page.close()
            yield path
        browser.close()


def main() -> None:
    """Take the pictures, or say what is missing."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("docs/screenshot.py: there is no Chromium on this machine: apt-get install chromium")
    with TemporaryDirectory(prefix="lagebild-") as folder, served(build(Path(folder))) as origin:
        for path in take(origin, program):
            size = path.stat().st_size
            print(f"{path.relative_to(ROOT)}: {size:,} bytes", file=sys.stderr)
            if size > MOST_BYTES:
                sys.exit(f"{path.relative_to(ROOT)} is over {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
