"""`lagebild schema`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from generator.cli.clock import now_option
from generator.problems import Problem


@click.command()
@now_option
@click.pass_obj
def schema(tree: Path, now: datetime) -> None:
    """Write incidents/incident.schema.json, with which editors complete and check incident files.

    Run it again when services, languages or phrases change.

    \b
    lagebild schema
    """
    from generator.cli.report import echo_problems

    target, problems = write_schema(tree, now)
    if target is None:
        echo_problems(problems)
        sys.exit(1)
    click.echo(f"{target}: written", err=True)


def write_schema(tree: Path, now: datetime) -> tuple[Path | None, tuple[Problem, ...]]:
    """Write a tree's schema; return where, None where status.yaml leaves nothing to write, and the tree's problems.

    Raises:
        OSError: The disk refuses.
    """
    from generator import sources
    from generator.content import incident_schema
    from generator.content.judge import judge

    judged = judge(sources.read(tree), now)
    if judged.site is None:
        return None, judged.problems
    target = tree / incident_schema.PATH
    text = json.dumps(incident_schema.schema(judged.site, judged.phrases), ensure_ascii=False, indent=2) + "\n"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, "utf-8")
    return target, judged.problems
