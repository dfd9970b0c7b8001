"""ICS: write a calendar with icalendar (RFC 5545, RFC 7986); imported only where one is rendered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar import Event as Entry
from icalendar.prop import vCategory, vDuration, vText, vUri

from generator.formats.calendar.events import Event
from generator.formats.calendar.schedule import Schedule

PRODUCT = "-//lagebild//maintenance//EN"
COLOUR = "royalblue"
"""A name of CSS is all that RFC 7986 knows; the nearest to `--under-maintenance` of the stylesheet."""
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - RFC 5545 wants local time there
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Words(vText):
    """TEXT as RFC 5545 escapes it (section 3.3.11); icalendar 7 takes a written backslash before an N for a break."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the escaped text."""
        return self.translate(ESCAPES).encode()


def written(schedule: Schedule) -> bytes:
    """Write a calendar: CRLF, lines of at most 75 octets, no time of writing."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    # No UID (RFC 7986, section 5.3): vdirsyncer and others would take it for the id of every event.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, Words(schedule.title))
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, Words(schedule.description))
    calendar.add("url", vUri(schedule.page))
    # The library leaves out the types that RFC 7986 asks for, and takes an unknown property for ready-made.
    calendar.add("source", vUri(schedule.address, params={"VALUE": "URI"}))
    calendar.add("refresh-interval", vDuration(schedule.refresh, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(schedule.refresh))
    calendar.add("color", COLOUR)
    if schedule.events:
        calendar.add("last-modified", max(event.changed for event in schedule.events))
    for event in schedule.events:
        calendar.add_component(_entry(event, schedule.language))
    if not schedule.events:
        calendar.add_component(_utc())
    return bytes(calendar.to_ical())


def _entry(event: Event, language: str) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed)  # without METHOD it means the same as LAST-MODIFIED (section 3.8.7.2)
    entry.add("last-modified", event.changed)
    entry.add("created", event.created)
    entry.add("dtstart", event.start.astimezone(UTC))
    entry.add("dtend", event.end.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("summary", Words(event.summary, params={"LANGUAGE": event.language}))
    entry.add("description", Words(event.description, params={"LANGUAGE": language}))
    entry.add("url", vUri(event.url))
    categories = vCategory([])
    categories.cats = [Words(name) for name in event.categories]
    entry.add("categories", categories)
    return entry


def _utc() -> Timezone:
    """Return the component that an empty calendar holds, for it must hold one (section 3.6)."""
    standard = TimezoneStandard()
    standard.add("dtstart", EPOCH)
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone = Timezone()
    zone.add("tzid", "UTC")
    zone.add_component(standard)
    return zone
