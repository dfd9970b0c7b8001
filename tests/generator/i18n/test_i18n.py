"""Speech says dates, times, figures and texts the way each language does."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.i18n import Speech, Spoken, compile_catalog, exact, speeches
from generator.model import Group, Language, Moment, Precision, ServiceStatus, Site, Window

ZURICH = ZoneInfo("Europe/Zurich")
LOCALES = {"de": "de_CH", "fr": "fr_CH", "en": "en_GB", "eo": "eo", "ar": "ar"}

SITE = Site(
    name={"en": "Example"},
    url="https://status.example.ch",
    feed_authority="status.example.ch,2026",
    time_zone="Europe/Zurich",
    languages=tuple(Language(code=code, locale=locale) for code, locale in LOCALES.items()),
    groups=(Group(id="mail-flow", name={"en": "Mail flow"}),),
    services=(),
    uptime_weights={ServiceStatus.MAJOR_OUTAGE: 100},
)

FEBRUARY_12 = date(2024, 2, 12)
FEBRUARY_19 = date(2024, 2, 19)
HOURS = {Precision.MORNING: 6, Precision.AFTERNOON: 12, Precision.EVENING: 18, Precision.NIGHT: 22}


@pytest.fixture(scope="module")
def spoken(checkout: Path) -> dict[str, Speech]:
    """Return the site's languages with the shipped catalogs."""
    found = checkout.glob("locales/*/LC_MESSAGES/messages.po")
    return speeches(SITE, {path.parts[-3]: path.read_bytes() for path in found})


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return wall time in Zurich as UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZURICH).astimezone(UTC)


def at(day: date, hour: int, minute: int = 0, *, about: bool = False) -> Moment:
    """Return a moment known to the minute, or told as "about" it."""
    instant = local(day, hour, minute)
    return Moment(precision=Precision.MINUTE, about=about, first=instant, last=instant)


def on(day: date, *, about: bool = False) -> Moment:
    """Return a whole day as a moment."""
    return Moment(precision=Precision.DAY, about=about, first=local(day), last=local(day + timedelta(days=1)))


def part(day: date, precision: Precision) -> Moment:
    """Return a part of a day as a moment."""
    first = local(day, HOURS[precision])
    return Moment(precision=precision, first=first, last=first + timedelta(hours=6))


UNKNOWN = Moment(precision=Precision.UNKNOWN, first=None, last=None)


def three(spoken: dict[str, Speech]) -> list[Speech]:
    """Return German, French and English."""
    return [spoken[code] for code in ("de", "fr", "en")]


def plain(words: str) -> str:
    """Return words with ordinary spaces."""
    return " ".join(words.split())


def test_importing_loads_no_babel() -> None:
    """Babel is imported when something is first said, not before: a build with nothing to do stays quick."""
    code = "import sys, generator.i18n; print([name for name in sys.modules if name.startswith('babel')])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("de", ["22. Februar 2024", "Februar 2024", "22. Februar"]),
        ("fr", ["22 février 2024", "février 2024", "22 février"]),
        ("en", ["22 February 2024", "February 2024", "22 February"]),
    ],
)
def test_dates(spoken: dict[str, Speech], code: str, expected: list[str]) -> None:
    """Dates are written as the language writes them."""
    speech, day = spoken[code], date(2024, 2, 22)

    written = [
        speech.date(day),
        speech.month(day),
        speech.day_month(day),
    ]

    assert [plain(words) for words in written] == expected


def test_no_line_ends_within_a_date(spoken: dict[str, Speech]) -> None:
    """Day, month and year stay together; after a comma a line may end."""
    day = date(2024, 2, 22)

    american = Speech(language=Language(code="en", locale="en_US"), time_zone="Europe/Zurich", catalog=None)

    assert american.date(day) == "February\N{NO-BREAK SPACE}22, 2024"
    assert " " not in "".join(speech.date(day) + speech.brief_day_month(day) for speech in spoken.values())


def test_french_writes_the_first_of_a_month_as_an_ordinal(spoken: dict[str, Speech]) -> None:
    """French says "1er mars"; other languages keep the plain figure."""
    first = date(2023, 3, 1)

    written = [plain(words) for words in (spoken["fr"].date(first), spoken["de"].date(first))]

    assert written == ["1er mars 2023", "1. März 2023"]


def test_times_are_those_of_the_site_in_summer_and_winter(spoken: dict[str, Speech]) -> None:
    """A time is shown on the site's clock, in 24 hours."""
    winter, summer = datetime(2024, 2, 22, 15, tzinfo=UTC), datetime(2024, 7, 22, 22, 5, tzinfo=UTC)

    assert plain(spoken["de"].datetime(winter)) == "22. Februar 2024, 16:00"
    assert plain(spoken["fr"].datetime(winter)) == "22 février 2024, 16:00"
    assert plain(spoken["en"].datetime(summer)) == "23 July 2024, 00:05"
    assert spoken["ar"].time(winter) == "16:00"


