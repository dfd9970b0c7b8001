"""`lagebild remove`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is removed; this stays in the list.")
@click.pass_obj
def remove(tree: Path, id_: str, reason: str) -> None:
    """Remove a published incident for good.

    Its files are deleted, and a line in incidents/removed.yaml says why, so that nothing is missed. Commit both. The
    incident's address no longer exists afterwards; to take back a false alarm, write `retracted:` into it instead.

    \b
    lagebild remove 2024-06-03-archive-slow --reason "Published twice, see 2024-06-03-archive."
    """
    from generator import sources
    from generator.content.judge import files_of
    from generator.content.removals import parse, with_removal
    from generator.disk.files import replace
    from generator.places import REMOVED

    read = sources.read(tree)
    listed, _ = parse(read.removed)
    text = read.removed if id_ in listed else with_removal(read.removed, id_, reason)
    _, problems = parse(text)
    if problems:
        raise click.UsageError(str(problems[0]))
    (tree / REMOVED).parent.mkdir(exist_ok=True)
    replace(str(tree / REMOVED), text.encode())
    files = files_of(read, id_)
    for path in files:
        (tree / path).unlink(missing_ok=True)
    click.echo(f"{tree / REMOVED}: {id_} is listed; {len(files)} files deleted", err=True)
