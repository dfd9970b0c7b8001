"""`lagebild poll`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from generator.cli.clock import now_option


class Plugin(click.Command):
    """A command that answers UNKNOWN to whatever goes wrong: its caller reads exit 2 as CRITICAL, and 1 as WARNING."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Return the context; a wrong call is answered as a plugin does."""
        with _answering():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _answering():
            return super().invoke(ctx)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except click.exceptions.Exit:  # the end of --help
        raise
    except click.ClickException as error:
        _give_up(error.format_message())
    except Exception as error:
        _give_up(f"the check itself failed: {type(error).__name__}: {error}")


@click.command(cls=Plugin)
@click.argument("url", metavar="URL")
@click.option("--service", "services", metavar="ID", multiple=True, help="Check only this service. Repeatable.")
@click.option("--language", metavar="CODE", help="The language of the output. Default: en if the site has it.")
@click.option(
    "--timeout",
    "timeout_seconds",
    metavar="SECONDS",
    type=click.FloatRange(0, 300, min_open=True),
    default=10,
    show_default=True,
    help="The time limit for the whole command.",
)
@click.option(
    "--cache",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that keeps the last response. Default: a file for the site in $XDG_CACHE_HOME/lagebild.",
)
@now_option
def poll(
    url: str, services: tuple[str, ...], language: str | None, timeout_seconds: float, cache: Path | None, now: datetime
) -> None:
    """Report the state of the site at URL, as a plugin for Nagios, Icinga and similar tools.

    Exit status: 0 operational, 1 degraded or under maintenance, 2 an outage, 3 unknown: the site cannot be
    reached or read, or its publisher is silent.

    \b
    lagebild poll https://status.example.ch
    lagebild poll https://status.example.ch --service mail-archive --language de
    """
    from generator import polling

    question = polling.Question(
        services=services,
        language=language,
        timeout_seconds=timeout_seconds,
        cache=cache or _cache(url, os.environ),
    )
    verdict = polling.poll(url, now, question)
    _say(verdict.line)
    if verdict.remark:
        click.echo(f"warning: nothing is remembered: {verdict.remark}", err=True)
    sys.exit(int(verdict.state))


def _cache(url: str, environment: Mapping[str, str]) -> Path | None:
    """Return the file for a site where the user's caches lie; None where there is no home.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    from generator.polling.memory import file_name

    folder = Path(environment.get("XDG_CACHE_HOME", ""))
    if not folder.is_absolute():
        home = environment.get("HOME")
        if not home:
            return None
        folder = Path(home) / ".cache"
    return folder / "lagebild" / file_name(url)


def _say(line: str) -> None:
    """Print the line in whatever the terminal can show; a monitoring system often has no locale."""
    encoding = sys.stdout.encoding
    click.echo(line.encode(encoding, "replace").decode(encoding))


def _give_up(words: str) -> NoReturn:
    from generator.polling.verdict import State, Verdict

    verdict = Verdict(state=State.UNKNOWN, words=words)
    _say(verdict.line)
    sys.exit(int(verdict.state))
