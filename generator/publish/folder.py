"""The target folder: what stands in it, and how room is made there.

Nothing is followed through a symbolic link, and nothing is removed that was not found by `survey`.
"""
# For 30,000 files pathlib takes twice as long as os.
# ruff: noqa: PTH102, PTH106, PTH108

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from generator.disk.errors import PublishError, some
from generator.disk.files import TEMPORARY


class EntryKind:
    """What an entry of a folder is, without following a symbolic link."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    OTHER = "special file"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFolder:
    """A target folder with the kind of everything in it; the functions that change one change the other."""

    root: str
    kinds: dict[str, str]
    """By path relative to the root, with `/`."""

    def full(self, path: str) -> str:
        """Return the path as the operating system wants it."""
        return f"{self.root}/{path}"


def survey(root: str) -> TargetFolder:
    """Look at everything in the target, and clear away what interrupted builds were writing."""
    kinds: dict[str, str] = {}
    waiting = [""]
    while waiting:
        above = waiting.pop()
        with os.scandir(f"{root}/{above}") as entries:
            for entry in entries:
                kind = _kind(entry)
                if kind == EntryKind.FOLDER:
                    waiting.append(f"{above}{entry.name}/")
                elif entry.name == TEMPORARY:
                    os.unlink(entry.path)
                    continue
                kinds[above + entry.name] = kind
    return TargetFolder(root=root, kinds=kinds)


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_file(follow_symlinks=False):
        return EntryKind.FILE
    if entry.is_dir(follow_symlinks=False):
        return EntryKind.FOLDER
    return EntryKind.LINK if entry.is_symlink() else EntryKind.OTHER


def judge(target: TargetFolder, outputs: Set[str], ours: Set[str]) -> None:
    """Refuse, before anything is changed, what could only be published over somebody else's files.

    Raises:
        PublishError: `in-the-way`.
    """
    for folder in sorted({above for path in outputs for above in ancestors(path)}):
        kind = target.kinds.get(folder, EntryKind.FOLDER)
        if kind != EntryKind.FOLDER and folder not in ours:
            _in_the_way(target, folder, f"is a {kind} where the site needs a folder")
    for path in sorted(outputs):
        if target.kinds.get(path) == EntryKind.FOLDER:
            foreign = [inner for inner in _below(target, path) if target.kinds[inner] != EntryKind.FOLDER]
            foreign = [inner for inner in foreign if inner not in ours]
            if foreign:
                _in_the_way(target, path, f"is a folder where the site needs a file, and holds {some(foreign)}")


def _in_the_way(target: TargetFolder, path: str, what: str) -> None:
    raise PublishError("in-the-way", f"{target.full(path)} {what}", hint="move it away and build again")


def ancestors(path: str) -> Iterator[str]:
    """Yield the folders above a path, nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _below(target: TargetFolder, folder: str) -> list[str]:
    return sorted(path for path in target.kinds if path.startswith(f"{folder}/"))


def make_room(target: TargetFolder, path: str) -> int:
    """Make the folders above a file, and clear away what `judge` let pass; return how many files that removed."""
    removed = 0
    missing = []
    for folder in ancestors(path):
        kind = target.kinds.get(folder)
        if kind == EntryKind.FOLDER:
            break
        missing.append(folder)
        removed += kind is not None and remove(target, folder)
    for folder in reversed(missing):
        os.mkdir(target.full(folder))
        target.kinds[folder] = EntryKind.FOLDER
    if target.kinds.get(path) == EntryKind.FOLDER:
        inner = _below(target, path)
        removed += sum([remove(target, file) for file in inner])
        prune(target, [path, *inner])
    return removed


def remove(target: TargetFolder, path: str) -> bool:
    """Remove a file or a link, and return whether there was one."""
    if target.kinds.get(path, EntryKind.FOLDER) == EntryKind.FOLDER:
        return False
    os.unlink(target.full(path))
    del target.kinds[path]
    return True


def prune(target: TargetFolder, folders: Iterable[str]) -> None:
    """Remove those of the folders that hold nothing any more, innermost first."""
    for folder in sorted(folders, key=lambda path: path.count("/"), reverse=True):
        if target.kinds.get(folder) == EntryKind.FOLDER and not os.listdir(target.full(folder)):
            os.rmdir(target.full(folder))
            del target.kinds[folder]
