"""The record that this repository ships: every row of the history comes out right in facts, on pages and in feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest

from generator import pipeline, sources
from generator.content.judge import judge
from generator.facts import Facts
from generator.formats import feeds, html
from generator.formats.edition import Edition
from tests.compiled import COMPILED

ZURICH = ZoneInfo("Europe/Zurich")
LANGUAGES = ("de", "fr", "en")
NOW = datetime(2024, 3, 1, 12, tzinfo=ZURICH)
"""The record ends on 2024-02-22."""
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the history. Times are wall time in Zurich."""

    id: str
    kind: str = "incident"
    services: Mapping[str, str]
    """The worst status of each; of a notice, whom it concerns."""
    start: str = ""
    """From when on it counts in the figures; empty where it counts in none."""
    end: str = ""
    rough: bool = False
    cause: str | None = None
    told: tuple[str, ...]
    """When each word came, oldest first, or the earliest that it can have come: what feeds are dated by."""
    when: tuple[str, str, str] = ("", "", "")
    """What the page says, in German, French and English; empty on a notice."""


RECORD = (
    Row(
        id="2021-03-10-hafnium",
        kind="notice",
        services={
            "domain-gateway": "operational",
            "outbound-scanner": "operational",
            "exchangeincloud": "operational",
        },
        told=("2021-03-10 10:30",),
    ),
    Row(
        id="2022-03-21-sms-passwords",
        services={"sign-encrypt-v1": "partial_outage"},
        start="2022-03-21 00:00",
        end="2022-03-24 00:00",
        rough=True,
        told=("2022-03-21 00:00", "2022-03-23 00:00", "2022-03-23 00:00"),
        when=("21. März 2022, Ende unbekannt", "21 mars 2022, fin inconnue", "21 March 2022, end unknown"),
    ),
    Row(
        id="2023-01-25-outbound-scanner-sending-problems",
        services={"outbound-scanner": "partial_outage"},
        start="2023-01-25 04:00",
        end="2023-01-25 08:20",
        cause="unknown",
        told=("2023-01-25 04:00", "2023-01-25 08:20"),
        when=("25. Januar 2023, 04:00–08:20 Uhr", "25 janvier 2023, 04:00–08:20", "25 January 2023, 04:00–08:20"),
    ),
    Row(
        id="2023-01-29-outbound-scanner-sending-problems",
        services={"outbound-scanner": "partial_outage"},
        start="2023-01-29 11:23",
        end="2023-01-29 18:00",
        told=("2023-01-29 11:23", "2023-01-29 18:00"),
        when=("29. Januar 2023, 11:23–18:00 Uhr", "29 janvier 2023, 11:23–18:00", "29 January 2023, 11:23–18:00"),
    ),
    Row(
        id="2023-03-01-microsoft-365-valid-addresses-refused",
        services={"domain-gateway": "degraded_performance", "microsoft-365": "partial_outage"},
        start="2023-03-01 22:00",
        end="2023-03-03 00:00",
        rough=True,
        cause="upstream",
        told=("2023-03-01 22:00", "2023-03-02 00:00"),
        when=(
            "Nacht auf den 2. März bis 2. März 2023",
            "de la nuit du 1er au 2 mars jusqu’au 2 mars 2023",
            "night of 1–2 March to 2 March 2023",
        ),
    ),
    Row(
        id="2023-04-12-hexadmin-update",
        kind="maintenance",
        services={"hexadmin": "under_maintenance"},
        start="2023-04-12 11:45",
        end="2023-04-12 12:45",
        told=("2023-04-12 11:45",),
        when=("12. April 2023, 11:45–12:45 Uhr", "12 avril 2023, 11:45–12:45", "12 April 2023, 11:45–12:45"),
    ),
    Row(
        id="2023-05-16-attachments-taken-for-spam",
        services={"domain-gateway": "degraded_performance"},
        start="2023-05-16 06:00",
        end="2023-05-16 15:15",
        rough=True,
        cause="internal",
        told=("2023-05-16 06:00", "2023-05-16 15:15"),
        when=(
            "16. Mai 2023, vom Morgen bis ca. 15:15 Uhr",
            "16 mai 2023, du matin à 15:15 environ",
            "16 May 2023, morning until about 15:15",
        ),
    ),
    Row(
        id="2023-06-22-sign-encrypt-outgoing-mail",
        services={"sign-encrypt-v1": "degraded_performance"},
        start="2023-06-22 15:30",
        end="2023-06-22 20:45",
        rough=True,
        told=("2023-06-22 15:30", "2023-06-22 20:45"),
        when=(
            "22. Juni 2023, ca. 15:30 bis 20:45",
            "22 juin 2023, de 15:30 environ à 20:45",
            "22 June 2023, about 15:30 until 20:45",
        ),
    ),
    Row(
        id="2023-07-05-outbound-scanner-sending-problems",
        services={"outbound-scanner": "partial_outage"},
        start="2023-07-05 15:28",
        end="2023-07-05 17:40",
        told=("2023-07-05 15:28", "2023-07-05 17:40"),
        when=("5. Juli 2023, 15:28–17:40 Uhr", "5 juillet 2023, 15:28–17:40", "5 July 2023, 15:28–17:40"),
    ),
    Row(
        id="2023-08-23-sign-encrypt-outgoing-mail",
        services={"sign-encrypt-v1": "degraded_performance"},
        start="2023-08-23 17:30",
        end="2023-08-23 23:40",
        told=("2023-08-23 17:30", "2023-08-23 23:40"),
        when=("23. August 2023, 17:30–23:40 Uhr", "23 août 2023, 17:30–23:40", "23 August 2023, 17:30–23:40"),
    ),
    Row(
        id="2023-08-27-outgoing-mail-delayed",
        services={"outbound-scanner": "degraded_performance", "sign-encrypt-v1": "degraded_performance"},
        start="2023-08-27 08:30",
        end="2023-08-27 22:00",
        told=("2023-08-27 17:30", "2023-08-27 22:00"),
        when=("27. August 2023, 08:30–22:00 Uhr", "27 août 2023, 08:30–22:00", "27 August 2023, 08:30–22:00"),
    ),
    Row(
        id="2023-09-13-exchangeincloud-sending-stopped",
        services={"exchangeincloud": "partial_outage"},
        start="2023-09-13 12:30",
        end="2023-09-13 14:55",
        told=("2023-09-13 12:30", "2023-09-13 14:55"),
        when=(
            "13. September 2023, 12:30–14:55 Uhr",
            "13 septembre 2023, 12:30–14:55",
            "13 September 2023, 12:30–14:55",
        ),
    ),
    Row(
        id="2023-10-11-microsoft-365-mail-deferred",
        services={"microsoft-365": "degraded_performance"},
        start="2023-10-11 05:00",
        end="2023-10-11 14:30",
        cause="upstream",
        told=("2023-10-11 05:00", "2023-10-11 14:30"),
        when=("11. Oktober 2023, 05:00–14:30 Uhr", "11 octobre 2023, 05:00–14:30", "11 October 2023, 05:00–14:30"),
    ),
    Row(
        id="2023-11-23-inbound-mail-delayed",
        services={"domain-gateway": "degraded_performance"},
        start="2023-11-23 13:55",
        end="2023-11-23 17:15",
        told=("2023-11-23 13:55", "2023-11-23 15:30", "2023-11-23 17:15"),
        when=("23. November 2023, 13:55–17:15 Uhr", "23 novembre 2023, 13:55–17:15", "23 November 2023, 13:55–17:15"),
    ),
    Row(
        id="2023-12-01-quarantine-digests-not-delivered",
        services={"quarantine": "partial_outage"},
        start="2023-12-01 00:00",
        end="2023-12-04 11:00",
        rough=True,
        told=("2023-12-04 11:15",),
        when=(
            "1. bis 4. Dezember 2023, 11:00 Uhr",
            "du 1er au 4 décembre 2023 à 11:00",
            "1 to 4 December 2023, 11:00",
        ),
    ),
    Row(
        id="2024-01-08-sign-encrypt-partly-not-sent",
        services={"sign-encrypt-v1": "partial_outage"},
        start="2024-01-08 14:00",
        end="2024-01-08 19:00",
        rough=True,
        told=("2024-01-08 14:00", "2024-01-08 19:00"),
        when=(
            "8. Januar 2024, ca. 14:00 bis ca. 19:00",
            "8 janvier 2024, de 14:00 environ à 19:00 environ",
            "8 January 2024, about 14:00 until about 19:00",
        ),
    ),
    Row(
        id="2024-02-12-sign-encrypt-delays",
        services={"sign-encrypt-v1": "degraded_performance"},
        start="2024-02-12 12:00",
        end="2024-02-12 16:25",
        rough=True,
        told=("2024-02-12 12:00", "2024-02-12 16:25"),
        when=(
            "12. Februar 2024, ca. 12:00 bis 16:25",
            "12 février 2024, de 12:00 environ à 16:25",
            "12 February 2024, about 12:00 until 16:25",
        ),
    ),
    Row(
        id="2024-02-13-incomplete-logs-and-delays",
        services={"sign-encrypt-v1": "degraded_performance", "quarantine": "degraded_performance"},
        start="2024-02-13 00:00",
        end="2024-02-13 18:00",
        rough=True,
        told=("2024-02-13 00:00", "2024-02-13 18:00"),
        when=("13. Februar 2024, bis 18:00", "13 février 2024, jusqu’à 18:00", "13 February 2024, until 18:00"),
    ),
    Row(
        id="2024-02-19-mail-archive-down",
        services={"mail-archive": "major_outage"},
        start="2024-02-19 00:00",
        end="2024-02-22 16:00",
        rough=True,
        told=("2024-02-19 00:00", "2024-02-22 16:00"),
        when=(
            "19. bis 22. Februar 2024, 16:00 Uhr",
            "du 19 au 22 février 2024 à 16:00",
            "19 to 22 February 2024, 16:00",
        ),
    ),
)
ROWS = {row.id: row for row in RECORD}
LATE = "2023-08-27-outgoing-mail-delayed"
HAFNIUM = "2021-03-10-hafnium"
DIGESTS = "2023-12-01-quarantine-digests-not-delivered"
TOLD = {HAFNIUM: "2021-03-10 10:30", LATE: "2023-08-27 17:30", DIGESTS: "2023-12-04 11:15"}
"""Every telling that is on record; of all else the record says when it happened, not when customers heard of it."""
FIRST_TOLD = {
    "de": ("Erste Meldung", "27. August 2023, 17:30", "4. Dezember 2023, 11:15"),
    "fr": ("Première annonce", "27 août 2023, 17:30", "4 décembre 2023, 11:15"),
    "en": ("First reported", "27 August 2023, 17:30", "4 December 2023, 11:15"),
}


