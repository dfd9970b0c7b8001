"""Rooms: draw which rooms of a package import which, as docs/generate.py writes it into docs/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise

import grimp

Imports = Mapping[str, set[str]]
"""The rooms that each room imports."""
Passage = tuple[str, str, int]
"""An arrow from one room to another where it passes a level."""
Row = list[str | Passage]
"""The rooms and passages of a level, from left to right."""

LETTER, HEIGHT, GAP, STEP, MARGIN = 8.5, 30, 22, 74, 12
SWEEPS = 24
STYLE = (
    "text{font:14px ui-monospace,monospace;text-anchor:middle;fill:#1a1a1a}rect{fill:#fff;stroke:#1a1a1a}"
    "path{fill:none;stroke:#767676}marker path{fill:#767676;stroke:none}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}rect{fill:#1a1a1a;stroke:#eee}}"
)


def drawing(package: str) -> str:
    """Return a package's rooms as SVG: whatever imports stands above; what another arrow implies has no arrow."""
    imports = rooms(package)
    arrows = {(upper, lower) for upper, below in imports.items() for lower in below - _implied(imports, upper)}
    rows = _ordered(_rows(imports, arrows), arrows)
    width = max(map(_width, rows)) + 2 * MARGIN
    places = {
        item: (x, MARGIN + HEIGHT / 2 + STEP * place) for place, row in enumerate(rows) for item, x in _xs(row, width)
    }
    lines = [_arrow([places[item] for item in _stations(arrow, rows)]) for arrow in sorted(arrows)]
    boxes = [_box(item, *place) for item, place in places.items() if isinstance(item, str)]
    height = STEP * (len(rows) - 1) + HEIGHT + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img">\n'
        f"<title>The rooms of {package}: each imports only what is below it</title>\n<style>{STYLE}</style>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>\n' + "\n".join([*lines, *boxes]) + "\n</svg>\n"
    )


def rooms(package: str) -> Imports:
    """Return what each room of a package (a folder or a module at its top) imports of the others."""
    graph = grimp.build_graph(package)
    names = {child.rpartition(".")[2] for child in graph.find_children(package)} - {"__main__"}
    found: dict[str, set[str]] = {name: set() for name in names}
    for module in graph.modules - {package, f"{package}.__main__"}:
        for imported in graph.find_modules_directly_imported_by(module) - {package}:
            found[module.split(".")[1]].add(imported.split(".")[1])
    return {name: below - {name} for name, below in sorted(found.items())}


def levels(imports: Imports) -> dict[str, int]:
    """Return the level of each room, 0 for those that import no other."""
    found: dict[str, int] = {}

    def level(room: str) -> int:
        if room not in found:
            found[room] = max((level(lower) + 1 for lower in imports[room]), default=0)
        return found[room]

    for room in imports:
        level(room)
    return found


def _implied(imports: Imports, room: str) -> set[str]:
    """Return what the rooms that a room imports import themselves, at any remove."""
    found: set[str] = set()
    waiting = [lower for below in imports[room] for lower in imports[below]]
    while waiting:
        lower = waiting.pop()
        if lower not in found:
            found.add(lower)
            waiting += imports[lower]
    return found


def _rows(imports: Imports, arrows: Iterable[tuple[str, str]]) -> list[Row]:
    found: dict[int, Row] = defaultdict(list)
    height = levels(imports)
    for room, level in sorted(height.items()):
        found[level].append(room)
    for upper, lower in sorted(arrows):
        for level in range(height[lower] + 1, height[upper]):
            found[level].append((upper, lower, level))
    return [found[level] for level in sorted(found, reverse=True)]


def _ordered(rows: list[Row], arrows: Iterable[tuple[str, str]]) -> list[Row]:
    """Order each row so that arrows are short and few of them cross (the barycentre method of Sugiyama)."""
    near: dict[str | Passage, set[str | Passage]] = defaultdict(set)
    for arrow in arrows:
        stations = _stations(arrow, rows)
        for upper, lower in pairwise(stations):
            near[upper].add(lower)
            near[lower].add(upper)
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            width = max(map(_width, rows))
            x = {item: place for other in rows for item, place in _xs(other, width)}
            row.sort(
                key=lambda item: sum(x[other] for other in near[item]) / len(near[item]) if near[item] else x[item]
            )
    return rows


def _stations(arrow: tuple[str, str], rows: list[Row]) -> Row:
    """Return where an arrow begins, passes and ends, from above."""
    return [arrow[0], *(item for row in rows for item in row if item[:2] == arrow), arrow[1]]


def _wide(item: str | Passage) -> float:
    return len(item) * LETTER + 20 if isinstance(item, str) else 8


def _width(row: Row) -> float:
    return sum(map(_wide, row)) + GAP * (len(row) - 1)


def _xs(row: Row, width: float) -> Iterable[tuple[str | Passage, float]]:
    """Yield the middle of each item of a row that is centred."""
    x = (width - _width(row)) / 2
    for item in row:
        yield item, x + _wide(item) / 2
        x += _wide(item) + GAP


def _arrow(places: list[tuple[float, float]]) -> str:
    (x, y), *passed = places
    path, y = f"M{x:g} {y + HEIGHT / 2:g}", y + HEIGHT / 2
    for place, (to_x, to_y) in enumerate(passed, start=1):
        end = to_y - HEIGHT / 2 if place == len(passed) else to_y
        path += f"C{x:g} {(y + end) / 2:g} {to_x:g} {(y + end) / 2:g} {to_x:g} {end:g}"
        x, y = to_x, end
    return f'<path marker-end="url(#tip)" d="{path}"/>'


def _box(name: str, x: float, y: float) -> str:
    wide = _wide(name)
    return (
        f'<rect x="{x - wide / 2:g}" y="{y - HEIGHT / 2:g}" width="{wide:g}" height="{HEIGHT}" rx="3"/>'
        f'<text x="{x:g}" y="{y + 5:g}">{escape(name)}</text>'
    )
