"""Store: keeps states, results, messages under way and unpublished events; one file per prober, outside git."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from probes.events import Event, EventError, EventKind, parse, path_of, serialize
from probes.hysteresis import State
from probes.memory.database import (
    VERSION,
    WAIT_SECONDS,
    DamagedError,
    Database,
    GoneError,
    StoreError,
    open_for_reading,
    open_for_writing,
    set_aside,
)
from probes.memory.hours import Hours
from probes.memory.pending_messages import PendingMessages
from probes.memory.states import state_from, state_to
from probes.model import Outcome, Result

__all__ = ["VERSION", "Conclusion", "DamagedError", "GoneError", "Last", "Store", "StoreError", "opened", "set_aside"]

_ENDINGS = (EventKind.CLOSE, EventKind.SEEING)
_LATER = "later/"
"""Before the path of an event whose time has not come, as the name of a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last result of a check on a service."""

    at: datetime
    outcome: Outcome
    reason: str
    took_seconds: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A result, the state that it led to, and the events that follow from it."""

    service: str
    result: Result
    state: State
    events: tuple[Event, ...] = ()


@contextlib.contextmanager
def opened(file: Path, *, read_only: bool = False, wait_seconds: float = WAIT_SECONDS) -> Iterator[Store]:
    """Open a prober's store, created if there is none.

    One process at a time may write it; another waits for up to `wait_seconds`. Readers need not wait.

    Raises:
        DamagedError: It is damaged; also where that shows only later, within the block.
        StoreError: It is of a later version, another prober works with it, or the disk refuses.
    """
    with open_for_reading(file) if read_only else open_for_writing(file, wait_seconds=wait_seconds) as database:
        yield Store(database)