def utc(written: str) -> datetime:
    """Return a wall time of Zurich as an instant."""
    return datetime.fromisoformat(written).replace(tzinfo=ZURICH).astimezone(UTC)


def iso(written: str) -> str:
    """Return a wall time of Zurich as programs are told."""
    return f"{utc(written):%Y-%m-%dT%H:%M:%SZ}"


def edition_at(checkout: Path, now: datetime) -> Edition:
    """Return the edition of the shipped content at an instant."""
    read = sources.read(checkout)
    judged = judge(read, NOW)
    assert not judged.faulty, judged.problems
    return pipeline.derive(read, judged, now, compiled=COMPILED)


@pytest.fixture(scope="module")
def edition(checkout: Path) -> Edition:
    """Return the edition after the end of the record."""
    return edition_at(checkout, NOW)


@pytest.fixture(scope="module")
def facts(edition: Edition) -> Facts:
    """Return what is true after the end of the record."""
    return edition.facts


@pytest.fixture(scope="module")
def pages(edition: Edition) -> Mapping[str, str]:
    """Return every page by its path."""
    return {made.path: made.render().decode() for made in html.outputs(edition) if made.path.endswith(".html")}


@pytest.fixture(scope="module")
def feed(edition: Edition) -> Mapping[str, bytes]:
    """Return every feed by its path."""
    return {made.path: made.render() for made in feeds.outputs(edition)}


