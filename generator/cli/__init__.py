"""The command `lagebild`: one module a subcommand, joined here."""

from __future__ import annotations

from pathlib import Path

import click

from generator import __version__
from generator.cli.build import build
from generator.cli.check import check
from generator.cli.init import init
from generator.cli.schema import schema
from generator.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lagebild")
@click.option(
    "-C",
    "tree",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The tree to work on: where status.yaml stands. Default: here.",
)
@click.pass_context
def main(context: click.Context, tree: Path) -> None:
    """Build multilingual status pages and incident feeds from files in git.

    \b
    lagebild init my-status --demo     a tree to start from
    lagebild -C my-status check        find every mistake in it
    lagebild -C my-status build        make the site in my-status/site/
    lagebild -C my-status serve        preview it while you write
    """
    context.obj = tree


for command in (build, check, init, schema, serve):
    main.add_command(command)