class Store:
    """What is remembered; several threads may ask and write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tokens = PendingMessages(database)
        self.hours = Hours(database)

    def state(self, check: str, service: str) -> State | None:
        """Return the state of a check on a service, None before the first; one that cannot be read counts as none."""
        rows = self._database.ask("SELECT state FROM states WHERE check_name=? AND service=?", check, service)
        try:
            return state_from(rows[0][0]) if rows else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def stand(self) -> None:
        """Check that the file is still where it was.

        Raises:
            GoneError: It is not.
        """
        self._database.stand()

    def keep_state(self, check: str, service: str, state: State) -> None:
        """Keep a state that no result has led to."""
        with self._database.transaction() as database:
            database.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (check, service, state_to(state)))

    def conclude(self, check: str, conclusions: Sequence[Conclusion]) -> None:
        """Keep what a look has led to, with what became of its messages: all of it, or nothing."""
        if not conclusions and not self.tokens.unsettled(check):
            return
        with self._database.transaction() as database:
            for one in conclusions:
                at, result = one.result.at.timestamp(), one.result
                state = (check, one.service, state_to(one.state))
                database.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", state)
                row = (check, one.service, at, result.outcome, result.reason, result.took_seconds, result.note)
                database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                files = [(path_of(event), serialize(event)) for event in one.events]
                database.executemany("INSERT OR IGNORE INTO outbox VALUES (?, ?)", files)
            self.tokens.settle(check, database)
        self.tokens.settled(check)

    def start_again(self, states: Mapping[tuple[str, str], State], events: Iterable[Event], now: datetime) -> None:
        """Replace the states when the clock was set to `now`, and file events (see `file`).

        What is later than `now` and not yet published is dropped. Messages under way are forgotten: how old they are
        is not known.
        """
        with self._database.transaction() as database:
            database.execute("DELETE FROM results WHERE at>?", (now.timestamp(),))
            database.execute("DELETE FROM hours WHERE start>?", (now.timestamp(),))
            waiting = [(path, _event(bytes(data))) for path, data in database.execute("SELECT path, data FROM outbox")]
            ahead = [(path,) for path, event in waiting if event and event.at > now and event.event not in _ENDINGS]
            database.executemany("DELETE FROM outbox WHERE path=?", ahead)
            rows = [(*place, state_to(state)) for place, state in states.items()]
            database.executemany("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", rows)
            database.execute("DELETE FROM tokens")
            database.execute("DELETE FROM sent")
            _file(database, events, now)
        self.tokens.reload()

    def file(self, events: Iterable[Event], now: datetime) -> None:
        """Put events into the outbox; what is dated later than `now` waits for its time (`file_due`)."""
        with self._database.transaction() as database:
            _file(database, events, now)

    def file_due(self, now: datetime) -> None:
        """Put the events into the outbox whose time has come."""
        rows = self._database.ask("SELECT value FROM facts WHERE name LIKE ?", f"{_LATER}%")
        due = [event for (data,) in rows if (event := _event(data.encode())) and event.at <= now]
        if due:
            with self._database.transaction() as database:
                _file(database, due, now)
                database.executemany("DELETE FROM facts WHERE name=?", [(_LATER + path_of(event),) for event in due])

    def newest(self) -> datetime | None:
        """Return the last instant that anything was measured at, None if nothing was."""
        rows = self._database.ask("SELECT max(at) FROM results")
        return datetime.fromtimestamp(rows[0][0], UTC) if rows[0][0] is not None else None

    def note(self, name: str, value: str, events: Mapping[str, bytes] | None = None) -> None:
        """Keep a fact about the prober itself, with the events that follow from it."""
        with self._database.transaction() as database:
            database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
            database.executemany("INSERT OR IGNORE INTO outbox VALUES (?, ?)", (events or {}).items())

    def noted(self, name: str) -> str:
        """Return a fact about the prober itself, empty if there is none."""
        rows = self._database.ask("SELECT value FROM facts WHERE name=?", name)
        return str(rows[0][0]) if rows else ""

    def knows(self, name: str) -> bool:
        """Return whether a fact about the prober itself was ever kept."""
        return bool(self._database.ask("SELECT 1 FROM facts WHERE name=?", name))

    def outbox(self, most: int = 100) -> dict[str, bytes]:
        """Return events that are not out yet by their paths, the oldest first."""
        rows = self._database.ask("SELECT path, data FROM outbox ORDER BY rowid LIMIT ?", most)
        return {path: bytes(data) for path, data in rows}

    def waiting(self) -> int:
        """Return how many events are not out yet."""
        return int(self._database.ask("SELECT count(*) FROM outbox")[0][0])

    def waiting_since(self) -> datetime | None:
        """Return when the oldest event happened that is not out yet."""
        oldest = self.outbox(1).values()
        return next((event.at for event in map(_event, oldest) if event is not None), None)

    def sent_out(self, paths: Iterable[str]) -> None:
        """Forget events that are out."""
        with self._database.transaction() as database:
            database.executemany("DELETE FROM outbox WHERE path=?", [(path,) for path in paths])

    def last(self, check: str, service: str, *, known: bool = False) -> Last | None:
        """Return the last result of a check on a service; with `known`, the last that said something of it."""
        rows = self._database.ask(
            "SELECT at, outcome, reason, took, note FROM results WHERE check_name=? AND service=? AND outcome<>?"
            " ORDER BY at DESC LIMIT 1",
            check,
            service,
            Outcome.UNKNOWN if known else "",
        )
        for at, outcome, reason, took, note in rows:
            time = datetime.fromtimestamp(at, UTC)
            return Last(at=time, outcome=Outcome(outcome), reason=reason or "", took_seconds=took, note=note)
        return None


def _file(database: sqlite3.Connection, events: Iterable[Event], now: datetime) -> None:
    for event in events:
        path, data = path_of(event), serialize(event)
        if event.at <= now:
            database.execute("INSERT OR IGNORE INTO outbox VALUES (?, ?)", (path, data))
        else:
            database.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", (_LATER + path, data.decode()))


def _event(data: bytes) -> Event | None:
    try:
        return parse(data)
    except EventError:
        return None
