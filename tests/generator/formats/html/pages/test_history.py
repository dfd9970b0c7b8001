"""The history of a year: its headline, its pictures, and the pages that it can be narrowed to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator import sources
from generator.facts import service_years
from generator.formats import html
from generator.formats.edition import Edition
from generator.formats.html.drawings.charts import by_month, by_service
from generator.formats.html.drawings.year_view import YearView, year_view
from generator.formats.output import Output

NOW = "2024-02-20 09:00"
RECORDED = """\
name: {de: Beispiel, fr: Exemple, en: Example}
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {de: de_CH, fr: fr_CH, en: en_GB}
record_since: 2023-01-01
groups:
  - {id: all, name: {de: Alles, fr: Tout, en: All}}
services:
  - {id: gateway, name: Gateway, group: all}
  - {id: incidents, name: {de: Archiv, fr: Archives, en: Archive}, group: all}
"""
"""A site whose record has a beginning, with a service that is called what a kind of entries is called."""


def outage(service: str, start: str, end: str, status: str = "partial_outage") -> str:
    """Return an incident on one service."""
    return (
        f"services: {{{service}: {status}}}\n"
        f"updates:\n  - {{at: {start}, status: investigating}}\n  - {{at: {end}, status: resolved}}\n"
    )


def notice(at: str) -> str:
    """Return an advisory to all customers."""
    return f"kind: notice\ntitle: {{de: Hinweis, fr: Avis, en: Advice}}\nupdates:\n  - {{at: {at}}}\n"


def work(service: str, day: str) -> str:
    """Return planned work on one service."""
    return (
        f"kind: maintenance\nservices: {{{service}: under_maintenance}}\n"
        f"window: {{from: {day} 08:00, to: {day} 10:00}}\n"
        f"updates:\n  - {{at: {day} 06:00, status: scheduled}}\n"
    )


UNKNOWN = "started: unknown\n"
ENTRIES = {
    "2023/over-new-year": outage("gateway", "2023-12-31 22:00", "2024-01-01 04:00"),
    "2023/advice": notice("2023-05-03 08:00"),
    "first": outage("gateway", "2024-01-10 08:00", "2024-01-10 10:00"),
    "second": outage("incidents", "2024-02-01 08:00", "2024-02-01 14:00", "major_outage"),
    "third": outage("gateway", "2024-02-02 08:00", "2024-02-02 12:00", "degraded_performance"),
    "work": work("gateway", "2024-02-05"),
}


Print = Callable[..., Edition]


@pytest.fixture(scope="module")
def edition_of(press: Any, checkout: Path) -> Print:
    """Return what makes an edition of some entries, with the shipped templates."""
    templates = sources.read(checkout).templates

    def made(entries: Mapping[str, str], now: str = NOW, site: str = RECORDED) -> Edition:
        return replace(press.edition(now, entries, site=site), templates=templates)

    return made


@pytest.fixture(scope="module")
def edition(edition_of: Print) -> Edition:
    """Return a site with entries in two years."""
    return edition_of(ENTRIES)


@pytest.fixture(scope="module")
def pages(edition: Edition) -> Mapping[str, str]:
    """Return the pages of the history by their address."""
    return {path.removesuffix("index.html"): output.render().decode() for path, output in history(edition).items()}


def history(edition: Edition) -> dict[str, Output]:
    """Return the pages of the history, not rendered yet, by their files."""
    return {output.path: output for output in html.outputs(edition) if "/history/" in output.path}


def note(page: str) -> str:
    """Return the sentence below a page's title."""
    found = re.search(r'<p class="lead__note">(.*?)(?: <a href="#figures">.*)?</p>', page)
    assert found
    return re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", found[1])


def listed(page: str) -> list[str]:
    """Return the ids of the entries of a page's list."""
    return re.findall(r'line__what"><a href="[./]*incidents/\d+/([^/]*)/"', page)


