"""`lagebild probe`."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.probing import Identity, identify, outlet, prober_option, state_option, store, tell

if TYPE_CHECKING:
    from probes.runner import Prober
    from probes.status import Row
    from probes.store import Store


@click.group()
def probe() -> None:
    """Look at the services, and write down what customers would notice.

    \b
    lagebild probe once       look at everything once: from cron, or to try a check
    lagebild probe run        look again and again: a service of systemd
    lagebild probe status     what is known now
    lagebild probe beat NAME  say that a job has run
    """


def _prober(tree: Path, who: Identity, kept: Store) -> Prober:
    from generator.cli.clock import precise
    from probes.runner import Prober

    return Prober(who.name, who.plan, kept, outlet(tree, who), who.state, now=precise, tell=tell)


@probe.command()
@prober_option
@state_option
@click.option("--fail-on-bad", is_flag=True, help="Exit with 1 if anything that was found is bad.")
@click.pass_obj
def once(tree: Path, prober: str | None, state: Path | None, fail_on_bad: bool) -> None:
    """Look at everything once, and print what was found.

    What is remembered from the times before counts: run every minute or so, it opens and closes incidents as
    `probe run` does.

    \b
    lagebild probe once
    lagebild probe once --fail-on-bad
    """
    who = identify(tree, prober, state)
    with store(who) as kept:
        found = asyncio.run(_prober(tree, who, kept).once())
        _print(_rows(who, kept))
    if fail_on_bad and any(result.outcome.bad for _, results in found for result in results):
        sys.exit(1)


@probe.command()
@prober_option
@state_option
@click.pass_obj
def run(tree: Path, prober: str | None, state: Path | None) -> None:
    """Look at everything again and again, until told to end.

    \b
    lagebild probe run
    lagebild probe run --prober zrh1 --state /var/lib/lagebild
    """
    who = identify(tree, prober, state)
    with store(who) as kept:
        tell(f"{who.name}: {len(who.plan.checks)} checks")
        asyncio.run(_run(_prober(tree, who, kept)))


async def _run(prober: Prober) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(sign, stop.set)
    await prober.run(stop)


@probe.command()
@prober_option
@state_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def status(tree: Path, prober: str | None, state: Path | None, format_: str) -> None:
    """Show what this prober knows: last result, state, since when, how many of a kind in a row.

    \b
    lagebild probe status
    lagebild probe status --format json
    """
    who = identify(tree, prober, state)
    with store(who) as kept:
        rows = _rows(who, kept)
    if format_ == "json":
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
    else:
        _print(rows)


@probe.command()
@click.argument("name")
@prober_option
@state_option
@click.pass_obj
def beat(tree: Path, name: str, prober: str | None, state: Path | None) -> None:
    """Say that the job which the heartbeat check NAME waits for has run.

    \b
    send-digests && lagebild probe beat quarantine-digest
    """
    from generator.cli.clock import now
    from probes.beats import beat as note

    who = identify(tree, prober, state)
    known = [check.name for check in who.plan.checks if check.kind == "heartbeat"]
    if name not in known:
        raise click.UsageError(
            f'"{name}" is no heartbeat check of status.yaml; there are: {", ".join(known) or "none"}'
        )
    note(who.state, name, now())


def _rows(who: Identity, kept: Store) -> list[Row]:
    from probes.status import rows

    return rows(who.plan, kept)


def _print(rows: list[Row]) -> None:
    from generator.cli.clock import now
    from probes.status import table

    click.echo(table(rows, now()))
