"""`lagebild build`, as it is used: what it says where, how it exits, what it leaves on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Lagebild = Callable[..., subprocess.CompletedProcess[str]]

NOW = ("--now", "2026-04-02T10:30:00+02:00")
LATER = ("--now", "2026-04-02T10:35:00+02:00")
WARNINGS = 5
"""The golden tree lacks so many translations."""
HELD = "incidents/2026/2026-04-02-mail-held.yaml"


@pytest.fixture
def tree(tmp_path: Path, checkout: Path) -> Path:
    """Return a copy of the golden tree."""
    return Path(shutil.copytree(checkout / "tests/golden/tree", tmp_path / "tree"))


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def states(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every file, by path."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix(): (s.st_ino, s.st_mtime_ns) for path, s in found.items()}


def spoil(tree: Path) -> None:
    """Let an incident file have an error."""
    path = tree / HELD
    path.write_text(path.read_text("utf-8").replace("inbound:", "inbond:"), "utf-8")


def test_a_build_says_what_it_did_on_stderr(lagebild: Lagebild, tree: Path) -> None:
    """Warnings and the count of files go to stderr, nothing to stdout, and warnings alone exit 0."""
    done = lagebild("-C", tree, "build", *NOW)

    written = len(files(tree / "site")) - 1  # the mark that says whose site it is
    lines = done.stderr.splitlines()
    assert done.returncode == 0
    assert done.stdout == ""
    assert lines[-2:] == [f"{WARNINGS} warnings", f"{tree}/site: {written} written, 0 unchanged, 0 removed"]
    assert sum(": warning: missing-translation: " in line for line in lines) == WARNINGS


@pytest.mark.parametrize(("umask", "told"), [(0o077, True), (0o027, False), (0o022, False)])
def test_a_site_that_no_web_server_can_read_is_told(lagebild: Lagebild, tree: Path, umask: int, *, told: bool) -> None:
    """With a umask that keeps the site from everybody else, the build says so, and what helps."""
    former = os.umask(umask)
    try:
        done = lagebild("-C", tree, "build", *NOW)
    finally:
        os.umask(former)

    assert done.returncode == 0
    assert (f"warning: only you can read {tree}/site" in done.stderr) is told
    assert ("hint: run `umask 022`" in done.stderr) is told


def test_the_tree_is_here_by_default(lagebild: Lagebild, tree: Path) -> None:
    """Without -C the tree is the current folder, and its site goes to site/."""
    done = lagebild("build", *NOW, cwd=tree)

    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].startswith("site: ")
    assert (tree / "site/index.html").is_file()


def test_nothing_has_changed(lagebild: Lagebild, tree: Path) -> None:
    """A second build says in a line that there was nothing to do."""
    lagebild("-C", tree, "build", *NOW)

    done = lagebild("-C", tree, "build", *LATER)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{tree}/site: nothing has changed\n")


def test_output(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """--output puts the same bytes elsewhere, counted from here, and leaves site/ alone."""
    lagebild("-C", tree, "build", *NOW)
    before = states(tree / "site")

    done = lagebild("-C", tree, "build", *NOW, "--output", "elsewhere/status", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].startswith("elsewhere/status: ")
    assert files(tmp_path / "elsewhere/status") == files(tree / "site")
    assert states(tree / "site") == before


def test_clean(lagebild: Lagebild, tree: Path) -> None:
    """--clean looks at every file anew, puts right what was meddled with, and takes out what is foreign."""
    lagebild("-C", tree, "build", *NOW)
    before = files(tree / "site")
    (tree / "site/foreign.txt").write_text("hello\n")
    (tree / "site/robots.txt").write_text("Disallow: /\n")

    done = lagebild("-C", tree, "build", *NOW, "--clean")

    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == f"{tree}/site: 1 written, {len(before) - 2} unchanged, 1 removed"
    assert files(tree / "site") == before


def test_foreign_files_are_named(lagebild: Lagebild, tree: Path) -> None:
    """A file in the site that no build put there is left alone, and named by every build from the next change on."""
    lagebild("-C", tree, "build", *NOW)
    (tree / "site/foreign.txt").write_text("hello\n")
    (tree / "status.yaml").write_text((tree / "status.yaml").read_text("utf-8") + "\n", "utf-8")

    answers = [lagebild("-C", tree, "build", *LATER) for _ in range(2)]

    for done in answers:
        assert done.returncode == 0
        assert (
            done.stderr.splitlines()[-1]
            == f"warning: {tree}/site/foreign.txt is not part of the site and is left alone (--clean removes it)"
        )
    assert (tree / "site/foreign.txt").read_text() == "hello\n"


def test_a_foreign_folder_is_refused(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """A folder with files of somebody else is refused with exit 3 and stays as it was."""
    mine = tmp_path / "photos"
    mine.mkdir()
    (mine / "a.jpg").write_bytes(b"\xff\xd8")
    before = states(mine)

    done = lagebild("-C", tree, "build", *NOW, "--output", mine)

    hint = "choose another --output, or empty the folder if nobody needs them"
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == f"error: not-ours: {mine} holds files that no build put there: a.jpg\n  hint: {hint}\n"
    assert states(mine) == before


def test_an_error_leaves_the_site(lagebild: Lagebild, tree: Path) -> None:
    """Content with an error exits 1, names it on stderr, and leaves the site as it was."""
    lagebild("-C", tree, "build", *NOW)
    before = states(tree / "site")
    spoil(tree)

    done = lagebild("-C", tree, "build", *LATER)

    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert done.stdout == ""
    assert f'{HELD}:5:3: unknown-service: "inbond" is not a service in status.yaml' in lines
    assert '  hint: did you mean "inbound"?' in lines
    assert lines[-2:] == [f"1 error, {WARNINGS} warnings", f"{tree}/site stays as it was"]
    assert states(tree / "site") == before


def test_keep_going(lagebild: Lagebild, tree: Path) -> None:
    """--keep-going publishes what is sound, says what is not, and exits 1."""
    lagebild("-C", tree, "build", *NOW)
    spoil(tree)
    path = tree / "incidents/2026/2026-04-10-upgrade.yaml"
    path.write_text(path.read_text("utf-8").replace("all customers", "everybody"), "utf-8")

    done = lagebild("-C", tree, "build", *LATER, "--keep-going")

    overview = (tree / "site/en/index.html").read_text("utf-8")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "1 faulty: left out, or replaced with the last accepted version"
    assert "everybody" in overview
    assert "incidents/2026/2026-04-02-mail-held/" in overview


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--now", "2024-02-20T09:00"], "'2024-02-20T09:00' lacks its offset from UTC"),
        (["--now", "2024-02-20"], "'2024-02-20' lacks its offset from UTC"),
        (["--now", "yesterday"], "'yesterday' is not an instant"),
        (["--output", __file__], "is a file"),
        (["--colour"], "No such option"),
        (["somewhere"], "unexpected extra argument"),
    ],
)
def test_called_wrongly(lagebild: Lagebild, tree: Path, arguments: list[str], said: str) -> None:
    """A wrong call exits 2, says why on stderr, and builds nothing."""
    done = lagebild("-C", tree, "build", *arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert not (tree / "site").exists()


def test_now_means_the_instant(lagebild: Lagebild, tree: Path, tmp_path: Path) -> None:
    """--now means the same instant in any offset."""
    lagebild("-C", tree, "build", "--now", "2026-04-02T08:30:00Z", "--output", tmp_path / "utc")
    lagebild("-C", tree, "build", "--now", "2026-04-02T14:00+05:30", "--output", tmp_path / "india")

    assert files(tmp_path / "utc") == files(tmp_path / "india")


def test_no_tree(lagebild: Lagebild, tmp_path: Path) -> None:
    """Where there is no status.yaml, build exits 1 and says how to begin."""
    done = lagebild("-C", tmp_path, "build")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "status.yaml: missing-file: there is no such file\n"
        "  hint: `lagebild init` makes a tree to start from\n"
        "1 error\n"
        f"{tmp_path}/site stays as it was\n"
    )


def test_no_tree_leaves_nothing(lagebild: Lagebild, tmp_path: Path) -> None:
    """Where there is no tree, build leaves nothing behind."""
    lagebild("-C", tmp_path, "build")

    assert list(tmp_path.iterdir()) == []


FAULTY_TEMPLATES = {
    "syntax": ('{% extends "base.html" %}\n{% block main %}{% if %}\n', "templates/pages/subscribe.html:2"),
    "undefined": ('{% extends "base.html" %}\n{% block main %}\n{{ no.such }}{% endblock %}\n', "subscribe.html:3"),
}


@pytest.mark.parametrize("fault", FAULTY_TEMPLATES)
def test_a_faulty_template_is_named(lagebild: Lagebild, tree: Path, fault: str) -> None:
    """A fault in a site's own template is said with file and line, not as a traceback."""
    text, place = FAULTY_TEMPLATES[fault]
    (tree / "templates/pages").mkdir(parents=True)
    (tree / "templates/pages/subscribe.html").write_text(text, "utf-8")

    done = lagebild("-C", tree, "build", *NOW)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert place in done.stderr


