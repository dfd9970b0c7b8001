"""A language is a folder and a line: any of them, in any direction."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator import pipeline, sources
from generator.content.judge import judge
from tests.pseudo import ACCENTS, accented, add_language, template

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
NOW = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
ITALIAN = {"Overview": "Panoramica", "History": "Cronologia"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the shipped content."""
    shutil.copy(CHECKOUT / "status.yaml", tmp_path)
    shutil.copytree(CHECKOUT / "incidents", tmp_path / "incidents")
    return tmp_path


def build(tree: Path) -> Path:
    """Build the tree and return the site's folder."""
    built = pipeline.build(tree, tree / "site", NOW)
    assert built.report is not None, built.problems
    return tree / "site"


def test_italian(tree: Path) -> None:
    """Italian is a folder and one line: pages, feeds, formats and the switch follow; text not yet there is labelled."""
    add_language(tree, "it: it_CH", "it", lambda message: ITALIAN.get(message, message))

    site = build(tree)

    page = (site / "it/index.html").read_text("utf-8")
    assert '<html lang="it-CH" dir="ltr" ' in page
    assert "Panoramica" in page
    assert "20\u00a0febbraio\u00a02024" in page
    assert 'lang="de">Archiv nicht verfügbar' in page
    assert (site / "it/feed.atom").exists()
    assert 'hreflang="it"' in (site / "de/index.html").read_text("utf-8")
    assert 'lang="it-CH"' in (site / "index.html").read_text("utf-8")


def test_italian_is_not_complete(tree: Path) -> None:
    """Where the new language lacks texts, every file with such a text is named in a warning, and nothing fails."""
    add_language(tree, "it: it_CH", "it", accented)

    problems = judge(sources.read(tree), NOW).problems

    assert {problem.code for problem in problems} == {"missing-translation", "future-time"}
    assert all("it" in problem.message for problem in problems if problem.code == "missing-translation")


def test_right_to_left(tree: Path) -> None:
    """An Arabic page runs from right to left, and so does its part of the root."""
    add_language(tree, "ar: ar_EG", "ar", accented)

    site = build(tree)

    assert '<html lang="ar-EG" dir="rtl" ' in (site / "ar/index.html").read_text("utf-8")
    assert 'lang="ar-EG" dir="rtl"' in (site / "index.html").read_text("utf-8")


class Words(HTMLParser):
    """Collects what a page says in the language of the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._foreign: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note attributes that are read out, and whether the element is in another language or no prose."""
        values = dict(attrs)
        lang = values.get("lang")
        foreign = (self._foreign[-1] if self._foreign else False) or tag in ("code", "script", "style")
        if lang is not None:
            foreign = not lang.startswith("eo")
        if tag not in ("meta", "link", "br", "path", "rect", "circle"):
            self._foreign.append(foreign)
        if not foreign:
            self.said += [values[name] or "" for name in ("aria-label", "alt", "title") if name in values]

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag not in ("meta", "link", "br", "path", "rect", "circle"):
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self._foreign[-1:] != [True] and data.strip():
            self.said.append(data.strip())


def test_no_string_is_forgotten(tree: Path) -> None:
    """In the pseudo-locale no English shows on any page: every string for people is in the catalog."""
    add_language(tree, "eo: eo", "eo", accented)
    english = {
        str(message.id if isinstance(message.id, str) else message.id[1]) for message in template() if message.id
    }
    plain = {text for text in english if "{" not in text and text.translate(ACCENTS) != text and len(text) > 4}

    site = build(tree)

    for page in sorted((site / "eo").rglob("*.html")):
        words = Words()
        words.feed(page.read_text("utf-8"))
        assert [text for text in words.said if text in plain] == [], page
        assert any("á" in text or "é" in text for text in words.said), page
