"""Every link of the shipped site, followed by a link checker as far as the site itself goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from tests.judges.conftest import Served
from tests.programs import Npm, Program

LINKINATOR = "linkinator@7.6.1"
APART = ("404.html", "embed/")
"""Pages that nothing needs to lead to."""

Checker = Callable[..., dict[str, str]]


def answers(url: str) -> bool:
    """Return whether something stands at an address of the tests' own server."""
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
        return answer.status == 200


@pytest.fixture(scope="module")
def checker(checkout: Path, served: Served, npm: Npm, run: Program) -> Checker:
    """Return what follows the links of pages and returns the state of every address; it stays within the site.

    The site's own full addresses lead to the server of the tests, so those are followed too.
    """
    command = npm(LINKINATOR) / "linkinator" / "build" / "src" / "cli.js"
    base = str(yaml.safe_load((checkout / "status.yaml").read_text("utf-8"))["url"])
    options = ("--check-css", "--check-fragments", "--format", "json", "--verbosity", "info", "--concurrency", "4")
    home = ("--url-rewrite-search", f"^{re.escape(base)}", "--url-rewrite-replace", served.origin)
    away = ("--skip", rf"^(?!{re.escape(served.origin)}|{re.escape(base)})")

    def check(*pages: str, recurse: bool) -> dict[str, str]:
        urls = [f"{served.origin}/{page}" for page in pages]
        done = run("node", command, *urls, *options, *home, *away, *(["--recurse"] if recurse else []))
        assert done.stdout, done.stderr
        links = json.loads(done.stdout)["links"]
        broken = [link for link in links if link["state"] == "BROKEN"]
        # Status 0 is no answer but a connection that broke on a busy machine: such an address is asked once more here.
        assert [link for link in broken if link["status"] or not answers(link["url"])] == []
        assert broken or done.returncode == 0, done.stderr
        return {link["url"].removeprefix(served.origin): link["state"] for link in links}

    return check


@pytest.fixture
def pages(shipped_site: Path) -> set[str]:
    """Return the path of every page."""
    found = shipped_site.rglob("*.html")
    return {path.relative_to(shipped_site).as_posix().removesuffix("index.html") for path in found}


def test_every_page_is_reached_and_no_link_leads_nowhere(checker: Checker, pages: set[str]) -> None:
    """From the root every page can be reached; each link, each address of the site's own and each fragment exists."""
    states = checker("", recurse=True)

    assert {url.partition("#")[0] for url in states} >= {f"/{page}" for page in pages if not page.startswith(APART)}
    assert {state for url, state in states.items() if url.startswith("/")} == {"OK"}


def test_the_pages_that_stand_apart_lead_somewhere(checker: Checker, pages: set[str]) -> None:
    """The links of the page for what is missing, and of the pages for other sites' frames, exist as well."""
    apart = sorted(page for page in pages if page.startswith(APART))

    states = checker(*apart, recurse=False)

    assert states.keys() >= {f"/{page}" for page in apart}
    assert {state for url, state in states.items() if url.startswith("/")} == {"OK"}