def test_a_faulty_catalog_is_named(lagebild: Lagebild, tree: Path) -> None:
    """A fault in a site's own catalog is said with its file, not as a traceback."""
    (tree / "locales/de/LC_MESSAGES").mkdir(parents=True)
    (tree / "locales/de/LC_MESSAGES/messages.po").write_text('msgid "Incident\n', "utf-8")

    done = lagebild("-C", tree, "build", *NOW)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "locales/de/LC_MESSAGES/messages.po" in done.stderr


def test_a_faulty_template_leaves_whole_files(lagebild: Lagebild, tree: Path) -> None:
    """A build that a template stops leaves every file of the site as it was or as it should be."""
    lagebild("-C", tree, "build", *NOW)
    (tree / "templates/pages").mkdir(parents=True)
    (tree / "templates/pages/subscribe.html").write_text("{% if %}", "utf-8")
    failed = lagebild("-C", tree, "build", *LATER)
    shutil.rmtree(tree / "templates")

    done = lagebild("-C", tree, "build", *LATER)

    shutil.copytree(tree, tree.parent / "clean", ignore=shutil.ignore_patterns(".lagebild", "site"))
    lagebild("-C", tree.parent / "clean", "build", *LATER)
    assert failed.returncode != 0
    assert done.returncode == 0
    assert files(tree / "site") == files(tree.parent / "clean/site")


def test_own_templates_and_words_override(lagebild: Lagebild, tree: Path) -> None:
    """A site's own template replaces the shipped one, and its own phrase the shipped sentence."""
    (tree / "templates/pages").mkdir(parents=True)
    (tree / "templates/pages/subscribe.html").write_text('{% extends "base.html" %}{% block main %}Hello{% endblock %}')

    done = lagebild("-C", tree, "build", *NOW)

    incident = (tree / "site/en/incidents/2026/2026-01-14-cable-cut/index.html").read_text("utf-8")
    assert done.returncode == 0
    assert "Hello" in (tree / "site/en/subscribe/index.html").read_text("utf-8")
    assert "A line of Nimbus was cut near Olten. We are on it." in incident
