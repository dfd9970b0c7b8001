"""What stands in a target folder, and how room is made there.

Nothing is followed through a symbolic link, and nothing is removed that was not found by `survey`.
"""
# For 30,000 files pathlib takes twice as long as os.
# ruff: noqa: PTH102, PTH106, PTH108

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from generator.files import TEMPORARY
from generator.refusals import PublishError, some

__all__ = ["Ground", "Kind", "ancestors", "judge", "make_room", "prune", "remove", "survey"]


class Kind:
    """What an entry of a folder is, without following a symbolic link."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    OTHER = "special file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A target folder with the kind of everything in it; the functions that change one change the other."""

    root: str
    kinds: dict[str, str]
    """By path relative to the root, with `/`."""

    def full(self, path: str) -> str:
        """Return the path as the operating system wants it."""
        return f"{self.root}/{path}"


def survey(root: str) -> Ground:
    """Look at everything in the target, and clear away what interrupted builds were writing."""
    kinds: dict[str, str] = {}
    waiting = [""]
    while waiting:
        above = waiting.pop()
        with os.scandir(f"{root}/{above}") as entries:
            for entry in entries:
                kind = _kind(entry)
                if kind == Kind.FOLDER:
                    waiting.append(f"{above}{entry.name}/")
                elif entry.name == TEMPORARY:
                    os.unlink(entry.path)
                    continue
                kinds[above + entry.name] = kind
    return Ground(root=root, kinds=kinds)


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.LINK if entry.is_symlink() else Kind.OTHER


def judge(ground: Ground, outputs: Set[str], ours: Set[str]) -> None:
    """Refuse, before anything is changed, what could only be published over somebody else's files.

    Raises:
        PublishError: `in-the-way`.
    """
    for folder in sorted({above for path in outputs for above in ancestors(path)}):
        kind = ground.kinds.get(folder, Kind.FOLDER)
        if kind != Kind.FOLDER and folder not in ours:
            _in_the_way(ground, folder, f"is a {kind} where the site needs a folder")
    for path in sorted(outputs):
        if ground.kinds.get(path) == Kind.FOLDER:
            foreign = [inner for inner in _below(ground, path) if ground.kinds[inner] != Kind.FOLDER]
            foreign = [inner for inner in foreign if inner not in ours]
            if foreign:
                _in_the_way(ground, path, f"is a folder where the site needs a file, and holds {some(foreign)}")


def _in_the_way(ground: Ground, path: str, what: str) -> None:
    raise PublishError("in-the-way", f"{ground.full(path)} {what}", hint="move it away and build again")


def ancestors(path: str) -> Iterator[str]:
    """Yield the folders above a path, nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _below(ground: Ground, folder: str) -> list[str]:
    return sorted(path for path in ground.kinds if path.startswith(f"{folder}/"))


def make_room(ground: Ground, path: str) -> int:
    """Make the folders above a file, and clear away what `judge` let pass; return how many files that removed."""
    removed = 0
    missing = []
    for folder in ancestors(path):
        kind = ground.kinds.get(folder)
        if kind == Kind.FOLDER:
            break
        missing.append(folder)
        removed += kind is not None and remove(ground, folder)
    for folder in reversed(missing):
        os.mkdir(ground.full(folder))
        ground.kinds[folder] = Kind.FOLDER
    if ground.kinds.get(path) == Kind.FOLDER:
        inner = _below(ground, path)
        removed += sum([remove(ground, file) for file in inner])
        prune(ground, [path, *inner])
    return removed


def remove(ground: Ground, path: str) -> bool:
    """Remove a file or a link, and return whether there was one."""
    if ground.kinds.get(path, Kind.FOLDER) == Kind.FOLDER:
        return False
    os.unlink(ground.full(path))
    del ground.kinds[path]
    return True


def prune(ground: Ground, folders: Iterable[str]) -> None:
    """Remove those of the folders that hold nothing any more, innermost first."""
    for folder in sorted(folders, key=lambda path: path.count("/"), reverse=True):
        if ground.kinds.get(folder) == Kind.FOLDER and not os.listdir(ground.full(folder)):
            os.rmdir(ground.full(folder))
            del ground.kinds[folder]