@pytest.mark.parametrize(
    ("moment", "german", "french", "english"),
    [
        (on(FEBRUARY_19), "19. Februar 2024", "19 février 2024", "19 February 2024"),
        (at(FEBRUARY_12, 16, 25), "12. Februar 2024, 16:25", "12 février 2024, 16:25", "12 February 2024, 16:25"),
        (
            at(FEBRUARY_12, 12, about=True),
            "12. Februar 2024, ca. 12:00",
            "12 février 2024 vers 12:00",
            "12 February 2024, about 12:00",
        ),
        (
            part(date(2022, 3, 23), Precision.MORNING),
            "23. März 2022, am Morgen",
            "23 mars 2022 au matin",
            "23 March 2022, in the morning",
        ),
        (UNKNOWN, "Zeitpunkt unbekannt", "heure inconnue", "time unknown"),
    ],
)
def test_a_moment_is_as_vague_as_it_was_told(
    spoken: dict[str, Speech], moment: Moment, german: str, french: str, english: str
) -> None:
    """A moment shows no more than is known."""
    assert [plain(spoken[code].moment(moment)) for code in ("de", "fr", "en")] == [german, french, english]


@pytest.mark.parametrize(
    ("moment", "german", "french", "english"),
    [
        (on(FEBRUARY_19), "seit dem 19. Februar 2024", "depuis le 19 février 2024", "since 19 February 2024"),
        (
            at(FEBRUARY_12, 12, about=True),
            "seit dem 12. Februar 2024, ca. 12:00 Uhr",
            "depuis le 12 février 2024 vers 12:00",
            "since about 12:00 on 12 February 2024",
        ),
        (
            at(FEBRUARY_12, 12),
            "seit dem 12. Februar 2024, 12:00 Uhr",
            "depuis le 12 février 2024 à 12:00",
            "since 12:00 on 12 February 2024",
        ),
        (
            part(FEBRUARY_12, Precision.EVENING),
            "seit dem Abend des 12. Februar 2024",
            "depuis le 12 février 2024 au soir",
            "since the evening of 12 February 2024",
        ),
        (UNKNOWN, "Beginn unbekannt", "début inconnu", "start unknown"),
    ],
)
def test_since(spoken: dict[str, Speech], moment: Moment, german: str, french: str, english: str) -> None:
    """A beginning reads as a phrase of its language."""
    assert [plain(spoken[code].since(moment)) for code in ("de", "fr", "en")] == [german, french, english]


@pytest.mark.parametrize(
    ("today", "german", "french", "english"),
    [
        (FEBRUARY_12, "seit 09:12 Uhr", "depuis 09:12", "since 09:12"),
        (
            FEBRUARY_19,
            "seit dem 12. Februar, 09:12 Uhr",
            "depuis le 12 février à 09:12",
            "since 09:12 on 12 February",
        ),
        (
            date(2025, 2, 12),
            "seit dem 12. Februar 2024, 09:12 Uhr",
            "depuis le 12 février 2024 à 09:12",
            "since 09:12 on 12 February 2024",
        ),
    ],
    ids=["today", "this year", "another year"],
)
def test_readers_of_a_day_know_the_date(
    spoken: dict[str, Speech], today: date, german: str, french: str, english: str
) -> None:
    """To readers of the same year the year goes without saying, and the whole date on the day itself."""
    moment = at(FEBRUARY_12, 9, 12)

    said = [spoken[code].since(moment, today=today) for code in ("de", "fr", "en")]

    assert [plain(words) for words in said] == [german, french, english]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(FEBRUARY_12, 16, 25), ["16:25", "um 16:25 Uhr", "seit 16:25 Uhr"]),
        (at(FEBRUARY_12, 12, about=True), ["ca. 12:00", "gegen 12:00 Uhr", "seit ca. 12:00 Uhr"]),
        (on(FEBRUARY_12), ["heute", "heute", "seit heute"]),
        (part(FEBRUARY_12, Precision.MORNING), ["heute Morgen", "heute Morgen", "seit heute Morgen"]),
        (
            part(FEBRUARY_12, Precision.NIGHT),
            [
                "Nacht auf den 13. Februar",
                "in der Nacht auf den 13. Februar",
                "seit der Nacht auf den 13. Februar",
            ],
        ),
        (UNKNOWN, ["Zeitpunkt unbekannt", "zu einem unbekannten Zeitpunkt", "Beginn unbekannt"]),
    ],
)
def test_each_precision_has_its_words_for_today(spoken: dict[str, Speech], moment: Moment, expected: list[str]) -> None:
    """On the day itself a time, a part of the day and the day need no date; a night keeps the one that names it."""
    said = [say(moment, today=FEBRUARY_12) for say in (spoken["de"].moment, spoken["de"].on, spoken["de"].since)]

    assert [plain(words) for words in said] == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(FEBRUARY_19, 9, 12), at(FEBRUARY_19, 13, 50), "09:12–13:50 Uhr"),
        (at(FEBRUARY_12, 9, 12), at(FEBRUARY_12, 13, 50), "12. Februar, 09:12–13:50 Uhr"),
        (on(FEBRUARY_12), on(FEBRUARY_19), "12. bis 19. Februar"),
        (on(date(2023, 12, 31)), on(FEBRUARY_19), "31. Dezember 2023 bis 19. Februar 2024"),
        (at(FEBRUARY_19, 9, 12), None, "seit 09:12 Uhr"),
        (on(FEBRUARY_19), on(FEBRUARY_19), "heute"),
    ],
)
def test_a_span_read_today(spoken: dict[str, Speech], start: Moment, end: Moment | None, expected: str) -> None:
    """A span of today needs no date, one of this year no year, and one over a year's end both years."""
    assert plain(spoken["de"].span(start, end, today=FEBRUARY_19)) == expected


