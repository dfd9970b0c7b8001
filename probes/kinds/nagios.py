"""The kind `nagios`: any monitoring plugin (https://www.monitoring-plugins.org/doc/guidelines.html)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from probes.kind import Ground, Kind
from probes.model import Check, Outcome, Reason, Result
from probes.options import Options

__all__ = ["KIND"]

_MOST_OUTPUT = 65_536
_MOST_FIGURES = 20
_PERFDATA = re.compile(r"(?:'([^'=]+)'|([^\s'=]+))=(-?\d{1,15}(?:\.\d{1,9})?)(?=[a-zA-Z%]*(?:;|\s|$))")
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME")
"""All that a plugin hears of the prober's environment, which may hold passwords."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    command: tuple[str, ...]
    """The program and its arguments; no shell."""


def _read(options: Options) -> _Options:
    return _Options(command=options.texts("command", required=True))


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind
    started = monotonic()
    try:
        code, output = await _run(options.command)
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        note = f"{options.command[0]}: {error.strerror}"
        return (Result(at=ground.now(), outcome=Outcome.UNKNOWN, note=note),)
    outcome = {0: Outcome.OPERATIONAL, 1: Outcome.DEGRADED, 2: check.status}.get(code, Outcome.UNKNOWN)
    first_line = re.sub(r"[\x00-\x1f\x7f]", " ", output.partition("\n")[0].partition("|")[0]).strip()
    return (
        Result(
            at=ground.now(),
            outcome=outcome,
            reason=Reason.PLUGIN if outcome.bad else None,
            took_seconds=monotonic() - started,
            figures=_figures(output),
            note=first_line[:200],
        ),
    )


async def _run(command: Sequence[str]) -> tuple[int, str]:
    """Run a plugin in a session of its own, which ends with it, whatever it has started."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    kept = bytearray()
    try:
        while chunk := await process.stdout.read(8192):
            kept += chunk[: _MOST_OUTPUT - len(kept)]
        return await process.wait(), kept.decode("utf-8", "replace")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


def _figures(output: str) -> Mapping[str, float]:
    """Return the performance data: what stands behind the first bar of each line."""
    found: dict[str, float] = {}
    for line in output.splitlines():
        for quoted, plain, value in _PERFDATA.findall(line.partition("|")[2]):
            name = re.sub(r"[^a-z]+", "_", (quoted or plain).lower()).strip("_")[:40]
            if name and len(found) < _MOST_FIGURES:
                found.setdefault(name, float(value))
    return found


KIND = Kind(read=_read, probe=_probe)
