"""How fast pages are on a phone, as Lighthouse reckons; it comes from npm and needs Node.js and Chromium."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.measure import Laboratory
from bench.report import table
from bench.shipped import OUTAGE, tree_of_shipped

LIGHTHOUSE = "lighthouse@12.8.2"
"""It needs Node.js 18; Lighthouse 13 needs 22."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGES = {"overview": "en/", "incident": f"en/incidents/2024/{OUTAGE}/"}
RUNS = 3
PERFORMANCE_AT_LEAST = 100
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
_QUIET = ("--no-audit", "--no-fund", "--no-save", "--loglevel=error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a page came out, the median of some runs by its score."""

    performance: int
    """From 0 to 100."""
    first_paint_seconds: float
    largest_paint_seconds: float
    shift: float
    """Cumulative layout shift; no unit."""


class Compressing(SimpleHTTPRequestHandler):
    """A static file server that compresses, as those of docs/hosting do."""

    def do_GET(self) -> None:
        """Answer with a file after gzip."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 9, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000, immutable" if "/assets/" in self.path else "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Keep quiet."""


def arguments(command: Path, url: str, categories: Sequence[str]) -> list[str]:
    """Return how Lighthouse is asked about a page on a phone; the browser's path stands in CHROME_PATH."""
    quiet = ("--quiet", "--no-enable-error-reporting", "--output=json", f"--chrome-flags={_FLAGS}")
    return ["node", str(command), url, f"--only-categories={','.join(categories)}", *quiet]


def paces(laboratory: Laboratory) -> Mapping[str, Pace] | str:
    """Measure the shipped pages while an outage is open, as of now; or say why that cannot be done here."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or shutil.which("node") is None or shutil.which("npm") is None:
        return "It needs Chromium, Node.js and npm."
    folder = laboratory.folder / "lighthouse"
    folder.mkdir()
    install = ("npm", "install", "--ignore-scripts", "--engine-strict", "--prefer-offline", *_QUIET, "--prefix", ".")
    got = subprocess.run([*install, LIGHTHOUSE], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if got.returncode:
        return f"npm could not install {LIGHTHOUSE}."
    site = _outage_of_now(laboratory)
    command = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    with _served(site) as origin:
        return {name: _pace(command, f"{origin}/{path}", browser) for name, path in PAGES.items()}


def pace_table(found: Mapping[str, Pace]) -> str:
    """Return how fast the pages are."""
    heads = ("Lighthouse on a phone", "performance", "target", "", "first paint, s", "largest paint, s", "layout shift")
    rows = [
        (
            name,
            str(pace.performance),
            f"≥ {PERFORMANCE_AT_LEAST}",
            "held" if pace.performance >= PERFORMANCE_AT_LEAST else "MISSED",
            f"{pace.first_paint_seconds:.2f}",
            f"{pace.largest_paint_seconds:.2f}",
            f"{pace.shift:.3f}",
        )
        for name, pace in found.items()
    ]
    return table(heads, rows)


def _outage_of_now(laboratory: Laboratory) -> Path:
    """Build the shipped content with the outage never ended, and return the site: it is fresh, and nothing warns."""
    tree = tree_of_shipped(laboratory, "phone")
    incident = tree / "incidents" / "2024" / f"{OUTAGE}.yaml"
    opened, _, _ = incident.read_text(encoding="utf-8").partition("  - at: 2024-02-22")
    incident.write_text(opened, encoding="utf-8")
    laboratory.python("-m", "generator", "-C", str(tree), "build")
    return tree / "site"


def _pace(command: Path, url: str, browser: str) -> Pace:
    """Return the median of some runs; the first only warms up."""
    reports = [_report(command, url, browser) for _ in range(RUNS + 1)][1:]
    return sorted(map(_read, reports), key=lambda pace: pace.performance)[RUNS // 2]


def _report(command: Path, url: str, browser: str) -> dict[str, Any]:
    environment = {**os.environ, "CHROME_PATH": browser, "no_proxy": "127.0.0.1"}
    asked = arguments(command, url, ("performance",))
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def _read(report: Mapping[str, Any]) -> Pace:
    audits = report["audits"]
    return Pace(
        performance=round(100 * report["categories"]["performance"]["score"]),
        first_paint_seconds=audits["first-contentful-paint"]["numericValue"] / 1000,
        largest_paint_seconds=audits["largest-contentful-paint"]["numericValue"] / 1000,
        shift=audits["cumulative-layout-shift"]["numericValue"],
    )


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; the value is the origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
