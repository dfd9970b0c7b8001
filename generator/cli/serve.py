"""`lagebild serve`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

import click

from generator.problems import Problem

_ENDS = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 chooses any free port.")
@click.pass_obj
def serve(tree: Path, port: int) -> None:
    """Preview the site while you write.

    Every change to the files is built at once, and open pages reload; they show problems with the content at the
    bottom. Only this machine can connect, and site/ is left alone. Press Ctrl-C to stop.

    \b
    lagebild serve
    lagebild -C my-status serve --port 8080
    """
    from generator.cli.clock import now
    from generator.preview import Board, PortError, Server, present

    stop = told_to_end()
    try:
        with Server(Board(), port) as server:
            click.echo(server.address)
            present(tree, server, clock=now, tell=_tell, stop=stop)
    except (OSError, PortError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(3)


def told_to_end() -> Event:
    """Return what is set when the process is told to end; a thread waits for it, so that no work is cut in two."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    told = Event()

    def wait() -> None:
        signal.sigwait(_ENDS)
        told.set()

    Thread(target=wait, daemon=True).start()
    return told


def _tell(problems: Sequence[Problem], outcome: str) -> None:
    from generator.cli.report import echo_problems

    echo_problems(problems)
    click.echo(outcome, err=True)
