"""What pa11y says of the pages: HTML_CodeSniffer's rules for WCAG, level AA."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.conftest import serving
from tests.browser.site import Sites
from tests.browser.trees import LANGUAGES
from tests.programs import Npm, Program, chromium

PA11Y = "pa11y@9.1.1"
"""It needs Node.js 20; pa11y 10 needs 22."""
PLANTED = '<!doctype html>\n<html lang="en">\n<title>x</title>\n<p>x</p>\n<img src="x">\n'
"""A page with a mistake: a checker that does not speak of it has checked nothing."""


def test_pa11y_finds_nothing(sites: Sites, npm: Npm, run: Program, tmp_path: Path) -> None:
    """HTML_CodeSniffer finds no error on a page of each kind, nor on the overview in any language."""
    site, program, modules = sites("outage"), chromium(), npm(PA11Y)
    overviews = [site.url(lang) for lang in LANGUAGES]
    kinds = [site.url("de", page) for page in site.tree.pages if page]
    apart = [site.origin + path for path in ("/", "/404.html", "/embed/de/")]
    (tmp_path / "index.html").write_text(PLANTED, "utf-8")

    with serving(tmp_path) as planted:
        script = Path(__file__).parent / "pa11y.mjs"
        done = run("node", script, modules, program, *overviews, *kinds, *apart, f"{planted}/")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [issue.split(":")[0] for issue in found.pop(f"{planted}/")] == ["WCAG2AA.Principle1.Guideline1_1.1_1_1.H37"]
    assert {address: issues for address, issues in found.items() if issues} == {}
