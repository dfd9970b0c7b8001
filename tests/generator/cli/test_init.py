"""`lagebild init`, and what every command's help shows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from generator.cli import main

Lagebild = Callable[..., subprocess.CompletedProcess[str]]


def names(folder: Path) -> list[str]:
    """Return what a folder holds, by path."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_planted_tree(lagebild: Lagebild, tmp_path: Path) -> None:
    """A new tree holds status.yaml, a place for incidents and a .gitignore; what to do next is said on stderr."""
    done = lagebild("init", "my-status", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout == ""
    assert re.fullmatch(r"my-status: \d files?\. Next: lagebild -C my-status serve\n", done.stderr)
    assert {".gitignore", "incidents", "status.yaml"} <= set(names(tmp_path / "my-status"))


@pytest.mark.parametrize("arguments", [[], ["--demo"]])
def test_a_planted_tree_is_sound_and_builds(lagebild: Lagebild, tmp_path: Path, arguments: list[str]) -> None:
    """A new tree, empty or with the demonstration, has not even a warning, and builds."""
    lagebild("init", tmp_path / "x", *arguments)

    checked = lagebild("-C", tmp_path / "x", "check", "--strict")
    built = lagebild("-C", tmp_path / "x", "build")

    assert (checked.returncode, checked.stdout) == (0, "no problems\n")
    assert built.returncode == 0
    assert (tmp_path / "x/site/de/index.html").is_file()


def test_what_a_build_makes_is_ignored_by_git(lagebild: Lagebild, tmp_path: Path) -> None:
    """The planted .gitignore keeps the site, the state of builds and what probers last saw out of git."""
    lagebild("init", tmp_path / "x")
    (tmp_path / "x/observations").mkdir()
    (tmp_path / "x/observations/zrh.json").write_text("{}")
    subprocess.run(["git", "init", "--quiet", tmp_path / "x"], check=True)
    lagebild("-C", tmp_path / "x", "build")

    done = subprocess.run(
        ["git", "-C", tmp_path / "x", "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        text=True,
        check=True,
    )

    made = ("site/", ".lagebild", "observations/")
    assert [line for line in done.stdout.splitlines() if any(part in line for part in made)] == []
    assert "?? status.yaml" in done.stdout.splitlines()


def test_an_empty_folder_will_do(lagebild: Lagebild, tmp_path: Path) -> None:
    """A folder that exists and is empty is planted."""
    (tmp_path / "x").mkdir()

    assert lagebild("init", tmp_path / "x").returncode == 0
    assert (tmp_path / "x/status.yaml").is_file()


def test_a_folder_with_anything_in_it_is_refused(lagebild: Lagebild, tmp_path: Path) -> None:
    """A folder that holds something is refused with exit 2 and stays as it was."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x/letter.txt").write_text("dear\n")

    done = lagebild("init", "x", "--demo", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "Error: x is not empty; name a folder that does not exist yet"
    assert names(tmp_path / "x") == ["letter.txt"]


def test_a_disk_that_refuses(lagebild: Lagebild, tmp_path: Path) -> None:
    """Where no folder can be made, init exits 3 and names the path."""
    (tmp_path / "file").write_text("")

    done = lagebild("init", "file/x", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (3, "", "error: file/x: Not a directory\n")


def test_a_file_is_no_folder(lagebild: Lagebild, tmp_path: Path) -> None:
    """A file in place of the folder is a wrong call."""
    (tmp_path / "file").write_text("")

    done = lagebild("init", "file", cwd=tmp_path)

    assert done.returncode == 2
    assert "is a file" in done.stderr


def commands() -> dict[str, click.Command]:
    """Return every command by the words it is called with."""
    return {"": main, **main.commands}


@pytest.mark.parametrize("name", commands())
def test_help_shows_an_example(name: str) -> None:
    """The help of every command shows an example of it on a line of its own, and exits 0; -h is --help."""
    runner = CliRunner()

    long, short = (runner.invoke(main, [*name.split(), flag], prog_name="lagebild") for flag in ("--help", "-h"))

    assert long.exit_code == short.exit_code == 0
    assert long.stdout == short.stdout
    assert re.search(rf"^  lagebild (-C \S+ )?{name}\b", long.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", commands())
def test_help_explains_every_option(name: str) -> None:
    """Every option of every command is explained."""
    options = [param for param in commands()[name].params if isinstance(param, click.Option)]

    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("arguments", [[], ["biuld"], ["--no-such-option"]])
def test_called_wrongly(lagebild: Lagebild, arguments: list[str]) -> None:
    """Without a command, or with one that does not exist, the way to the help is shown on stderr, with exit 2."""
    done = lagebild(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Usage: " in done.stderr
