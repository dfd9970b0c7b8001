"""Moments: read a time, `[about ]YYYY-MM-DD[ HH:MM[offset]| part of day]` or `unknown`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from generator.model import Moment, Precision

_FORM = re.compile(
    r"""(?P<about>about\s+)?
        (?P<date>\d{4}-\d{2}-\d{2})
        (?:[ T](?:(?P<time>\d{1,2}:\d{2})(?::00)?\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?|(?P<part>[a-z]+)))?""",
    re.VERBOSE | re.ASCII,
)

EXAMPLES = 'e.g. "2024-02-22 16:00", "about 2024-02-12 12:00", "2024-02-19", "2023-05-16 morning" or "unknown"'

_PARTS = {
    Precision.NIGHT: (time(22), time(6)),
    Precision.MORNING: (time(6), time(12)),
    Precision.AFTERNOON: (time(12), time(18)),
    Precision.EVENING: (time(18), time(22)),
}

EARLIEST_YEAR, LATEST_YEAR = 1970, 2999
"""Beyond them a year is mistyped, and calendars and clocks no longer agree."""

UNKNOWN = Moment(precision=Precision.UNKNOWN, first=None, last=None)


class MomentError(ValueError):
    """A time that cannot be read, with the problem's code and a hint."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def parse(text: str, zone: tzinfo) -> Moment:
    """Read a time; without an offset it is wall time in `zone`.

    A bare date spans 00:00 to 24:00, a part of day likewise (night: 22:00 to 06:00 of the next day).

    Raises:
        MomentError: `bad-time`, or a wall time that the change to summer time skips
            (`time-in-gap`) or the change back repeats (`time-ambiguous`).
    """
    if text == "unknown":
        return UNKNOWN
    match = _FORM.fullmatch(text)
    if not match:
        raise MomentError("bad-time", f'"{text}" is not a time', EXAMPLES)
    about = bool(match["about"])
    try:
        return _read(match, about, zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, MomentError):
            raise
        raise MomentError("bad-time", f'"{text}" is not in the calendar', EXAMPLES) from error


def _read(match: re.Match[str], about: bool, zone: tzinfo) -> Moment:
    day = date.fromisoformat(match["date"])
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise MomentError("bad-time", f"the year {day.year} is mistyped", EXAMPLES)
    clock = time.fromisoformat(match["time"].zfill(5)) if match["time"] else None
    following = day + timedelta(days=1)
    if clock is not None:
        at = _instant(day, clock, match["offset"], zone)
        return Moment(precision=Precision.MINUTE, about=about, first=at, last=at)
    if match["part"] is None:
        return _between(Precision.DAY, about, datetime.combine(day, time()), datetime.combine(following, time()), zone)
    part = next((part for part in _PARTS if part.value == match["part"]), None)
    if part is None:
        raise MomentError("bad-time", f'"{match["part"]}" is not a part of the day', EXAMPLES)
    start, end = _PARTS[part]
    last_day = day if end > start else following
    return _between(part, about, datetime.combine(day, start), datetime.combine(last_day, end), zone)


def _between(precision: Precision, about: bool, start: datetime, end: datetime, zone: tzinfo) -> Moment:
    return Moment(
        precision=precision,
        about=about,
        first=start.replace(tzinfo=zone).astimezone(UTC),
        last=end.replace(tzinfo=zone).astimezone(UTC),
    )


def _instant(day: date, clock: time, offset: str | None, zone: tzinfo) -> datetime:
    if offset:
        return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
    wall = datetime.combine(day, clock)
    early, late = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    readings = " or ".join(f'"{day} {clock:%H:%M}{_offset(reading)}"' for reading in (early, late))
    exists = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    if exists:
        message = f"{day} {clock:%H:%M} occurs twice: the clocks go back that night"
        raise MomentError("time-ambiguous", message, f"say which: {readings}")
    earlier, later = sorted(reading.astimezone(UTC).astimezone(zone) for reading in (early, late))
    message = f"{day} {clock:%H:%M} does not exist: the clocks go forward that night"
    raise MomentError("time-in-gap", message, f'write "{earlier:%Y-%m-%d %H:%M}" or "{later:%Y-%m-%d %H:%M}"')


def _offset(at: datetime) -> str:
    text = at.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
