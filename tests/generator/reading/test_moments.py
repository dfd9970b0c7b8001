"""A time is read as vaguely as it is written; a wall time that does not say when it is, is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.model import Moment, Precision
from generator.reading import moments
from generator.reading.moments import MomentError

ZURICH = ZoneInfo("Europe/Zurich")
ZONES = ("Europe/Zurich", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")
PARTS = ("morning", "afternoon", "evening", "night")


def read(written: str, zone: ZoneInfo) -> tuple[Moment | None, str]:
    """Return a time, or the code with which it is refused."""
    try:
        return moments.parse(written, zone), ""
    except MomentError as refused:
        return None, refused.code


@pytest.mark.parametrize(
    ("written", "precision", "about", "first", "last"),
    [
        ("2024-02-22 16:00", "minute", False, "2024-02-22 15:00", "2024-02-22 15:00"),
        ("2024-07-22 16:00", "minute", False, "2024-07-22 14:00", "2024-07-22 14:00"),
        ("2024-02-22 9:05", "minute", False, "2024-02-22 08:05", "2024-02-22 08:05"),
        ("2024-02-22T16:00", "minute", False, "2024-02-22 15:00", "2024-02-22 15:00"),
        ("2024-02-22 16:00:00", "minute", False, "2024-02-22 15:00", "2024-02-22 15:00"),
        ("2024-02-22 16:00Z", "minute", False, "2024-02-22 16:00", "2024-02-22 16:00"),
        ("2024-02-22 16:00+05:30", "minute", False, "2024-02-22 10:30", "2024-02-22 10:30"),
        ("2024-02-22 16:00 -0330", "minute", False, "2024-02-22 19:30", "2024-02-22 19:30"),
        ("about 2024-02-12 12:00", "minute", True, "2024-02-12 11:00", "2024-02-12 11:00"),
        ("2024-02-19", "day", False, "2024-02-18 23:00", "2024-02-19 23:00"),
        ("about 2024-02-19", "day", True, "2024-02-18 23:00", "2024-02-19 23:00"),
        ("2023-05-16 morning", "morning", False, "2023-05-16 04:00", "2023-05-16 10:00"),
        ("2023-05-16 afternoon", "afternoon", False, "2023-05-16 10:00", "2023-05-16 16:00"),
        ("2023-05-16 evening", "evening", False, "2023-05-16 16:00", "2023-05-16 20:00"),
        ("2023-05-16 night", "night", False, "2023-05-16 20:00", "2023-05-17 04:00"),
        ("2024-12-31 night", "night", False, "2024-12-31 21:00", "2025-01-01 05:00"),
        ("2024-02-29", "day", False, "2024-02-28 23:00", "2024-02-29 23:00"),
        # The clocks go forward from 02:00 to 03:00 on 2024-03-31, and back from 03:00 to 02:00 on 2024-10-27.
        ("2024-03-31", "day", False, "2024-03-30 23:00", "2024-03-31 22:00"),
        ("2024-10-27", "day", False, "2024-10-26 22:00", "2024-10-27 23:00"),
        ("2024-03-30 night", "night", False, "2024-03-30 21:00", "2024-03-31 04:00"),
        ("2024-10-26 night", "night", False, "2024-10-26 20:00", "2024-10-27 05:00"),
        ("2024-03-31 01:59", "minute", False, "2024-03-31 00:59", "2024-03-31 00:59"),
        ("2024-03-31 03:00", "minute", False, "2024-03-31 01:00", "2024-03-31 01:00"),
        ("2024-10-27 02:30+02:00", "minute", False, "2024-10-27 00:30", "2024-10-27 00:30"),
        ("2024-10-27 02:30+01:00", "minute", False, "2024-10-27 01:30", "2024-10-27 01:30"),
        ("2024-10-27 01:59", "minute", False, "2024-10-26 23:59", "2024-10-26 23:59"),
        ("2024-10-27 03:00", "minute", False, "2024-10-27 02:00", "2024-10-27 02:00"),
    ],
)
def test_a_time_is_a_span_of_the_clock(written: str, precision: str, about: bool, first: str, last: str) -> None:
    """What is written opens and closes at instants of the site's zone, or of the offset that is written."""
    moment = moments.parse(written, ZURICH)

    assert (moment.precision, moment.about) == (Precision(precision), about)
    assert moment.first == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert moment.last == datetime.fromisoformat(last).replace(tzinfo=UTC)


def test_unknown() -> None:
    """`unknown` has no instants."""
    moment = moments.parse("unknown", ZURICH)

    assert (moment.precision, moment.first, moment.last) == (Precision.UNKNOWN, None, None)


