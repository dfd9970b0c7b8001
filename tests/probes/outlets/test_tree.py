"""The outlet `tree` writes whole files, once."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from probes.outlets.tree import TreeOutlet

PATH = "incidents/auto/2026/11/20261124T031209Z-zrh1-open-0123456789abcdef.json"


def test_writes(tmp_path: Path) -> None:
    """Files are written, and are out; to write them again changes nothing."""
    outlet = TreeOutlet(tmp_path)

    first = outlet.publish({PATH: b"{}"})
    written_at = (tmp_path / PATH).stat().st_mtime_ns
    second = outlet.publish({PATH: b"{}"})

    assert first.out == second.out == {PATH}
    assert (first.alarm, first.retry_in_seconds) == ("", None)
    assert (tmp_path / PATH).stat().st_mtime_ns == written_at
    assert os.listdir((tmp_path / PATH).parent) == [Path(PATH).name]


def test_never_overwrites(tmp_path: Path) -> None:
    """What stands there with another content is left alone, with an alarm."""
    outlet = TreeOutlet(tmp_path)
    outlet.publish({PATH: b"{}"})

    published = outlet.publish({PATH: b"[]"})

    assert "another content" in published.alarm
    assert (tmp_path / PATH).read_bytes() == b"{}"


STRANGE = [
    "incidents/2026/x.yaml",
    "incidents/auto/../2026/x.yaml",
    "incidents/auto/2026/11/../x.json",
    "incidents/auto/2026/11/x.yaml",
    "incidents/auto/2026/11/x.json\n",
    "/etc/passwd",
    "",
]


@pytest.mark.parametrize("path", STRANGE)
def test_only_its_own(tmp_path: Path, path: str) -> None:
    """Nothing is written but below incidents/auto/; what is in order is not held up by what is not."""
    published = TreeOutlet(tmp_path).publish({path: b"{}", PATH: b"{}"})

    assert published.out == {PATH}
    assert published.retry_in_seconds
    assert "none of ours" in published.alarm
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [tmp_path / PATH]


def test_observations(tmp_path: Path) -> None:
    """What was last seen is replaced again and again."""
    outlet = TreeOutlet(tmp_path)

    outlet.observe("zrh1", b"1")
    outlet.observe("zrh1", b"2")

    assert (tmp_path / "observations/zrh1.json").read_bytes() == b"2"
    assert os.listdir(tmp_path / "observations") == ["zrh1.json"]


def test_never_half(tmp_path: Path) -> None:
    """Whoever reads while a file is replaced reads the whole former one or the whole new one."""
    outlet, contents = TreeOutlet(tmp_path), [b"a" * 300_000, b"b" * 500_000]
    outlet.observe("zrh1", contents[0])

    def write() -> None:
        for number in range(100):
            outlet.observe("zrh1", contents[number % 2])

    writing = threading.Thread(target=write)
    writing.start()
    found = set()
    while writing.is_alive():
        found.add((tmp_path / "observations/zrh1.json").read_bytes())
    writing.join()

    assert found <= set(contents)


def test_what_a_killed_run_left(tmp_path: Path) -> None:
    """What a killed run has left aside is no event, and goes when the file is written."""
    left = (tmp_path / PATH).with_name(f".{Path(PATH).name}.4711")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"{")

    published = TreeOutlet(tmp_path).publish({PATH: b"{}"})

    assert published.out == {PATH}
    assert os.listdir(left.parent) == [Path(PATH).name]


def test_folder_is_in_the_way(tmp_path: Path) -> None:
    """What cannot be written stays to be written, and the operators hear why."""
    (tmp_path / "incidents").write_text("a file")

    published = TreeOutlet(tmp_path).publish({PATH: b"{}"})

    assert published.out == frozenset()
    assert published.retry_in_seconds
    assert "Not a directory" in published.alarm or "File exists" in published.alarm


def test_full_disk(tmp_path: Path) -> None:
    """On a full disk no half of a file is left."""
    if os.getuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        outlet = TreeOutlet(tmp_path)
        published = outlet.publish({PATH: b"x" * 200_000})

        assert published.out == frozenset()
        assert "No space left" in published.alarm
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert outlet.publish({PATH: b"{}"}).out == {PATH}
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
