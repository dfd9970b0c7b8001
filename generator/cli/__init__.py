"""The command `lagebild`: one module a subcommand, joined here."""

from __future__ import annotations

import traceback
from pathlib import Path

import click

from generator import __version__
from generator.cli.build import build
from generator.cli.check import check
from generator.cli.ingest import ingest
from generator.cli.init import init
from generator.cli.poll import poll
from generator.cli.probe import probe
from generator.cli.remove import remove
from generator.cli.schema import schema
from generator.cli.serve import serve
from generator.cli.watch import watch
from generator.disk.errors import PublishError
from generator.problems import BrokenError


class Lagebild(click.Group):
    """Says in a line what went wrong; no traceback ever reaches a user."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; exit 1 for a fault of the content, 3 for everything that refuses."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenError as error:
            said, status = str(error), 1
        except PublishError as error:
            said, status = str(error), 3
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            said, status = f"{place}{error.strerror or error}", 3
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            said, status = (
                f"{type(error).__name__}: {error} ({place})\n  hint: this is a bug in lagebild; please report it",
                3,
            )
        click.echo(f"error: {said}", err=True)
        raise click.exceptions.Exit(status)


@click.group(cls=Lagebild, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lagebild")
@click.option(
    "-C",
    "tree",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The tree to work on: the folder that contains status.yaml. Default: the current folder.",
)
@click.pass_context
def main(context: click.Context, tree: Path) -> None:
    """Build multilingual status pages and incident feeds from files in git.

    \b
    lagebild init my-status --demo     create a tree to start from
    lagebild -C my-status check        find all mistakes in it
    lagebild -C my-status build        build the site in my-status/site/
    lagebild -C my-status serve        preview it while you write
    lagebild -C my-status watch        probe, and keep the site up to date
    """
    context.obj = tree


for command in (build, check, ingest, init, poll, probe, remove, schema, serve, watch):
    main.add_command(command)
