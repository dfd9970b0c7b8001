"""The publisher under a kill, on a full disk, without permission, and beside another build."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import NoReturn

import pytest

from generator.disk.lock import acquire
from generator.formats.output import Output
from generator.publish.options import BuildOptions, Target
from generator.publish.publisher import PublishError, Report, publish
from generator.time_slots import Stamp

pytestmark = pytest.mark.slow

STAMP = Stamp(iso="2026-11-24T11:00:00Z", time="12:00")
EDITIONS = ("old", "new", "last")
ROUNDS = 25


def site(edition: str, *, pages: int) -> list[Output]:
    """Return a synthetic site: pages that every edition has, pages and folders of this one alone, and an asset."""

    def page(path: str, text: str, *, stamped: bool = False) -> Output:
        return Output(path=path, inputs=f"{path}{text}", render=text.encode, stamped=stamped)

    long = edition * 2000
    return [
        page("heartbeat.json", "\x1aiso\x1a", stamped=True),
        page("index.html", f"{edition} \x1atime\x1a", stamped=True),
        page(f"assets/{edition}.css", long),
        page(f"swap/{edition}", "a file in one edition is a folder in the others"),
        *(page(f"swap/{other}/file", "and the other way round") for other in EDITIONS if other != edition),
        *(page(f"de/same/{number}/index.html", "the same in all editions") for number in range(pages)),
        *(page(f"de/news/{number}/index.html", f"{number} {long}") for number in range(pages)),
        *(page(f"de/{edition}/{number}/index.html", f"{number} {long}") for number in range(pages)),
    ]


def put(edition: str, folder: Path, *, pages: int, **options: float) -> Report:
    """Publish an edition of the synthetic site to `folder`/site."""
    outputs = site(edition, pages=pages)
    target = Target(folder=folder / "site", state=folder / "state", owner="me")
    return publish(outputs, target, STAMP, BuildOptions(**options))  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return what stands in a folder: bytes by path, None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def without_former_assets(found: dict[str, bytes | None], edition: str) -> dict[str, bytes | None]:
    """Return the tree without the assets of other editions, which stay for a generation."""
    return {path: data for path, data in found.items() if not path.startswith("assets/") or edition in path}


def in_a_child(action: Callable[[], object]) -> int:
    """Do something in a process of its own and return how it ended: 0, 1 after an exception, or minus a signal."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at(step: int) -> None:
    """Let this process be killed just before its `step`-th look at, or change of, the file system."""
    left = step

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.scandir", "os.listdir"}:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def put_until(step: int, folder: Path) -> None:
    """Publish the new edition, and be killed on the way."""
    kill_at(step)
    put("new", folder, pages=1)


def steps() -> Iterator[int]:
    """Count from one."""
    step = 1
    while True:
        yield step
        step += 1


@pytest.mark.parametrize("before", ["", "old"])
@pytest.mark.parametrize("after", ["new", "old", "last"])
def test_a_kill_at_any_step_leaves_nothing(tmp_path: Path, before: str, after: str) -> None:
    """Wherever a publication is killed, each file is whole, and the next one leaves what a fresh one would."""
    put(after, tmp_path / "fresh", pages=1)
    expected = tree(tmp_path / "fresh" / "site")
    whole = {data for edition in EDITIONS for data in _bytes_of(tmp_path / "whole" / edition, edition, pages=1)}

    for step in steps():
        folder = tmp_path / str(step)
        if before:
            put(before, folder, pages=1)
        ended = in_a_child(partial(put_until, step, folder))
        torn = tree(folder / "site") if (folder / "site").exists() else {}
        put(after, folder, pages=1)

        assert {data for path, data in torn.items() if not path.endswith(".lagebild-new")} <= whole
        assert without_former_assets(tree(folder / "site"), after) == expected, step
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert step > 30


def _bytes_of(folder: Path, edition: str, *, pages: int) -> set[bytes | None]:
    """Return every content that the edition's files have."""
    put(edition, folder, pages=pages)
    return {*tree(folder / "site").values(), None}


