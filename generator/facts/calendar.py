"""Calendar: find where local days begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Some local days in a row; a day has 23, 24 or 25 hours."""

    dates: tuple[date, ...]
    midnights: tuple[int, ...]
    """Unix times at which the days begin, and at last the one at which the last of them ends."""

    def length(self, day: int) -> int:
        """Return the seconds of one of the days, by its place."""
        return self.midnights[day + 1] - self.midnights[day]


def local_day(now: datetime, time_zone: str) -> date:
    """Return the day on which `now` falls in a time zone."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def midnight(day: date, time_zone: str) -> datetime:
    """Return when a local day begins, in UTC; where the clock skips 00:00, that is the end of the gap."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


@lru_cache(maxsize=8)
def calendar_until(last: date, days: int, time_zone: str) -> Calendar:
    """Return the calendar of so many local days, of which `last` is the last."""
    dates = tuple(last - timedelta(days=ago) for ago in range(days - 1, -1, -1))
    following = (*dates, last + timedelta(days=1))
    return Calendar(dates=dates, midnights=tuple(int(midnight(day, time_zone).timestamp()) for day in following))