def test_a_part_of_a_day_told_as_about_is_no_vaguer(spoken: dict[str, Speech]) -> None:
    """The word "about" adds nothing to a part of a day, and something to a day."""
    morning = Moment(precision=Precision.MORNING, about=True, first=local(FEBRUARY_12, 6), last=local(FEBRUARY_12, 12))

    assert plain(spoken["de"].moment(morning)) == "12. Februar 2024, am Morgen"
    assert plain(spoken["de"].moment(on(FEBRUARY_12, about=True))) == "um den 12. Februar 2024"


def test_on_stands_in_a_sentence(spoken: dict[str, Speech]) -> None:
    """A moment within a sentence takes the language's prepositions."""
    moment = exact(local(FEBRUARY_12, 16, 25))

    said = [spoken[code].on(moment) for code in ("de", "fr", "en")]

    assert [plain(words) for words in said] == [
        "am 12. Februar 2024 um 16:25 Uhr",
        "le 12 février 2024 à 16:25",
        "on 12 February 2024 at 16:25",
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(date(2023, 1, 25), 4), at(date(2023, 1, 25), 8, 20), "25. Januar 2023, 04:00–08:20 Uhr"),
        (
            at(date(2024, 1, 8), 14, about=True),
            at(date(2024, 1, 8), 19, about=True),
            "8. Januar 2024, ca. 14:00 bis ca. 19:00 Uhr",
        ),
        (
            part(date(2023, 5, 16), Precision.MORNING),
            at(date(2023, 5, 16), 15, 15, about=True),
            "16. Mai 2023, vom Morgen bis ca. 15:15 Uhr",
        ),
        (on(date(2024, 2, 13)), at(date(2024, 2, 13), 18), "13. Februar 2024, bis 18:00 Uhr"),
        (at(date(2024, 2, 13), 18), on(date(2024, 2, 13)), "13. Februar 2024, ab 18:00 Uhr"),
        (on(date(2024, 2, 13)), on(date(2024, 2, 13)), "13. Februar 2024"),
        (on(FEBRUARY_19), at(date(2024, 2, 22), 16), "19. bis 22. Februar 2024, 16:00 Uhr"),
        (on(FEBRUARY_19), on(date(2024, 2, 22)), "19. bis 22. Februar 2024"),
        (on(date(2023, 11, 30)), on(date(2023, 12, 2)), "30. November bis 2. Dezember 2023"),
        (
            part(FEBRUARY_19, Precision.AFTERNOON),
            part(FEBRUARY_19, Precision.NIGHT),
            "vom Nachmittag des 19. Februar bis zur Nacht auf den 20. Februar 2024",
        ),
        (part(date(2023, 3, 1), Precision.NIGHT), on(date(2023, 3, 2)), "Nacht auf den 2. März bis 2. März 2023"),
        (
            at(date(2026, 11, 29), 22),
            at(date(2026, 11, 30), 2),
            "29. November, 22:00 Uhr, bis 30. November 2026, 02:00 Uhr",
        ),
        (on(date(2023, 12, 31)), on(date(2024, 1, 1)), "31. Dezember 2023 bis 1. Januar 2024"),
        (on(FEBRUARY_19), None, "seit dem 19. Februar 2024"),
        (on(FEBRUARY_19), UNKNOWN, "19. Februar 2024, Ende unbekannt"),
        (UNKNOWN, on(FEBRUARY_19), "Beginn unbekannt, Ende am 19. Februar 2024"),
        (UNKNOWN, UNKNOWN, "Zeitpunkt unbekannt"),
    ],
)
def test_a_span_says_a_common_day_once(
    spoken: dict[str, Speech], start: Moment, end: Moment | None, expected: str
) -> None:
    """A span names its day once, its edges as vaguely as they were told, and an open end as "since"."""
    assert plain(spoken["de"].span(start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        (
            on(date(2023, 12, 1)),
            on(date(2023, 12, 4)),
            "du 1er au 4 décembre 2023",
            "1–4 December 2023",
        ),
        (
            on(date(2023, 11, 30)),
            at(date(2023, 12, 4), 11),
            "du 30 novembre au 4 décembre 2023 à 11:00",
            "30 November to 4 December 2023, 11:00",
        ),
        (
            part(date(2026, 11, 16), Precision.EVENING),
            on(date(2026, 11, 17), about=True),
            "du 16 novembre au soir au 17 novembre 2026 environ",
            "evening of 16 November to about 17 November 2026",
        ),
        (
            part(date(2023, 3, 1), Precision.NIGHT),
            on(date(2023, 3, 2)),
            "de la nuit du 1er au 2 mars jusqu’au 2 mars 2023",
            "night of 1–2 March to 2 March 2023",
        ),
        (
            on(FEBRUARY_12),
            part(FEBRUARY_19, Precision.NIGHT),
            "du 12 février à la nuit du 19 au 20 février 2024",
            "12 February to the night of 19–20 February 2024",
        ),
        (
            at(FEBRUARY_12, 22),
            at(FEBRUARY_19, 4, 30, about=True),
            "du 12 février à 22:00 au 19 février 2024 vers 04:30",
            "12 February, 22:00 to 19 February 2024, about 04:30",
        ),
        (
            part(FEBRUARY_12, Precision.NIGHT),
            part(FEBRUARY_19, Precision.AFTERNOON),
            "de la nuit du 12 au 13 février jusqu’à l’après-midi du 19 février 2024",
            "night of 12–13 February to the afternoon of 19 February 2024",
        ),
        (
            at(FEBRUARY_12, 12, about=True),
            at(FEBRUARY_12, 16, 25),
            "12 février 2024, de 12:00 environ à 16:25",
            "12 February 2024, about 12:00 until 16:25",
        ),
        (
            part(FEBRUARY_12, Precision.MORNING),
            at(FEBRUARY_12, 16, 25),
            "12 février 2024, du matin à 16:25",
            "12 February 2024, morning until 16:25",
        ),
        (
            UNKNOWN,
            part(FEBRUARY_12, Precision.NIGHT),
            "début inconnu, fin dans la nuit du 12 au 13 février 2024",
            "start unknown, ended during the night of 12–13 February 2024",
        ),
    ],
)
def test_both_edges_of_a_span_fit_their_language(
    spoken: dict[str, Speech], start: Moment, end: Moment, french: str, english: str
) -> None:
    """From when and to when are phrases of the language, and a year that both share is said once."""
    assert [plain(spoken[code].span(start, end)) for code in ("fr", "en")] == [french, english]