def test_a_kill_at_any_moment_leaves_nothing(tmp_path: Path) -> None:
    """However often publications are killed, one that ends leaves the tree that a fresh one would."""
    put("last", tmp_path / "fresh", pages=70)
    expected = tree(tmp_path / "fresh" / "site")
    folder = tmp_path / "tried"

    for number in range(ROUNDS):
        child = os.fork()
        if child == 0:
            publish_for_ever(folder)
        time.sleep(number * 0.008)
        os.kill(child, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        put("last", folder, pages=70)

        assert ended == -signal.SIGKILL
        assert without_former_assets(tree(folder / "site"), "last") == expected


def publish_for_ever(folder: Path) -> NoReturn:
    """Publish two editions of some 200 files in turn, until killed or until something fails."""
    try:
        while True:
            put("old", folder, pages=70)
            put("new", folder, pages=70)
    finally:
        os._exit(1)


# The disk


def refusal(folder: Path, *, prepare: Callable[[], object]) -> dict[str, str]:
    """Publish in a process of its own that was prepared for trouble; return how that was refused."""
    told = folder / "refusal.json"
    told.touch()

    def attempt() -> None:
        answer = os.open(told, os.O_WRONLY)
        prepare()
        try:
            put("new", folder, pages=3)
        except PublishError as error:
            os.write(answer, json.dumps({"code": error.code, "message": error.message, "hint": error.hint}).encode())

    assert in_a_child(attempt) == 0
    refused: dict[str, str] = json.loads(told.read_bytes())
    return refused


def test_a_file_that_cannot_be_written_in_full(tmp_path: Path) -> None:
    """When the system refuses the rest of a file, the old one stays whole and nothing half-written is left."""
    put("old", tmp_path, pages=3)
    before = tree(tmp_path / "site")
    limit = 3000

    refused = refusal(tmp_path, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    assert refused["code"] == "disk"
    assert refused["message"] == f"{gettempdir()}: File too large"
    assert refused["hint"] == "fix that and build again; the existing files are complete"
    assert tree(tmp_path / "site") == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small tmpfs, and not in every container")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    """On a full disk every file is the old or the new one, whole; with some space again all is put right."""
    put("old", small_disk, pages=3)
    whole = {*tree(small_disk / "site").values()} | _bytes_of(small_disk.parent / "fresh", "new", pages=3)
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(bytes(1_000_000))
    os.truncate(ballast, ballast.stat().st_size - 40_000)

    with pytest.raises(PublishError, match="No space left") as refused:
        put("new", small_disk, pages=3)
    found = tree(small_disk / "site")
    ballast.unlink()
    put("new", small_disk, pages=3)

    assert refused.value.code == "disk"
    assert refused.value.hint == "free some space and build again; the existing files are complete"
    assert set(found.values()) <= whole
    assert not any(path.endswith(".lagebild-new") for path in found)
    assert without_former_assets(tree(small_disk / "site"), "new") == tree(small_disk.parent / "fresh" / "site")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that other users can enter, which pytest's are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_without_permission(open_folder: Path) -> None:
    """Where the user may not write, the message names the path and what helps, and nothing is changed."""
    put("old", open_folder, pages=3)
    before = tree(open_folder / "site")

    def lose_permission() -> None:
        for path in (open_folder / "state").rglob("*"):
            path.chmod(0o777)
        (open_folder / "site" / "assets").chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65534)

    refused = refusal(open_folder, prepare=lose_permission)

    assert refused["code"] == "disk"
    assert refused["message"] == f"{open_folder}/site/assets/new.css: Permission denied"
    assert refused["hint"] == "let the user who builds write there, then build again"
    assert tree(open_folder / "site") == before


# Another build


def test_two_builds_do_not_interleave(tmp_path: Path) -> None:
    """While another process is at work on the tree, a publication waits, then gives up and says who it is."""
    with acquire(str(tmp_path / "state")), pytest.raises(PublishError) as refused:
        put("new", tmp_path, pages=1, wait_seconds=0.01)

    assert refused.value.code == "locked"
    assert refused.value.message == f"another build (process {os.getpid()}) has been at work on this tree for 0.01 s"
    assert not (tmp_path / "site").exists()


def test_a_publication_waits_for_another(tmp_path: Path) -> None:
    """A publication goes on as soon as the other build is done."""
    ready, go = os.pipe(), os.pipe()

    def hold() -> None:
        with acquire(str(tmp_path / "state")):
            os.write(ready[1], b".")
            os.read(go[0], 1)
            put_inside = publish([], Target(folder=tmp_path / "other", state=tmp_path / "elsewhere", owner="me"), STAMP)
            assert put_inside.written == 0

    child = os.fork()
    if child == 0:
        hold()
        os._exit(0)
    os.read(ready[0], 1)
    os.write(go[1], b".")

    report = put("new", tmp_path, pages=1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert report.written == len(site("new", pages=1))


def test_a_killed_build_holds_no_lock(tmp_path: Path) -> None:
    """The lock ends with the process that held it."""

    def die() -> None:
        acquire(str(tmp_path / "state"))
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(die) == -signal.SIGKILL

    report = put("new", tmp_path, pages=1, wait_seconds=0)

    assert report.written == len(site("new", pages=1))


def test_who_holds_the_lock_can_publish(tmp_path: Path) -> None:
    """A build that took the lock before it read the content hands it to the publisher."""
    outputs = site("new", pages=1)

    with acquire(str(tmp_path / "state")) as lock:
        report = publish(
            outputs, Target(folder=tmp_path / "site", state=tmp_path / "state", owner="me"), STAMP, lock=lock
        )

    assert report.written == len(outputs)
