"""Moments: say times and the spans between them, as vaguely as they were told, and nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from generator.i18n.catalog import N_
from generator.i18n.formats import Formats
from generator.model import Moment, Precision, Window

Form = tuple[Precision, bool]
"""A precision, and whether it is told with "about" before it."""
Forms = Mapping[Form, str]
"""A message with `{date}` and `{time}` for each form.

A night belongs to two days: `{eve}`, the day it follows, without what `{next_date}`, the day it leads to, says again.
A translation may leave `{eve}` out.
"""

SAID: Forms = {
    (Precision.MINUTE, False): N_("{date}, {time}"),
    (Precision.MINUTE, True): N_("{date}, about {time}"),
    (Precision.DAY, False): "{date}",
    (Precision.DAY, True): N_("about {date}"),
    (Precision.MORNING, False): N_("{date}, in the morning"),
    (Precision.AFTERNOON, False): N_("{date}, in the afternoon"),
    (Precision.EVENING, False): N_("{date}, in the evening"),
    (Precision.NIGHT, False): N_("overnight {eve}–{next_date}"),
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
    (Precision.NIGHT, False): N_("since the night of {eve}–{next_date}"),
    (Precision.UNKNOWN, False): N_("start unknown"),
}
ON: Forms = {
    (Precision.MINUTE, False): N_("on {date} at {time}"),
    (Precision.MINUTE, True): N_("on {date} at about {time}"),
    (Precision.DAY, False): N_("on {date}"),
    (Precision.DAY, True): N_("on or about {date}"),
    (Precision.MORNING, False): N_("on the morning of {date}"),
    (Precision.AFTERNOON, False): N_("on the afternoon of {date}"),
    (Precision.EVENING, False): N_("on the evening of {date}"),
    (Precision.NIGHT, False): N_("during the night of {eve}–{next_date}"),
    (Precision.UNKNOWN, False): N_("at an unknown time"),
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

# NOTE: A span of days: {to} is its end, "to 22 February 2024". {date} has no year and {day} no month where {to} has it.
START: Forms = {
    (Precision.MINUTE, False): N_("{date}, {time} {to}"),
    (Precision.MINUTE, True): N_("{date}, about {time} {to}"),
    (Precision.DAY, False): N_("{day} {to}"),
    (Precision.DAY, True): N_("about {date} {to}"),
    (Precision.MORNING, False): N_("morning of {date} {to}"),
    (Precision.AFTERNOON, False): N_("afternoon of {date} {to}"),
    (Precision.EVENING, False): N_("evening of {date} {to}"),
    (Precision.NIGHT, False): N_("night of {eve}–{next_date} {to}"),
}
TO: Forms = {
    (Precision.MINUTE, False): N_("to {date}, {time}"),
    (Precision.MINUTE, True): N_("to {date}, about {time}"),
    (Precision.DAY, False): N_("to {date}"),
    (Precision.DAY, True): N_("to about {date}"),
    (Precision.MORNING, False): N_("to the morning of {date}"),
    (Precision.AFTERNOON, False): N_("to the afternoon of {date}"),
    (Precision.EVENING, False): N_("to the evening of {date}"),
    (Precision.NIGHT, False): N_("to the night of {eve}–{next_date}"),
}

# NOTE: A span within a day, after its date: {until} is its end, "until about 15:15".
START_HOUR: Forms = {
    (Precision.MINUTE, False): N_("{time} {until}"),
    (Precision.MINUTE, True): N_("about {time} {until}"),
    (Precision.DAY, False): N_("{until}"),
    (Precision.DAY, True): N_("{until}"),
    (Precision.MORNING, False): N_("morning {until}"),
    (Precision.AFTERNOON, False): N_("afternoon {until}"),
    (Precision.EVENING, False): N_("evening {until}"),
    (Precision.NIGHT, False): N_("night {until}"),
}
UNTIL_HOUR: Forms = {
    (Precision.MINUTE, False): N_("until {time}"),
    (Precision.MINUTE, True): N_("until about {time}"),
    (Precision.MORNING, False): N_("until morning"),
    (Precision.AFTERNOON, False): N_("until afternoon"),
    (Precision.EVENING, False): N_("until evening"),
}
FROM_HOUR: Forms = {
    (Precision.MINUTE, False): N_("from {time}"),
    (Precision.MINUTE, True): N_("from about {time}"),
    (Precision.MORNING, False): N_("from the morning"),
    (Precision.AFTERNOON, False): N_("from the afternoon"),
    (Precision.EVENING, False): N_("from the evening"),
    (Precision.NIGHT, False): N_("from the night"),
}

# NOTE: Two days of one month: "19–22 February 2024".
DAYS = N_("{day}–{date}")
HOURS = N_("{start}–{end}")


def exact(at: dt.datetime) -> Moment:
    """Return the moment that an instant is."""
    return Moment(precision=Precision.MINUTE, first=at, last=at)


def _form(moment: Moment) -> Form:
    about = moment.about and moment.precision in (Precision.MINUTE, Precision.DAY)  # a part of a day is vague already
    return moment.precision, about


class Moments(Formats):
    """Says moments and the spans between them.

    `today` is the day on which the words are read: a year that is the same goes without saying, and on the day itself
    the time alone is enough. Leave it out wherever the words stay: in feeds, titles, archives.
    """

    def moment(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it by itself: "12. Februar 2024, ca. 12:00"."""
        return self.fill(SAID, moment, today=today, on_today=SAID_TODAY)

    def since(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it as a beginning: "seit dem 19. Februar 2024", and today "seit 09:12 Uhr"."""
        return self.fill(SINCE, moment, today=today, on_today=SINCE_TODAY)

    def on(self, moment: Moment, *, today: dt.date | None = None) -> str:
        """Say it as it stands in a sentence: "am 22. Februar 2024 um 16:00 Uhr", and today "um 16:00 Uhr"."""
        return self.fill(ON, moment, today=today, on_today=ON_TODAY)

    def day_of(self, moment: Moment) -> str:
        """Say the day alone, or the night: "22. Februar 2024", "um den 5. März 2023", "Nacht auf den 2. März 2023"."""
        if moment.first is None or moment.precision is Precision.NIGHT or _form(moment) == (Precision.DAY, True):
            return self.moment(moment)
        return self.date(self.local_date(moment.first))

    def fill(self, forms: Forms, moment: Moment, *, today: dt.date | None = None, on_today: Forms | None = None) -> str:
        """Say it with the message that fits its precision: one of `on_today`, if it is today and there is one."""
        is_today = moment.first is not None and self.local_date(moment.first) == today
        if is_today and on_today and _form(moment) in on_today:
            forms = on_today
        return self.gettext(forms[_form(moment)], **self._params(moment, today))

    def window(self, window: Window, *, today: dt.date | None = None) -> str:
        """Say when planned work takes place: "12. April 2023, 11:45–12:45"."""
        return self.span(exact(window.start), exact(window.end), today=today)

    def span(self, start: Moment, end: Moment | None, *, today: dt.date | None = None) -> str:
        """Say from when to when: "25. Januar 2023, 04:00–08:20", "19. bis 22. Februar 2024".

        The end is said in full, the start without what both share. Without an end: since when.
        """
        if end is None:
            return self.since(start, today=today)
        if start.first is None and end.first is None:
            return self.moment(start)
        if start.first is None:
            return self.gettext("start unknown, ended {end}", end=self.on(end, today=today))
        if end.first is None:
            return self.gettext("{start}, end unknown", start=self.moment(start, today=today))
        day, end_day = self.local_date(start.first), self.local_date(end.first)
        if start == end or (day == end_day and start.precision is end.precision is Precision.DAY):
            return self.moment(end if end.about else start, today=today)
        if day == end_day and end.precision is not Precision.NIGHT:
            hours = self._hours(start, end)
            if day == today:
                return hours
            return self.gettext("{date}, {hours}", date=self.date_beside(day, today), hours=hours)
        return self._over_days(start, end, today)

    def days(self, first: dt.date, last: dt.date) -> str:
        """Say from which day to which, without the year: "19. bis 22. Februar"."""
        day = self.day_beside(first, last) if first.year == last.year else self.day_month(first)
        return self._join_days(first, last, day, self.day_month(last))

    def _join_days(self, first: dt.date, last: dt.date, day: str, date: str) -> str:
        if (first.year, first.month) == (last.year, last.month):
            return self.gettext(DAYS, day=day, date=date)
        return self.gettext(START[Precision.DAY, False], day=day, to=self.gettext(TO[Precision.DAY, False], date=date))

    def _over_days(self, start: Moment, end: Moment, today: dt.date | None) -> str:
        first, last = self._dates(start)[0], self._dates(end)[1 if end.precision is Precision.NIGHT else 0]
        shared = today if today and first.year == today.year else None
        params = self._params(start, last)
        if start.precision is Precision.DAY and end.precision not in (Precision.DAY, Precision.MINUTE):
            params["day"] = params["date"]  # a bare "19" may stand before a date only: not "19 to the night of 22–23"
        if _form(start) == _form(end) == (Precision.DAY, False):
            return self._join_days(first, last, params["day"], self.date_beside(last, shared))
        return self.gettext(START[_form(start)], **params, to=self.gettext(TO[_form(end)], **self._params(end, shared)))

    def _hours(self, start: Moment, end: Moment) -> str:
        if end.precision is Precision.DAY:
            return self.gettext(FROM_HOUR[_form(start)], **self._params(start))
        if start.rough or end.rough:
            until = self.gettext(UNTIL_HOUR[_form(end)], **self._params(end))
            return self.gettext(START_HOUR[_form(start)], **self._params(start), until=until)
        return self.gettext(HOURS, start=self._params(start)["time"], end=self._params(end)["time"])

    def _params(self, moment: Moment, beside: dt.date | None = None) -> dict[str, str]:
        """Return what a message may say of a moment, without what the date `beside` it says."""
        if moment.first is None:
            return {}
        first, last = self._dates(moment)
        return {
            "date": self.date_beside(first, beside),
            "day": self.day_beside(first, beside),
            "eve": self.day_beside(first, last),
            "next_date": self.date_beside(last, beside),
            "time": self.time(moment.first),
        }

    def _dates(self, moment: Moment) -> tuple[dt.date, dt.date]:
        """Return the days on which a known moment opens and closes."""
        first, last = moment.first or moment.last, moment.last or moment.first
        if first is None or last is None:
            raise ValueError("nothing is known of when it was")
        return self.local_date(first), self.local_date(last)