def drawn(edition: Edition, year: int, lang: str = "en") -> YearView:
    """Return a year at a glance."""
    return year_view(edition, lang, year, service_years(edition.facts, year))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("de", "3 Störungen; Median der Dauer: 4 h."),
        ("fr", "3 incidents ; durée médiane : 4 h."),
        ("en", "3 incidents; median duration 4 h."),
    ],
)
def test_the_headline_has_the_figures(pages: Mapping[str, str], lang: str, said: str) -> None:
    """A year says how many incidents there were and how long they lasted, as their median."""
    assert note(pages[f"{lang}/history/2024/"]) == said


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({}, "No incidents."),
        ({"a": notice("2024-01-03 08:00")}, "1 entry."),
        ({"a": outage("gateway", "2024-01-03 08:00", "2024-01-03 09:30")}, "1 incident; it lasted 1 h 30 min."),
        ({"a": outage("gateway", "2024-01-03", "2024-01-04")}, "1 incident; it lasted ≈ 2 days."),
        ({"a": outage("gateway", "2024-01-03 08:00", "2024-01-03 09:30") + UNKNOWN}, "1 incident recorded."),
        (
            {
                "a": outage("gateway", "2024-01-03 08:00", "2024-01-03 09:30"),
                "b": "services: {gateway: major_outage}\nupdates:\n  - {at: 2024-02-20 08:00, status: monitoring}\n",
            },
            "2 incidents recorded. The start and end of one are known; it lasted 1 h 30 min.",
        ),
    ],
    ids=["none", "no incident", "one", "vague", "unknown", "under way"],
)
def test_the_headline_claims_only_what_is_known(edition_of: Print, entries: dict[str, str], said: str) -> None:
    """The sentence counts what there is, and speaks of lengths only where some are known."""
    page = history(edition_of(entries))["en/history/2024/index.html"].render().decode()

    assert note(page) == said


def test_a_year_before_the_record_says_so(edition_of: Print) -> None:
    """A year of which nothing is recorded does not claim that there was nothing to report."""
    edition = edition_of({"2021/past": notice("2021-03-10 08:00")})

    page = history(edition)["en/history/2022/index.html"].render().decode()

    assert note(page) == "No data for this year."
    assert "No data for 365 days." in page
    assert 'class="year__operational"' not in page


def test_an_incident_over_new_year_is_listed_once(edition: Edition, pages: Mapping[str, str]) -> None:
    """An incident stands in the list of the year it is filed under, and in the pictures of each that it touched."""
    assert listed(pages["en/history/2023/"]) == ["over-new-year", "advice"]
    assert "over-new-year" not in listed(pages["en/history/2024/"])
    assert [report.sentences for report in drawn(edition, 2023).reports] == [
        ("31\u00a0December: partly down for 2\N{NO-BREAK SPACE}h",)
    ]
    assert drawn(edition, 2024).reports[0].sentences[0] == "1\u00a0January: partly down for 4\N{NO-BREAK SPACE}h"


def test_a_year_has_a_strip_for_each_service(edition: Edition) -> None:
    """A strip is as wide as its year has days: sound days are low, others the higher the worse, those to come blank."""
    found = drawn(edition, 2024)

    gateway, archive = found.strips
    assert (found.width, found.leap, drawn(edition, 2023).width) == (366, True, 365)
    assert {shape.state: shape.path for shape in archive.shapes} == {
        "operational": "M0 8h31v2h-31zM32 8h19v2h-19z",
        "major_outage": "M31 0h1v10h-1z",
    }
    assert [shape.state for shape in gateway.shapes] == [
        "operational",
        "under_maintenance",
        "degraded_performance",
        "partial_outage",
    ]
    assert gateway.description == "4 days with incidents or maintenance."


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("de", "3. bis 5. Januar: 1 Tag 18 h teilweise ausgefallen"),
        ("fr", "Du 3 au 5 janvier : panne partielle pendant 1 jour 18 h"),
        ("en", "3–5 January: partly down for 1 day 18 h"),
    ],
)
def test_days_in_a_row_are_one_sentence(edition_of: Print, lang: str, said: str) -> None:
    """What goes on for days is said once, with what it came to; a capital stands at the beginning alone."""
    edition = edition_of({"long": outage("gateway", "2024-01-03 12:00", "2024-01-05 06:00")})

    (report,) = drawn(edition, 2024, lang).reports

    assert [re.sub(r"\s", " ", sentence).replace("\u2060", "") for sentence in report.sentences] == [said]


