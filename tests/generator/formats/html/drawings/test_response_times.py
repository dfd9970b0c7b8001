"""What the probers last saw stands on the pages: calmly while all is well, plainly where nothing new is known."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import sources
from generator.facts import ResponseFacts, Responses
from generator.formats import html, outputs, words
from generator.formats.edition import Edition
from generator.formats.html.drawings.response_times import TOPS, Curve, measured
from generator.formats.output import Output
from generator.i18n import Speech
from generator.model import Language
from probes.kinds import KINDS
from tests.conftest import CHECKOUT
from tests.generator.formats.conftest import PROBED, Press, observed

NOW = "2024-02-20 10:05"
FRESH = {"mx": "2024-02-20 10:03:20", "page": "2024-02-20 10:02", "login": "2024-02-20 10:02"}
SECONDS = {"mx": 0.2, "page": 0.31, "login": 95.0}
ARCHIVE = {lang: f"{lang}/services/archive/index.html" for lang in ("de", "fr", "en")}

Make = Callable[..., Edition]


@pytest.fixture(scope="module")
def make(press: Press, checkout: Path) -> Make:
    """Return a function that makes the edition of a probed site with the shipped templates, by what was seen."""
    templates = sources.read(checkout).templates

    def edition(observations: Mapping[str, bytes], *, now: str = NOW) -> Edition:
        return replace(press.edition(now, {}, site=PROBED, observations=observations), templates=templates)

    return edition


def fresh(at: str = "2024-02-20 10:04") -> dict[str, bytes]:
    """Return what one prober saw where all is well."""
    return {"zrh": observed("zrh", at, FRESH, seconds=SECONDS)}


def pages(press: Press, edition: Edition) -> dict[str, str]:
    """Return the overviews and the pages of services."""

    def wanted(edition: Edition) -> Iterator[Output]:
        path = re.compile(r"[a-z]{2}/(services/\w+/)?index\.html")
        return (output for output in html.outputs(edition) if path.fullmatch(output.path))

    return {path: data.decode() for path, data in press.files(wanted, edition).items()}


def read_out(page: str) -> str:
    """Return a page's text with one space wherever something stands between."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.mark.parametrize(
    ("lang", "said"), [("de", "zuletzt geprüft 11:03"), ("fr", "dernier contrôle 11:03"), ("en", "last checked 11:03")]
)
def test_the_overview_says_when_all_was_last_probed(press: Press, make: Make, lang: str, said: str) -> None:
    """The overview says once, beside its own time, when a prober last had a result of anything."""
    page = pages(press, make(fresh()))[f"{lang}/index.html"]

    assert said in read_out(page)
    assert page.count('<time datetime="2024-02-20T10:03:20Z">11:03</time>') == 1


def test_another_day_is_said(press: Press, make: Make) -> None:
    """What was last checked before midnight is told with its day."""
    seen = {"zrh": observed("zrh", "2024-02-19 22:59", {"mx": "2024-02-19 22:58"})}

    page = pages(press, make(seen, now="2024-02-19 23:02"))["en/index.html"]

    assert "last checked 19 February 2024, 23:58" in read_out(page)


def test_a_silent_service_is_named_in_the_list(press: Press, make: Make) -> None:
    """Where nothing new is known of one service, its row says so, and its page; the others stay calm."""
    old = {"page": "2024-02-20 09:20", "login": "2024-02-20 09:00"}

    made = pages(press, make({"zrh": observed("zrh", "2024-02-20 10:04", FRESH | old)}))

    assert "No result from our monitoring" not in made["en/services/upstream/index.html"]
    for page in (made["en/index.html"], made["en/services/archive/index.html"]):
        assert page.count("No result from our monitoring since 10:20 on 20\u00a0February\u00a02024.") == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("de", "Kein Ergebnis unserer Überwachung seit dem 20.\u00a0Februar\u00a02024, 11:03\u00a0Uhr."),
        ("fr", "Notre système de surveillance ne fournit aucun résultat depuis le 20\u00a0février\u00a02024 à 11:03."),
        ("en", "No result from our monitoring since 11:03 on 20\u00a0February\u00a02024."),
    ],
)
def test_dead_probes_are_said_once(press: Press, make: Make, lang: str, said: str) -> None:
    """Where every check is silent the overview says so at its top, in the place of when all was last checked."""
    made = pages(press, make(fresh(), now="2024-02-20 10:40"))

    overview = made[f"{lang}/index.html"]
    assert overview.count(said) == 1
    assert overview.index(said) < overview.index('id="services"')
    assert "2024-02-20T10:03:20Z" not in overview


