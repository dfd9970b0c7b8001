"""The content tree on disk: the only reader of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.places import BRAND, CONFIG, REMOVED, shipped
from generator.problems import Level, Problem
from probes.events import FOLDER as EVENTS
from probes.observations import FOLDER as OBSERVATIONS
from probes.observations import MAX_BYTES as MAX_OBSERVATIONS_BYTES

MAX_BYTES = 256 * 1024
"""Larger files are refused; an incident's texts are capped at 16 kB each."""
MAX_BRAND_BYTES = 512 * 1024
"""Larger logos and fonts are refused."""
BRAND_ENDINGS = (".png", ".svg", ".webp", ".woff2")
"""Which files of brand/ are read; originals that others are made from may lie beside them."""
_AUTO = "auto"
_COPY = "copy the file to here"
_LET = "let the user who builds read it (chmod, chown)"


@dataclass(kw_only=True)
class Sources:
    """Everything a build is made from, as text, and what could not be read."""

    config: str | None = None
    incidents: dict[str, str] = field(default_factory=dict)
    """YAML by path relative to the tree, in the order of paths."""
    removed: str = ""
    """The list of incidents that are gone for good; empty where there is none."""
    long_texts: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """Markdown beside an incident file, by that file's path without ending, then by language: (path, text)."""
    events: dict[str, bytes] = field(default_factory=dict)
    """The probers' event files by path relative to the tree."""
    observations: dict[str, bytes] = field(default_factory=dict)
    """What the probers last saw, by path relative to the tree."""
    brand: dict[str, bytes] = field(default_factory=dict)
    """What a brand may be made of, by path relative to the tree."""
    unread_brand: dict[str, Problem] = field(default_factory=dict)
    """Why a file of brand/, or the folder, was not read: a problem only where status.yaml names the file."""
    phrases: dict[str, str] = field(default_factory=dict)
    """phrases.yaml by shown path: the shipped one, then the site's own."""
    templates: dict[str, str] = field(default_factory=dict)
    """By path below templates/, the site's own overriding file by file."""
    catalogs: dict[str, bytes] = field(default_factory=dict)
    """messages.po by language code."""
    own_templates: set[str] = field(default_factory=set)
    """Those that are the site's own."""
    overridden: dict[str, str] = field(default_factory=dict)
    """The shipped templates that the site's own stand for."""
    own_catalogs: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read(tree: Path) -> Sources:
    """Read the tree; whatever cannot be read becomes a problem."""
    tree = tree.resolve()
    sources = Sources()
    reading = _Reading(tree, sources.problems)
    sources.config = reading.text(tree / CONFIG)
    if sources.config is not None:
        reading.expect_folder(tree / "incidents")
    for path in reading.walk(tree / "incidents"):
        _sort_in(sources, reading, path)
    _read_events(sources, tree)
    _read_observations(sources, tree)
    _read_brand(sources, tree)
    _adopt_long_texts(sources)
    for base in dict.fromkeys((Path(shipped()), tree)):
        _read_shipped(sources, base, reading)
    return sources


def _read_events(sources: Sources, tree: Path) -> None:
    """Read the probers' files; one that cannot be read is left out and stops nothing, for staff cannot mend it."""
    problems: list[Problem] = []
    reading = _Reading(tree, problems)
    sources.events = reading.every(path for path in reading.walk(tree / EVENTS) if path.suffix == ".json")
    hint = "it is left out; only probers write here"
    sources.problems += [replace(problem, hint=hint, level=Level.WARNING) for problem in problems]


def _read_observations(sources: Sources, tree: Path) -> None:
    """Read what the probers last saw; a file that cannot be read is left out, for the prober soon writes another."""
    problems: list[Problem] = []
    reading = _Reading(tree, problems, max_bytes=MAX_OBSERVATIONS_BYTES)
    sources.observations = reading.every(path for path in reading.walk(tree / OBSERVATIONS) if path.suffix == ".json")
    sources.problems += [
        replace(problem, code="bad-observations", hint="it is left out", level=Level.WARNING) for problem in problems
    ]