def test_incidents_by_month(edition: Edition) -> None:
    """Each month's column counts its incidents, the worst at the foot; planned work is none."""
    stories = [story for story in edition.facts.incidents if story.incident.path.startswith("incidents/2024/")]

    chart = by_month(edition.speeches["en"], 2024, stories)

    assert chart is not None
    assert [n for _, n in chart.months] == ["1", "2", *[""] * 10]
    assert chart.description == "January: 1 and February: 2"
    assert {shape.state: shape.path for shape in chart.shapes} == {
        "major_outage": "M12 3h6v1h-6z",
        "partial_outage": "M2.6 3h4.8v1h-4.8z",
        "degraded_performance": "M13.2 2h3.6v1h-3.6z",
    }
    assert chart.table["rows"] == [["January", "1", "0", "1", "0"], ["February", "2", "1", "0", "1"]]


def test_time_by_service(edition: Edition) -> None:
    """A bar is as long as what it stands for, and the uptime never stands without the hours."""
    chart = by_service(edition, "en", service_years(edition.facts, 2024))

    assert chart is not None
    gateway, archive = chart.bars
    assert gateway.total.replace("\N{NO-BREAK SPACE}", " ") == "12 h"
    assert [shape.path for shape in archive.shapes] == ["M0.0 0h500.0v10h-500.0z"]
    assert chart.table["heads"] == [
        "Service",
        "Uptime",
        "Degraded",
        "Partial outage",
        "Major outage",
        "Maintenance",
    ]


def test_what_is_estimated_is_marked_in_the_table_too(edition_of: Print) -> None:
    """The table says no more than the bar: a time that is known only roughly has its sign in both."""
    edition = edition_of({"rough": outage("gateway", "about 2024-01-03 12:00", "2024-01-03 18:00")})

    chart = by_service(edition, "en", service_years(edition.facts, 2024))

    assert chart is not None
    assert chart.bars[0].total in chart.table["rows"][0]
    assert chart.bars[0].total.startswith("≈")


def test_only_what_is_estimated_is_marked_in_the_table(edition_of: Print) -> None:
    """An exact length, and the time without data, have no sign beside an estimate of the same service."""
    site = RECORDED.replace("2023-01-01", "2024-01-02")
    edition = edition_of(
        {
            "rough": outage("gateway", "about 2024-01-03 12:00", "2024-01-03 18:00", "degraded_performance"),
            "exact": outage("gateway", "2024-01-05 12:00", "2024-01-05 18:00"),
        },
        site=site,
    )

    chart = by_service(edition, "en", service_years(edition.facts, 2024))

    assert chart is not None
    assert chart.table["heads"][2:] == ["Degraded", "Partial outage", "No data"]
    uptime, *lengths = (cell.replace("\N{NO-BREAK SPACE}", " ") for cell in chart.table["rows"][0][1:])
    assert lengths == ["≈ 6 h", "6 h", "1 day"]
    assert not uptime.startswith("≈")


def test_the_median_is_explained_only_where_there_is_one(edition_of: Print) -> None:
    """A year without a known length has no median, and no word on what that is."""
    explained = "lasted no longer than this"
    known = edition_of({"a": outage("gateway", "2024-01-05 12:00", "2024-01-05 18:00")})
    unknown = edition_of({"a": UNKNOWN + outage("gateway", "2024-01-05 12:00", "2024-01-05 18:00")})

    with_median, without = (history(made)["en/history/2024/index.html"] for made in (known, unknown))

    assert explained in with_median.render().decode()
    assert explained not in without.render().decode()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("de", "2 h teilweise ausgefallen und 3 h beeinträchtigt"),
        ("fr", "Panne partielle pendant 2 h et perturbations pendant 3 h"),
        ("en", "Partly down for 2 h and degraded for 3 h"),
    ],
)
def test_states_in_a_row_are_one_sentence(edition_of: Print, lang: str, said: str) -> None:
    """The states of a sentence are all of one part of speech, and only the first has a capital."""
    entries = {
        "down": outage("gateway", "2024-01-03 08:00", "2024-01-03 10:00"),
        "slow": outage("gateway", "2024-01-03 12:00", "2024-01-03 15:00", "degraded_performance"),
    }

    chart = by_service(edition_of(entries), lang, service_years(edition_of(entries).facts, 2024))

    assert chart is not None
    assert chart.bars[0].description.replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_year_without_anything_has_no_charts(edition_of: Print) -> None:
    """Where nothing happened there is the year at a glance, and nothing to narrow or to reckon."""
    page = history(edition_of({}))["en/history/2024/index.html"].render().decode()

    assert 'id="glance"' in page
    assert 'id="figures"' not in page
    assert 'class="filters"' not in page


