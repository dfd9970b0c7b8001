"""`python -m bench`: measure, print, and with `--write` keep the figures in RESULTS.md."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import lighthouse, report, scale, shipped
from bench.load.beside import LOOKS, load_table, measured
from bench.measure import Laboratory
from bench.replay.table import replay_part
from bench.simulation.table import simulation_part

RESULTS = Path(__file__).parent / "RESULTS.md"
SIZES = (100, 1_000)
LARGE = 10_000
INTRODUCTION = """\
# What the generator costs

Written by `python -m bench --write`; measured on {date}, {machine}.

Seconds depend on the machine and on what else it does; only ratios within one run say something.
Processor time is what a busy machine distorts least.
The base is `python -c "import jinja2, markdown_it, yaml, babel, click"`, what a full build cannot do without.
Each command ran by turns with the base ({rounds} pairs of whole processes); ratios are medians over the pairs.
"""
SHIPPED = """\
Cold means without site/ and .lagebild/.
The templates are kept compiled beside Python's own compiled code, and the target refers to that; the last row is
without them, as after an installation or after a change of a template.
A rebuild with nothing changed comes a minute after the one before, so the time of building is filled in anew.
"""
WEIGHTS = """\
Taken while an outage is open.
The page shows with its style sheet alone; script and icon follow, and then the script asks for heartbeat.json.
"""
PHONE = """\
Lighthouse's phone on a slow line (simulated), the server compressing; medians of {runs} runs.
"""
SYNTHETIC = """\
Trees made by `bench/tree.py`: delays, outages, maintenance, notices and vague times, spread over five years.
MiB is the peak of the largest process; figures are medians of three runs (one run over 1,000 incidents).
One changed: an update is added to the newest incident, which is open.
"""
LOAD = """\
An http check of a page with TLS on loopback, {looks} times in three runs: a fresh client and connection each, one
shared context, the result taken into the store.
Beside it, by turns, Debian's prometheus-blackbox-exporter on the same page.
Processor time is that of the process that looks, without its start.
"""


@click.command()
@click.option("--rounds", default=15, show_default=True, help="How many pairs of runs.")
@click.option("--large", is_flag=True, help=f"Measure {LARGE:,} incidents too; that takes minutes.")
@click.option("--write", is_flag=True, help="Keep the figures in bench/RESULTS.md.")
def main(rounds: int, large: bool, write: bool) -> None:
    r"""Measure speed and weight in a folder of its own, and print tables.

    \b
    python -m bench
    python -m bench --large --write
    """
    parts = []
    for part in _parts(rounds, (*SIZES, LARGE) if large else SIZES):
        click.echo(part)
        parts.append(part)
    if write:
        RESULTS.write_text("\n".join(parts), encoding="utf-8")


def _parts(rounds: int, sizes: tuple[int, ...]) -> Iterator[str]:
    """Yield the parts of the report as they are measured."""
    date = time.strftime("%Y-%m-%d")
    yield INTRODUCTION.format(date=date, machine=report.machine(), rounds=rounds)
    with TemporaryDirectory(prefix="lagebild-bench-") as folder:
        laboratory = Laboratory(folder=Path(folder))
        speeds = list(shipped.speeds(laboratory, rounds))
        yield f"## Commands\n\n{SHIPPED}\n{report.speed_table(speeds)}\n"
        weights = shipped.overview_weights(laboratory.folder / "shipped" / "site")
        yield f"## Pages\n\n{WEIGHTS}\n{report.weight_table(weights)}\n"
        yield _phone(laboratory)
        trees = [scale.size(laboratory, incidents) for incidents in sizes]
        yield f"## Many incidents\n\n{SYNTHETIC}\n{report.size_table(trees)}\n\n{report.growth_table(trees)}\n"
    yield f"## Looking\n\n{LOAD.format(looks=f'{LOOKS:,}')}\n{load_table(measured())}\n"
    yield simulation_part()
    yield replay_part()


def _phone(laboratory: Laboratory) -> str:
    """Return how fast pages are on a phone, or why that was not measured."""
    found = lighthouse.paces(laboratory)
    if isinstance(found, str):
        return f"Lighthouse was not run. {found}\n"
    return f"{PHONE.format(runs=lighthouse.RUNS)}\n{lighthouse.pace_table(found)}\n"


if __name__ == "__main__":
    main(prog_name="python -m bench")
