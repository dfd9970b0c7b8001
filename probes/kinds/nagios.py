"""The kind `nagios`: runs any monitoring plugin (https://www.monitoring-plugins.org/doc/guidelines.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from probes.kind import N_, Kind, ProbeContext
from probes.model import Check, Outcome, Reason, Result
from probes.monitoring.command import run
from probes.monitoring.perfdata import figures_of, first_line
from probes.net.reach import NOTE_LENGTH
from probes.options import Options

__all__ = ["KIND"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    command: tuple[str, ...]
    """The program and its arguments; no shell."""


def _read(options: Options) -> _Options:
    command = options.texts("command", required=True, alone=False)
    if command and "/" in command[0]:  # else it is looked for in PATH
        command = (options.located(command[0]), *command[1:])
    return _Options(command=command)


async def _probe(check: Check, options: _Options, context: ProbeContext) -> Sequence[Result]:
    started = monotonic()
    try:
        code, output = await run(options.command)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it cannot be started"
        return (Result(at=context.now(), outcome=Outcome.UNKNOWN, note=f"{options.command[0]}: {cause}"),)
    outcome = {0: Outcome.OPERATIONAL, 1: Outcome.DEGRADED, 2: check.status}.get(code, Outcome.UNKNOWN)
    return (
        Result(
            at=context.now(),
            outcome=outcome,
            reason=Reason.PLUGIN if outcome.bad else None,
            took_seconds=monotonic() - started,
            figures=figures_of(output),
            note=first_line(output)[:NOTE_LENGTH],
        ),
    )


KIND = Kind(measures=N_("Monitoring plugin"), read=_read, probe=_probe)
