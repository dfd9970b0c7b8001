"""A site is a pure function of its files and of `now`; what is on disk follows it, whole or not at all."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator import formats, pipeline, sources
from generator.content.judge import judge
from generator.model import Site
from generator.problems import Level
from generator.publish import unchanged
from generator.publish.options import BuildOptions
from tests.compiled import COMPILED

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
NOW = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
ARCHIVE = "incidents/2024/2024-02-19-mail-archive-down.yaml"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the shipped content."""
    folder = tmp_path / "tree"
    folder.mkdir()
    shutil.copy(CHECKOUT / "status.yaml", folder)
    shutil.copytree(CHECKOUT / "incidents", folder / "incidents")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def states(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every file, by path."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix(): (s.st_ino, s.st_mtime_ns) for path, s in found.items()}


def clean(tree: Path, folder: Path, now: datetime) -> dict[str, bytes]:
    """Return what a build of the tree into an empty folder makes, without anything remembered."""
    copy = Path(tempfile.mkdtemp(dir=folder)) / "tree"
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns(".lagebild", "site"))
    built = pipeline.build(copy, copy / "site", now)
    assert built.report is not None
    made = files(copy / "site")
    shutil.rmtree(copy.parent)
    return made


def test_same_input_same_bytes(tree: Path, tmp_path: Path) -> None:
    """Two builds of the same tree at the same instant are the same, byte for byte."""
    assert clean(tree, tmp_path, NOW) == clean(tree, tmp_path, NOW)


def test_nothing_changed(tree: Path) -> None:
    """A build with nothing to do touches only what shows when it was made."""
    pipeline.build(tree, tree / "site", NOW)
    before = states(tree / "site")

    taken = unchanged.take(str(tree), str(tree / "site"), NOW + timedelta(minutes=7))

    after = states(tree / "site")
    assert taken
    overviews = {f"{feed.parent.name}/index.html" for feed in (tree / "site").glob("*/feed.json")}
    assert {path for path in after if after[path] != before[path]} == {
        *("index.html", "heartbeat.json", "metrics.txt"),
        *overviews,
    }
    assert "de/index.html" in overviews
    assert "09:07" in (tree / "site/de/index.html").read_text("utf-8")
    assert "2024-02-20T08:07:00Z" in (tree / "site/heartbeat.json").read_text("utf-8")


def test_short_way_equals_long_way(tree: Path, tmp_path: Path) -> None:
    """The short way leaves the same bytes as a clean build at that instant."""
    pipeline.build(tree, tree / "site", NOW)
    later = NOW + timedelta(hours=3)

    assert unchanged.take(str(tree), str(tree / "site"), later)

    assert files(tree / "site") == clean(tree, tmp_path, later)


@pytest.mark.parametrize("change", ["content", "site", "clock", "backwards", "output"])
def test_short_way_refused(tree: Path, change: str) -> None:
    """The short way is not taken when content, site, target or facts are no longer what they were."""
    pipeline.build(tree, tree / "site", NOW)
    now, target = NOW + timedelta(minutes=1), tree / "site"
    if change == "content":
        (tree / ARCHIVE).write_text((tree / ARCHIVE).read_text("utf-8") + "\n", "utf-8")
    elif change == "site":
        (tree / "site/fr/history/2023/index.html").unlink()
    elif change == "clock":
        now = datetime(2024, 2, 20, 23, 0, tzinfo=UTC)
    elif change == "backwards":
        now = NOW - timedelta(minutes=1)
    else:
        target = tree / "elsewhere"

    assert not unchanged.take(str(tree), str(target), now)


def test_every_build_equals_a_clean_one(tree: Path, tmp_path: Path) -> None:
    """Whatever changes from one build to the next, the result is that of a clean build."""
    chance = random.Random(5)  # noqa: S311 - a fixed course of events
    now = datetime(2023, 8, 20, tzinfo=UTC)
    incidents = sorted((tree / "incidents").rglob("*.yaml"))
    aside = tmp_path / "aside"
    aside.mkdir()

    for step in range(12):
        now += timedelta(seconds=chance.randrange(1, 40 * 86_400))
        path = chance.choice(incidents)
        away = aside / path.name
        if away.exists():
            away.rename(path)
            (tree / "incidents/removed.yaml").unlink(missing_ok=True)
        elif step % 3 == 0:
            path.rename(away)
            told = "".join(f"{gone.stem}: moved\n" for gone in aside.iterdir())
            (tree / "incidents/removed.yaml").write_text(told, "utf-8")
        elif step % 3 == 1:
            path.write_text(path.read_text("utf-8").replace("E-Mail", "Mail").replace("major", "partial"), "utf-8")
        else:
            config = (tree / "status.yaml").read_text("utf-8")
            (tree / "status.yaml").write_text(config.replace("Cleanmail CH", f"Cleanmail CH {step}", 1), "utf-8")
        built = pipeline.build(tree, tree / "site", now)

        assert built.report is not None, built.problems
        made = files(tree / "site")
        expected = clean(tree, tmp_path, now)
        assert {path: data for path, data in made.items() if path in expected} == expected
        assert all(path.startswith("assets/") for path in made.keys() - expected.keys())


