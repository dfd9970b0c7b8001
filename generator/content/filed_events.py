"""Filed events: read what the probers have filed in a tree; what is no event is left out and stops nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from generator.problems import Level, Problem
from probes.events import Event, EventError, parse, path_of


def read(files: Mapping[str, bytes]) -> tuple[list[Event], list[Problem]]:
    """Return the events of event files by path, and the files that are none: they are left out, and stop nothing."""
    events: list[Event] = []
    problems: list[Problem] = []
    for path, data in files.items():
        try:
            event = parse(data)
        except EventError as error:
            problems.append(_bad(path, str(error)))
            continue
        name = posixpath.basename(path_of(event))
        if posixpath.basename(path) != name:
            problems.append(_bad(path, f"the event within belongs into a file named {name}"))
        else:
            events.append(event)
    return events, problems


def _bad(path: str, message: str) -> Problem:
    hint = "it is left out; only probers write here"
    return Problem(path=path, code="bad-event", message=message, hint=hint, level=Level.WARNING)
