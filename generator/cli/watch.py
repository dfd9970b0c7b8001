"""`lagebild watch`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from generator.cli.build import output_option
from generator.cli.probing import prober_option, state_option, tell
from generator.cli.serve import told_to_end
from generator.problems import Problem


@click.command()
@output_option
@click.option("--no-probes", is_flag=True, help="Only build; the probers run elsewhere.")
@prober_option
@state_option
@click.pass_obj
def watch(tree: Path, output: Path | None, no_probes: bool, prober: str | None, state: Path | None) -> None:
    """Probe, and keep the site up to date, until stopped: for a server.

    The site is built whenever a file changes, whenever time alone changes what it says, and as often as status.yaml
    promises. For a faulty file, its last accepted version is used, as with `build --keep-going`.

    \b
    lagebild watch
    lagebild watch --no-probes --output /var/www/status
    """
    from generator.cli.clock import now
    from generator.cli.probing import identify, require_libraries
    from generator.preview.live import beside, keep

    probes: list[str] = []
    if not no_probes:
        require_libraries()
        who = identify(tree, prober, state)
        probes = [sys.executable, "-m", "generator", "-C", str(tree), "probe", "run", "--leash"]
        probes += ["--prober", who.name, "--state", str(who.state)]
    stop = told_to_end()
    with beside(probes, stop):
        keep(tree, output or tree / "site", clock=now, tell=_telling(), stop=stop)


def _telling() -> Callable[[Sequence[Problem], str], None]:
    """Return what says a build's problems, and its outcome when it is another one than before."""
    from generator.cli.report import echo_problems

    before = ""

    def say(problems: Sequence[Problem], outcome: str) -> None:
        nonlocal before
        echo_problems(problems)
        came_of_it = outcome.partition(" s: ")[2] or outcome
        if problems or came_of_it != before:
            tell(outcome)
        before = came_of_it

    return say
