"""The outlet `tree` writes whole files, once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from probes.tree import TreeOutlet

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


@pytest.mark.parametrize("path", ["incidents/2026/x.yaml", "incidents/auto/../2026/x.yaml", "/etc/passwd"])
def test_only_its_own(tmp_path: Path, path: str) -> None:
    """Nothing is written but below incidents/auto/."""
    published = TreeOutlet(tmp_path).publish({path: b"{}"})

    assert published.out == frozenset()
    assert "none of ours" in published.alarm
    assert list(tmp_path.rglob("*")) == []


def test_observations(tmp_path: Path) -> None:
    """What was last seen is replaced again and again."""
    outlet = TreeOutlet(tmp_path)

    outlet.observe("zrh1", b"1")
    outlet.observe("zrh1", b"2")

    assert (tmp_path / "observations/zrh1.json").read_bytes() == b"2"
    assert os.listdir(tmp_path / "observations") == ["zrh1.json"]


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