@pytest.fixture(scope="module")
def items(feed: Mapping[str, bytes]) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    """Return the items of the JSON feeds, oldest first, by language and incident."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for lang in LANGUAGES:
        for item in reversed(json.loads(feed[f"{lang}/feed.json"])["items"]):
            found.setdefault(lang, {}).setdefault(item["_lagebild"]["incident"], []).append(item)
    return found


def page(pages: Mapping[str, str], lang: str, id_: str) -> str:
    """Return the page of an incident."""
    return pages[f"{lang}/incidents/{id_[:4]}/{id_}/index.html"]


def words(text: str) -> str:
    """Return the text of a page, without tags, with plain spaces."""
    return " ".join(TAG.sub(" ", text).replace("\N{WORD JOINER}", "").split())


def test_the_record_is_complete(facts: Facts) -> None:
    """Every row of the history is an incident, and nothing else is."""
    assert sorted(found.incident.id for found in facts.incidents) == sorted(ROWS)


@pytest.mark.parametrize("row", RECORD, ids=lambda row: row.id)
def test_facts(facts: Facts, row: Row) -> None:
    """An incident is of its kind, with its cause, its services, their worst status and its times, and it is over."""
    found = facts.incident(row.id)

    assert found.incident.kind == row.kind
    assert found.incident.cause == row.cause
    assert set(found.services) == set(row.services)
    assert not found.open
    assert found.rough is row.rough
    if row.kind != "notice":
        assert {(span.service, str(span.status), span.start, span.end) for span in found.spans} == {
            (service, status, utc(row.start), utc(row.end)) for service, status in row.services.items()
        }
    else:
        assert found.spans == ()


def test_no_telling_is_made_up(facts: Facts) -> None:
    """Only what the record says was told at a time is dated by it; every other update is told at an unknown time."""
    told = {
        found.incident.id: [update.at.first for update in found.incident.updates if update.at.first]
        for found in facts.incidents
    }

    assert {id_: times for id_, times in told.items() if times} == {id_: [utc(at)] for id_, at in TOLD.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_claims_a_first_report_that_is_not_on_record(pages: Mapping[str, str], lang: str) -> None:
    """Two incidents name the time of their first report; on all others, nothing does."""
    label, *times = FIRST_TOLD[lang]
    claims = {id_: words(page(pages, lang, id_)) for id_ in ROWS if label in words(page(pages, lang, id_))}

    assert sorted(claims) == [LATE, DIGESTS]
    for time, text in zip(times, claims.values(), strict=True):
        assert f"{label} {time}" in text


def test_mail_is_called_safe_only_where_the_record_says_so(facts: Facts) -> None:
    """Mail is "delayed, not lost" only where the record says that all of it went out, or the queues were cleared."""
    promised = [
        found.incident.id
        for found in facts.incidents
        if any(update.mail == "delayed" for update in found.incident.updates)
    ]

    assert sorted(promised) == [
        "2023-08-23-sign-encrypt-outgoing-mail",
        LATE,
        "2023-11-23-inbound-mail-delayed",
        "2024-02-13-incomplete-logs-and-delays",
    ]


RESOLVED = {
    "de": r"behoben|wieder (normal|uneingeschränkt)|Versand funktioniert wieder",
    "fr": r"résolu|à nouveau (normalement|pleinement)|fonctionne à nouveau|revenu",
    "en": r"resolved|working (normally )?again|back to normal|fully working again|Sending works again",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_resolution_says_that_it_is_over(items: Mapping[str, Mapping[str, list[dict[str, Any]]]], lang: str) -> None:
    """The last word on an incident says in words that all is well again."""
    last = {row.id: items[lang][row.id][-1]["content_text"] for row in RECORD if row.kind == "incident"}

    assert [id_ for id_, text in last.items() if not re.search(RESOLVED[lang], words(text))] == []


@pytest.mark.parametrize("row", RECORD, ids=lambda row: row.id)
@pytest.mark.parametrize(("place", "lang"), list(enumerate(LANGUAGES)))
def test_the_page_says_when_as_vaguely_as_it_is_known(
    pages: Mapping[str, str], row: Row, place: int, lang: str
) -> None:
    """The page of an incident, and the history of its year, say when it was, in each language's own way."""
    history = pages[f"{lang}/history/{row.id[:4]}/index.html"]
    when = row.when[place][:1].upper() + row.when[place][1:]

    assert when in words(page(pages, lang, row.id))
    assert when in words(history)
    assert f'incidents/{row.id[:4]}/{row.id}/"' in history