@pytest.mark.parametrize(
    ("written", "rough"),
    [
        ("2024-02-22 16:00", False),
        ("about 2024-02-22 16:00", True),
        ("2024-02-22", True),
        ("2024-02-22 night", True),
        ("unknown", True),
    ],
)
def test_only_an_exact_minute_is_not_rough(written: str, rough: bool) -> None:
    """Figures rest on a guess unless a time is known to the minute."""
    assert moments.parse(written, ZURICH).rough is rough


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("2024-03-31 02:00", "time-in-gap", 'write "2024-03-31 01:00" or "2024-03-31 03:00"'),
        ("2024-03-31 02:59", "time-in-gap", 'write "2024-03-31 01:59" or "2024-03-31 03:59"'),
        ("about 2024-03-31 02:30", "time-in-gap", 'write "2024-03-31 01:30" or "2024-03-31 03:30"'),
        (
            "2024-10-27 02:30",
            "time-ambiguous",
            'say which: "2024-10-27 02:30+02:00" or "2024-10-27 02:30+01:00"',
        ),
    ],
)
def test_the_two_readings_are_named(written: str, code: str, said: str) -> None:
    """A wall time that does not exist, or comes twice, is refused with its two readings."""
    with pytest.raises(MomentError) as refused:
        moments.parse(written, ZURICH)

    assert (refused.value.code, refused.value.hint) == (code, said)


def test_the_readings_can_be_read() -> None:
    """What the hint of an ambiguous time offers is read as two instants an hour apart."""
    early, late = (moments.parse(f"2024-10-27 02:30{offset}", ZURICH) for offset in ("+02:00", "+01:00"))

    assert early.first is not None
    assert late.first == early.first + timedelta(hours=1)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1:30",
        "tomorrow",
        "Unknown",
        "about unknown",
        "2024-2-22",
        "22.02.2024",
        "2024-02-30",
        "2023-02-29",
        "2024-02-22 24:00",
        "2024-02-22 16",
        "2024-02-22 16:00:30",
        "2024-02-22 16:60",
        "2024-02-22 noon",
        "2024-02-22 unknown",
        "2024-02-22 morning+01:00",
        "2024-02-22+01:00",
        "2024-02-22 16:00 CET",
        "2024-02-22 16:00 and more",
        "about",
        "٢٠٢٤-٠٢-٢٢",
        "0001-01-01",
        "1969-12-31",
        "3000-01-01",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    """What is not of the form, or not in the calendar, is refused with examples."""
    with pytest.raises(MomentError) as refused:
        moments.parse(written, ZURICH)

    assert (refused.value.code, refused.value.hint) == ("bad-time", moments.EXAMPLES)


dates = st.dates(min_value=date(1990, 1, 1), max_value=date(2037, 12, 30))
tails = st.one_of(
    st.just(""),
    st.sampled_from(PARTS).map(" {}".format),
    st.times().map(" {:%H:%M}".format),
    st.times().map(" {:%H:%M}Z".format),
)


@given(st.sampled_from(ZONES), st.booleans(), dates, tails)
def test_every_written_form_is_a_span(zone: str, about: bool, day: date, tail: str) -> None:
    """Every written form is a span that does not end before it begins, or is refused as a gap or as ambiguous."""
    written = f"{'about ' if about else ''}{day}{tail}"

    moment, refusal = read(written, ZoneInfo(zone))

    if moment is None:
        assert refusal in ("time-in-gap", "time-ambiguous")
        assert ":" in tail
        return
    assert moment.first is not None
    assert moment.last is not None
    assert moment.first <= moment.last
    assert moment.first.tzinfo is moment.last.tzinfo is UTC
    assert moment.about is about
    if ":" in tail:
        assert moment.first == moment.last


@given(st.sampled_from(ZONES), st.sampled_from(range(631_152_000, 2_145_830_400, 60)))
def test_writing_and_reading_is_the_identity(zone: str, seconds: int) -> None:
    """An instant that is written with its offset is read as itself, in every zone."""
    minute = datetime.fromtimestamp(seconds, UTC)
    local = minute.astimezone(ZoneInfo(zone))

    moment = moments.parse(f"{local:%Y-%m-%d %H:%M}{local:%z}", ZURICH)

    assert moment.first == moment.last == minute


@pytest.mark.parametrize(
    "written", ["2024-02-22 16:00+25:00", "2024-02-22 16:00+99:99", "0001-01-01", "0001-01-01 00:00"]
)
def test_what_no_clock_shows_is_refused(written: str) -> None:
    """An offset that no zone has and a time at the end of the calendar are refused like any other."""
    with pytest.raises(MomentError):
        moments.parse(written, ZURICH)


@given(st.text(alphabet="0123456789-: T+Zaboutnigh", max_size=30))
@example("about 2024-02-30 night")
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a time or is refused with a code."""
    moment, refusal = read(text, ZURICH)

    assert moment is not None or refusal in ("bad-time", "time-in-gap", "time-ambiguous")
