"""What the tests of the preview share: a small site, a mistake, and a tree to build."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.authoring.new_tree import plant
from generator.preview.board import Board
from generator.preview.draft import Draft
from generator.preview.workshop import Workshop
from generator.problems import Problem

WriteIncident = Callable[[str, str], None]

PAGE = b"<!doctype html>\n<html><body><p>Fine.</p></body></html>\n"


@pytest.fixture
def now() -> datetime:
    """Return the moment at which the tests look."""
    return datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def long_seconds() -> int:
    """Return a time that nothing here takes, unless it never comes."""
    return 60


@pytest.fixture
def typo() -> Problem:
    """Return a mistake whose every part has to be escaped in a page."""
    return Problem(
        path="incidents/<x>.yaml",
        line=7,
        column=3,
        code="unknown-service",
        message='"mail & archiv" is not a service',
        hint='did you mean "mail-archive"?',
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of a few files, and beside it one that is nobody's business."""
    site = tmp_path / "site"
    (site / "en").mkdir(parents=True)
    (site / "index.html").write_bytes(PAGE)
    (site / "en/index.html").write_bytes(PAGE)
    (site / "404.html").write_bytes(b"<p>Lost.")
    (site / "status.json").write_bytes(b"{}")
    (tmp_path / "secret.txt").write_text("secret")
    return site


@pytest.fixture
def draft(site: Path) -> Draft:
    """Return a draft of the site, with nothing wrong in it."""
    return Draft(site=site, signature="first")


@pytest.fixture
def board(draft: Draft) -> Board:
    """Return a board that shows the draft."""
    board = Board()
    board.post(draft)
    return board


@pytest.fixture
def write_incident(tmp_path: Path) -> WriteIncident:
    """Return a function that writes an incident of a service into the tree, in English only."""

    def write(name: str, service: str) -> None:
        text = f"title: {{en: The {name}}}\nservices: {{{service}: major_outage}}\n"
        text += "updates:\n  - at: 2026-11-24 09:00\n    status: investigating\n"
        (tmp_path / f"tree/incidents/2026/{name}.yaml").write_text(text)

    return write


@pytest.fixture
def tree(tmp_path: Path, write_incident: WriteIncident) -> Path:
    """Return a small tree with two incidents."""
    root = tmp_path / "tree"
    plant(root, demo=False, today="2026-11-20")
    (root / "incidents/2026").mkdir()
    write_incident("first", "inbound")
    write_incident("second", "inbound")
    return root


@pytest.fixture
def workshop(tree: Path, tmp_path: Path) -> Workshop:
    """Return a workshop for the small tree."""
    (tmp_path / "private").mkdir()
    return Workshop(tree, tmp_path / "private")
