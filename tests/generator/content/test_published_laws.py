"""Whatever happens to the files, no incident vanishes unless staff say so, and once they are whole so is the site."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import pipeline
from generator.publish.options import BuildOptions
from probes.events import Event, EventKind, path_of, serialize
from probes.model import Outcome, Reason
from tests.laws import examples

pytestmark = pytest.mark.slow

SPEC = (Path(__file__).parents[2] / "spec/status.yaml").read_text("utf-8")
NOW = datetime(2024, 3, 1, 11, tzinfo=UTC)
PHRASES = "own: {de: Eigener Satz., fr: Phrase propre., en: A phrase of our own.}\n"
INCIDENT = """\
title: {{de: {id}, fr: {id}, en: {id}}}
services: {{{service}: major_outage}}
updates:
  - at: 2024-02-{day:02} 08:00
    status: investigating
    phrase: {phrase}
  - at: 2024-02-{day:02} 10:00
    status: resolved
"""


def event(day: int) -> tuple[str, bytes]:
    """Return the file of an outage that a prober found."""
    opened = Event(
        event=EventKind.OPEN,
        id=f"{day:016x}",
        prober="zrh1",
        at=datetime(2024, 1, day, 10, 1, tzinfo=UTC),
        since=datetime(2024, 1, day, 10, tzinfo=UTC),
        service="mail-archive",
        check="archive",
        kind="http",
        status=Outcome.OUTAGE,
        reason=Reason.TIMEOUT,
    )
    return path_of(opened), serialize(opened)


def incident(id_: str, day: int, service: str = "mail-archive", phrase: str = "working-on-fix") -> bytes:
    """Return an incident file."""
    return INCIDENT.format(id=id_, day=day, service=service, phrase=phrase).encode()


OLD = {
    "status.yaml": SPEC.encode(),
    "incidents/2023/a.yaml": incident("a", 1),
    "incidents/2023/a.en.md": b"What we learned.",
    "incidents/2024/b.yaml": incident("b", 2),
    "incidents/2024/c.yaml": incident("c", 3) + b"# a comment\n",
    **dict([event(1)]),
}
NEW = {
    **OLD,
    "status.yaml": SPEC.replace("tasks:", "  - id: gateway\n    name: Gateway\n    group: archive\ntasks:").encode(),
    "locales/phrases.yaml": PHRASES.encode(),
    "incidents/2024/b.yaml": incident("b", 2, phrase="own"),
    "incidents/2024/c.yaml": b"follows: a\n" + incident("c", 3),
    "incidents/2024/d.yaml": incident("d", 4, service="gateway"),
    "incidents/2024/d.de.md": b"Die Lehren daraus.",
    **dict([event(2)]),
}
"""A later commit: it names a service, a phrase and an incident that the older one does not have."""


def write(tree: Path, path: str, data: bytes | None) -> None:
    """Bring a file to what a commit holds of it; None: it is not in the commit."""
    if data is None:
        (tree / path).unlink(missing_ok=True)
        return
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_bytes(data)


def check_out(tree: Path, chance: random.Random) -> None:
    """Do a part of a checkout of one of the commits, in any order."""
    commit = chance.choice((OLD, NEW))
    paths = sorted({*OLD, *NEW})
    for path in chance.sample(paths, chance.randrange(1, len(paths))):
        write(tree, path, commit.get(path))


def spoil(tree: Path, chance: random.Random) -> None:
    """Delete, tear, rename or move a file, or a folder."""
    there = sorted(path for path in (*tree.glob("incidents/**/*"), *tree.glob("*.yaml"), *tree.glob("locales/*")))
    if not there:
        return
    path = chance.choice(there)
    doing = chance.choice(("delete", "tear", "rename", "move"))
    if doing == "delete" or (doing == "tear" and path.is_dir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif doing == "tear":
        path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size or 1)])
    elif doing == "rename" and not path.with_name(f"new-{path.name}").exists():
        path.rename(path.with_name(f"new-{path.name}"))
    elif path.suffix == ".yaml":
        (tree / "incidents/2022").mkdir(parents=True, exist_ok=True)
        path.rename(tree / "incidents/2022" / path.name)


def build(tree: Path, now: datetime) -> pipeline.Built:
    """Build a tree as `watch` does."""
    return pipeline.build(tree, tree / "site", now, BuildOptions(keep_going=True))


def shown(tree: Path) -> set[str]:
    """Return the ids of the incidents that have a page."""
    return {page.parent.name for page in tree.glob("site/*/incidents/*/*/index.html")}


def site(tree: Path) -> dict[str, bytes]:
    """Return the files of a site, without assets, of which the former generation stays for a while."""
    files = (path for path in (tree / "site").rglob("*") if path.is_file())
    made = {path.relative_to(tree).as_posix(): path.read_bytes() for path in files}
    return {path: data for path, data in made.items() if not path.startswith("site/assets/")}


def settle(tree: Path, published: set[str]) -> None:
    """End the checkout of the later commit, and tell the removal of whatever was published beside it."""
    for folder in ("incidents", "locales"):
        shutil.rmtree(tree / folder, ignore_errors=True)
    for path in (*tree.glob("*.yaml"),):
        path.unlink()
    for path, data in NEW.items():
        write(tree, path, data)
    extra = published - {Path(path).stem.rpartition("-")[2] for path in NEW}
    write(tree, "incidents/removed.yaml", "".join(f'{id_}: "A mistake."\n' for id_ in sorted(extra)).encode())


@examples(100)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_incident_vanishes(seed: int) -> None:
    """Over deletions, torn files, moves and checkouts that stop halfway, what was shown stays shown."""
    chance = random.Random(seed)  # noqa: S311 - a course of events that can be repeated
    with tempfile.TemporaryDirectory() as folder:
        tree, now = Path(folder) / "tree", NOW
        for path, data in OLD.items():
            write(tree, path, data)
        build(tree, now)
        published = shown(tree)
        assert published == {"a", "b", "c", f"{1:016x}"}

        for _ in range(6):
            chance.choice((check_out, spoil))(tree, chance)
            now += timedelta(minutes=1)
            build(tree, now)
            assert published <= shown(tree)
            published = shown(tree)
        settle(tree, published)
        built = build(tree, now)

        assert not built.kept, built.problems
        again = Path(shutil.copytree(tree, Path(folder) / "again", ignore=shutil.ignore_patterns(".lagebild", "site")))
        build(again, now)
        assert site(tree) == site(again)


def git(tree: Path, *arguments: str) -> None:
    """Run git, independent of the user's own settings."""
    settings = ("-c", "user.name=Test", "-c", "user.email=test@example.ch", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", tree, *settings, *arguments], check=False, capture_output=True)


def test_a_rebase_that_stops(tmp_path: Path) -> None:
    """In the middle of a rebase with a conflict everything stands; at its end the site is that of a clean build."""
    tree = tmp_path / "tree"
    for path, data in OLD.items():
        write(tree, path, data)
    write(tree, ".gitignore", b"/site/\n/.lagebild/\n")
    git(tree, "init", "--quiet", "--initial-branch=main")
    for branch, title in (("main", b"de: b"), ("mine", b"de: Eins"), ("main", b"de: Zwei")):
        git(tree, "checkout", "--quiet", "-B" if branch == "mine" else "main", *([branch] if branch == "mine" else []))
        write(tree, "incidents/2024/b.yaml", incident("b", 2).replace(b"de: b", title))
        write(tree, "incidents/2024/d.yaml", incident("d", 4) if branch == "mine" else None)
        git(tree, "add", "--all")
        git(tree, "commit", "--quiet", "--message", branch)
    git(tree, "checkout", "--quiet", "mine")
    build(tree, NOW)
    before = shown(tree)

    git(tree, "rebase", "main")
    stopped = build(tree, NOW)
    during = shown(tree)
    write(tree, "incidents/2024/b.yaml", incident("b", 2).replace(b"de: b", b"de: Drei"))
    git(tree, "add", "--all")
    git(tree, "-c", "core.editor=true", "rebase", "--continue")
    ended = build(tree, NOW)

    assert "d" in before
    assert "merge-conflict" in {problem.code for problem in stopped.problems}
    assert during == before == shown(tree)
    assert not ended.kept, ended.problems
    again = Path(shutil.copytree(tree, tmp_path / "again", ignore=shutil.ignore_patterns(".lagebild", "site")))
    build(again, NOW)
    assert site(tree) == site(again)
