"""Module tests: finds the test of a module by its name, by that of its room, or through the module that uses it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("generator", "probes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A module that has no test of its name or of its room, and what tests it instead."""

    module: str
    """Path from the root."""
    tests: Sequence[str]
    """Paths from the root of the tests that import it, else of those of the modules that do; empty if nothing does."""
    through: Sequence[str] = ()
    """Names of the modules through which those tests reach it."""


def reached(root: Path) -> list[Reached]:
    """Return every module whose test is found neither by its name nor by that of its room, by path."""
    paths = {_name(path, root): path for package in PACKAGES for path in _modules(root / package)}
    tests = {path: _imported(path) for path in sorted((root / "tests").rglob("test_*.py"))}
    named = {name: _named(path.relative_to(root), tests) for name, path in paths.items()}
    imported = {name: _imported(path) for name, path in paths.items()}
    found = []
    for name in (name for name in paths if not named[name]):
        module = paths[name].relative_to(root).as_posix()
        direct = [test for test in tests if name in tests[test]]
        through = [] if direct else [user for user in paths if named[user] and name in imported[user]]
        said = direct or sorted({test for user in through for test in named[user]})
        found.append(
            Reached(module=module, tests=[test.relative_to(root).as_posix() for test in said], through=through)
        )
    return found


def _modules(package: Path) -> Iterator[Path]:
    """Yield the modules of a package; its `__init__.py` and `__main__.py` are the faces of others."""
    return (path for path in sorted(package.rglob("*.py")) if not path.name.startswith("__"))


def _name(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts)


def _named(module: Path, tests: Mapping[Path, object]) -> list[Path]:
    """Return the tests named after a module, or after a room that it is in, where the tests mirror its folder."""
    wanted = {("tests", *module.parts[:-1], module.stem)}
    for depth in range(2, len(module.parts)):
        room = module.parts[:depth]
        wanted |= {("tests", *room), ("tests", *room, room[-1])}
    return [
        test
        for test in tests
        for *folders, name in wanted
        if test.parent.parts[-len(folders) :] == tuple(folders) and f"{test.stem}_".startswith(f"test_{name}_")
    ]


def _imported(path: Path) -> set[str]:
    """Return the full names of what a file imports, each with the module it may be a part of."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
