"""How the figures are shown: tables that read well on a terminal and in RESULTS.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bench.measure import cpu, middle, peak, wall
from bench.scale import Size
from bench.shipped import Speed
from bench.weights import Weight

OVERVIEW_AT_MOST = 14_000
GROWTH_AT_MOST = 11.0
"""Ten times the incidents may take so many times the processor time."""


def machine() -> str:
    """Say what was measured on, without naming it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    implementation = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.system()} on {platform.machine()}, {cores} cores, {implementation}"


def speed_table(speeds: Sequence[Speed]) -> str:
    """Return the commands beside the base."""
    base = [run for speed in speeds for run in speed.pairs.first]
    rows = [("the base", _ms(middle(base, cpu)), _ms(middle(base, wall)), "1", "1", "", "")]
    for speed in speeds:
        pairs = speed.pairs
        ratio = pairs.ratio(cpu)
        limit = f"≤ {speed.at_most:g}" if speed.at_most else ""
        rows.append(
            (
                speed.what,
                _ms(middle(pairs.second, cpu)),
                _ms(middle(pairs.second, wall)),
                f"{ratio:.2f}",
                f"{pairs.ratio(wall):.2f}",
                limit,
                _both(ratio, pairs.ratio(wall), speed.at_most),
            )
        )
    return table(("shipped content", "CPU ms", "wall ms", "CPU ÷ base", "wall ÷ base", "target", ""), rows)


def weight_table(weights: Mapping[str, Weight]) -> str:
    """Return what the overview weighs in each language."""
    heads = (
        "overview, bytes after gzip -9",
        "page",
        "CSS",
        "page + CSS",
        "target",
        "",
        "script",
        "icon",
        "all",
        "requests",
    )
    rows = [
        (
            code,
            f"{weight.page:,}",
            f"{weight.styles:,}",
            f"{weight.needed:,}",
            f"≤ {OVERVIEW_AT_MOST:,}",
            _verdict(weight.needed, OVERVIEW_AT_MOST),
            f"{weight.scripts:,}",
            f"{weight.icons:,}",
            f"{weight.all:,}",
            str(weight.requests),
        )
        for code, weight in weights.items()
    ]
    return table(heads, rows)


def size_table(sizes: Sequence[Size]) -> str:
    """Return what synthetic trees cost."""
    rows = [
        (
            f"{size.incidents:,} × 3",
            f"{middle(size.cold, cpu):.2f}",
            f"{middle(size.cold, wall):.2f}",
            f"{middle(size.cold, peak):.0f}",
            f"{middle(size.one_changed, cpu):.2f}",
            f"{middle(size.nothing_changed, cpu):.2f}",
            f"{middle(size.check, cpu):.2f}",
            f"{size.files:,} / {size.size_mb:.0f}",
            f"{size.largest_page_kb:.0f}",
            f"{size.overview.needed / 1e3:.1f}",
        )
        for size in sizes
    ]
    heads = (
        "incidents × languages",
        "cold: CPU s",
        "wall s",
        "MiB",
        "one changed: CPU s",
        "nothing changed",
        "check",
        "files / MB",
        "largest page kB",
        "overview + CSS, gzip kB",
    )
    return table(heads, rows)


def growth_table(sizes: Sequence[Size]) -> str:
    """Return how much more the larger tree takes than the smaller one before it."""
    rows = [row for small, large in pairwise(sizes) for row in _growth(small, large)]
    return table(("growth", "incidents", "CPU", "CPU an incident", "target", ""), rows)


def _growth(small: Size, large: Size) -> Iterator[tuple[str, ...]]:
    more = large.incidents / small.incidents
    step = f"{small.incidents:,} → {large.incidents:,}"
    for what, before, after, limit in (
        ("cold build", small.cold, large.cold, GROWTH_AT_MOST / 10 * more),
        ("one changed", small.one_changed, large.one_changed, None),
        ("check", small.check, large.check, None),
    ):
        ratio = middle(after, cpu) / middle(before, cpu)
        target = f"≤ {limit:g} ×" if limit else ""
        yield (
            f"{what}, {step}",
            f"{more:g} ×",
            f"{ratio:.1f} ×",
            f"{ratio / more:.2f} ×",
            target,
            _verdict(ratio, limit),
        )


def _verdict(figure: float, limit: float | None) -> str:
    return "" if limit is None else "held" if figure <= limit else "MISSED"


def _both(in_cpu: float, on_clock: float, limit: float | None) -> str:
    """Return whether a target is held in processor time and on the clock."""
    verdicts = _verdict(in_cpu, limit), _verdict(on_clock, limit)
    return verdicts[0] if verdicts[0] == verdicts[1] else "CPU {}, wall {}".format(*verdicts)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, its columns aligned: the first to the left, the figures to the right."""
    widths = [max(3, *(len(row[column]) for row in (heads, *rows))) for column in range(len(heads))]
    lines = [heads, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])], *rows]
    return "\n".join(
        "| "
        + " | ".join(
            f"{cell:<{w}}" if c == 0 else f"{cell:>{w}}" for c, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )
