"""Pending messages: keeps those of round trips, so that neither a restart nor a kill makes one look lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from probes.kind import Token
from probes.memory.database import Database
from probes.model import Outcome

__all__ = ["PendingMessages"]


class PendingMessages:
    """`probes.kind.Tokens`.

    A message is kept and forgotten at once: one that has left the mailbox must not be waited for. What it has been
    counted as is kept in the same transaction as the result that says so (`settle`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reload()

    def reload(self) -> None:
        """Go back to what is kept: looks that were cut short have counted for nothing."""
        self._unsettled: dict[str, dict[str, Token]] = {}
        self._tokens: dict[str, dict[str, Token]] = {}
        self._sent = {check: _time(at) for check, at in self._database.ask("SELECT check_name, at FROM sent")}
        for check, token, at, counted in self._database.ask("SELECT check_name, token, sent_at, counted FROM tokens"):
            known = Token(check=check, token=token, sent_at=_time(at), counted=Outcome(counted))
            self._tokens.setdefault(check, {})[token] = known

    def pending(self, check: str) -> Sequence[Token]:
        """Return those of a check, oldest first."""
        return sorted(self._tokens.get(check, {}).values(), key=lambda token: token.sent_at)

    def last_sent(self, check: str) -> datetime | None:
        """Return when a check last sent one."""
        return self._sent.get(check)

    def put(self, token: Token) -> None:
        """Remember one, or what it has been counted as."""
        mine = self._tokens.setdefault(token.check, {})
        if token.token not in mine:
            last = max(token.sent_at, self._sent.get(token.check, token.sent_at))
            with self._database.transaction() as database:
                database.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)", _row(token))
                database.execute("INSERT OR REPLACE INTO sent VALUES (?, ?)", (token.check, last.timestamp()))
            self._sent[token.check] = last
        else:
            self._unsettled.setdefault(token.check, {})[token.token] = token
        mine[token.token] = token

    def drop(self, token: Token) -> None:
        """Forget one, at once: it has left the mailbox, and must not be waited for."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM tokens WHERE token=?", (token.token,))
        self._tokens.get(token.check, {}).pop(token.token, None)
        self._unsettled.get(token.check, {}).pop(token.token, None)

    def settle(self, check: str, database: sqlite3.Connection) -> None:
        """Keep what a look that is over has made of its messages, within the transaction that keeps its results."""
        changed = self._unsettled.get(check, {}).values()
        database.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)", map(_row, changed))

    def unsettled(self, check: str) -> bool:
        """Return whether there is anything to settle."""
        return bool(self._unsettled.get(check))

    def settled(self, check: str) -> None:
        """Note that it has been kept."""
        self._unsettled.pop(check, None)


def _row(token: Token) -> tuple[str, str, float, str]:
    return token.token, token.check, token.sent_at.timestamp(), token.counted.value


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
