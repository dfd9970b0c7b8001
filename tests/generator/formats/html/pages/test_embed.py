"""What stands in other sites is small, says the headline, and changes only with a fact."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from generator import sources
from generator.formats import html, status
from generator.formats.addresses import Addresses
from generator.formats.edition import Edition
from generator.formats.output import Output
from tests.generator.formats.conftest import SITE, Press

DOWN = """\
services: {archive: major_outage}
updates:
  - at: 2024-02-19 09:00
    status: investigating
"""
NOW = "2024-02-20T08:00"
LANGUAGES = ("de", "fr", "en")
HOSTILE = '<img src=x onerror=alert(1)> & \\" Gateway'


Make = Callable[..., Edition]


@pytest.fixture(scope="module")
def make(press: Press, checkout: Path) -> Make:
    """Return a function that makes the edition of a small site with the shipped templates, by `now` and incidents."""
    templates = sources.read(checkout).templates

    def edition(now: str, incidents: Mapping[str, str], *, site: str = SITE) -> Edition:
        return replace(press.edition(now, incidents, site=site), templates=templates)

    return edition


def embeds(edition: Edition) -> Iterator[Output]:
    """Yield what stands in other sites."""
    return (output for output in html.outputs(edition) if output.path.startswith(("embed/", "assets/embed.")))


def test_one_script_and_two_files_a_language(press: Press, make: Make) -> None:
    """The script has one address, which customers paste; each language has a page and what the script reads."""
    files = press.files(embeds, make(NOW, {"a": DOWN}))

    own = {path for path in files if not path.startswith("assets/")}
    assert own == {
        "embed/status.js",
        *(f"embed/{lang}/{name}" for lang in LANGUAGES for name in ("index.html", "sentence.json")),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_is_the_headline(press: Press, make: Make, lang: str) -> None:
    """Page and script say the headline of status.json, and its status."""
    edition = make(NOW, {"a": DOWN})
    document = json.loads(press.files(status.outputs, edition)["status.json"])

    files = press.files(embeds, edition)

    sentence = json.loads(files[f"embed/{lang}/sentence.json"])
    page = files[f"embed/{lang}/index.html"].decode()
    assert (sentence["headline"], sentence["status"]) == (document["headline"][lang], document["status"])
    assert f">{document['headline'][lang]}</h1>" in unescape(page)
    assert f"mark--{document['status']}" in page
    assert document["site"]["languages"][lang] == sentence["lang"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_belongs_to_the_overview(press: Press, make: Make, lang: str) -> None:
    """Search engines find the overview in its stead, and who follows the link leaves the frame."""
    page = press.files(embeds, make(NOW, {}))[f"embed/{lang}/index.html"].decode()

    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="https://example.ch/status/{lang}/">' in page
    assert f'<a href="../../{lang}/" target="_blank" rel="noopener">' in page


def test_every_link_leads_to_a_file(press: Press, make: Make) -> None:
    """The page links only to what a build writes, and has nothing inline."""
    edition = make(NOW, {"a": DOWN})
    written = {output.path for output in html.outputs(edition)} | {"heartbeat.json"}

    for lang in LANGUAGES:
        page = press.files(embeds, edition)[f"embed/{lang}/index.html"].decode()
        links = re.findall(r'(?:href|src|data-heartbeat)="\.\./\.\./([^"]+)"', page)
        assert {Addresses.file(link) for link in links} <= written
        assert len(links) == 6
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", page)


def test_only_the_page_shows_when_it_was_made(make: Make) -> None:
    """Between two transitions the bytes are the same, but for the slots of the page's time."""
    earlier, later = (list(embeds(make(now, {"a": DOWN}))) for now in (NOW, "2024-02-20T20:00"))

    assert [(made.path, made.inputs, made.render()) for made in earlier] == [
        (made.path, made.inputs, made.render()) for made in later
    ]
    assert [made.path for made in earlier if made.stamped] == []


def test_a_new_state_is_a_new_sentence(make: Make) -> None:
    """When a fact changes, so do page and sentence, and their inputs; the script stays."""
    sound, broken = ({made.path: made for made in embeds(make(NOW, was))} for was in ({}, {"a": DOWN}))

    changed = {path for path in sound if sound[path].render() != broken[path].render()}

    assert changed == {f"embed/{lang}/{name}" for lang in LANGUAGES for name in ("index.html", "sentence.json")}
    assert {path for path in sound if sound[path].inputs != broken[path].inputs} == changed


def test_a_hostile_name_is_text(press: Press, make: Make) -> None:
    """What looks like markup in a name is escaped in the page and quoted in the sentence."""
    site = SITE.replace("en: Receive}", f'en: "{HOSTILE}"}}')
    name = HOSTILE.replace("\\", "")

    files = press.files(embeds, make(NOW, {"a": DOWN.replace("archive", "gateway")}, site=site))

    page = files["embed/en/index.html"].decode()
    assert name in json.loads(files["embed/en/sentence.json"])["headline"]
    assert "<img" not in page
    assert name in unescape(page)


def test_the_place_for_the_time_is_left_to_the_script(press: Press, make: Make) -> None:
    """The sentence for a late site has one place, which the script fills in the visitor's time."""
    files = press.files(embeds, make(NOW, {}))

    told = [json.loads(files[f"embed/{lang}/sentence.json"])["unknown"] for lang in LANGUAGES]

    assert [sentence.count("{time}") for sentence in told] == [1, 1, 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_light(shipped_site: Path, lang: str) -> None:
    """Page, stylesheet and script together weigh less than 3 kB gzipped."""
    page = shipped_site / "embed" / lang / "index.html"
    loaded = re.findall(r'rel="stylesheet" href="([^"]+)"|<script src="([^"]+)"', page.read_text("utf-8"))

    sizes = [len(gzip.compress((page.parent / link).read_bytes(), 9)) for pair in loaded for link in pair if link]

    assert len(sizes) == 2
    assert sum(sizes) + len(gzip.compress(page.read_bytes(), 9)) < 3000


def test_the_script_is_tiny(shipped_site: Path) -> None:
    """The script weighs at most 1.5 kB gzipped, and keeps nothing on the visitor's machine."""
    script = (shipped_site / "embed/status.js").read_bytes()

    assert len(gzip.compress(script, 9)) <= 1500
    assert not re.search(rb"cookie|localStorage|sessionStorage|indexedDB|innerHTML|https?:", script)
