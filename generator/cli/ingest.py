"""`lagebild ingest`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli.probing import identify, outlet, prober_option, state_option, tell


@click.group()
def ingest() -> None:
    """Take in what other monitoring reports.

    \b
    lagebild ingest alertmanager < payload.json
    """


@ingest.command()
@prober_option
@state_option
@click.option("--check", metavar="NAME", default="alertmanager", show_default=True, help="What the source is called.")
@click.option(
    "--trust-resolved",
    is_flag=True,
    help="Take a resolved alert for a recovery. A Prometheus that has frozen resolves its alerts as well.",
)
@click.pass_obj
def alertmanager(tree: Path, prober: str | None, state: Path | None, check: str, trust_resolved: bool) -> None:
    """Take in the payload of a webhook of Prometheus' Alertmanager, from standard input.

    Alerts that bear the label status_service open an incident; the same payload twice is the same incident. A check
    of the kind alertmanager, which asks by itself, is the safer way: it also knows when an alert's absence means
    nothing.

    \b
    lagebild ingest alertmanager < payload.json
    """
    from generator.cli.clock import now
    from probes.events import path_of, serialize
    from probes.ingesting import MAX_BYTES, PayloadError
    from probes.ingesting import ingest as take_in

    who = identify(tree, prober, state)
    try:
        events, said = take_in(
            sys.stdin.buffer.read(MAX_BYTES + 1),
            who.services,
            prober=who.name,
            check=check,
            probers=len(who.plan.probers),
            trust_resolved=trust_resolved,
            now=now(),
        )
    except PayloadError as error:
        click.echo(f"error: this is no payload of an Alertmanager webhook: {error}", err=True)
        sys.exit(1)
    for line in said:
        tell(f"warning: {line}")
    published = outlet(tree, who).publish({path_of(event): serialize(event) for event in events})
    if published.alarm or published.retry_in_seconds is not None:
        click.echo(f"error: {published.alarm or 'not everything could be published; send it again'}", err=True)
        sys.exit(3)
    click.echo(f"{len(events)} events", err=True)
