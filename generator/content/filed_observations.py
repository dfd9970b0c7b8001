"""Filed observations: read what the probers last saw; what cannot be used is left out and stops nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from generator.model import CLOCK_SKEW, Site
from generator.problems import Level, Problem, did_you_mean
from probes.observations import ObservationError, Observations, parse, path_of


def read(files: Mapping[str, bytes], site: Site, now: datetime) -> tuple[list[Observations], list[Problem]]:
    """Return what the site's probers last saw, from their files by path, and which files are not used, and why."""
    probers = {path_of(prober): prober for prober in (site.plan.probers if site.plan else ())}
    found: list[Observations] = []
    problems: list[Problem] = []
    for path, data in files.items():
        if path not in probers:
            message = "the file is not from a prober in status.yaml"
            hint = did_you_mean(path, probers) if probers else "status.yaml has no probes:"
            problems.append(_bad(path, message, hint))
            continue
        try:
            seen = parse(data)
        except ObservationError as error:
            problems.append(_bad(path, str(error)))
            continue
        if seen.prober != probers[path]:
            problems.append(_bad(path, "another prober wrote it than its name says"))
        else:
            found.append(seen)
            if seen.at - CLOCK_SKEW > now:
                message = f"it was written at {seen.at:%Y-%m-%d %H:%M} UTC, which is in the future"
                problems.append(_bad(path, message, "one of the clocks is wrong; it is left out until then"))
    return found, problems


def _bad(path: str, message: str, hint: str = "it is left out until the prober writes it again") -> Problem:
    return Problem(path=path, code="bad-observations", message=message, hint=hint, level=Level.WARNING)
