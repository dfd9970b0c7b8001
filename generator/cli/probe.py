"""`lagebild probe`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.probing import Identity, glimpse, identify, prober_option, require_libraries, state_option, store

if TYPE_CHECKING:
    from probes.memory.store import Store


@click.group()
def probe() -> None:
    """Probe the services, and record what customers would notice.

    \b
    lagebild probe once       run every check once: from cron, or to try a check
    lagebild probe run        run the checks continuously: as a systemd service
    lagebild probe status     show the current results
    lagebild probe beat NAME  report that a job has run
    """


@probe.command()
@prober_option
@state_option
@click.option("--fail-on-bad", is_flag=True, help="Exit with 1 if any result is bad.")
@click.pass_obj
def once(tree: Path, prober: str | None, state: Path | None, fail_on_bad: bool) -> None:
    """Run every check once, and print the results.

    Results of earlier runs count: if you run it every minute or so, it opens and closes incidents as `probe run` does.

    \b
    lagebild probe once
    lagebild probe once --fail-on-bad
    """
    from generator.cli.running import look_once

    require_libraries()
    who = identify(tree, prober, state)
    with store(who) as kept:
        bad = look_once(tree, who, kept)
        _print(who, kept)
    if fail_on_bad and bad:
        sys.exit(1)


@probe.command()
@prober_option
@state_option
@click.option("--leash", is_flag=True, hidden=True, help="End as soon as standard input is closed.")
@click.pass_obj
def run(tree: Path, prober: str | None, state: Path | None, leash: bool) -> None:
    """Run the checks continuously, until stopped.

    Changes to the plan in status.yaml take effect at once.

    \b
    lagebild probe run
    lagebild probe run --prober zrh1 --state /var/lib/lagebild
    """
    from generator.cli.running import run_on

    require_libraries()
    who = identify(tree, prober, state)
    with store(who) as kept:
        run_on(tree, who, kept, leash=leash)


@probe.command()
@prober_option
@state_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The output format: for people or for programs.",
)
@click.pass_obj
def status(tree: Path, prober: str | None, state: Path | None, format_: str) -> None:
    """Show what this prober knows about each check: last result, state, since when, how many equal results in a row.

    \b
    lagebild probe status
    lagebild probe status --format json
    """
    from probes.loop.status import as_json

    who = identify(tree, prober, state)
    with glimpse(who) as kept:
        if format_ == "json":
            click.echo(json.dumps(as_json(who.name, who.plan, kept), ensure_ascii=False, indent=1))
        else:
            _print(who, kept)


def _print(who: Identity, kept: Store) -> None:
    from generator.cli.clock import now
    from probes.loop.status import table

    click.echo(table(who.name, who.plan, kept, now()))


@probe.command()
@click.argument("name", metavar="NAME")
@prober_option
@state_option
@click.pass_obj
def beat(tree: Path, name: str, prober: str | None, state: Path | None) -> None:
    """Report that the job of the heartbeat check NAME has run.

    \b
    send-digests && lagebild probe beat quarantine-digest
    """
    from generator.cli.clock import now
    from probes.kinds.heartbeat import file_of
    from probes.memory.beats import beat as note

    who = identify(tree, prober, state)
    known = {check.name: file_of(check) for check in who.plan.checks if check.kind == "heartbeat"}
    if name not in known:
        raise click.UsageError(
            f'"{name}" is not a heartbeat check in status.yaml; there are: {", ".join(known) or "none"}'
        )
    if known[name]:
        raise click.UsageError(f'"{name}" uses the modification time of its file; instead, touch {known[name]}')
    note(who.state, name, now())
