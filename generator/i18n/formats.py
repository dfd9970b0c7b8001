"""Formats: write dates, times, numbers, lists and lengths of time as a locale does."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from functools import cache, cached_property, reduce
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from generator.i18n.catalog import CompiledCatalog, Messages

if TYPE_CHECKING:  # Babel takes 20 ms to import and is not needed by a build with nothing to do
    from babel import Locale
    from babel.dates import DateTimePattern

MILLION = 1_000_000
NO_BREAK_SPACE = "\u00a0"
LONE_D = re.compile(r"(?<!['d])d(?!d)")
"""The day of the month in a pattern of CLDR, without a leading zero."""
LONE_DAY = re.compile(rf"{LONE_D.pattern}\.?")
WITHIN_DATE = re.compile(r"(?<!,) ")
"""A space of a pattern at which no line may end: any but that after a comma, as in American dates."""


def _lone_day(locale: Locale) -> object:
    """Return the day of a month as it stands in a date, with its full stop in German."""
    found = LONE_DAY.search(str(locale.datetime_skeletons["MMMMd"]))
    return found.group() if found else "d"


DAY_FORMS: Mapping[str, Callable[[Locale], object]] = {
    "long": lambda locale: locale.date_formats["long"],
    "month": lambda locale: locale.datetime_skeletons["yMMMM"],
    "day-month": lambda locale: locale.datetime_skeletons["MMMMd"],
    "brief-day-month": lambda locale: locale.datetime_skeletons["MMMd"],
    "day": _lone_day,
    "month-name": lambda locale: "LLLL",  # noqa: ARG005 - by itself a month is the same pattern in every locale
    "brief-month-name": lambda locale: "LLL",  # noqa: ARG005
    "month-initial": lambda locale: "LLLLL",  # noqa: ARG005
}


def approximate(figure: str, rough: bool) -> str:
    """Mark a figure that rests on times known only roughly."""
    return f"≈{NO_BREAK_SPACE}{figure}" if rough and figure else figure


class Formats(Messages):
    """Formats of one locale, in one time zone; every result is remembered."""

    def __init__(self, *, locale: str, time_zone: str, catalog: bytes | CompiledCatalog | None) -> None:
        super().__init__(catalog)
        self.locale = locale
        self._time_zone = time_zone
        self._day = cache(self._format_day)
        self._day_pattern = cache(self._parse_day_pattern)
        self._clock = cache(self._format_clock)
        self._unit = cache(self._format_unit)
        self._share = cache(self._format_share)
        self._symbol = cache(self._find_symbol)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone that times are shown in."""
        return ZoneInfo(self._time_zone)

    @cached_property
    def _babel(self) -> Locale:
        from babel import Locale

        return Locale.parse(self.locale)

    def date(self, day: dt.date) -> str:
        """Write a date in words: "22. Februar 2024"."""
        return self._day("long", day)

    def month(self, day: dt.date) -> str:
        """Write the month of a date: "Februar 2024"."""
        return self._day("month", day)

    def month_name(self, day: dt.date) -> str:
        """Write the month of a date without its year: "Februar"."""
        return self._day("month-name", day)

    def brief_month_name(self, day: dt.date) -> str:
        """Write the month of a date without its year, as short as may be: "Feb"."""
        return self._day("brief-month-name", day)

    def month_initial(self, day: dt.date) -> str:
        """Write the month of a date as one letter, where the months stand in a row: "F"."""
        return self._day("month-initial", day)

    def day_month(self, day: dt.date) -> str:
        """Write a date without its year: "22. Februar"."""
        return self._day("day-month", day)

    def brief_day_month(self, day: dt.date) -> str:
        """Write a date without its year, as short as may be: "22. Feb."."""
        return self._day("brief-day-month", day)

    def date_beside(self, day: dt.date, other: dt.date | None) -> str:
        """Write a date without its year where another date says it: "22. Februar"."""
        said = other is not None and other.year == day.year and self._year_comes_last
        return self.day_month(day) if said else self.date(day)

    def day_beside(self, day: dt.date, other: dt.date | None) -> str:
        """Write a date without the month and year that another date says: "1er" beside "2 mars 2023"."""
        said = other is not None and (other.year, other.month) == (day.year, day.month) and self._year_comes_last
        return self._day("day", day) if said else self.date_beside(day, other)

    def time(self, at: dt.datetime) -> str:
        """Write the time of day on the site's clock, in 24 hours: "16:00"."""
        return self._clock(at)

    def datetime(self, at: dt.datetime) -> str:
        """Write date and time on the site's clock: "22. Februar 2024, 16:00"."""
        return self.gettext("{date}, {time}", date=self.date(self.local_date(at)), time=self.time(at))

    def local_date(self, at: dt.datetime) -> dt.date:
        """Return the date on the site's calendar."""
        return at.astimezone(self.zone).date()

    def number(self, n: int) -> str:
        """Write a whole number with the locale's grouping: "1’234"."""
        if 0 <= n < 1000:
            return str(n)
        from babel.numbers import format_decimal

        return format_decimal(n, locale=self._babel)

    def percent(self, ppm: int) -> str:
        """Write millionths as a percentage, rounded down: a loss never reads as 100 %.

        Two decimals, and three where less than 0.01 % was lost.
        """
        if ppm >= MILLION:
            return self.whole_percent(ppm // 10_000)
        step = 10 if ppm > MILLION - 100 else 100
        return self._share(Decimal(ppm // step * step) / 10_000, "0.00#")

    def uptime(self, ppm: int, *, rough: bool) -> str:
        """Write a share of the time; where nothing was lost, no vague time counts in it."""
        return approximate(self.percent(ppm), rough and ppm < MILLION)

    def whole_percent(self, percent: int) -> str:
        """Write a percentage without decimals: "30%"."""
        return self._share(Decimal(percent), "0")

    def language_name(self, code: str) -> str:
        """Name another language: "Französisch"."""
        return str(self._babel.languages.get(code.partition("-")[0], code))

    @property
    def zone_place(self) -> str:
        """The country that the site's time zone belongs to: "Schweiz"; empty where it belongs to none."""
        from babel.core import get_global

        return str(self._babel.territories.get(get_global("zone_territories").get(self._time_zone), ""))

    def list(self, items: Sequence[str]) -> str:
        """Join items as in a sentence: "A, B und C"; where one holds an "and" itself: "A und B sowie C"."""
        from babel.lists import format_list

        if len(items) > 1 and any(self._conjunction in item for item in items):
            return self.gettext("{items} as well as {last}", items=self.row(items[:-1]), last=items[-1])
        return format_list(list(items), locale=self._babel)

    def row(self, items: Sequence[str]) -> str:
        """Join items without a last "and": "A, B, C"."""
        return reduce(self._babel.list_patterns["standard"]["middle"].format, items)

    def duration(self, seconds: int, *, long: bool = False) -> str:
        """Write a length of time in days, hours and minutes, rounded down to the minute: "1 Tag 4 h 25 min".

        Units of which there are none are left out. Nothing at all reads as zero minutes; a little as less than a
        minute. A line may break after the days only. `long`, for sentences: "1 Tag, 4 Stunden und 25 Minuten".
        """
        if 0 < seconds < 60:
            return self.gettext("less than a minute")
        hours, minutes = divmod(int(seconds) // 60, 60)
        days, hours = divmod(hours, 24)
        parts = [(n, unit) for n, unit in ((days, "day"), (hours, "hour"), (minutes, "minute")) if n] or [(0, "minute")]
        if long:
            return self.list([self._unit_in_words(n, unit) for n, unit in parts])
        gaps = {"day": " "}
        return "".join(self._unit(n, unit) + gaps.get(unit, NO_BREAK_SPACE) for n, unit in parts).strip()

    def seconds(self, seconds: float, *, brief: bool = False) -> str:
        """Write a short length of time, rounded up: "0,42 s", "12 s", "3 min 20 s".

        Two decimals below ten seconds; `brief` leaves out zeros at the end.
        """
        if seconds <= 9.99:
            from babel.numbers import format_decimal

            exact = Decimal(repr(float(seconds))).quantize(Decimal("0.01"), ROUND_CEILING)
            figures = format_decimal(exact, "0.##" if brief else "0.00", locale=self._babel)
            return f"{figures}{NO_BREAK_SPACE}{self._symbol('second')}"
        minutes, rest = divmod(math.ceil(seconds), 60)
        if minutes >= 60:
            minutes, rest = minutes + (rest > 0), 0
        parts = ((minutes // 60, "hour"), (minutes % 60, "minute"), (rest, "second"))
        return NO_BREAK_SPACE.join(f"{n}{NO_BREAK_SPACE}{self._symbol(unit)}" for n, unit in parts if n)

    def _format_share(self, percent: Decimal, figures: str) -> str:
        from babel.numbers import parse_pattern

        before, _, after = self._babel.percent_formats[None].pattern.rpartition("0")
        # NOTE: The sign after a percentage, with a no-break space before it where editors set one: " %" in French.
        after = self.gettext("%") if after == "%" else after
        return str(parse_pattern(before + figures + after).apply(percent / 100, self._babel))

    def _format_day(self, form: str, day: dt.date) -> str:
        return self._day_pattern(form, day.day == 1).apply(day, self._babel)

    def _parse_day_pattern(self, form: str, first: bool) -> DateTimePattern:
        from babel.dates import parse_pattern

        pattern = WITHIN_DATE.sub(NO_BREAK_SPACE, str(DAY_FORMS[form](self._babel)))
        # NOTE: The first day of a month as it stands in a date: "1er" in French, which CLDR leaves out.
        day = self.gettext("1")
        if first and day != "1":
            pattern = LONE_D.sub(f"'{day}'", pattern, count=1)
        return parse_pattern(pattern)

    def _format_clock(self, at: dt.datetime) -> str:
        return self._clock_pattern.apply(at.astimezone(self.zone), self._babel)

    @cached_property
    def _conjunction(self) -> str:
        """The word between two items, as it stands between spaces: " und "."""
        return f" {self._babel.list_patterns['standard']['2'].format('', '').strip()} "

    @cached_property
    def _year_comes_last(self) -> bool:
        return not self._babel.date_formats["long"].pattern.startswith("y")

    @cached_property
    def _clock_pattern(self) -> DateTimePattern:
        from babel.dates import parse_pattern

        return parse_pattern(str(self._babel.datetime_skeletons["Hm"]))

    def _format_unit(self, n: int, unit: str) -> str:
        """Write a number with its unit: days in words, what is shorter with its symbol."""
        return self._unit_in_words(n, unit) if unit == "day" else f"{n}{NO_BREAK_SPACE}{self._symbol(unit)}"

    def _unit_in_words(self, n: int, unit: str) -> str:
        from babel.units import format_unit

        name = f"duration-{unit}"
        written = format_unit(n, name, length="long", locale=self._babel)
        if name in written:  # Babel finds no long form where CLDR has it from another length, as in Arabic
            written = format_unit(n, name, length="short", locale=self._babel)
        return written.replace(" ", NO_BREAK_SPACE)

    def _find_symbol(self, unit: str) -> str:
        """Return the symbol that CLDR puts after "per": "h"."""
        from babel.units import format_compound_unit

        symbol = format_compound_unit("", denominator_unit=f"duration-{unit}", length="short", locale=self._babel)
        return (symbol or unit).strip(" /")
