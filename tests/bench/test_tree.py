"""Synthetic trees are repeatable, sound, and hold every kind of entry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bench.incident import NOW
from bench.tree import plant

Lagebild = Callable[..., CompletedProcess[str]]
NUMBER = 40


def contents(tree: Path) -> dict[str, bytes]:
    """Return every file of a tree by its path."""
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plant a small tree and return its folder."""
    folder = tmp_path_factory.mktemp("synthetic") / "tree"
    plant(folder, NUMBER)
    return folder


def test_same_seed_makes_the_same_tree(tree: Path, tmp_path: Path) -> None:
    """A number of incidents and a seed say every byte."""
    plant(tmp_path / "again", NUMBER)

    assert contents(tmp_path / "again") == contents(tree)


def test_another_seed_makes_another_tree(tree: Path, tmp_path: Path) -> None:
    """Trees of other seeds are as many files about other things."""
    plant(tmp_path / "other", NUMBER, seed=2)

    assert contents(tmp_path / "other").keys() != contents(tree).keys()


def test_every_incident_is_one_file(tree: Path) -> None:
    """There are as many incident files as were asked for."""
    assert len(list(tree.glob("incidents/*/*.yaml"))) == NUMBER


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tree_is_without_errors(seed: int, tmp_path: Path, lagebild: Lagebild) -> None:
    """`lagebild check` has nothing to say against a synthetic tree but that some translations are missing."""
    plant(tmp_path / "tree", NUMBER, seed=seed)

    checked = lagebild("-C", tmp_path / "tree", "check", "--now", NOW.isoformat())

    places = [line for line in checked.stdout.splitlines() if line.startswith("incidents/")]
    assert checked.returncode == 0, checked.stdout
    assert places
    assert {line.split(": ")[1:3] == ["warning", "missing-translation"] for line in places} == {True}, checked.stdout


@pytest.mark.parametrize(
    "line",
    [
        "kind: maintenance",
        "kind: notice",
        ": degraded_performance",
        ": partial_outage",
        ": major_outage",
        "at: about ",
        "started: ",
        "who:",
        "retracted:",
        "next_update: ",
        "mail: delayed",
        "action: ",
        "phrase:",
    ],
)
def test_tree_holds_every_kind(line: str, tree: Path) -> None:
    """Delays, outages, planned work, advisories, vague times and false alarms all come up."""
    texts = [path.read_text(encoding="utf-8") for path in tree.glob("incidents/*/*.yaml")]

    assert any(line in text for text in texts)


def test_updates_are_one_to_six(tree: Path) -> None:
    """An incident has from one to six updates."""
    texts = [path.read_text(encoding="utf-8") for path in tree.glob("incidents/*/*.yaml")]

    numbers = {text.count("\n- at: ") for text in texts}

    assert (min(numbers), max(numbers)) == (1, 6)


def test_long_texts_stand_beside_in_every_language(tree: Path) -> None:
    """A notice has its long text in three languages."""
    notices = [path for path in tree.glob("incidents/*/*.yaml") if "kind: notice" in path.read_text(encoding="utf-8")]

    assert notices
    assert all(path.with_suffix(f".{code}.md").is_file() for path in notices for code in ("de", "fr", "en"))
