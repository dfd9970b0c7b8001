"""How a time is said as vaguely as it was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from generator.i18n.catalog import N_
from generator.i18n.formats import Formats
from generator.model import Moment, Precision, Window

Forms = Mapping[tuple[Precision, bool], str]
"""A message with `{date}` and `{time}` for each precision, and for "about" it.

A night belongs to two days: a translation may say `{next_date}`, the day it leads to, instead of `{date}`, or beside
`{eve}`, the day it follows, without the month and year that `{next_date}` says.
"""

SAID: Forms = {
    (Precision.MINUTE, False): N_("{date}, {time}"),
    (Precision.MINUTE, True): N_("{date}, about {time}"),
    (Precision.DAY, False): "{date}",
    (Precision.DAY, True): N_("about {date}"),
    (Precision.MORNING, False): N_("{date}, in the morning"),
    (Precision.AFTERNOON, False): N_("{date}, in the afternoon"),
    (Precision.EVENING, False): N_("{date}, in the evening"),
    (Precision.NIGHT, False): N_("night of {date}"),
    (Precision.UNKNOWN, False): N_("time unknown"),
}
SINCE: Forms = {
    (Precision.MINUTE, False): N_("since {time} on {date}"),
    (Precision.MINUTE, True): N_("since about {time} on {date}"),
    (Precision.DAY, False): N_("since {date}"),
    (Precision.DAY, True): N_("since about {date}"),
    (Precision.MORNING, False): N_("since the morning of {date}"),
    (Precision.AFTERNOON, False): N_("since the afternoon of {date}"),
    (Precision.EVENING, False): N_("since the evening of {date}"),
    (Precision.NIGHT, False): N_("since the night of {date}"),
    (Precision.UNKNOWN, False): N_("start unknown"),
}
ON: Forms = {
    (Precision.MINUTE, False): N_("on {date} at {time}"),
    (Precision.MINUTE, True): N_("on {date} at about {time}"),
    (Precision.DAY, False): N_("on {date}"),
    (Precision.DAY, True): N_("around {date}"),
    (Precision.MORNING, False): N_("on the morning of {date}"),
    (Precision.AFTERNOON, False): N_("on the afternoon of {date}"),
    (Precision.EVENING, False): N_("on the evening of {date}"),
    (Precision.NIGHT, False): N_("on the night of {date}"),
    (Precision.UNKNOWN, False): N_("at an unknown time"),
}
FROM: Forms = {
    (Precision.MINUTE, False): N_("from {time} on {date}"),
    (Precision.MINUTE, True): N_("from about {time} on {date}"),
    (Precision.DAY, False): N_("from {date}"),
    (Precision.DAY, True): N_("from about {date}"),
    (Precision.MORNING, False): N_("from the morning of {date}"),
    (Precision.AFTERNOON, False): N_("from the afternoon of {date}"),
    (Precision.EVENING, False): N_("from the evening of {date}"),
    (Precision.NIGHT, False): N_("from the night of {date}"),
}
"""Where a span begins that ends on another day; `TO` follows."""
TO: Forms = {
    (Precision.MINUTE, False): N_("to {time} on {date}"),
    (Precision.MINUTE, True): N_("to about {time} on {date}"),
    (Precision.DAY, False): N_("to {date}"),
    (Precision.DAY, True): N_("to about {date}"),
    (Precision.MORNING, False): N_("to the morning of {date}"),
    (Precision.AFTERNOON, False): N_("to the afternoon of {date}"),
    (Precision.EVENING, False): N_("to the evening of {date}"),
    (Precision.NIGHT, False): N_("to the night of {date}"),
}
SAID_TODAY: Forms = {
    (Precision.MINUTE, False): "{time}",
    (Precision.MINUTE, True): N_("about {time}"),
    (Precision.DAY, False): N_("today"),
    (Precision.MORNING, False): N_("this morning"),
    (Precision.AFTERNOON, False): N_("this afternoon"),
    (Precision.EVENING, False): N_("this evening"),
}
"""What is left of a time to readers of the same day; the other precisions keep their date."""
SINCE_TODAY: Forms = {
    (Precision.MINUTE, False): N_("since {time}"),
    (Precision.MINUTE, True): N_("since about {time}"),
    (Precision.DAY, False): N_("since today"),
    (Precision.MORNING, False): N_("since this morning"),
    (Precision.AFTERNOON, False): N_("since this afternoon"),
    (Precision.EVENING, False): N_("since this evening"),
}
ON_TODAY: Forms = {
    **SAID_TODAY,
    (Precision.MINUTE, False): N_("at {time}"),
    (Precision.MINUTE, True): N_("at about {time}"),
}
CLOCK: Forms = {
    (Precision.MINUTE, False): "{time}",
    (Precision.MINUTE, True): N_("about {time}"),
    # NOTE: Parts of a day at the edges of a span, as in "16 May 2023, morning to about 15:15".
    (Precision.MORNING, False): N_("morning"),
    (Precision.AFTERNOON, False): N_("afternoon"),
    (Precision.EVENING, False): N_("evening"),
    (Precision.NIGHT, False): N_("night"),
}


def exact(at: dt.datetime) -> Moment:
    """Return the moment that an instant is."""
    return Moment(precision=Precision.MINUTE, first=at, last=at)


def _form(moment: Moment) -> tuple[Precision, bool]:
    about = moment.about and moment.precision in (Precision.MINUTE, Precision.DAY)  # a part of a day is vague already
    return moment.precision, about


class Moments(Formats):
    """Says moments and the spans between them."""

    def moment(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it by itself: "12. Februar 2024, ca. 12:00".

        `today`, here and below, is the day on which it is read: a year that is the same goes without saying, and on
        the day itself the time alone is enough. Leave it out wherever the words stay: in feeds, titles, archives.
        """
        return self.fill(SAID, moment, today=today, on_today=SAID_TODAY)

    def since(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it as a beginning: "seit dem 19. Februar 2024", and today "seit 09:12 Uhr"."""
        return self.fill(SINCE, moment, today=today, on_today=SINCE_TODAY)

    def on(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it as it stands in a sentence: "am 22. Februar 2024 um 16:00 Uhr", and today "um 16:00 Uhr"."""
        return self.fill(ON, moment, today=today, on_today=ON_TODAY)

    def fill(self, forms: Forms, moment: Moment, *, today: dt.date | None = None, on_today: Forms | None = None) -> str:
        """Say it with the message that fits its precision: one of `on_today`, if it is today and there is one."""
        if moment.first is None:
            return self.gettext(forms[_form(moment)])
        if self.local_date(moment.first) == today and on_today and _form(moment) in on_today:
            return self.gettext(on_today[_form(moment)], time=self.time(moment.first))
        return self._dated(forms, moment, today)

    def _dated(self, forms: Forms, moment: Moment, beside: dt.date | None) -> str:
        """Say it with its date, without the year if that of the date `beside` it is the same."""
        if moment.first is None:
            return self.gettext(forms[_form(moment)])
        first, last = self.local_date(moment.first), self.local_date(moment.last or moment.first)
        return self.gettext(
            forms[_form(moment)],
            date=self.date_before(first, beside),
            next_date=self.date_before(last, beside),
            eve=self.day_before(first, last),
            time=self.time(moment.first),
        )

    def window(self, window: Window, *, today: dt.date | None = None) -> str:
        """Say when planned work takes place: "12. April 2023, 11:45–12:45"."""
        return self.span(exact(window.start), exact(window.end), today=today)

    def span(self, start: Moment, end: Moment | None, *, today: dt.date | None = None) -> str:
        """Say from when to when; a day that is the same is said once: "25. Januar 2023, 04:00–08:20".

        Without an end: since when.
        """
        if end is None:
            return self.since(start, today=today)
        if start.first is None and end.first is None:
            return self.moment(start)
        if start.first is None:
            return self.gettext("start unknown, ended {end}", end=self.on(end, today=today))
        if end.first is None:
            return self.gettext("{start}, end unknown", start=self.moment(start, today=today))
        day, last_day = self.local_date(start.first), self.local_date(end.first)
        if day == last_day:
            return self._within(day, start, end, today)
        if today and day.year != today.year:
            today = None
        return f"{self._dated(FROM, start, last_day)} {self._dated(TO, end, today)}"

    def _within(self, day: dt.date, start: Moment, end: Moment, today: dt.date | None) -> str:
        starts_vague, ends_vague = (moment.precision is Precision.DAY for moment in (start, end))
        if start == end or (starts_vague and ends_vague):
            return self.moment(start, today=today)
        hours = self._hours(start, end, starts_vague, ends_vague)
        return (
            hours if day == today else self.gettext("{date}, {hours}", date=self.date_before(day, today), hours=hours)
        )

    def _hours(self, start: Moment, end: Moment, starts_vague: bool, ends_vague: bool) -> str:
        if starts_vague:
            return self.gettext("until {end}", end=self._dated(CLOCK, end, None))
        if ends_vague:
            return self.gettext("from {start}", start=self._dated(CLOCK, start, None))
        params = {"start": self._dated(CLOCK, start, None), "end": self._dated(CLOCK, end, None)}
        if start.precision is not Precision.MINUTE or end.precision is not Precision.MINUTE:
            return self.gettext("{start} to {end}", **params)
        if start.rough or end.rough:
            return self.gettext("from {start} to {end}", **params)
        return self.gettext("{start}–{end}", **params)
