"""`lagebild ingest`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from generator.cli.probing import identify, outlet, prober_option, state_option, tell

_NAME = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")


@click.group()
def ingest() -> None:
    """Import alerts from other monitoring systems.

    \b
    lagebild ingest alertmanager < payload.json
    """


def _checked_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if len(name) > 100 or not _NAME.fullmatch(name):
        raise click.BadParameter("a name is made of lower-case letters, digits and hyphens")
    return name


@ingest.command()
@prober_option
@state_option
@click.option(
    "--check",
    metavar="NAME",
    default="alertmanager",
    show_default=True,
    callback=_checked_name,
    help="A name for the source; must differ from the checks in status.yaml.",
)
@click.option(
    "--trust-resolved",
    is_flag=True,
    help="Treat a resolved alert as a recovery. Note that a frozen Prometheus also resolves its alerts.",
)
@click.pass_obj
def alertmanager(tree: Path, prober: str | None, state: Path | None, check: str, trust_resolved: bool) -> None:
    """Import the payload of an Alertmanager webhook from standard input.

    Alerts with the label status_service open an incident; importing the same payload twice has no further effect.
    Resolved alerts close it only with --trust-resolved; otherwise staff close it. A check of the kind alertmanager,
    which queries Alertmanager itself, is safer: it also knows when the absence of an alert means nothing.

    \b
    lagebild ingest alertmanager < payload.json
    """
    from generator.cli.clock import now
    from probes.events import path_of, serialize
    from probes.monitoring.webhook import MAX_BYTES, Intake, PayloadError
    from probes.monitoring.webhook import ingest as take_in

    who = identify(tree, prober, state)
    if any(one.name == check for one in who.plan.checks):
        raise click.UsageError(
            f"{check} is a check of status.yaml, which would not close this; --check takes another name"
        )
    desk = Intake(prober=who.name, check=check, services=who.services, trust_resolved=trust_resolved)
    try:
        events, lines = take_in(sys.stdin.buffer.read(MAX_BYTES + 1), desk, now())
    except PayloadError as error:
        click.echo(f"error: this is not the payload of an Alertmanager webhook: {error}", err=True)
        sys.exit(1)
    for line in lines:
        tell(f"warning: {line}")
    files = {path_of(event): serialize(event) for event in events}
    published = outlet(tree, who).publish(files) if files else None
    if published is not None and not published.out >= files.keys():
        click.echo(f"error: {published.alarm or 'not everything could be published'}; send it again", err=True)
        sys.exit(3)
    click.echo(f"{len(files)} event{'' if len(files) == 1 else 's'}", err=True)
