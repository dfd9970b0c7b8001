"""The kind `heartbeat`: expects a job to report in time, by a file or `lagebild probe beat`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from probes.kind import N_, Kind, ProbeContext
from probes.memory.beats import beat_file, last_beat
from probes.model import Check, Outcome, Policy, Reason, Result
from probes.options import Options

__all__ = ["KIND", "file_of"]

_AHEAD = timedelta(minutes=5)
"""A beat that lies further ahead than this is by another clock, or that of the prober was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    file: str
    """A file that the job changes when it is done; empty: the one that `lagebild probe beat` writes."""
    expect_every: timedelta
    grace: timedelta


def file_of(check: Check) -> str:
    """Return the file that a job changes when it is done; empty where `lagebild probe beat` is waited for."""
    return check.options.file if isinstance(check.options, _Options) else ""


def _read(options: Options) -> _Options:
    if "expect_every" not in options:
        options.fault("", "missing-key", 'a check of this kind needs "expect_every"', 'e.g. "24h"')
    return _Options(
        file=options.file("file"),
        expect_every=timedelta(seconds=options.seconds("expect_every", 86400, low=60)),
        grace=timedelta(seconds=options.seconds("grace", 0)),
    )


async def _probe(check: Check, options: _Options, context: ProbeContext) -> Sequence[Result]:
    now = context.now()
    file = Path(options.file) if options.file else beat_file(context.state, check.name)
    try:
        last = last_beat(file)
    except OSError as error:
        return (Result(at=now, outcome=Outcome.UNKNOWN, note=f"{file}: {error.strerror}"),)
    if last is None:
        return (Result(at=now, outcome=Outcome.UNKNOWN, note="it has never reported"),)
    if last - now > _AHEAD:
        return (Result(at=now, outcome=Outcome.UNKNOWN, note="its last report is in the future: a clock is wrong"),)
    deadline = last + options.expect_every + options.grace
    if now <= deadline:
        return (Result(at=now, outcome=Outcome.OPERATIONAL, since=min(last, now)),)
    return (
        Result(
            at=now,
            outcome=check.status,
            reason=Reason.OVERDUE,
            since=deadline,
            figures={"silent_seconds": (now - last).total_seconds()},
        ),
    )


KIND = Kind(
    measures=N_("Scheduled job"),
    read=_read,
    probe=_probe,
    policy=Policy(window=1, bad=1, bad_for_seconds=0, often_bad=1000, good=1, good_for_seconds=0, flapping_opens=1000),
)