def rendered(tree: Path, now: datetime) -> dict[str, bytes]:
    """Return every output of a tree at an instant, with its slots still open."""
    read = sources.read(tree)
    edition = pipeline.derive(read, judge(read, now), now, compiled=COMPILED)
    return {output.path: output.render() for output in formats.outputs(edition)}


@pytest.mark.parametrize("start", ["2023-04-12T09:00", "2023-08-27T15:00", "2024-02-13T16:00", "2024-03-30T10:00"])
def test_until_the_next_transition(tree: Path, start: str) -> None:
    """Up to the next transition every output is the same but for the slots of the build's time."""
    now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    read = sources.read(tree)
    until = pipeline.derive(read, judge(read, now), now, compiled=COMPILED).facts.next_transition

    made = rendered(tree, now)

    assert made == rendered(tree, until - timedelta(seconds=1))
    assert made != rendered(tree, until)


def test_inputs_name_the_bytes(tree: Path) -> None:
    """As long as an output's inputs are the same, so are its bytes, whatever else changed."""
    known: dict[tuple[str, str], bytes] = {}
    for day in range(0, 900, 45):
        now = datetime(2021, 9, 1, tzinfo=UTC) + timedelta(days=day, hours=day % 24)
        read = sources.read(tree)
        edition = pipeline.derive(read, judge(read, now), now, compiled=COMPILED)
        for output in formats.outputs(edition):
            data = output.render()

            assert known.setdefault((output.path, output.inputs), data) == data, output.path


def test_error_keeps_the_site(tree: Path) -> None:
    """Content with an error leaves the former site as it was, byte for byte and file by file."""
    pipeline.build(tree, tree / "site", NOW)
    before = states(tree / "site"), files(tree / "site")
    (tree / ARCHIVE).write_text("title: [\n", "utf-8")

    built = pipeline.build(tree, tree / "site", NOW + timedelta(hours=1))

    assert built.report is None
    assert [problem.code for problem in built.problems if problem.level is Level.ERROR] == ["yaml-syntax"]
    assert (states(tree / "site"), files(tree / "site")) == before


def test_keep_going(tree: Path) -> None:
    """With keep_going a typo neither blocks another incident nor makes an outage vanish."""
    pipeline.build(tree, tree / "site", NOW)
    outage = (tree / ARCHIVE).read_text("utf-8")
    (tree / ARCHIVE).write_text(outage.replace("mail-archive:", "mail-archiv:"), "utf-8")
    (tree / "incidents/2024/2024-02-20-new.yaml").write_text(
        "services: {hexadmin: partial_outage}\nupdates:\n  - at: 2024-02-20 08:30\n    status: investigating\n", "utf-8"
    )

    built = pipeline.build(tree, tree / "site", NOW + timedelta(hours=1), BuildOptions(keep_going=True))

    overview = (tree / "site/en/index.html").read_text("utf-8")
    assert built.kept == (ARCHIVE,)
    assert "Archive unavailable" in overview
    assert "Hexadmin: partial outage" in overview
    assert '"faulty_files": 1' in (tree / "site/heartbeat.json").read_text("utf-8")


def test_keep_going_without_a_former_version(tree: Path) -> None:
    """A faulty file that was never accepted is left out; a faulty status.yaml stands at its last version."""
    pipeline.build(tree, tree / "site", NOW)
    (tree / "status.yaml").write_text("name: [\n", "utf-8")
    (tree / "incidents/2024/new.yaml").write_bytes(b"\xff")

    built = pipeline.build(tree, tree / "site", NOW + timedelta(hours=1), BuildOptions(keep_going=True))

    assert built.kept == ("incidents/2024/new.yaml", "status.yaml")
    assert "Archive unavailable" in (tree / "site/en/index.html").read_text("utf-8")


def test_keep_going_with_nothing_to_build_on(tree: Path) -> None:
    """Where status.yaml was never sound, even keep_going builds nothing."""
    (tree / "status.yaml").write_text("name: Example\n", "utf-8")

    built = pipeline.build(tree, tree / "site", NOW, BuildOptions(keep_going=True))

    assert built.report is None
    assert not (tree / "site").exists()


def test_stamp() -> None:
    """The next build is due within twice the interval, and people read the site's own clock."""
    site = Site(
        name={},
        url="https://x.example",
        feed_authority="x.example,2024",
        time_zone="Europe/Zurich",
        languages=(),
        groups=(),
        services=(),
        uptime_weights={},
        publish_every=timedelta(minutes=15),
    )

    stamp = pipeline.stamp(site, NOW)

    assert (stamp.iso, stamp.time, stamp.due) == ("2024-02-20T08:00:00Z", "09:00", "2024-02-20T08:30:00Z")
