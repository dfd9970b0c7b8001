"""Database: lets one process at a time write the SQLite file of a prober, and checks the version of its schema."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

__all__ = [
    "VERSION",
    "WAIT_SECONDS",
    "DamagedError",
    "Database",
    "GoneError",
    "StoreError",
    "open_for_reading",
    "open_for_writing",
    "set_aside",
]

VERSION = 1
WAIT_SECONDS = 5.0
"""How long to wait for another process to let go of the file: one that is just ending."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_UNWRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
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
CREATE TABLE tokens (
    token TEXT PRIMARY KEY, check_name TEXT NOT NULL, sent_at REAL NOT NULL, counted TEXT NOT NULL
);
CREATE TABLE sent (check_name TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE outbox (path TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoreError(Exception):
    """A store that cannot be used; the message names the file, and the remedy where there is one."""


class DamagedError(StoreError):
    """The file is no database any more, or part of it is unreadable."""


class GoneError(StoreError):
    """The file was removed or replaced while it was in use."""


class Database:
    """A connection that several threads may use: what one of them does is whole before another looks."""

    def __init__(self, connection: sqlite3.Connection, held: Mapping[Path, os.stat_result] | None = None) -> None:
        """`held` are the files that must stay where they are, as they were when they were opened."""
        self._connection, self._held = connection, held or {}
        self._alone = threading.RLock()

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._alone:
            return self._connection.execute(sql, values).fetchall()

    def stand(self) -> None:
        """Check that the files are still those that were opened.

        Raises:
            GoneError: One was removed or replaced: what is written now is seen by nobody, and another may write beside.
        """
        for file, former in self._held.items():
            try:
                there = os.path.samestat(file.stat(), former)
            except FileNotFoundError:
                there = False
            if not there:
                raise GoneError(f"{file} was removed or replaced while it was in use; start the prober again")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection; what is done with it is kept at the end, all of it, or nothing.

        Raises:
            GoneError: See `stand`.
        """
        with self._alone:
            self.stand()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a disk that refuses may have undone everything already
                    self._connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def open_for_writing(file: Path, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[Database]:
    """Hold a file for writing, created if there is none; only its owner can read it, and enter its folder.

    Raises:
        DamagedError: It is damaged; also where that shows only later, within the block.
        StoreError: Another process holds it, it is of another version, or the disk refuses.
    """
    with _blamed(file), contextlib.ExitStack() as stack:
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = stack.enter_context(_alone(file, wait_seconds))
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            seals = {file: file.stat(), file.with_name(f"{file.name}.lock"): os.fstat(lock.fileno())}
        except OSError as error:
            raise StoreError(f"{error.filename or file}: {error.strerror or error}") from error
        connection = stack.enter_context(_connected(str(file)))
        _prepare(connection, file)
        yield Database(connection, seals)


@contextlib.contextmanager
def open_for_reading(file: Path) -> Iterator[Database]:
    """Open a file for reading, whoever writes it; where there is none, it is as if it were empty.

    Raises:
        StoreError: It is damaged, of another version, or cannot be read.
    """
    with _blamed(file), contextlib.ExitStack() as stack:
        connection = stack.enter_context(_seen(file)) if file.exists() else None
        if connection is not None and _judge(connection, file):
            yield Database(connection)
            return
        connection = stack.enter_context(_connected(":memory:"))
        connection.executescript(_SCHEMA)
        yield Database(connection)


def set_aside(file: Path, at: datetime) -> Path:
    """Move a damaged file out of the way, with what belongs to it; return its new place."""
    place = file.with_name(f"{file.name}.broken-{at:%Y%m%dT%H%M%SZ}")
    for ending in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(place.with_name(place.name + ending))
    return place


@contextlib.contextmanager
def _connected(name: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(
        name, isolation_level=None, timeout=10, check_same_thread=False, uri=name.startswith("file:")
    )
    with contextlib.closing(connection):
        yield connection


@contextlib.contextmanager
def _seen(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for reading; in a folder where nothing may be written, as it was when it was last closed.

    To read what another process may be writing SQLite needs a file beside it (https://sqlite.org/wal.html#readonly).
    """
    name = f"file:{quote(str(file))}?mode=ro"
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(_connected(name))
        try:
            connection.execute("PRAGMA user_version")
        except sqlite3.OperationalError as error:
            wal = file.with_name(f"{file.name}-wal")
            if error.sqlite_errorcode & 0xFF not in _UNWRITABLE or os.access(file.parent, os.W_OK):
                raise
            if wal.exists() and wal.stat().st_size:
                hint = "ask as the user of the prober, or where this folder can be written"
                raise StoreError(f"{file} was not closed, and its folder cannot be written; {hint}") from error
            connection = stack.enter_context(_connected(f"{name}&immutable=1"))
        yield connection


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    if _judge(connection, file) == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")


def _judge(connection: sqlite3.Connection, file: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        hint = "use that version, or move the file away: then counting starts again"
        raise StoreError(f"{file} was written by a later version of lagebild (schema {version}); {hint}")
    return version


@contextlib.contextmanager
def _blamed(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise (DamagedError if code in _DAMAGED else StoreError)(f"{file}: {error}") from error


@contextlib.contextmanager
def _alone(file: Path, wait_seconds: float) -> Iterator[IO[str]]:
    """Hold the lock beside a file; the kernel lets go of it when the process ends, however it ends."""
    until = time.monotonic() + wait_seconds
    with file.with_name(f"{file.name}.lock").open("a+") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    lock.seek(0)
                    holder = lock.read(20).strip() or "unknown"
                    hint = "end it, or give this prober another folder with --state"
                    raise StoreError(f"another prober (process {holder}) works with {file}; {hint}") from None
            time.sleep(0.05)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock
