"""The pages and styles of the shipped site, as checkers of HTML see them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.programs import Npm, Program, program

VNU, HTML_VALIDATE = "vnu-jar@26.9.27", "html-validate@10.17.0"
PLANTED = (
    '<!doctype html>\n<html lang="en">\n<title>x</title>\n<p id="a"><span><div id="a"></p></span>\n<img src="x">\n'
)
"""A page with mistakes: a checker that does not speak of it has checked nothing."""


def planted(folder: Path) -> Path:
    """Write the page with mistakes."""
    page = folder / "planted.html"
    page.write_text(PLANTED, encoding="utf-8")
    return page


def test_the_nu_html_checker_finds_nothing(shipped_site: Path, npm: Npm, run: Program, tmp_path: Path) -> None:
    """Every page and every style is valid by the W3C's checker, which also judges what is merely unwise."""
    java = program("java", package="default-jre-headless")
    jar = npm(VNU) / "vnu-jar" / "build" / "dist" / "vnu.jar"
    page = planted(tmp_path)

    done = run(java, "-jar", jar, "--also-check-css", "--skip-non-html", "--format", "json", shipped_site, page)

    said = json.loads(done.stderr)["messages"]
    assert {message["url"] for message in said} == {page.as_uri().replace("file:///", "file:/")}, done.stderr


def test_html_validate_finds_nothing(shipped_site: Path, npm: Npm, run: Program, tmp_path: Path) -> None:
    """Every page keeps the recommended rules of html-validate, but for those that html-validate.mjs speaks of."""
    command = npm(HTML_VALIDATE) / "html-validate" / "bin" / "html-validate.mjs"
    page, rules = planted(tmp_path), Path(__file__).parent / "html-validate.mjs"

    done = run("node", command, "--config", rules, "--formatter", "json", shipped_site, page)

    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    assert {file["filePath"] for file in said} == {str(page)}, [
        (file["filePath"], message["line"], message["ruleId"], message["message"])
        for file in said
        for message in file["messages"]
    ][:20]