@pytest.mark.parametrize("row", RECORD, ids=lambda row: row.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_feeds_are_dated_by_when_it_was_told(
    items: Mapping[str, Mapping[str, list[dict[str, Any]]]], row: Row, lang: str
) -> None:
    """Every word is an item of the feed, dated by when it was told; the end of a maintenance by the clock."""
    told = items[lang][row.id]

    by_the_clock = [row.end] if row.kind == "maintenance" else []
    dates = [item["date_published"] for item in told]
    assert [date[:16] for date in dates] == [iso(at)[:16] for at in (*row.told, *by_the_clock)]
    assert dates == sorted(set(dates))  # what was told at the same time is a second apart
    assert {item["_lagebild"]["kind"] for item in told} == {row.kind}


@pytest.mark.parametrize("row", [row for row in RECORD if row.kind == "incident"], ids=lambda row: row.id)
def test_programs_learn_the_times_of_the_impact(
    items: Mapping[str, Mapping[str, list[dict[str, Any]]]], row: Row
) -> None:
    """The last item of an incident carries its start, and its end unless nobody knows it, apart from its date."""
    last = items["en"][row.id][-1]["_lagebild"]

    known = "unknown" not in row.when[2]
    assert last["started"] == iso(row.start)
    assert last["resolved"] == (iso(row.end) if known and not row.end.endswith("00:00") else last["resolved"])
    assert (last["resolved"] is None) is not known
    assert last["status"] == "resolved"
    assert last["rough"] is row.rough


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_told_late_says_so(
    facts: Facts,
    pages: Mapping[str, str],
    items: Mapping[str, Mapping[str, list[dict[str, Any]]]],
    lang: str,
) -> None:
    """On 2023-08-27 the first word came nine hours late: page and feeds name the delay in a sentence."""
    late = {
        "de": "Wir haben die Störung erst 9 Stunden nach Beginn gemeldet.",
        "fr": "Nous n’avons annoncé l’incident que 9 heures après son début.",
        "en": "We first reported this 9 hours after it began.",
    }
    shown = words(page(pages, lang, LATE))
    told = words(items[lang][LATE][0]["content_text"])

    assert facts.incident(LATE).told_late
    assert late[lang] in shown
    assert late[lang] in told


def test_only_what_is_known_to_be_late_is_called_late(facts: Facts) -> None:
    """No row whose first word came with the beginning, or is as vague as it, is called late."""
    late = {found.incident.id for found in facts.incidents if found.told_late}

    assert late <= {LATE, "2023-12-01-quarantine-digests-not-delivered"}


def test_what_was_told_days_late_says_so_too(facts: Facts) -> None:
    """What began on 1 December, whenever that day, and was told on the 4th, was told late."""
    assert facts.incident("2023-12-01-quarantine-digests-not-delivered").told_late


@pytest.mark.parametrize(
    ("now", "status", "service"),
    [
        ("2023-04-12 11:45", "in_progress", "under_maintenance"),
        ("2023-04-12 12:44", "in_progress", "under_maintenance"),
        ("2023-04-12 12:45", "completed", "operational"),
    ],
)
def test_planned_work_follows_the_clock(checkout: Path, now: str, status: str, service: str) -> None:
    """The maintenance of 2023-04-12 begins and ends by itself, and never makes the page look broken."""
    facts = edition_at(checkout, utc(now)).facts

    assert facts.incident("2023-04-12-hexadmin-update").status == status
    assert next(found.status for found in facts.services if found.service.id == "hexadmin") == service
    assert facts.answer.status == service


@pytest.mark.parametrize(
    ("now", "status", "tasks"),
    [
        ("2021-03-10 11:00", "operational", set()),
        ("2023-01-25 05:00", "partial_outage", {"send-mail"}),
        ("2023-03-02 00:00", "operational", set()),
        ("2023-03-01 23:00", "degraded_performance", {"receive-mail"}),
        ("2023-08-27 08:31", "operational", set()),
        ("2023-08-27 17:30", "degraded_performance", {"send-mail", "encrypted-mail"}),
        ("2023-10-11 06:00", "degraded_performance", {"receive-mail"}),
        ("2024-02-20 09:00", "major_outage", {"search-archive"}),
        ("2024-02-23 09:00", "operational", set()),
    ],
)
def test_am_i_affected(checkout: Path, now: str, status: str, tasks: set[str]) -> None:
    """At any moment of the record the page tells the worst of its services, upstream as degraded, and the tasks hit."""
    facts = edition_at(checkout, utc(now)).facts

    assert facts.answer.status == status
    assert {found.task.id for found in facts.tasks if found.status != "operational"} == tasks


LONG = {
    "de": ("Was geschehen ist", "Installieren Sie"),
    "fr": ("Ce qui s’est passé", "Installez"),
    "en": ("What has happened", "Install the patches."),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("where", ["page", "rss", "atom", "json"])
def test_the_advisory_is_told_in_full(
    pages: Mapping[str, str], feed: Mapping[str, bytes], lang: str, where: str
) -> None:
    """The long text on Hafnium is on the page and in every feed, with its headings, lists and links."""
    if where == "page":
        text = page(pages, lang, HAFNIUM)
    elif where == "json":
        (item,) = (
            item for item in json.loads(feed[f"{lang}/feed.json"])["items"] if item["_lagebild"]["incident"] == HAFNIUM
        )
        text = item["content_html"]
    else:
        (entry,) = (entry for entry in feedparser.parse(feed[f"{lang}/feed.{where}"]).entries if HAFNIUM in entry.id)
        text = entry.content[0].value if where == "atom" else entry.summary

    assert len(re.findall(r"<h3\b", text)) >= 3
    assert re.search(r"<ol>\s*<li>", text)
    assert re.search(r"<ul>\s*<li>", text)
    assert 'href="https://support.cleanmail.ch"' in text
    assert 'href="mailto:support@cleanmail.ch"' in text
    for part in ("25", "IMAP", "ActiveSync", "AppRiver", "Emergency Webmail", "HIN", "IncaMail", "EWS"):
        assert part in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_advice_on_cached_addresses_has_its_link(pages: Mapping[str, str], lang: str) -> None:
    """Who has to check cached addresses is led to the instructions."""
    text = page(pages, lang, "2023-03-01-microsoft-365-valid-addresses-refused")

    assert 'href="https://support.cleanmail.ch/aktive-empfaengerfilterung/"' in text


def test_german_is_swiss(pages: Mapping[str, str], feed: Mapping[str, bytes]) -> None:
    """There is no ß anywhere, and quotation marks are Swiss in German."""
    written = {**pages, **{path: data.decode() for path, data in feed.items()}}
    german = {path: words(text) for path, text in pages.items() if path.startswith("de/")}

    assert [path for path, text in written.items() if "ß" in text] == []
    assert [path for path, text in german.items() if re.search("[„“”‹›]", text)] == []


def test_nothing_is_to_be_warned_of(checkout: Path) -> None:
    """No text of the record or of status.yaml lacks a language of the site, and nothing else is wrong with them."""
    judged = judge(sources.read(checkout), NOW)

    assert judged.problems == ()


def test_all_languages_are_complete(edition: Edition, pages: Mapping[str, str]) -> None:
    """Every text of the record is there in every language, and nothing on a page stands in another one."""
    texts = [
        text
        for found in edition.facts.incidents
        for text in (
            found.incident.title,
            found.incident.who,
            found.incident.long_text,
            *(update.text for update in found.incident.updates),
            *(update.who for update in found.incident.updates),
        )
        if text
    ]
    told = [
        update
        for found in edition.facts.incidents
        for update in found.incident.updates
        if update.text or update.phrases
    ]

    assert [text for text in texts if set(text) != set(LANGUAGES)] == []
    assert len(told) == sum(len(row.told) for row in RECORD)
    for path, text in pages.items():
        lang = path.partition("/")[0]
        others = set(re.findall(r'<(?!a )\w+[^>]* lang="(\w\w)', text)) - {lang}
        assert others == set() or path in ("index.html", "404.html") or path.startswith("embed/"), path
