"""`lagebild probe`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.probing import (
    Identity,
    glimpse,
    identify,
    outlet,
    prober_option,
    replan,
    state_option,
    store,
    tell,
)
from generator.places import CONFIG

if TYPE_CHECKING:
    from probes.runner import Prober
    from probes.store import Store

_ENDS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_LOOK_SECONDS = 2.0
"""How soon a change of status.yaml is noticed."""


@click.group()
def probe() -> None:
    """Look at the services, and write down what customers would notice.

    \b
    lagebild probe once       look at everything once: from cron, or to try a check
    lagebild probe run        look again and again: a service of systemd
    lagebild probe status     what is known now
    lagebild probe beat NAME  say that a job has run
    """


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
        found = asyncio.run(_once(tree, who, kept))
        _print(who, kept)
    if fail_on_bad and found:
        sys.exit(1)


async def _once(tree: Path, who: Identity, kept: Store) -> bool:
    """Look once; return whether anything is bad."""
    found = await _prober(tree, who, kept).once()
    return any(result.outcome.bad for _, results in found for result in results)


@probe.command()
@prober_option
@state_option
@click.option("--leash", is_flag=True, hidden=True, help="End as soon as standard input is closed.")
@click.pass_obj
def run(tree: Path, prober: str | None, state: Path | None, leash: bool) -> None:
    """Look at everything again and again, until told to end.

    A change of the plan in status.yaml is followed at once.

    \b
    lagebild probe run
    lagebild probe run --prober zrh1 --state /var/lib/lagebild
    """
    who = identify(tree, prober, state)
    with store(who) as kept:
        asyncio.run(_run(tree, who, kept, leash=leash))


async def _run(tree: Path, who: Identity, kept: Store, *, leash: bool) -> None:
    stop = _told_to_end(leash=leash)
    following: Identity | None = who
    while following is not None:
        who = following
        tell(f"{who.name}: {len(who.plan.checks)} checks")
        end = asyncio.Event()
        running = asyncio.create_task(_prober(tree, who, kept).run(end))
        change = asyncio.create_task(_change(tree, who, stop))
        await asyncio.wait([running, change], return_when=asyncio.FIRST_COMPLETED)
        end.set()
        await running
        following = await change


def _told_to_end(*, leash: bool) -> asyncio.Event:
    """Return what is set by a signal, also where who started this had it blocked, or by the end of standard input."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in _ENDS:
        loop.add_signal_handler(sign, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)

    def hear() -> None:
        if not os.read(sys.stdin.fileno(), 1):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    if leash:
        loop.add_reader(sys.stdin.fileno(), hear)
    return stop


async def _change(tree: Path, who: Identity, stop: asyncio.Event) -> Identity | None:
    """Wait until status.yaml has another plan, and return the prober with it; None when everything is to end."""
    from probes.pause import pause

    seal = _seal(tree / CONFIG)
    while not stop.is_set():
        await pause(_LOOK_SECONDS, stop)
        before, seal = seal, _seal(tree / CONFIG)
        if seal != before:
            following = await asyncio.to_thread(replan, tree, who)
            if following is not None:
                return following
    return None


def _seal(file: Path) -> tuple[int, int, int]:
    try:
        state = file.stat()
    except OSError:
        return 0, 0, 0
    return state.st_ino, state.st_size, state.st_mtime_ns


def _prober(tree: Path, who: Identity, kept: Store) -> Prober:
    from generator.cli.clock import precise
    from probes.runner import Prober

    return Prober(who.name, who.plan, kept, outlet(tree, who), who.state, now=precise, tell=tell)


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
    from probes.status import as_json

    who = identify(tree, prober, state)
    with glimpse(who) as kept:
        if format_ == "json":
            click.echo(json.dumps(as_json(who.name, who.plan, kept), ensure_ascii=False, indent=1))
        else:
            _print(who, kept)


def _print(who: Identity, kept: Store) -> None:
    from generator.cli.clock import now
    from probes.status import table

    click.echo(table(who.name, who.plan, kept, now()))


@probe.command()
@click.argument("name", metavar="NAME")
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
