"""What is measured on the shipped content: commands against the imports they cannot do without, and page weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.incident import LANGUAGES
from bench.measure import CHECKOUT, Laboratory, Pairs, Run, by_turns
from bench.weights import Weight, weigh

NOW = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
"""When the shipped content is looked at: the archive has been down for a day."""
OUTAGE = "2024-02-19-mail-archive-down"
"""The incident that is open then."""
BASE = ("-c", "import jinja2, markdown_it, yaml, babel, click")

FOR_READERS = """
import sys
from generator import formats
formats.FORMATS = {name: formats.FORMATS[name] for name in ("html", "feeds", "status", "sitemap", "heartbeat")}
from generator.cli import main
main(sys.argv[1:], prog_name="lagebild")
"""
"""The command with the formats alone that the target was set for: pages, feeds and status.json."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A command beside the base."""

    what: str
    pairs: Pairs
    at_most: float | None = None
    """The target for the ratio; None where none is set."""


def speeds(laboratory: Laboratory, rounds: int) -> Iterator[Speed]:
    """Measure the commands one after the other, each by turns with the base."""
    tree = tree_of_shipped(laboratory)

    def base(_: int) -> Run:
        return laboratory.python(*BASE)

    def build(minute: int, says: str = "") -> Run:
        now = (NOW + timedelta(minutes=minute)).isoformat()
        return laboratory.python("-m", "generator", "-C", str(tree), "build", "--now", now, says=says)

    def nothing_changed(number: int) -> Run:
        return build(number + 1, says="nothing has changed")

    def check(_: int) -> Run:
        return laboratory.python("-m", "generator", "-C", str(tree), "check", "--now", NOW.isoformat())

    def cold(*, memo: bool = True, readers: bool = False) -> Callable[[int], Run]:
        def run(_: int) -> Run:
            clear(tree)
            if not memo:
                shutil.rmtree(laboratory.memo)
            if readers:
                build_for = ("-c", FOR_READERS, "-C", str(tree), "build", "--now", NOW.isoformat())
                return laboratory.python(*build_for)
            return build(0)

        return run

    base(0)
    build(0)  # compiles what Python compiles once
    yield Speed(what="rebuild, nothing changed", pairs=by_turns(base, nothing_changed, rounds), at_most=0.8)
    yield Speed(what="`lagebild check`", pairs=by_turns(base, check, rounds), at_most=1.6)
    readers = by_turns(base, cold(readers=True), rounds)
    yield Speed(what="cold full build: pages, feeds, status.json", pairs=readers, at_most=5)
    yield Speed(what="cold full build, every format", pairs=by_turns(base, cold(), rounds))
    yield Speed(
        what="cold full build, every format, templates not compiled yet", pairs=by_turns(base, cold(memo=False), rounds)
    )


def tree_of_shipped(laboratory: Laboratory, name: str = "shipped") -> Path:
    """Return a copy of the shipped content, in a folder of that name; the checkout's own site is left alone."""
    tree = laboratory.folder / name
    tree.mkdir()
    shutil.copy(CHECKOUT / "status.yaml", tree)
    shutil.copytree(CHECKOUT / "incidents", tree / "incidents")
    return tree


def clear(tree: Path) -> None:
    """Remove what builds have left in a tree."""
    for name in ("site", ".lagebild"):
        shutil.rmtree(tree / name, ignore_errors=True)


def overview_weights(site: Path) -> dict[str, Weight]:
    """Weigh the overview in every language."""
    return {code: weigh(site / code / "index.html") for code in LANGUAGES}
