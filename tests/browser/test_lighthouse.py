"""What Lighthouse says of the pages on a phone; how fast they are is measured in bench/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.lighthouse import LIGHTHOUSE, arguments
from tests.browser.site import Sites
from tests.programs import Npm, Program, chromium

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.fixture(scope="module")
def lighthouse(npm: Npm) -> Path:
    """Return Lighthouse's command line."""
    return npm(LIGHTHOUSE) / "lighthouse" / "cli" / "index.js"


@pytest.mark.parametrize("kind", ["overview", "incident"])
def test_lighthouse_has_nothing_to_improve(sites: Sites, lighthouse: Path, run: Program, kind: str) -> None:
    """While an outage is open, accessibility, best practices and SEO are at 100 on a phone."""
    site, program = sites("outage"), chromium()
    url = site.url("en", site.tree.incident if kind == "incident" else "")

    done = run(*arguments(lighthouse, url, CATEGORIES), CHROME_PATH=program)

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {name: report["categories"][name]["score"] for name in CATEGORIES} == dict.fromkeys(CATEGORIES, 1), failing(
        report
    )


def failing(report: dict[str, Any]) -> list[str]:
    """Return the audits that cost points, each with its category."""
    return [
        f"{name}: {audit['id']}: {audit['title']}"
        for name in CATEGORIES
        for reference in report["categories"][name]["auditRefs"]
        for audit in [report["audits"][reference["id"]]]
        if reference["weight"] and audit["score"] not in (1, None)
    ]
