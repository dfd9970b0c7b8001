"""`lagebild check`, as it is used: its three formats whole, what makes it fail, which problems it shows."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Lagebild = Callable[..., subprocess.CompletedProcess[str]]

NOW = ("--now", "2024-03-01T12:00:00+01:00")
FAULTY = """\
services: {mail-archiv: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
"""
WARNED = """\
title: {de: Archiv, en: Archive}
services: {mail-archive: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
"""
A, B = "incidents/2024/a.yaml", "incidents/2024/100%, sure.yaml"


@pytest.fixture
def tree(tmp_path: Path, checkout: Path) -> Path:
    """Return a tree with a file that has an error, and one with a strange name and a warning."""
    root = tmp_path / "tree"
    (root / "incidents/2024").mkdir(parents=True)
    (root / "status.yaml").write_text((checkout / "tests/spec/status.yaml").read_text("utf-8"), "utf-8")
    (root / A).write_text(FAULTY, "utf-8")
    (root / "incidents/2024/b.yaml").write_text(WARNED, "utf-8")
    return root


def test_text(lagebild: Lagebild, tree: Path) -> None:
    """For people: a problem a line, its hint below it, and the counts at the end; all on stdout."""
    done = lagebild("-C", tree, "check", *NOW)

    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout == (
        'incidents/2024/a.yaml:1:12: unknown-service: "mail-archiv" is not a service in status.yaml\n'
        '  hint: did you mean "mail-archive"?\n'
        "incidents/2024/b.yaml:1:8: warning: missing-translation: title lacks fr\n"
        "  hint: it is shown in the source language and labelled until then\n"
        "1 error, 1 warning\n"
    )


def test_json(lagebild: Lagebild, tree: Path) -> None:
    """For programs: a list of objects with every field."""
    done = lagebild("-C", tree, "check", "--format", "json", *NOW)

    assert done.returncode == 1
    assert done.stderr == ""
    assert json.loads(done.stdout) == [
        {
            "path": "incidents/2024/a.yaml",
            "line": 1,
            "column": 12,
            "code": "unknown-service",
            "message": '"mail-archiv" is not a service in status.yaml',
            "hint": 'did you mean "mail-archive"?',
            "level": "error",
        },
        {
            "path": "incidents/2024/b.yaml",
            "line": 1,
            "column": 8,
            "code": "missing-translation",
            "message": "title lacks fr",
            "hint": "it is shown in the source language and labelled until then",
            "level": "warning",
        },
    ]


def test_github(lagebild: Lagebild, tree: Path) -> None:
    """For a code host: a workflow command a problem."""
    done = lagebild("-C", tree, "check", "--format", "github", *NOW)

    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout == (
        "::error file=incidents/2024/a.yaml,line=1,col=12,title=unknown-service::"
        '"mail-archiv" is not a service in status.yaml (hint: did you mean "mail-archive"?)\n'
        "::warning file=incidents/2024/b.yaml,line=1,col=8,title=missing-translation::"
        "title lacks fr (hint: it is shown in the source language and labelled until then)\n"
    )


def test_github_escapes(lagebild: Lagebild, tree: Path) -> None:
    """What would end a property of a workflow command is escaped; a problem of a whole file has no line."""
    (tree / A).unlink()
    (tree / "incidents/2024/b.yaml").rename(tree / B)

    done = lagebild("-C", tree, "check", "--format", "github", *NOW)

    assert done.stdout.splitlines()[0] == (
        '::error file=incidents/2024/100%25%2C sure.yaml,title=bad-id::the file name "100%25, sure" is not an id '
        '(hint: lower-case letters, digits and hyphens, at most 100, e.g. "2024-02-19-mail-archive-down.yaml")'
    )


@pytest.mark.parametrize(("format_", "said"), [("text", "no problems\n"), ("json", "[]\n"), ("github", "")])
def test_no_problems(lagebild: Lagebild, tree: Path, format_: str, said: str) -> None:
    """A sound tree exits 0, also with --strict."""
    for path in (tree / "incidents/2024").iterdir():
        path.unlink()

    done = lagebild("-C", tree, "check", "--strict", "--format", format_, *NOW)

    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


@pytest.mark.parametrize(("arguments", "status"), [([], 0), (["--strict"], 1)])
def test_strict(lagebild: Lagebild, tree: Path, arguments: list[str], status: int) -> None:
    """A warning fails the check only with --strict."""
    (tree / A).unlink()

    done = lagebild("-C", tree, "check", *arguments, *NOW)

    assert done.returncode == status
    assert done.stdout.splitlines()[-1] == "1 warning"


@pytest.mark.parametrize(
    ("cwd", "tree_as", "paths", "shown"),
    [
        (".", "tree", ["tree/incidents/2024/b.yaml"], ["b"]),
        (".", "tree", ["tree/incidents"], ["a", "b"]),
        (".", "tree", ["tree/status.yaml"], []),
        ("tree", ".", ["incidents/2024/a.yaml"], ["a"]),
        ("tree", ".", ["./incidents/../incidents/2024"], ["a", "b"]),
        ("tree/incidents/2024", "../..", ["b.yaml"], ["b"]),
        ("tree/incidents/2024", "../..", ["a.yaml", "b.yaml"], ["a", "b"]),
    ],
)
def test_paths_count_from_here(
    lagebild: Lagebild, tree: Path, cwd: str, tree_as: str, paths: list[str], shown: list[str]
) -> None:
    """PATHs are those of the shell, counted from the current folder; problems elsewhere neither show nor fail."""
    done = lagebild("-C", tree_as, "check", "--format", "json", *NOW, *paths, cwd=tree.parent / cwd)

    assert [problem["path"] for problem in json.loads(done.stdout)] == [f"incidents/2024/{name}.yaml" for name in shown]
    assert done.returncode == (1 if "a" in shown else 0)


def test_a_path_that_does_not_exist(lagebild: Lagebild, tree: Path) -> None:
    """A PATH where nothing is, and of which no problem speaks, is a wrong call."""
    done = lagebild("-C", tree, "check", *NOW, tree / "incidents/2024/c.yaml")

    assert done.returncode == 2


def test_check_writes_nothing(lagebild: Lagebild, tree: Path) -> None:
    """A check leaves the tree as it was."""
    before = sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*"))

    lagebild("-C", tree, "check", *NOW)

    assert sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*")) == before


def test_check_and_build_agree(lagebild: Lagebild, tree: Path) -> None:
    """A build says of the content exactly what a check says."""
    checked = lagebild("-C", tree, "check", *NOW)

    built = lagebild("-C", tree, "build", *NOW)

    assert built.returncode == checked.returncode == 1
    assert built.stderr == checked.stdout + f"{tree}/site stays as it was\n"


def test_the_shipped_content_is_sound(lagebild: Lagebild, checkout: Path, tmp_path: Path) -> None:
    """The content of this repository has not even a warning, whatever git knows of it."""
    shutil.copy(checkout / "status.yaml", tmp_path)
    shutil.copytree(checkout / "incidents", tmp_path / "incidents")

    done = lagebild("-C", tmp_path, "check", "--strict")

    assert (done.returncode, done.stdout) == (0, "no problems\n")


def phrased(written: str) -> str:
    """Return an incident that names a phrase."""
    return FAULTY.replace("mail-archiv:", "mail-archive:") + f"    phrase: {written}\n"


def retracting(key: str) -> str:
    """Return an incident with a further key on the top."""
    return f"{key}\n" + FAULTY.replace("mail-archiv:", "mail-archive:")


UNSEEN = {
    "a phrase without its value": phrased("service-restored"),
    "a phrase with a mistyped placeholder": phrased("{service-restored: {servce: Mail Archive}}"),
    "a value that the phrase has no place for": phrased("{working-on-fix: {service: Mail Archive}}"),
    "an incident that follows itself": retracting("follows: a"),
    "taken back before it was told": retracting("retracted: {at: 2024-02-18 08:00}"),
    "corrected before it was told": FAULTY.replace("mail-archiv:", "mail-archive:") + "    corrected: 2024-02-18 08:00",
    "a notice that changes a status": (
        "kind: notice\ntitle: {de: a, fr: b, en: c}\n"
        "updates:\n  - at: 2024-02-19\n    services: {mail-archive: major_outage}\n"
    ),
    "an effect far in the future": FAULTY.replace("mail-archiv:", "mail-archive:") + "    effective: 2034-02-19 08:00",
}


@pytest.mark.parametrize("mistake", UNSEEN)
def test_mistakes_that_show_only_on_the_page(lagebild: Lagebild, tree: Path, mistake: str) -> None:
    """A mistake that customers would see on the page is found by the check."""
    (tree / A).write_text(UNSEEN[mistake], "utf-8")

    done = lagebild("-C", tree, "check", "--format", "json", *NOW, tree / A)

    assert json.loads(done.stdout) != []
