"""Kinds of check: defines what each is made of, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from probes.model import Check, Outcome, Policy, Reason, Result
from probes.options import Options

__all__ = ["N_", "Kind", "Notes", "ProbeContext", "ProbeError", "Token", "Tokens"]


Own = TypeVar("Own")
"""The options that only one kind has."""


def N_(msgid: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a message that is translated later."""
    return msgid


class ProbeError(Exception):
    """Raised by a probe that has found out why it cannot go on; becomes a result with the check's `status`."""

    def __init__(self, reason: Reason, note: str = "", *, outcome: Outcome | None = None) -> None:
        """`note` stays with the prober; `outcome` says how bad it is where the check's `status` would be wrong."""
        super().__init__(note or reason.value)
        self.reason, self.note, self.outcome = reason, note, outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A message of a round trip that is under way."""

    check: str
    token: str
    sent_at: datetime
    counted: Outcome = Outcome.UNKNOWN
    """As what it has been counted so far: unknown, degraded (late) or outage (later than `outage_above`)."""


class Tokens(Protocol):
    """The messages that are under way; kept in the store, so that a restarted prober still waits for them."""

    def pending(self, check: str) -> Sequence[Token]:
        """Return those of a check, oldest first."""

    def last_sent(self, check: str) -> datetime | None:
        """Return when a check last sent one, whether or not it has arrived since."""

    def put(self, token: Token) -> None:
        """Remember one, or what it has been counted as."""

    def drop(self, token: Token) -> None:
        """Forget one that has arrived, or is given up."""


class Notes(Protocol):
    """What checks remember from one look to the next; kept in the store."""

    def noted(self, name: str) -> str:
        """Return a note, empty if there is none."""

    def note(self, name: str, value: str) -> None:
        """Keep a note in place of the former one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeContext:
    """What every probe may use beside its check."""

    now: Callable[[], datetime]
    """The clock: aware, UTC."""
    prober: str
    """The name of this prober."""
    state: Path
    """The prober's own folder, outside git."""
    tokens: Tokens
    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Own]):
    """A kind of check: a line of `probes.kinds.KINDS`."""

    read: Callable[[Options], Own]
    """Reads the options that only this kind has; `probes.spec` reads the common ones."""
    probe: Callable[[Check, Own, ProbeContext], Awaitable[Sequence[Result]]]
    """Looks once and returns the results, none if there is nothing new to say. It may raise `ProbeError` and OSError;
    `probes.loop.look` turns these, and a timeout, into results."""
    measures: str
    """What a check of this kind measures the response time of: a message of the catalogs."""
    policy: Policy = field(default_factory=Policy)
    interval_seconds: float = 60
    retry_interval_seconds: float = 20
    timeout_seconds: float = 10
    pace: Callable[[Check, ProbeContext], float] | None = None
    """How many seconds to wait for the next look, where the two intervals will not do."""
    between: Callable[[Own], float] | None = None
    """How many seconds lie between two results, where not every look has one."""
    many_services: bool = False
    """Whether one check tells of several services (`services:` instead of `service:`)."""
