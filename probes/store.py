"""What a prober remembers: states, results, messages under way, events to publish. SQLite, one file a prober."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from probes.hysteresis import State
from probes.kind import Token
from probes.model import Outcome, Result
from probes.observations import Hour
from probes.remembering import state_from, state_to

__all__ = ["Last", "Store", "StoreError", "opened"]

VERSION = 1
RAW_FOR = timedelta(days=30)
"""How long single results are kept; after that their hours alone."""
_SCHEMA = """
CREATE TABLE states (check_name TEXT, service TEXT, state TEXT NOT NULL, PRIMARY KEY (check_name, service));
CREATE TABLE results (
    check_name TEXT, service TEXT, at REAL, outcome TEXT NOT NULL, reason TEXT, took REAL, note TEXT NOT NULL,
    PRIMARY KEY (check_name, service, at)
) WITHOUT ROWID;
CREATE INDEX results_at ON results (at);
CREATE TABLE hours (
    check_name TEXT, service TEXT, start REAL, looks INTEGER NOT NULL, bad INTEGER NOT NULL, median REAL, p95 REAL,
    PRIMARY KEY (check_name, service, start)
) WITHOUT ROWID;
CREATE TABLE tokens (check_name TEXT, token TEXT PRIMARY KEY, sent_at REAL NOT NULL, counted TEXT NOT NULL);
CREATE TABLE sent (check_name TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE outbox (path TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoreError(Exception):
    """A store that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last result of a check on a service."""

    at: datetime
    outcome: Outcome
    reason: str
    took_seconds: float | None
    note: str


@contextlib.contextmanager
def opened(file: Path) -> Iterator[Store]:
    """Open a prober's store, made anew if there is none.

    Raises:
        StoreError: It is damaged, of a later version, or cannot be had.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, isolation_level=None, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: {error}") from None
    try:
        _prepare(connection, file)
        yield Store(connection)
    except sqlite3.DatabaseError as error:
        hint = f"move it away: {file} is made anew, and counting starts again"
        raise StoreError(f"{file}: {error}; {hint}") from None
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StoreError(f"{file} was written by a later version of lagebild ({version})")
    if version == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")


class Store:
    """The tables; `probes.kind.Tokens` among what it does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def state(self, check: str, service: str) -> State | None:
        """Return the state of a check on a service, None before the first."""
        row = self._db.execute("SELECT state FROM states WHERE check_name=? AND service=?", (check, service)).fetchone()
        try:
            return state_from(row[0]) if row else None
        except (ValueError, KeyError, TypeError):
            return None

    def plant(self, check: str, service: str, state: State) -> None:
        """Keep a state that no result has led to."""
        self._db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (check, service, state_to(state)))

    def conclude(self, check: str, service: str, state: State, result: Result, events: Mapping[str, bytes]) -> None:
        """Keep a result with the state it led to and the events that follow from it: all of it, or nothing."""
        at = result.at.timestamp()
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", (check, service, state_to(state)))
            self._db.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)",
                (check, service, at, result.outcome, result.reason, result.took_seconds, result.note),
            )
            self._put(events)

    def note(self, name: str, value: str, events: Mapping[str, bytes] | None = None) -> None:
        """Keep a fact about the prober itself, with the events that follow from it."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
            self._put(events or {})

    def noted(self, name: str) -> str:
        """Return a fact about the prober itself, empty if there is none."""
        row = self._db.execute("SELECT value FROM facts WHERE name=?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def outbox(self, most: int = 100) -> dict[str, bytes]:
        """Return events that are not out yet by their paths, the oldest first."""
        rows = self._db.execute("SELECT path, data FROM outbox ORDER BY rowid LIMIT ?", (most,))
        return {path: bytes(data) for path, data in rows}

    def sent_out(self, paths: Sequence[str] | frozenset[str]) -> None:
        """Forget events that are out."""
        with self._transaction():
            self._db.executemany("DELETE FROM outbox WHERE path=?", [(path,) for path in paths])

    def last(self, check: str, service: str) -> Last | None:
        """Return the last result of a check on a service."""
        row = self._db.execute(
            "SELECT at, outcome, reason, took, note FROM results"
            " WHERE check_name=? AND service=? ORDER BY at DESC LIMIT 1",
            (check, service),
        ).fetchone()
        if row is None:
            return None
        at, outcome, reason, took, note = row
        return Last(at=_time(at), outcome=Outcome(outcome), reason=reason or "", took_seconds=took, note=note)

    def last_known(self, check: str, service: str) -> datetime | None:
        """Return when a check last said something of a service."""
        (at,) = self._db.execute(
            "SELECT max(at) FROM results WHERE check_name=? AND service=? AND outcome<>?",
            (check, service, Outcome.UNKNOWN),
        ).fetchone()
        return _time(at) if at is not None else None

    def hours(self, check: str, service: str, now: datetime) -> tuple[Hour, ...]:
        """Return the last 30 days by the hour, up to the last full hour."""
        until, since = _full_hour(now), (now - RAW_FOR).timestamp()
        self._count_up(check, service, until)
        rows = self._db.execute(
            "SELECT start, looks, bad, median, p95 FROM hours"
            " WHERE check_name=? AND service=? AND start>=? ORDER BY start",
            (check, service, since),
        )
        return tuple(
            Hour(start=_time(start), looks=looks, bad=bad, median_seconds=median, p95_seconds=p95)
            for start, looks, bad, median, p95 in rows
        )

    def tidy(self, now: datetime) -> None:
        """Forget single results that are older than 30 days; their hours stay."""
        pairs = self._db.execute("SELECT DISTINCT check_name, service FROM results").fetchall()
        for check, service in pairs:
            self._count_up(check, service, _full_hour(now))
        with self._transaction():
            self._db.execute("DELETE FROM results WHERE at<?", ((now - RAW_FOR).timestamp(),))

    def pending(self, check: str) -> Sequence[Token]:
        """Return the messages of a check that are under way, oldest first."""
        rows = self._db.execute(
            "SELECT token, sent_at, counted FROM tokens WHERE check_name=? ORDER BY sent_at", (check,)
        )
        return [
            Token(check=check, token=token, sent_at=_time(at), counted=Outcome(counted)) for token, at, counted in rows
        ]

    def last_sent(self, check: str) -> datetime | None:
        """Return when a check last sent a message."""
        row = self._db.execute("SELECT at FROM sent WHERE check_name=?", (check,)).fetchone()
        return _time(row[0]) if row else None

    def put(self, token: Token) -> None:
        """Remember a message that is under way, or what it has been counted as."""
        at = token.sent_at.timestamp()
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)", (token.check, token.token, at, token.counted)
            )
            self._db.execute(
                "INSERT INTO sent VALUES (?, ?) ON CONFLICT DO UPDATE SET at=max(at, excluded.at)", (token.check, at)
            )

    def drop(self, token: Token) -> None:
        """Forget a message that has arrived, or is given up."""
        self._db.execute("DELETE FROM tokens WHERE token=?", (token.token,))

    def _put(self, events: Mapping[str, bytes]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO outbox VALUES (?, ?)", events.items())

    def _count_up(self, check: str, service: str, until: float) -> None:
        """Work out the hours that are over and not counted yet."""
        (counted,) = self._db.execute(
            "SELECT max(start) FROM hours WHERE check_name=? AND service=?", (check, service)
        ).fetchone()
        rows = self._db.execute(
            "SELECT at, outcome, took FROM results"
            " WHERE check_name=? AND service=? AND at>=? AND at<? AND outcome<>? ORDER BY at",
            (check, service, counted + 3600 if counted is not None else 0, until, Outcome.UNKNOWN),
        ).fetchall()
        found: dict[float, list[tuple[str, float | None]]] = {}
        for at, outcome, took in rows:
            found.setdefault(at // 3600 * 3600, []).append((outcome, took))
        with self._transaction():
            for start, results in found.items():
                row = (check, service, start, *_figures(results))
                self._db.execute("INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _figures(results: Sequence[tuple[str, float | None]]) -> tuple[int, int, float | None, float | None]:
    """Return how many results there were, how many bad ones, and median and 95th percentile of the response times."""
    bad = sum(1 for outcome, _ in results if Outcome(outcome).bad)
    times = sorted(took for _, took in results if took is not None)
    if not times:
        return len(results), bad, None, None
    return len(results), bad, _rank(times, 0.5), _rank(times, 0.95)


def _rank(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile."""
    place = max(-(-len(ordered) * round(share * 100) // 100) - 1, 0)
    return round(ordered[place], 6)


def _full_hour(now: datetime) -> float:
    return now.timestamp() // 3600 * 3600


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