def test_a_year_that_comes_first_is_said_of_both_edges() -> None:
    """Where a date begins with its year, both dates have it: after a day without a year none would be missed."""
    speech = Speech(language=Language(code="ja", locale="ja_JP"), time_zone="Europe/Zurich", catalog=None)

    said = speech.span(on(FEBRUARY_12), on(FEBRUARY_19))

    assert said == "2024年2月12日–2024年2月19日"


@pytest.mark.parametrize(
    ("day", "german", "french", "english"),
    [
        (date(2023, 3, 1), "Nacht auf den 2. März 2023", "nuit du 1er au 2 mars 2023", "night of 1–2 March 2023"),
        (
            date(2023, 2, 28),
            "Nacht auf den 1. März 2023",
            "nuit du 28 février au 1er mars 2023",
            "night of 28 February–1 March 2023",
        ),
        (
            date(2023, 12, 31),
            "Nacht auf den 1. Januar 2024",
            "nuit du 31 décembre 2023 au 1er janvier 2024",
            "night of 31 December 2023–1 January 2024",
        ),
    ],
)
def test_a_night_belongs_to_two_days(
    spoken: dict[str, Speech], day: date, german: str, french: str, english: str
) -> None:
    """A night is named as its language names it: in German by the day that it leads to, elsewhere by both."""
    night = part(day, Precision.NIGHT)

    said = [[plain(say(speech, night)) for say in (Speech.day_of, Speech.on, Speech.since)] for speech in three(spoken)]

    assert said == [
        [german, f"in der {german}", f"seit der {german}"],
        [french, f"dans la {french}", f"depuis la {french}"],
        [english.replace("night of", "overnight"), f"during the {english}", f"since the {english}"],
    ]


