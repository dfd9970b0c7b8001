"""`lagebild build`."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.clock import now_option

if TYPE_CHECKING:  # a build with nothing to do loads neither
    from generator.pipeline import Built
    from generator.publish.options import BuildOptions

LONG = 1000
"""Builds of fewer files are over before a progress bar helps."""


output_option = click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the site. Default: site/ in the tree.",
)


@click.command()
@output_option
@now_option
@click.option(
    "--clean",
    is_flag=True,
    help="Ignore the cache: write every file, and remove files that are not part of the site.",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Publish all valid files; for a faulty file, use its last accepted version.",
)
@click.option(
    "--precompress",
    is_flag=True,
    help="Also write .gz, .br and .zst copies of text files, for servers that send them; needs lagebild[precompress].",
)
@click.pass_obj
def build(tree: Path, output: Path | None, now: datetime, clean: bool, keep_going: bool, precompress: bool) -> None:
    """Build the site.

    If the content has an error, the existing site stays as it was, byte for byte.

    \b
    lagebild build
    lagebild -C my-status build --output /var/www/status
    lagebild build --now 2024-02-20T09:00+01:00
    """
    target = output or tree / "site"
    from generator.publish import unchanged

    if not clean and unchanged.take(str(tree), str(target), now, precompress=precompress):
        click.echo(f"{target}: nothing has changed", err=True)
        return
    from generator.publish.options import BuildOptions
    from generator.publish.precompress import CompressorMissing, compressors

    try:
        made_by = compressors() if precompress else None
    except CompressorMissing as error:
        raise click.UsageError(str(error)) from error
    with _progress() as progress:
        options = BuildOptions(clean=clean, keep_going=keep_going, compressors=made_by, progress=progress)
        built = _built(tree, target, now, options)
    _report(target, built)


def _built(tree: Path, target: Path, now: datetime, options: BuildOptions) -> Built:
    from generator import pipeline
    from generator.problems import BrokenError

    try:
        return pipeline.build(tree, target, now, options)
    except BrokenError:
        click.echo(f"{target} stays as it was", err=True)
        raise


def _report(target: Path, built: Built) -> None:
    """Say how the build went, and exit with 1 if anything was faulty."""
    from generator.cli.report import echo_problems
    from generator.formats.html.drawings.raster import can_draw
    from generator.problems import Level

    echo_problems(built.problems)
    if built.report is None:
        click.echo(f"{target} stays as it was", err=True)
        sys.exit(1)
    report = built.report
    click.echo(
        f"{target}: {report.written} written, {report.unchanged + report.skipped} unchanged, {report.removed} removed",
        err=True,
    )
    if not can_draw():
        click.echo('note: no icons or link previews as PNG: for those, pip install "lagebild[pictures]"', err=True)
    if _is_private(target):
        hint = "run `umask 022` before, or `chmod -R go+rX` on the folder"
        click.echo(
            f"warning: only you can read {target}, a web server of another user cannot\n  hint: {hint}", err=True
        )
    for path in report.foreign[:5]:
        click.echo(f"warning: {target / path} is not part of the site and is left alone (--clean removes it)", err=True)
    if any(problem.level is Level.ERROR for problem in built.problems):
        click.echo(f"{len(built.kept)} faulty: left out, or replaced with the last accepted version", err=True)
        sys.exit(1)


def _is_private(target: Path) -> bool:
    """Return whether nobody but the owner may read the site: with a umask of 077, say."""
    readable = stat.S_IRGRP | stat.S_IROTH
    return not all(path.stat().st_mode & readable for path in (target, target / "index.html"))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Yield what hears how far a build is, and draws a bar on stderr if the build is a long one."""
    bar = click.progressbar(length=1, label="Building", file=sys.stderr)
    with ExitStack() as stack:

        def hear(done: int, total: int) -> None:
            if total < LONG:
                return
            if done == 1:
                bar.length = total
                stack.enter_context(bar)
            bar.update(1)

        yield hear