def test_a_year_that_no_calendar_has_is_only_a_list(edition_of: Print) -> None:
    """A folder may be called 0000: what is filed there is listed, without a picture of such a year."""
    edition = edition_of({"0000/odd": outage("gateway", "2024-01-10 08:00", "2024-01-10 10:00")})

    page = history(edition)["en/history/0/index.html"].render().decode()

    assert 'incidents/0000/odd/"' in page
    assert '<svg class="year' not in page


def test_a_year_can_be_narrowed(pages: Mapping[str, str]) -> None:
    """There is a page for each kind and each service that has some of a year's entries, but neither none nor all."""
    parts = {path.removeprefix("en/history/") for path in pages if path.startswith("en/")}

    assert parts == {
        "2023/",
        "2023/incidents/",
        "2023/notices/",
        "2023/services/gateway/",
        "2024/",
        "2024/incidents/",
        "2024/maintenance/",
        "2024/services/gateway/",
        "2024/services/incidents/",
    }


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("", ["work", "third", "second", "first"]),
        ("incidents/", ["third", "second", "first"]),
        ("maintenance/", ["work"]),
        ("services/gateway/", ["work", "third", "first"]),
        ("services/incidents/", ["second"]),
    ],
)
def test_a_part_lists_what_belongs_to_it(pages: Mapping[str, str], part: str, kept: list[str]) -> None:
    """A part of a year shows its own entries, with the link that leads to it marked as the current page."""
    page = pages[f"fr/history/2024/{part}"]

    nav = page[page.index('<nav class="filters"') :].partition("</nav>")[0]
    assert listed(page) == kept
    assert nav.count("aria-current") == 1
    assert '<a href="./" aria-current="page">' in nav
    assert ('<meta name="robots" content="noindex">' in page) == bool(part)


def test_a_kind_with_a_count_is_a_plural(pages: Mapping[str, str]) -> None:
    """The links that narrow a year name what they count: several of each kind."""
    named = {
        lang: re.findall(r"maintenance/\">([^<]*)</a>", pages[f"{lang}/history/2024/"]) for lang in ("de", "fr", "en")
    }

    assert named == {"de": ["Wartungen"], "fr": ["Maintenances"], "en": ["Maintenance windows"]}


def test_another_year_keeps_the_part(pages: Mapping[str, str]) -> None:
    """From a part the links to the years lead to the same part, or to the whole year where it has no such page."""
    years = {
        part: dict(re.findall(r'<a href="([^"]*)"[^>]*>(\d{4})</a>', pages[f"de/history/2024/{part}/"]))
        for part in ("incidents", "maintenance", "services/gateway")
    }

    assert years == {
        "incidents": {"./": "2024", "../../2023/incidents/": "2023"},
        "maintenance": {"./": "2024", "../../2023/": "2023"},
        "services/gateway": {"./": "2024", "../../../2023/services/gateway/": "2023"},
    }


def test_only_a_service_has_its_year_at_a_glance(pages: Mapping[str, str]) -> None:
    """The page of a service shows its strip alone; that of a kind shows none, since a strip is not made of kinds."""
    assert pages["en/history/2024/"].count('class="year__strip"') == 2
    assert pages["en/history/2024/services/gateway/"].count('class="year__strip"') == 1
    assert 'class="year__strip"' not in pages["en/history/2024/incidents/"]


def test_the_same_inputs_make_the_same_page(edition_of: Print) -> None:
    """A page changes only with what it says it rests on, and a year that is over no longer changes with the days."""
    going_on = "services: {gateway: major_outage}\nupdates:\n  - {at: 2024-02-10, status: monitoring}\n"

    first, later = (
        history(edition_of(ENTRIES | {"open": going_on}, now)) for now in ("2024-02-20 09:00", "2024-02-22 09:00")
    )

    same = {path for path in first if first[path].inputs == later[path].inputs}
    assert {path: first[path].render() for path in same} == {path: later[path].render() for path in same}
    assert "en/history/2023/index.html" in same
    assert "en/history/2024/index.html" not in same
