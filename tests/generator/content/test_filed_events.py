"""What the probers have filed is read with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import sources
from generator.content.judge import judge
from generator.problems import Level, Problem
from tests.filed import NOW, OPEN, file, plant


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree without incidents."""
    return plant(tmp_path)


def check(tree: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a tree."""
    return judge(sources.read(tree), NOW).problems


def test_sound(tree: Path) -> None:
    """An event file is read, and nothing is wrong with it."""
    file(tree, OPEN)

    judged = judge(sources.read(tree), NOW)

    assert (judged.events, judged.problems) == ((OPEN,), ())


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 2}', b"\xff\xfe", b"[" * 10_000])
def test_damaged(tree: Path, damage: bytes) -> None:
    """A file that no prober wrote is left out with a word, and stops nothing."""
    path = file(tree, OPEN)
    path.write_bytes(damage)

    judged = judge(sources.read(tree), NOW)

    (problem,) = judged.problems
    assert (problem.code, problem.level, judged.events) == ("bad-event", Level.WARNING, ())


def test_too_large(tree: Path) -> None:
    """Not even a file that is not read at all stops a build."""
    file(tree, OPEN).write_bytes(b"0" * 300_000)

    (problem,) = check(tree)

    assert (problem.code, problem.level) == ("too-large", Level.WARNING)
    assert problem.hint == "it is left out; only probers write here"


def test_misplaced(tree: Path) -> None:
    """A copy under another name does not count twice."""
    path = file(tree, OPEN)
    path.rename(path.with_name("copy.json"))

    (problem,) = check(tree)

    assert (problem.code, problem.path) == ("bad-event", "incidents/auto/2024/03/copy.json")
