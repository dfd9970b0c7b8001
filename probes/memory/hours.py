"""Hours: sums up the results of each hour, which stay when the single results are gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from probes.memory.database import Database
from probes.model import Outcome
from probes.observations import Hour

__all__ = ["RAW_FOR", "Hours"]

RAW_FOR = timedelta(days=30)
"""How long single results are kept, and over how many days hours are told."""


class Hours:
    """The figures of every hour that is over, by check and service."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: dict[tuple[str, str], tuple[float, tuple[Hour, ...]]] = {}

    def of(self, check: str, service: str, now: datetime, most: int = 720) -> tuple[Hour, ...]:
        """Return the last 30 days, up to the last full hour, oldest first and no more than `most`."""
        until = _full_hour(now)
        known = self._told.get((check, service))
        if known is None or known[0] != until:
            self._sum_up(check, service, until)
            known = until, self._read(check, service, now, most)
            self._told[check, service] = known
        return known[1]

    def forget_raw(self, now: datetime) -> None:
        """Forget single results that are older than 30 days, once they are summed up."""
        for check, service in self._database.ask("SELECT check_name, service FROM states"):
            self._sum_up(check, service, _full_hour(now))
        with self._database.transaction() as database:
            database.execute("DELETE FROM results WHERE at<?", ((now - RAW_FOR).timestamp(),))

    def _read(self, check: str, service: str, now: datetime, most: int) -> tuple[Hour, ...]:
        rows = self._database.ask(
            "SELECT start, looks, bad, median, p95 FROM hours"
            " WHERE check_name=? AND service=? AND start>=? ORDER BY start DESC LIMIT ?",
            check,
            service,
            (now - RAW_FOR).timestamp(),
            most,
        )
        return tuple(
            Hour(start=datetime.fromtimestamp(start, UTC), looks=looks, bad=bad, median_seconds=median, p95_seconds=p95)
            for start, looks, bad, median, p95 in reversed(rows)
        )

    def _sum_up(self, check: str, service: str, until: float) -> None:
        """Sum up the hours that are over and not summed up yet."""
        ((last,),) = self._database.ask("SELECT max(start) FROM hours WHERE check_name=? AND service=?", check, service)
        rows = self._database.ask(
            "SELECT at, outcome, took FROM results WHERE check_name=? AND service=? AND at>=? AND at<? AND outcome<>?",
            check,
            service,
            last + 3600 if last is not None else 0,
            until,
            Outcome.UNKNOWN,
        )
        found: dict[float, list[tuple[str, float | None]]] = {}
        for at, outcome, took in rows:
            found.setdefault(at // 3600 * 3600, []).append((outcome, took))
        if found:
            lines = [(check, service, start, *_figures(results)) for start, results in found.items()]
            with self._database.transaction() as database:
                database.executemany("INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?, ?, ?, ?)", lines)


def _figures(results: Sequence[tuple[str, float | None]]) -> tuple[int, int, float | None, float | None]:
    """Return how many results there were, how many bad ones, and median and 95th percentile of the response times."""
    bad = sum(1 for outcome, _ in results if Outcome(outcome).bad)
    times = sorted(took for _, took in results if took is not None)
    if not times:
        return len(results), bad, None, None
    return len(results), bad, _rank(times, 50), _rank(times, 95)


def _rank(ordered: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile."""
    place = max(-(-len(ordered) * percent // 100) - 1, 0)
    return round(ordered[place], 6)


def _full_hour(now: datetime) -> float:
    return now.timestamp() // 3600 * 3600