def test_the_day_of_a_moment_leaves_its_time_out(spoken: dict[str, Speech]) -> None:
    """A title has the day alone, whatever is known of the time."""
    moments = [at(FEBRUARY_12, 16), on(FEBRUARY_12), part(FEBRUARY_12, Precision.MORNING)]

    said = {plain(spoken["en"].day_of(moment)) for moment in moments}

    assert said == {"12 February 2024"}


def test_the_day_of_a_moment_is_no_more_exact_than_it_was_told(spoken: dict[str, Speech]) -> None:
    """A day that is told with "about" stays so; a time that is told so leaves the day certain."""
    moments = (replace(on(FEBRUARY_12), about=True), at(FEBRUARY_12, 16, about=True))

    said = [plain(spoken["en"].day_of(moment)) for moment in moments]

    assert said == ["about 12 February 2024", "12 February 2024"]


def test_a_time_is_kept_with_its_words(spoken: dict[str, Speech]) -> None:
    """No line ends between a time and the word that belongs to it."""
    about = at(FEBRUARY_12, 12, about=True)

    assert "gegen 12:00\N{NO-BREAK SPACE}Uhr" in spoken["de"].on(about)
    assert spoken["fr"].on(about).endswith("vers\N{NO-BREAK SPACE}12:00")


def test_a_window_is_a_span(spoken: dict[str, Speech]) -> None:
    """A maintenance window reads like any other span."""
    day = date(2023, 4, 12)
    window = Window(start=local(day, 11, 45), end=local(day, 12, 45))

    assert plain(spoken["fr"].window(window)) == "12 avril 2023, 11:45–12:45"


@pytest.mark.parametrize(
    ("seconds", "german", "french", "english"),
    [
        (15_900, "4 h 25 min", "4 h 25 min", "4 h 25 min"),
        (3 * 86_400 + 4 * 3_600 + 1_799, "3 Tage 4 h 29 min", "3 jours 4 h 29 min", "3 days 4 h 29 min"),
        (86_400, "1 Tag", "1 jour", "1 day"),
        (86_400 + 55 * 60, "1 Tag 55 min", "1 jour 55 min", "1 day 55 min"),
        (2 * 86_400 - 1, "1 Tag 23 h 59 min", "1 jour 23 h 59 min", "1 day 23 h 59 min"),
        (60, "1 min", "1 min", "1 min"),
        (59, "weniger als eine Minute", "moins d’une minute", "less than a minute"),
        (0, "0 min", "0 min", "0 min"),
    ],
)
def test_a_duration_is_rounded_down_to_the_minute(
    spoken: dict[str, Speech], seconds: int, german: str, french: str, english: str
) -> None:
    """A length of time leaves out seconds and nothing else, so none reads as shorter than it was by a minute."""
    said = [spoken[code].duration(seconds) for code in ("de", "fr", "en")]

    assert [plain(words) for words in said] == [german, french, english]


def test_a_duration_breaks_after_its_days_only(spoken: dict[str, Speech]) -> None:
    """Hours and minutes stand on one line, and so does every figure with its unit."""
    said = [spoken[code].duration(2 * 86_400 - 1).split(" ") for code in ("de", "en")]

    assert [[plain(words) for words in parts] for parts in said] == [
        ["1 Tag", "23 h 59 min"],
        ["1 day", "23 h 59 min"],
    ]


@pytest.mark.parametrize(
    ("seconds", "german", "french", "english"),
    [
        (15 * 60, "15 Minuten", "15 minutes", "15 minutes"),
        (15_900, "4 Stunden und 25 Minuten", "4 heures et 25 minutes", "4 hours and 25 minutes"),
        (86_400 + 60, "1 Tag und 1 Minute", "1 jour et 1 minute", "1 day and 1 minute"),
        (59, "weniger als eine Minute", "moins d’une minute", "less than a minute"),
    ],
)
def test_a_long_duration_is_said_in_words(
    spoken: dict[str, Speech], seconds: int, german: str, french: str, english: str
) -> None:
    """In a sentence a length of time has its units in words."""
    said = [spoken[code].duration(seconds, long=True) for code in ("de", "fr", "en")]

    assert [plain(words) for words in said] == [german, french, english]


