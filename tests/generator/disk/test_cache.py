"""What is remembered between builds, and when it is not trusted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.disk.cache import Memo, fingerprint, forget, load, store


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a small tree of content."""
    root = tmp_path / "tree"
    (root / "incidents/2024").mkdir(parents=True)
    (root / "incidents/2024/a.yaml").write_text("a")
    (root / "incidents/b.yaml").write_text("b")
    (root / "status.yaml").write_text("site")
    return root


def seal(tree: Path) -> str:
    """Return the fingerprint of the small tree."""
    return fingerprint([str(tree / "incidents"), str(tree / "status.yaml"), str(tree / "absent")])


def test_the_same_files_have_the_same_fingerprint(tree: Path) -> None:
    """Reading files changes no fingerprint; a new folder does, for it may stand where a file should be."""
    before = seal(tree)
    (tree / "incidents/b.yaml").read_bytes()

    read = seal(tree)
    (tree / "incidents/c.yaml").mkdir()

    assert read == before
    assert seal(tree) != before


def rewrite_unseen(tree: Path) -> None:
    """Change a file to one of the same size, and set its times back."""
    path = tree / "incidents/b.yaml"
    before = path.stat()
    path.write_text("B")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_unseen(tree: Path) -> None:
    """Put another file of the same size and time in the place of one."""
    path = tree / "incidents/b.yaml"
    before = path.stat()
    (tree / "new").write_text("B")
    os.utime(tree / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tree / "new").replace(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "incidents/2024/c.yaml").touch(),
        lambda tree: (tree / "incidents/2024/a.yaml").unlink(),
        lambda tree: (tree / "incidents/2024/a.yaml").write_text("longer"),
        lambda tree: (tree / "incidents/2024/a.yaml").rename(tree / "incidents/2024/z.yaml"),
        lambda tree: (tree / "incidents/2024").rename(tree / "incidents/2025"),
        lambda tree: (tree / "incidents/b.yaml").chmod(0o600),
        lambda tree: (tree / "status.yaml").write_text("other site"),
        lambda tree: (tree / "status.yaml").unlink(),
        lambda tree: (tree / "absent").touch(),
        lambda tree: (tree / "absent").mkdir(),
        rewrite_unseen,
        replace_unseen,
    ],
)
def test_every_change_shows_in_the_fingerprint(tree: Path, change: Callable[[Path], object]) -> None:
    """A file that appears, goes, moves, is written or replaced changes the fingerprint."""
    before = seal(tree)
    change(tree)

    assert seal(tree) != before


def test_a_linked_file_counts_as_what_it_leads_to(tree: Path) -> None:
    """The fingerprint sees changes of a file behind a link, and where the link leads."""
    (tree / "shared.yaml").write_text("shared")
    (tree / "other.yaml").write_text("shared")
    link = tree / "incidents/link.yaml"
    link.symlink_to(tree / "shared.yaml")
    seals = [seal(tree)]

    (tree / "shared.yaml").write_text("shared, and changed")
    seals.append(seal(tree))
    link.unlink()
    link.symlink_to(tree / "other.yaml")
    seals.append(seal(tree))
    (tree / "other.yaml").unlink()
    seals.append(seal(tree))

    assert len(set(seals)) == len(seals)


def test_a_link_to_a_folder_is_not_followed(tree: Path) -> None:
    """A link below a root that leads in a circle does no harm, and files behind a link do not count."""
    (tree / "outside").mkdir()
    (tree / "outside/y.yaml").write_text("y")
    (tree / "incidents/circle").symlink_to(tree / "incidents")
    (tree / "incidents/outside").symlink_to(tree / "outside")
    before = seal(tree)

    (tree / "outside/y.yaml").write_text("changed")

    assert seal(tree) == before


def test_a_root_may_be_a_link(tree: Path) -> None:
    """A root that is a link to a folder counts as that folder."""
    (tree / "link").symlink_to("incidents")
    before = fingerprint([str(tree / "link")])
    (tree / "incidents/b.yaml").write_text("changed")

    assert fingerprint([str(tree / "link")]) != before