def test_before_the_first_result(press: Press, make: Make) -> None:
    """Where no check has ever had a result in time, that is what is said."""
    seen = {"zrh": observed("zrh", "2024-02-20 09:00", {"mx": None})}

    assert pages(press, make(seen))["en/index.html"].count("Our monitoring has no result yet.") == 1


def test_without_observations_nothing_is_said(press: Press, make: Make) -> None:
    """A site of whose probers nothing has come says nothing of them."""
    made = pages(press, make({}))

    assert [path for path, page in made.items() if "probe" in read_out(page)] == []
    assert [path for path, page in made.items() if "responses" in page] == []


def test_the_page_of_a_service_shows_its_response_times(press: Press, make: Make) -> None:
    """Each check has a day and a month, told apart by name where their kind is the same; others have no section."""
    made = pages(press, make(fresh()))

    assert re.findall(r"<h3>(.*?)</h3>", made[ARCHIVE["en"]]) == ["Website · page", "Website · login"]
    assert re.findall(r"<h3>(.*?)</h3>", made["en/services/gateway/index.html"]) == ["Mail server (SMTP)"]
    assert made[ARCHIVE["en"]].count('<svg class="responses__picture"') == 4
    assert 'id="responses"' not in made["en/services/upstream/index.html"]


@pytest.mark.parametrize(
    ("lang", "hours", "days"),
    [
        (
            "de",
            "Median 0.31 s; mindestens 95 von 100 Antworten innert 0.62 s. 1 Stunde ohne Messung.",
            "Median 0.31 s; mindestens 95 von 100 Antworten innert 0.62 s. 28 Tage ohne Messung.",
        ),
        (
            "fr",
            "Médiane 0,31 s ; au moins 95 réponses sur 100 en 0,62 s au plus. 1 heure sans mesure.",
            "Médiane 0,31 s ; au moins 95 réponses sur 100 en 0,62 s au plus. 28 jours sans mesure.",
        ),
        (
            "en",
            "Median 0.31 s; at least 95 out of 100 responses within 0.62 s. 1 hour without a measurement.",
            "Median 0.31 s; at least 95 out of 100 responses within 0.62 s. 28 days without a measurement.",
        ),
    ],
)
def test_a_picture_says_what_it_shows(press: Press, make: Make, lang: str, hours: str, days: str) -> None:
    """Each picture has a title and a description, for those who do not see it."""
    page = pages(press, make(fresh()))[ARCHIVE[lang]]

    said = [" ".join(text.split()) for text in re.findall(r"<desc id=\"responses-page-\w+-text\">(.*?)</desc>", page)]
    assert said == [hours, days]
    assert re.findall(r'<title id="(responses-page-\w+)">', page) == ["responses-page-hours", "responses-page-days"]