@pytest.mark.parametrize(
    ("seconds", "german", "french", "english"),
    [
        (0, "0.00 s", "0,00 s", "0.00 s"),
        (0.0001, "0.01 s", "0,01 s", "0.01 s"),
        (0.41, "0.41 s", "0,41 s", "0.41 s"),
        (0.411, "0.42 s", "0,42 s", "0.42 s"),
        (9.995, "10 s", "10 s", "10 s"),
        (59.1, "1 min", "1 min", "1 min"),
        (95.2, "1 min 36 s", "1 min 36 s", "1 min 36 s"),
        (3600, "1 h", "1 h", "1 h"),
        (5000, "1 h 24 min", "1 h 24 min", "1 h 24 min"),
        (100_000, "27 h 47 min", "27 h 47 min", "27 h 47 min"),
    ],
)
def test_a_short_time_is_rounded_up(
    spoken: dict[str, Speech], seconds: float, german: str, french: str, english: str
) -> None:
    """A response time never reads as shorter than it was; each figure is kept with its unit by a no-break space."""
    said = [spoken[code].seconds(seconds) for code in ("de", "fr", "en")]

    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words in said] == [german, french, english]


def test_a_scale_is_brief(spoken: dict[str, Speech]) -> None:
    """The figures of a scale leave out what says nothing: zeros at the end, and the year of a date."""
    assert [spoken["fr"].seconds(value, brief=True) for value in (0, 0.2, 0.25)] == [
        "0\N{NO-BREAK SPACE}s",
        "0,2\N{NO-BREAK SPACE}s",
        "0,25\N{NO-BREAK SPACE}s",
    ]
    assert [plain(spoken[code].brief_day_month(date(2026, 11, 24))) for code in ("de", "fr", "en")] == [
        "24. Nov.",
        "24 nov.",
        "24 Nov",
    ]


@pytest.mark.parametrize(
    ("ppm", "german", "french"),
    [
        (1_000_000, "100%", "100 %"),
        (999_999, "99.999%", "99,999 %"),
        (999_980, "99.998%", "99,998 %"),
        (999_899, "99.98%", "99,98 %"),
        (985_000, "98.50%", "98,50 %"),
        (0, "0.00%", "0,00 %"),
    ],
)
def test_uptime_is_rounded_down(spoken: dict[str, Speech], ppm: int, german: str, french: str) -> None:
    """A percentage never says more than was reached, with a third decimal where the loss would not show."""
    assert [plain(spoken[code].percent(ppm)) for code in ("de", "fr")] == [german, french]
    assert " " not in spoken["fr"].percent(ppm)


@pytest.mark.parametrize(
    ("ppm", "rough", "expected"),
    [(1_000_000, True, "100%"), (999_980, True, "≈\u00a099.998%"), (999_980, False, "99.998%")],
)
def test_an_uptime_is_rough_where_vague_times_count(
    spoken: dict[str, Speech], ppm: int, rough: bool, expected: str
) -> None:
    """Where nothing was lost no vague time counts, so the figure is exact."""
    assert spoken["de"].uptime(ppm, rough=rough) == expected


@given(ppm=st.integers(min_value=0, max_value=1_000_000))
def test_only_a_full_million_reads_as_a_hundred_percent(ppm: int) -> None:
    """For every uptime: what is shown is not above it, and 100 % only if nothing was lost."""
    speech = speeches(SITE, {})["en"]

    shown = speech.percent(ppm)

    assert (shown == "100%") == (ppm == 1_000_000)
    assert float(shown.rstrip("%")) * 10_000 <= ppm + 1e-6


@pytest.mark.parametrize(
    ("lang", "items", "said"),
    [
        ("de", ["Gateway", "Portal und Quarantäne"], "Gateway sowie Portal und Quarantäne"),
        ("de", ["Portal und Quarantäne", "Gateway", "Archiv"], "Portal und Quarantäne, Gateway sowie Archiv"),
        ("fr", ["Gateway", "Portail et quarantaine"], "Gateway ainsi que Portail et quarantaine"),
        ("en", ["Gateway", "Portal and quarantine"], "Gateway as well as Portal and quarantine"),
        ("en", ["Gateway", "Sandbox"], "Gateway and Sandbox"),
        ("en", ["Portal and quarantine"], "Portal and quarantine"),
    ],
)
def test_one_conjunction_does_not_serve_two_lists(
    spoken: dict[str, Speech], lang: str, items: list[str], said: str
) -> None:
    """Where an item holds an "and" itself, another word joins the items, so that each stays whole."""
    assert spoken[lang].list(items) == said


