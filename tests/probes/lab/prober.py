"""What tests of a prober share: a clock to set, checks of a port, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from probes.events import Event, parse
from probes.memory.store import Store
from probes.model import Check, Outcome, Reason, Result
from tests.probes.lab.plans import check_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock to set."""

    def __init__(self, step_seconds: float = 0.001) -> None:
        self.at = NOON
        self._step, self._set = timedelta(seconds=step_seconds), timedelta()

    def __call__(self) -> datetime:
        """Return the time, a little later each time it is asked for."""
        self.at += self._step
        return self.at

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)

    def steady(self) -> float:
        """Return the seconds of a clock that nobody sets."""
        return (self.at - NOON - self._set).total_seconds()

    def set(self, seconds: float) -> None:
        """Set the clock forward, or back: no time passes."""
        self._set += timedelta(seconds=seconds)
        self.at += timedelta(seconds=seconds)


def at(seconds: float) -> datetime:
    """Return an instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def check(name: str = "mx", service: str = "gateway", port: int = 9, **changes: Any) -> Check:
    """Return a check of a port on loopback."""
    return replace(check_of("tcp", host="127.0.0.1", port=port), name=name, services=(service,), **changes)


def bad(seconds: float, outcome: Outcome = Outcome.OUTAGE, **more: Any) -> Result:
    """Return a bad result."""
    return Result(at=at(seconds), outcome=outcome, reason=Reason.REFUSED, **more)


def good(seconds: float, **more: Any) -> Result:
    """Return a good result."""
    return Result(at=at(seconds), outcome=Outcome.OPERATIONAL, **more)


def unknown(seconds: float) -> Result:
    """Return a result that says nothing."""
    return Result(at=at(seconds), outcome=Outcome.UNKNOWN)


def outbox(store: Store) -> list[Event]:
    """Return the events that wait to be published, in their order."""
    return [parse(data) for data in store.outbox().values()]


def published(tree: Path) -> Sequence[Event]:
    """Return the events in a tree by their names."""
    return [parse(file.read_bytes()) for file in sorted(tree.glob("incidents/auto/**/*.json"))]