def test_a_table_says_the_same(press: Press, make: Make) -> None:
    """Every measured hour is a row, the latest first, and an hour without a measurement is none."""
    page = pages(press, make(fresh()))[ARCHIVE["en"]]

    (table, *_) = re.findall(r"<table class=\"responses__table\">(.*?)</table>", page, re.DOTALL)
    rows = [read_out(row).split(" ", 3) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    assert len(rows) == 24  # its head, and 23 hours of 24
    assert [" ".join(row) for row in rows[:4]] == [
        "Hour Median 95th percentile",
        "20 Feb, 10:00 0.31 s 0.62 s",
        "20 Feb, 09:00 0.31 s 0.62 s",
        "20 Feb, 07:00 0.31 s 0.62 s",
    ]


def test_a_months_page_is_no_burden(press: Press, make: Make) -> None:
    """Two checks with all their tables keep a service's page below 10 kB gzipped."""
    page = pages(press, make(fresh()))[ARCHIVE["de"]]

    assert len(gzip.compress(page.encode(), 9)) < 10_000


def test_only_what_may_change_changes_with_a_look(make: Make) -> None:
    """While results come in, no file changes but those that do so at every build anyway."""
    later = FRESH | {"mx": "2024-02-20 10:34", "page": "2024-02-20 10:33", "login": "2024-02-20 10:33"}
    editions = (
        make(fresh()),
        make({"zrh": observed("zrh", "2024-02-20 10:34", later, seconds=SECONDS)}, now="2024-02-20 10:35"),
    )

    first, second = ({output.path: output for output in outputs(edition)} for edition in editions)

    changed = {path for path, output in first.items() if output.inputs != second[path].inputs}
    assert changed == {"heartbeat.json", "metrics.txt", *(f"{lang}/index.html" for lang in ("de", "fr", "en"))}
    assert "11:34" in second["en/index.html"].render().decode()


def test_the_hour_changes_the_page_of_a_service(make: Make) -> None:
    """Response times move on with the full hour, and only the pages that show them do."""
    before, after = (
        {output.path: output.inputs for output in html.outputs(make(fresh(), now=now))}
        for now in ("2024-02-20 10:59:59", "2024-02-20 11:00")
    )

    assert {path for path, inputs in before.items() if after[path] != inputs} == {
        f"{lang}/services/{id_}/index.html" for lang in ("de", "fr", "en") for id_ in ("archive", "gateway")
    }


def test_status_json_tells_nothing_of_it(make: Make) -> None:
    """status.json is what it is without probers' files, so that its ETag holds."""
    with_, without = (
        next(output.render() for output in outputs(edition) if output.path == "status.json")
        for edition in (make(fresh()), make({}))
    )

    assert json.loads(with_) == json.loads(without)


def test_every_kind_of_check_has_a_name() -> None:
    """What a check measures is a message of the catalogs, whatever its kind."""
    messages = (CHECKOUT / "locales/messages.pot").read_text("utf-8")

    assert [kind for kind, found in KINDS.items() if f'msgid "{found.measures}"' not in messages] == []


ENGLISH = Speech(language=Language(code="en", locale="en_GB"), time_zone="Europe/Zurich", catalog=None)
TIMES = st.floats(min_value=0, max_value=200_000)
STEPS = st.none() | st.tuples(TIMES, TIMES).map(sorted)


def responses(start: str, steps: list[list[float] | None]) -> tuple[Responses, ...]:
    """Return hours or days from their medians and percentiles; what they are called does not matter here."""
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return tuple(
        Responses(
            start=first + timedelta(hours=place),
            median_seconds=step[0] if step else None,
            p95_seconds=step[1] if step else None,
        )
        for place, step in enumerate(steps)
    )


def picture(steps: list[list[float] | None]) -> Curve:
    """Return the picture of a day."""
    hours = responses("2024-02-20", steps)
    (found,) = measured(ENGLISH, [ResponseFacts(check="mx", kind="smtp", hours=hours, days=())])
    return found.pictures[0]


@given(st.lists(STEPS, min_size=24, max_size=24))
def test_a_picture_stays_in_its_frame(steps: list[list[float] | None]) -> None:
    """Every step lies within the frame, each measured one is drawn once, and the table has as many rows."""
    drawn = picture(steps)

    known = [place for place, step in enumerate(steps) if step]
    heights = [int(y) for y in re.findall(r"[MV](?:\d+ )?(\d+)", drawn.band + drawn.median)]
    starts = {int(x) for x in re.findall(r"M(\d+) ", drawn.median)}
    assert all(0 <= y <= 100 for y in heights)
    assert drawn.median.count("H") == len(known)
    assert starts == {place for place in known if place - 1 not in known}
    assert len(drawn.rows) == len(known)


def test_a_step_is_as_high_as_it_was_slow() -> None:
    """The line has the median's height, the band lies between it and the percentile, and a gap is a gap."""
    drawn = picture([[0.1, 0.2], [0.2, 0.4], None, [0.3, 0.3], *[None] * 20])

    assert drawn.scale == ("0.4\N{NO-BREAK SPACE}s", "0.2\N{NO-BREAK SPACE}s", "0\N{NO-BREAK SPACE}s")
    assert drawn.median == "M0 75H1V50H2M3 25H4"
    assert drawn.band == "M0 50H1V0H2V50H1V75H0zM3 25H4V25H3z"


def test_half_of_every_scale_is_a_plain_figure() -> None:
    """A scale's middle needs no more than two figures."""
    halves = [ENGLISH.seconds(top / 2, brief=True) for top in TOPS]

    assert [
        half for half in halves if len(re.findall(r"[1-9]", half)) > 2 or half.count("\N{NO-BREAK SPACE}") > 1
    ] == []
    assert list(TOPS) == sorted(TOPS)


def test_the_words_of_silence_need_a_reason(make: Make) -> None:
    """Of a service that nobody probes, or of which something is known, nothing is said."""
    made = make(fresh())

    assert [words.silence(ENGLISH, made.facts.probing.get(id_)) for id_ in ("upstream", "archive")] == ["", ""]
