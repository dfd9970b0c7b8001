"""`lagebild init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--demo", is_flag=True, help="Include the services and history of a real provider.")
def init(folder: Path, demo: bool) -> None:
    """Create the tree of a new site in DIR.

    \b
    lagebild init my-status
    lagebild init x --demo && lagebild -C x build
    """
    from generator.authoring.new_tree import TreeExistsError, plant
    from generator.cli.clock import now
    from generator.cli.schema import write_schema

    try:
        made = plant(folder, demo=demo, today=f"{now():%Y-%m-%d}")
        write_schema(folder, now())
    except TreeExistsError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{folder}: {len(made) + 1} files. Next: lagebild -C {folder} serve", err=True)