def _read_brand(sources: Sources, tree: Path) -> None:
    """Read a site's own logos and fonts, and keep apart what stands in the way: nobody may ever name that file."""
    folder = tree / BRAND
    if not folder.resolve().is_relative_to(tree):
        message = "the symbolic link leads out of the tree"
        sources.unread_brand[BRAND] = Problem(path=BRAND, code="outside-tree", message=message, hint=_COPY)
        return
    problems: list[Problem] = []
    endings = (*BRAND_ENDINGS, *map(str.upper, BRAND_ENDINGS))
    reading = _Reading(tree, problems, max_bytes=MAX_BRAND_BYTES, endings=endings)
    sources.brand = reading.every(path for path in reading.walk(folder) if path.suffix.lower() in BRAND_ENDINGS)
    smaller = "every visitor loads it: make it smaller"
    sources.unread_brand |= {
        problem.path: replace(problem, hint=smaller if problem.code == "too-large" else problem.hint)
        for problem in problems
    }


def _sort_in(sources: Sources, reading: _Reading, path: Path) -> None:
    shown = reading.shown(path)
    if path.is_symlink() and path.is_dir():
        message = "a symbolic link to a folder is not followed"
        problem = Problem(path=shown, code="outside-tree", message=message, hint="move the files to here")
        sources.problems.append(problem)
    elif path.suffix == ".yaml":
        text = reading.text(path)
        if text is not None and shown == REMOVED:
            sources.removed = text
        elif text is not None:
            sources.incidents[shown] = text
    elif path.suffix == ".md":
        stem, _, language = path.stem.rpartition(".")
        if not stem and path.with_suffix(".yaml").exists():
            message, hint = "the name says no language, so it is not read", "name it <id>.<language>.md"
            sources.problems.append(Problem(path=shown, code="orphan-text", message=message, hint=hint))
        text = reading.text(path) if stem else None
        if text is not None:
            key = reading.shown(path.with_name(stem))
            sources.long_texts.setdefault(key, {})[language] = (shown, text)
    elif path.suffix == ".yml":
        problem = Problem(path=shown, code="wrong-ending", message="this file is not read", hint="name it .yaml")
        sources.problems.append(problem)


def _adopt_long_texts(sources: Sources) -> None:
    """Report Markdown that stands beside no incident."""
    for key in [key for key in sources.long_texts if f"{key}.yaml" not in sources.incidents]:
        for shown, _ in sources.long_texts.pop(key).values():
            message = f"there is no incident for it: {key}.yaml is missing"
            sources.problems.append(
                Problem(path=shown, code="orphan-text", message=message, hint="name it <id>.<language>.md")
            )


def _read_shipped(sources: Sources, base: Path, reading: _Reading) -> None:
    """Add templates and locales found below `base`, over what is there."""
    own = base != Path(shipped())
    _read_templates(sources, base, reading, own=own)
    for path in reading.walk(base / "locales"):
        name = path.relative_to(base / "locales").as_posix()
        if name == "phrases.yaml":
            text = reading.text(path)
            if text is not None:
                sources.phrases[reading.shown(path)] = text
        elif name.endswith("/LC_MESSAGES/messages.po"):
            text = reading.text(path)
            if text is not None:
                code = name.partition("/")[0]
                sources.catalogs[code] = text.encode()
                sources.own_catalogs |= {code} if own else set()