def test_a_file_belongs_to_its_root(tree: Path) -> None:
    """The same files below another root are something else."""
    before = fingerprint([str(tree / "incidents")])
    (tree / "incidents").rename(tree / "drafts")

    assert fingerprint([str(tree / "drafts")]) != before


def test_names_that_are_no_text_count(tree: Path) -> None:
    """A file whose name is not UTF-8 is part of the fingerprint."""
    before = seal(tree)
    Path(os.fsdecode(os.fsencode(tree / "incidents") + b"/caf\xe9")).touch()

    assert seal(tree) != before


# The state


def test_what_is_stored_is_loaded(tmp_path: Path) -> None:
    """The state of a build comes back as it was stored, until it is forgotten."""
    state = {"fingerprint": "x", "next_transition": 1795532400, "options": ["--output", "site"], "none": None}
    folder = str(tmp_path / "state")

    store(folder, state)
    loaded = load(folder)
    forget(folder)

    assert loaded == state
    assert load(folder) is None


def test_nothing_stored_is_nothing_loaded(tmp_path: Path) -> None:
    """Without a folder there is no state to load, nor to forget."""
    forget(str(tmp_path / "absent"))

    assert load(str(tmp_path / "absent")) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"{}", b'{"version": 0}', b"\xff", b"[" * 100_000])
def test_a_damaged_state_is_an_absent_one(tmp_path: Path, damage: bytes) -> None:
    """A state that is torn, or of another version, is not loaded."""
    (tmp_path / "build.json").write_bytes(damage)

    assert load(str(tmp_path)) is None


def test_a_state_that_cannot_be_stored_is_no_error(tmp_path: Path) -> None:
    """Where no folder can be made, the build goes on without a memory."""
    (tmp_path / "file").touch()

    store(str(tmp_path / "file"), {"fingerprint": "x"})
    Memo(str(tmp_path / "file"), "catalogs").put("key", b"value")

    assert load(str(tmp_path / "file")) is None
    assert Memo(str(tmp_path / "file"), "catalogs").get("key") is None


# The memo


@given(entries=st.dictionaries(st.text(), st.binary(), max_size=8))
def test_a_memo_remembers(entries: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every value comes back under its key, whatever the key, in another process as well."""
    folder = str(tmp_path_factory.mktemp("memo"))

    for key, value in entries.items():
        Memo(folder, "x").put(key, value)

    assert {key: Memo(folder, "x").get(key) for key in entries} == entries
    assert Memo(folder, "other").get("") is None


def test_a_new_value_replaces_the_old(tmp_path: Path) -> None:
    """A key has one value, the last that was put."""
    memo = Memo(str(tmp_path), "x")

    memo.put("key", b"old")
    memo.put("key", b"new")

    assert memo.get("key") == b"new"


@pytest.mark.parametrize("damage", [b"", b"short", b"damaged beyond recognition"])
def test_a_damaged_entry_is_an_absent_one(tmp_path: Path, damage: bytes) -> None:
    """An entry that was torn, or took another's place, is not returned."""
    memo = Memo(str(tmp_path), "x")
    memo.put("key", b"value")
    (entry,) = tmp_path.glob("memo/x/*")
    entry.write_bytes(damage)

    assert memo.get("key") is None


def test_an_entry_of_another_key_is_an_absent_one(tmp_path: Path) -> None:
    """A whole entry that was moved to another key's place is not returned."""
    memo = Memo(str(tmp_path), "x")
    memo.put("a", b"value of a")
    (entry_a,) = tmp_path.glob("memo/x/*")
    memo.put("b", b"value of b")
    (entry_b,) = set(tmp_path.glob("memo/x/*")) - {entry_a}
    entry_a.replace(entry_b)

    assert memo.get("b") is None


def test_a_memo_does_not_grow_for_ever(tmp_path: Path) -> None:
    """Beyond its limit a memo drops the entries that were put first."""
    memo = Memo(str(tmp_path), "x", limit=3)
    for number in range(5):
        memo.put(str(number), b"value")
        for entry in tmp_path.glob("memo/x/*"):
            os.utime(entry, ns=(0, entry.stat().st_mtime_ns - 10**9))

    assert [memo.get(str(number)) is not None for number in range(5)] == [False, False, True, True, True]
