"""`lagebild check`."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from generator.cli.clock import now_option


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="The output format: for people, for programs, or as GitHub annotations.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings as well as errors.")
@click.option(
    "--since",
    metavar="REVISION",
    help="The commit to compare with, to find updates changed without a correction notice. Default: HEAD.",
)
@now_option
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.pass_obj
def check(tree: Path, format_: str, strict: bool, since: str | None, now: datetime, paths: tuple[Path, ...]) -> None:
    """Report all mistakes in the content at once.

    With PATH, only problems in these files and folders are shown. Exit status: 0 if there are no errors, 1 if there
    are.

    \b
    lagebild check
    lagebild check incidents/2024/2024-02-19-mail-archive-down.yaml
    lagebild check --format github --since origin/main
    """
    from generator import sources
    from generator.cli.report import REPORTS
    from generator.content import told_before
    from generator.content.judge import judge
    from generator.problems import has_errors
    from generator.publish.earlier import published

    read = sources.read(tree)
    judged = judge(read, now, published(tree, tree / "site"))
    found = judged.problems
    if judged.site and judged.events:  # a tree without probers does without the facts
        from generator import facts
        from generator.advice import with_advice

        standing = facts.derive(judged.site, judged.incidents, now, events=judged.events)
        found = with_advice(judged, standing, read.incidents)
    try:
        silent = told_before.compare(tree, judged, now, revision=since)
    except told_before.RevisionError as error:
        raise click.UsageError(str(error)) from error
    problems = [problem for problem in sorted({*found, *silent}) if _within(tree, problem.path, paths)]
    text = REPORTS[format_](problems)
    if text:
        click.echo(text)
    sys.exit(1 if has_errors(problems) or (strict and problems) else 0)


def _within(tree: Path, path: str, paths: tuple[Path, ...]) -> bool:
    """Return whether a problem's path lies at or below one of the named ones; named ones start from here."""
    full = Path(os.path.abspath(tree / path))  # noqa: PTH100 - a link that is itself the problem must not be followed
    named = [Path(os.path.abspath(found)) for found in paths]  # noqa: PTH100
    return not named or any(full.is_relative_to(found) for found in named)
