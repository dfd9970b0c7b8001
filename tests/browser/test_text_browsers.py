"""What is left of the overview in a browser of text, on a terminal of 80 columns."""

from __future__ import annotations

import re

import pytest

from tests.browser.site import Sites, missing
from tests.browser.trees import LANGUAGES
from tests.programs import Program, program

COMMANDS = {
    "w3m": ("-dump", "-cols", "80", "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html"),
    "lynx": ("-dump", "-nolist", "-width=80", "-assume_charset=utf-8", "-display_charset=utf-8"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["calm", "six-open"])
@pytest.mark.parametrize("browser_name", COMMANDS)
def test_everything_is_told_in_order(sites: Sites, run: Program, browser_name: str, name: str, lang: str) -> None:
    """One reads the answer, what is open, and each service with its state in words."""
    site, command = sites(name), program(browser_name, package=browser_name)

    dumped = run(command, *COMMANDS[browser_name], site.file(lang))

    assert dumped.returncode == 0, dumped.stderr
    assert missing(dumped.stdout, site.facts(lang)) == [], dumped.stdout
    assert re.search(r'data-stale="([^"]+)"', site.file(lang).read_text("utf-8"))[1][:20] not in dumped.stdout
