"""What is measured on synthetic trees: how the cost grows with the number of incidents."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.incident import NOW, local_time
from bench.measure import Laboratory, Run
from bench.shipped import clear
from bench.tree import plant
from bench.weights import Weight, weigh

TIMES, TIMES_UP_TO = 3, 1_000
"""Trees of so many incidents are measured so many times, larger ones once."""
NEWS = """\
- at: {at}
  status: monitoring
  text:
    de: Es geht **voran** ({number}).
    fr: Cela **avance** ({number}).
    en: There is **progress** ({number}).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A tree of so many incidents."""

    incidents: int
    cold: Sequence[Run]
    one_changed: Sequence[Run]
    nothing_changed: Sequence[Run]
    check: Sequence[Run]
    files: int
    size_mb: float
    largest_page_kb: float
    overview: Weight


def size(laboratory: Laboratory, incidents: int) -> Size:
    """Plant a tree, build it in all ways, and remove it."""
    tree = laboratory.folder / f"of-{incidents}"
    plant(tree, incidents)

    def run(command: str, *options: str, says: str = "") -> Run:
        now = NOW.isoformat()
        return laboratory.python("-m", "generator", "-C", str(tree), command, "--now", now, *options, says=says)

    def cold() -> Run:
        clear(tree)
        os.sync()  # what was removed is not to be paid by what follows
        return run("build")

    def one_changed(number: int) -> Run:
        _tell(tree, number)
        return run("build", says=" unchanged")

    times = range(TIMES if incidents <= TIMES_UP_TO else 1)
    check = [run("check") for _ in times]
    cold_runs = [cold() for _ in times]
    nothing_changed = [run("build", says="nothing has changed") for _ in times]
    changed = [one_changed(number) for number in times]
    sizes = {path: path.stat().st_size for path in (tree / "site").rglob("*") if path.is_file()}
    done = Size(
        incidents=incidents,
        cold=cold_runs,
        one_changed=changed,
        nothing_changed=nothing_changed,
        check=check,
        files=len(sizes),
        size_mb=sum(sizes.values()) / 1e6,
        largest_page_kb=max(size for path, size in sizes.items() if path.suffix == ".html") / 1e3,
        overview=weigh(tree / "site" / "de" / "index.html"),
    )
    shutil.rmtree(tree)
    os.sync()
    return done


def _tell(tree: Path, number: int) -> None:
    """Add an update to the newest incident, which is open."""
    newest = next((tree / "incidents").rglob("*-0.yaml"))
    at = local_time(NOW + timedelta(minutes=number - TIMES))
    with newest.open("a", encoding="utf-8") as file:
        file.write(NEWS.format(at=at, number=number))