def test_numbers_and_lists(spoken: dict[str, Speech]) -> None:
    """Numbers are grouped and lists joined as the language does."""
    assert spoken["de"].number(1_234_567) == "1’234’567"
    assert spoken["de"].list(["A", "B", "C"]) == "A, B und C"
    assert spoken["fr"].list(["A", "B"]) == "A et B"
    assert spoken["en"].list(["A"]) == "A"
    assert spoken["en"].list([]) == ""
    assert spoken["de"].row(["A", "B", "C"]) == "A, B, C"
    assert spoken["de"].row(["A"]) == "A"


@pytest.mark.parametrize(
    ("code", "spoken_words", "expected"),
    [
        ("en", Spoken(text="Send mail", lang="en", translated=True), "send mail"),
        ("fr", Spoken(text="Écrire des e-mails", lang="fr", translated=True), "écrire des e-mails"),
        ("de", Spoken(text="Konten verwalten", lang="de", translated=True), "Konten verwalten"),
        ("en", Spoken(text="IMAP access", lang="en", translated=True), "IMAP access"),
        ("en", Spoken(text="Konten verwalten", lang="de", translated=False), "Konten verwalten"),
        ("en", Spoken(text="", lang="en", translated=True), ""),
    ],
    ids=["verb", "accent", "nouns have capitals", "abbreviation", "another language", "nothing"],
)
def test_words_inside_a_sentence(spoken: dict[str, Speech], code: str, spoken_words: Spoken, expected: str) -> None:
    """Words lose their capital inside a sentence where it can only be that of a beginning."""
    assert spoken[code].inside(spoken_words) == expected


def test_plurals_follow_the_language(spoken: dict[str, Speech]) -> None:
    """Zero is singular in French and plural in German and English."""
    said = [spoken[code].ngettext("{n} entry.", "{n} entries.", 0) for code in ("de", "fr", "en")]

    assert said == ["0 Einträge.", "0 annonce.", "0 entries."]


def test_languages_name_themselves(spoken: dict[str, Speech]) -> None:
    """Each language has its own name, its tag and the direction of its script."""
    named = {code: (speech.name, speech.tag, speech.direction) for code, speech in spoken.items()}

    assert named == {
        "de": ("Deutsch", "de-CH", "ltr"),
        "fr": ("Français", "fr-CH", "ltr"),
        "en": ("English", "en-GB", "ltr"),
        "eo": ("Esperanto", "eo", "ltr"),
        "ar": ("العربية", "ar", "rtl"),
    }
    assert spoken["de"].og_locale == "de_CH"


@pytest.mark.parametrize("code", ["eo", "ar"])
def test_a_language_without_a_catalog_speaks_english_in_its_own_formats(code: str, spoken: dict[str, Speech]) -> None:
    """Without a catalog messages stay English; units and lists are the locale's."""
    speech = spoken[code]

    assert speech.gettext("Resolved") == "Resolved"
    assert speech.ngettext("{n} service", "{n} services", 1) == "1 service"
    assert "duration" not in speech.duration(3 * 86_400 + 3_600)
    assert plain(speech.month(FEBRUARY_12)) == {"eo": "Februaro 2024", "ar": "فبراير 2024"}[code]


def po(body: str, plural_forms: str = "nplurals=2; plural=(n != 1);") -> bytes:
    """Return a catalog with a header."""
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural_forms}\\n"\n'
    return f"{header}\n{body}".encode()


def test_fuzzy_and_empty_messages_stay_english() -> None:
    """A guessed or missing translation is not shown."""
    catalog = po('#, fuzzy\nmsgid "Resolved"\nmsgstr "Gissa"\n\nmsgid "Status"\nmsgstr ""\n')

    speech = speeches(SITE, {"eo": catalog})["eo"]

    assert [speech.gettext("Resolved"), speech.gettext("Status")] == ["Resolved", "Status"]


def test_a_compiled_catalog_says_the_same_and_can_be_stored() -> None:
    """What `compile_catalog` makes survives pickling and serves in place of the file."""
    source = po(
        'msgid "{n} service"\nmsgid_plural "{n} services"\nmsgstr[0] "{n} servo"\nmsgstr[1] "{n} servoj"\n'
        'msgstr[2] "multe: {n}"\n',
        "nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);",
    )

    stored = pickle.loads(pickle.dumps(compile_catalog(source)))  # noqa: S301 - written by this test
    speech = speeches(SITE, {"eo": stored})["eo"]

    assert [speech.ngettext("{n} service", "{n} services", n) for n in (1, 2, 5)] == ["1 servo", "2 servoj", "multe: 5"]


def test_what_is_no_catalog_is_refused() -> None:
    """A broken `.po` file raises rather than losing messages."""
    with pytest.raises(ValueError, match="misformatted"):
        compile_catalog(po("Resolved: Behoben\n"))


