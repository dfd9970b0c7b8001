"""Probing: open the plan and the store for the commands that probe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.places import STATE

if TYPE_CHECKING:
    from generator.model import Site
    from generator.problems import Problem
    from probes.events import Event
    from probes.memory.store import Store
    from probes.model import Plan
    from probes.outlets.outlet import Outlet

prober_option = click.option(
    "--prober",
    metavar="NAME",
    envvar="LAGEBILD_PROBER",
    help="The name of this prober in status.yaml. Default: $LAGEBILD_PROBER, or else the only prober there.",
)
state_option = click.option(
    "--state",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the prober's store. Default: .lagebild/probes/NAME in the tree.",
)


_LIBRARIES = ("aiosmtplib", "cryptography", "dns", "h11", "imapclient")
"""What the checks speak to services with, by the names they are imported by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who probes what, and where it is remembered."""

    name: str
    plan: Plan
    state: Path
    services: tuple[str, ...]
    """Every service of the site."""
    events: tuple[Event, ...]
    """What has been published already."""


def require_libraries() -> None:
    """End with the extra to install if what probes need is missing: a check that cannot look must not seem to."""
    from importlib.util import find_spec

    missing = [name for name in _LIBRARIES if not find_spec(name)]
    if missing:
        message = f'probing needs {", ".join(missing)}, which this installation lacks: pip install "lagebild[probes]"'
        raise click.UsageError(message)


def identify(tree: Path, prober: str | None, state: Path | None) -> Identity:
    """Return who this is; end with what is wrong with status.yaml, or with the names to choose from."""
    from generator.cli.report import echo_problems

    site, problems, events = _read(tree)
    if site is None:
        echo_problems(problems)
        sys.exit(1)
    plan = site.plan
    if plan is None:
        raise click.UsageError("status.yaml has no probes, so there is nothing to check")
    name = prober or (plan.probers[0] if len(plan.probers) == 1 else "")
    if name not in plan.probers:
        said = f'"{name}" is not a prober in status.yaml' if name else "there are several probers"
        raise click.UsageError(f"{said}; --prober takes {', '.join(plan.probers)}")
    place = state or tree / STATE / "probes" / name
    services = tuple(service.id for service in site.services)
    return Identity(name=name, plan=plan, state=place, services=services, events=events)


def replan(tree: Path, who: Identity) -> Identity | None:
    """Return the same prober with the plan that status.yaml has now, None if it is as before; say what is wrong."""
    from generator.cli.report import echo_problems

    site, problems, _ = _read(tree)
    if site is None or site.plan is None or who.name not in site.plan.probers:
        echo_problems(problems)
        tell("status.yaml cannot be used; the previous plan remains in force")
        return None
    services = tuple(service.id for service in site.services)
    return None if site.plan == who.plan else replace(who, plan=site.plan, services=services)


def _read(tree: Path) -> tuple[Site | None, list[Problem], tuple[Event, ...]]:
    """Return the site, the errors of status.yaml, and what has been published."""
    from generator import sources
    from generator.content import filed_events, status_yaml
    from generator.problems import Level

    read = sources.read(tree)
    where = str(tree.resolve())
    site, problems = (
        status_yaml.parse(read.config, tree=where) if read.config is not None else (None, list(read.problems))
    )
    return site, [one for one in problems if one.level is Level.ERROR], tuple(filed_events.read(read.events)[0])


def outlet(tree: Path, who: Identity) -> Outlet:
    """Return where the events go."""
    import random

    from probes.outlets.git import GitOutlet
    from probes.outlets.tree import TreeOutlet

    if who.plan.repository is not None and who.plan.publish == "git":
        return GitOutlet(who.plan.repository, who.state, chance=random.Random())  # noqa: S311 - spreads retries
    return TreeOutlet(tree)


def learned(tree: Path, who: Identity, kept: Store) -> Identity:
    """Return the same prober, who knows what it has pushed as well if its store is new; the tree may be behind."""
    from generator.content import filed_events
    from probes.events import path_of
    from probes.outlets.git import GitOutlet

    where = outlet(tree, who)
    if kept.newest() is not None or not isinstance(where, GitOutlet):
        return who
    files, trouble = where.filed(who.name)
    if trouble:
        tell(f"warning: {trouble}; what was published is known as of the last time")
    events = {path_of(event): event for event in (*who.events, *filed_events.read(files)[0])}
    return replace(who, events=tuple(events.values()))


@contextmanager
def store(who: Identity) -> Iterator[Store]:
    """Hold the prober's store; exit 3 if it cannot be had.

    One that is damaged is moved aside, and made anew at the next opening: at once if it shows at once.
    """
    from probes.memory.store import DamagedError, StoreError, opened

    file = who.state / "store.sqlite"
    try:
        with ExitStack() as stack:
            try:
                kept = stack.enter_context(opened(file))
            except DamagedError as error:
                _set_aside(file, error)
                kept = stack.enter_context(opened(file))
            yield kept
    except StoreError as error:
        if isinstance(error, DamagedError):
            _set_aside(file, error)
        click.echo(f"error: {error}", err=True)
        sys.exit(3)


def _set_aside(file: Path, error: Exception) -> None:
    from generator.cli.clock import now
    from probes.memory.store import set_aside

    place = set_aside(file, now())
    tell(f"warning: {error}; it is now {place.name}, and counting starts again")


@contextmanager
def glimpse(who: Identity) -> Iterator[Store]:
    """Open the prober's store to read it, whether or not the prober is at work; exit 3 if it cannot be read."""
    from probes.memory.store import StoreError, opened

    try:
        with opened(who.state / "store.sqlite", read_only=True) as kept:
            yield kept
    except StoreError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(3)


def tell(line: str) -> None:
    """Say a line to the operators."""
    click.echo(line, err=True)
