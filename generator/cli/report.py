"""Report: write problems for a terminal, for a program, and for a code host."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence

import click

from generator.problems import Level, Problem


def as_text(problems: Sequence[Problem]) -> str:
    """Say them one below the other, and count them."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    warnings = len(problems) - errors
    counts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    lines = [*map(str, problems), ", ".join(counts) if counts else "no problems"]
    return "\n".join(lines)


def as_json(problems: Sequence[Problem]) -> str:
    """Return a list of objects with the fields of `Problem`."""
    return json.dumps([dataclasses.asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def as_github(problems: Sequence[Problem]) -> str:
    """Return workflow commands, which GitHub shows as annotations in the diff.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(_annotation(problem) for problem in problems)


def _annotation(problem: Problem) -> str:
    place = f"file={_escaped(problem.path, property_=True)}"
    if problem.line:
        place += f",line={problem.line},col={problem.column}"
    message = f"{problem.message} (hint: {problem.hint})"
    return f"::{problem.level} {place},title={problem.code}::{_escaped(message)}"


def _escaped(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


REPORTS: Mapping[str, Callable[[Sequence[Problem]], str]] = {"text": as_text, "json": as_json, "github": as_github}


def echo_problems(problems: Sequence[Problem]) -> None:
    """Say the problems on stderr."""
    if problems:
        click.echo(as_text(problems), err=True)