def test_placeholders_are_filled_and_plain_braces_kept(spoken: dict[str, Speech]) -> None:
    """A message without parameters is shown as it stands."""
    assert spoken["fr"].gettext("Affected: {who}", who="tous") == "Concerne\u202f: tous"
    assert spoken["en"].gettext("no {such} message") == "no {such} message"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ({"fr": "Panne", "de": "Ausfall"}, Spoken(text="Panne", lang="fr", translated=True)),
        ({"en": "Outage", "de": "Ausfall"}, Spoken(text="Ausfall", lang="de", translated=False)),
        ({"fr": "", "en": "Outage"}, Spoken(text="Outage", lang="en", translated=False)),
        ({"it": "Guasto"}, Spoken(text="Guasto", lang="it", translated=False)),
        ({}, Spoken(text="", lang="fr", translated=True)),
    ],
)
def test_a_missing_translation_shows_the_source(
    spoken: dict[str, Speech], text: dict[str, str], expected: Spoken
) -> None:
    """A text is shown in the page's language, else in the first of the site's languages that has it, and says so."""
    assert spoken["fr"].text(text, ["de", "fr", "en"]) == expected


@pytest.mark.parametrize("say", [Speech.moment, Speech.since, Speech.on])
def test_every_precision_can_be_said(spoken: dict[str, Speech], say: Callable[[Speech, Moment], str]) -> None:
    """There are words for every way to tell a time, in every language."""
    moments = [
        Moment(precision=precision, about=about, first=first, last=first)
        for precision in Precision
        for about in (False, True)
        for first in ([None] if precision is Precision.UNKNOWN else [local(FEBRUARY_12, 12)])
    ]

    said = {say(speech, moment) for speech in spoken.values() for moment in moments}

    assert not [words for words in said if not words or "{" in words]


@pytest.mark.parametrize(
    ("code", "name", "brief", "initial"),
    [("de", "Februar", "Feb", "F"), ("fr", "février", "févr.", "F"), ("en", "February", "Feb", "F")],
)
def test_months_stand_by_themselves(spoken: dict[str, Speech], code: str, name: str, brief: str, initial: str) -> None:
    """A month has its name, a brief one, and one letter for where there is little room."""
    speech = spoken[code]

    assert speech.month_name(FEBRUARY_12) == name
    assert speech.brief_month_name(FEBRUARY_12) == brief
    assert speech.month_initial(FEBRUARY_12) == initial


PRECISIONS = tuple(precision for precision in Precision if precision is not Precision.UNKNOWN)
NEVER = datetime.max.replace(tzinfo=UTC)
YEAR = re.compile(r"\b20\d\d\b")
MONTHS = "Januar|Februar|März|Mai|Ju[nl]i|Oktober|Dezember|janvier|février|mars|mai|juin|août|décembre|May|March|June"
BREAKS = re.compile(rf"\d(\.|er)? ({MONTHS}|Uhr)\b|:\d\d environ|(ca\.|vers) \d|[^,] 20\d\d\b")
"""Where a line must not end: within a date, and between a time and its words."""


@st.composite
def known_moments(draw: st.DrawFn) -> Moment:
    """Draw a moment as staff may tell one."""
    day = draw(st.dates(min_value=date(2022, 11, 1), max_value=date(2024, 3, 31)))
    precision, about = draw(st.sampled_from(PRECISIONS)), draw(st.booleans())
    if precision is Precision.MINUTE:
        return at(day, draw(st.integers(4, 23)), draw(st.sampled_from([0, 30])), about=about)
    return on(day, about=about) if precision is Precision.DAY else part(day, precision)


@pytest.mark.parametrize("code", ["de", "fr", "en"])
@given(moments=st.lists(known_moments(), min_size=3, max_size=3), today=st.dates(date(2022, 11, 1), date(2024, 3, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_laws_of_spans(spoken: dict[str, Speech], code: str, moments: list[Moment], today: date) -> None:
    """A span has words, keeps its dates whole and says each year once; another beginning or end reads differently."""
    first, second, third = sorted(moments, key=lambda moment: moment.first or NEVER)
    speech = spoken[code]

    said = speech.span(first, third)

    assert said
    assert "{" not in said + speech.span(first, third, today=today)
    assert BREAKS.search(said) is None
    assert len(set(YEAR.findall(said))) == len(YEAR.findall(said)) >= 1
    assert said != speech.span(first, second) or alike(speech, second, third)
    assert said != speech.span(second, third) or alike(speech, first, second)


def alike(speech: Speech, one: Moment, other: Moment) -> bool:
    """Return whether two moments are told alike: "about" adds nothing to the day of a span within that day."""
    vague_days = one.precision is other.precision is Precision.DAY and one.first == other.first
    return vague_days or speech.moment(one) == speech.moment(other)
