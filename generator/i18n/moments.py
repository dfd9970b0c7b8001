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

    def moment(self, moment: Moment) -> str:
        """Say it by itself: "12. Februar 2024, ca. 12:00"."""
        return self.fill(SAID, moment)

    def since(self, moment: Moment) -> str:
        """Say it as a beginning: "seit dem 19. Februar 2024"."""
        return self.fill(SINCE, moment)

    def on(self, moment: Moment) -> str:
        """Say it as it stands in a sentence: "am 22. Februar 2024 um 16:00 Uhr"."""
        return self.fill(ON, moment)

    def fill(self, forms: Forms, moment: Moment, *, before: dt.date | None = None) -> str:
        """Say it with the message that fits its precision; `before` a later date without the year that it shares."""
        message = forms[_form(moment)]
        if moment.first is None:
            return self.gettext(message)
        first, last = self.local_date(moment.first), self.local_date(moment.last or moment.first)
        return self.gettext(
            message,
            date=self.date_before(first, before),
            next_date=self.date_before(last, before),
            eve=self.day_before(first, last),
            time=self.time(moment.first),
        )

    def window(self, window: Window) -> str:
        """Say when planned work takes place: "12. April 2023, 11:45–12:45"."""
        return self.span(exact(window.start), exact(window.end))

    def span(self, start: Moment, end: Moment | None) -> str:
        """Say from when to when; a day that is the same is said once: "25. Januar 2023, 04:00–08:20".

        Without an end: since when.
        """
        if end is None:
            return self.since(start)
        if start.first is None and end.first is None:
            return self.moment(start)
        if start.first is None:
            return self.gettext("start unknown, ended {end}", end=self.on(end))
        if end.first is None:
            return self.gettext("{start}, end unknown", start=self.moment(start))
        day, last_day = self.local_date(start.first), self.local_date(end.first)
        if day == last_day:
            return self._within(day, start, end)
        return f"{self.fill(FROM, start, before=last_day)} {self.fill(TO, end)}"

    def _within(self, day: dt.date, start: Moment, end: Moment) -> str:
        date = self.date(day)
        starts_vague, ends_vague = (moment.precision is Precision.DAY for moment in (start, end))
        if start == end or (starts_vague and ends_vague):
            return self.moment(start)
        if starts_vague:
            return self.gettext("{date}, until {end}", date=date, end=self.fill(CLOCK, end))
        if ends_vague:
            return self.gettext("{date}, from {start}", date=date, start=self.fill(CLOCK, start))
        params = {"date": date, "start": self.fill(CLOCK, start), "end": self.fill(CLOCK, end)}
        if start.precision is not Precision.MINUTE or end.precision is not Precision.MINUTE:
            return self.gettext("{date}, {start} to {end}", **params)
        if start.rough or end.rough:
            return self.gettext("{date}, from {start} to {end}", **params)
        return self.gettext("{date}, {start}–{end}", **params)
