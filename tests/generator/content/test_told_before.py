"""What was told already is not changed silently: `check` compares with git and says what readers should be told."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import sources
from generator.content import told_before
from generator.content.judge import judge

SPEC = Path(__file__).parents[2] / "spec"
NOW = datetime(2024, 3, 1, tzinfo=UTC)
FILE = "incidents/2024/archive.yaml"
TOLD = """\
services: {mail-archive: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
    text: {de: Das Archiv ist ausgefallen., en: The archive is down.}
  - at: 2024-02-22 16:00
    status: resolved
"""


def git(tree: Path, *arguments: str) -> None:
    """Run git, independent of the user's own settings."""
    settings = ("-c", "user.name=Test", "-c", "user.email=test@example.ch", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", tree, *settings, *arguments], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree in a repository whose one commit tells of one incident; it lies in a folder of the repository."""
    folder = tmp_path / "status"
    (folder / "incidents/2024").mkdir(parents=True)
    shutil.copy(SPEC / "status.yaml", folder)
    (folder / FILE).write_text(TOLD, "utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "tell")
    return folder


def compare(tree: Path, revision: str | None = None) -> list[str]:
    """Return what the comparison with a commit says, without the hints."""
    found = told_before.compare(tree, judge(sources.read(tree), NOW), NOW, revision=revision)
    return [str(problem).splitlines()[0] for problem in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "The archive is down.",
            "The archive is slow.",
            ['silent-correction: the update "2024-02-19T07:00Z" differs from the compared commit'],
        ),
        (
            "status: investigating",
            "status: identified",
            ['silent-correction: the update "2024-02-19T07:00Z" differs from the compared commit'],
        ),
        (
            ", en: The archive is down.",
            "",
            ['silent-correction: the update "2024-02-19T07:00Z" differs from the compared commit'],
        ),
        ("at: 2024-02-22 16:00", "at: 2024-02-22 17:00", ['update-removed: the update "2024-02-22T15:00Z" is gone']),
        ("at: 2024-02-22 16:00", "at: 2024-02-22 17:00\n    id: 2024-02-22T15:00Z", []),
        ("{de: ", "{fr: Les archives sont en panne., de: ", []),
        ("status: resolved", "status: resolved\n  - at: 2024-02-23\n    status: resolved", []),
        ("The archive is down.}", "The archive is slow.}\n    corrected: 2024-02-19 09:00", []),
    ],
)
def test_differences(tree: Path, old: str, new: str, expected: list[str]) -> None:
    """A changed or vanished update is named; a new one, a late translation and a declared correction are not."""
    text = (tree / FILE).read_text("utf-8")
    assert old in text
    (tree / FILE).write_text(text.replace(old, new), "utf-8")

    found = compare(tree)

    assert len(found) == len(expected)
    assert all(part in line for part, line in zip(expected, found, strict=True))


def test_deleted(tree: Path) -> None:
    """An incident that was told and is gone is named."""
    (tree / FILE).unlink()

    assert compare(tree) == [
        f"{FILE}: incident-deleted: this incident was published and is gone",
    ]


def test_since(tree: Path) -> None:
    """What was committed is compared with the commit that is named."""
    (tree / FILE).unlink()
    git(tree, "commit", "--quiet", "--all", "--message", "hide")

    assert compare(tree) == []
    assert len(compare(tree, "HEAD~1")) == 1


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=/tmp/x"])
def test_no_such_commit(tree: Path, revision: str) -> None:
    """A commit that does not exist is an error of whoever named it, and an option is no commit."""
    with pytest.raises(told_before.RevisionError):
        compare(tree, revision)


def test_no_repository(tree: Path, tmp_path: Path) -> None:
    """Without a repository, or before its first commit, there is nothing to compare with."""
    shutil.rmtree(tmp_path / ".git")
    (tree / FILE).write_text(TOLD.replace("down", "slow"), "utf-8")

    assert compare(tree) == []

    git(tmp_path, "init", "--quiet")

    assert compare(tree) == []