def _read_templates(sources: Sources, base: Path, reading: _Reading, *, own: bool) -> None:
    for path in reading.walk(base / "templates"):
        if path.suffix in (".html", ".css", ".js", ".svg", ".txt"):
            text = reading.text(path)
            if text is not None:
                name = path.relative_to(base / "templates").as_posix()
                sources.overridden |= {name: sources.templates[name]} if own and name in sources.templates else {}
                sources.templates[name] = text
                sources.own_templates |= {name} if own else set()


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads single files below a tree and notes what cannot be read."""

    tree: Path
    problems: list[Problem]
    max_bytes: int = MAX_BYTES
    endings: tuple[str, ...] = (".yaml", ".md", ".po")
    """What files end in here; a folder that does stands where one of them should."""

    def shown(self, path: Path) -> str:
        """Return a path the way problems name it: relative to the tree where it lies in it."""
        path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the symlink that is to be named
        return path.relative_to(self.tree).as_posix() if path.is_relative_to(self.tree) else path.as_posix()

    def expect_folder(self, folder: Path) -> None:
        """Report where no folder is: without its incidents a site would lose its whole history."""
        if folder.is_dir():
            if not folder.resolve().is_relative_to(self.tree):
                self._report(
                    folder, "outside-tree", "the symbolic link leads out of the tree", "move the folder to here"
                )
            return
        if folder.exists() or folder.is_symlink():
            self._report(folder, "missing-folder", "this should be a folder", "restore it from git")
        else:
            hint = "`lagebild schema` creates the folder"
            self._report(folder, "missing-folder", "there are no incidents", hint)
            self.problems[-1] = replace(self.problems[-1], level=Level.WARNING)

    def walk(self, folder: Path) -> Iterator[Path]:
        """Yield the files below a folder by name; hidden ones and the probers' are left out."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else []
        except OSError as error:
            self._report(folder, "unreadable", f"it cannot be read: {error.strerror}", _LET)
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False) and path.suffix not in self.endings:
                if entry.name != _AUTO:
                    yield from self.walk(path)
            else:
                yield path

    def every(self, paths: Iterable[Path]) -> dict[str, bytes]:
        """Return the bytes of files by shown path, without those that cannot be had."""
        found = {self.shown(path): self.data(path) for path in paths}
        return {shown: data for shown, data in found.items() if data is not None}

    def text(self, path: Path) -> str | None:
        """Return a file's text, None where it cannot be had."""
        data = self.data(path)
        return None if data is None else self._decoded(path, data)

    def data(self, path: Path) -> bytes | None:
        """Return a file's bytes, None where they cannot be had."""
        try:
            return self._bytes(path)
        except RuntimeError:  # pathlib's word for a symbolic link that leads to itself
            self._report(path, "unreadable", "the symbolic link leads to itself", _COPY)
            return None
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not path.is_symlink():
                self._report(
                    path, "missing-file", "there is no such file", "`lagebild init` makes a tree to start from"
                )
            else:
                gone = isinstance(error, FileNotFoundError)
                self._report(path, "unreadable", f"it cannot be read: {error.strerror}", _COPY if gone else _LET)
            return None

    def _bytes(self, path: Path) -> bytes | None:
        outside = not path.resolve().is_relative_to(self.tree)
        if path.is_symlink() and outside:
            self._report(path, "outside-tree", "the symbolic link leads out of the tree", _COPY)
            return None
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO must not hold the build
        try:
            kind = os.fstat(descriptor)
            if not stat.S_ISREG(kind.st_mode):
                self._report(path, "not-a-file", "this should be a file, not a folder or a device", "move it away")
                return None
            if kind.st_size > self.max_bytes:
                message = f"{kind.st_size} bytes; at most {self.max_bytes} are read"
                self._report(path, "too-large", message, "shorten it, or write a second incident that follows: it")
                return None
            with open(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)

    def _decoded(self, path: Path, data: bytes) -> str | None:
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line = before.count(b"\n") + 1
            column = error.start - (before.rfind(b"\n") + 1) + 1
            message = f"byte 0x{data[error.start]:02x} is not UTF-8"
            self._report(path, "invalid-utf8", message, "save the file as UTF-8", at=(line, column))
            return None

    def _report(self, path: Path, code: str, message: str, hint: str, at: tuple[int, int] = (0, 0)) -> None:
        shown, (line, column) = self.shown(path), at
        self.problems.append(Problem(path=shown, line=line, column=column, code=code, message=message, hint=hint))
