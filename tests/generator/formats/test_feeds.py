"""The feeds: every word an item, in every language, for people, readers and programs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from generator.formats import feeds
from generator.formats.entries import entries
from generator.formats.feeds.archive import PER_PAGE
from tests.generator.formats.conftest import SITE

NOW = "2024-02-20 09:00"
OUTAGE = """\
title: {de: Archiv nicht erreichbar, fr: Archive inaccessible, en: Archive unavailable}
services: {archive: major_outage}
updates:
  - at: 2024-02-19 08:00
    status: investigating
    mail: delayed
    text: {de: Wir suchen., fr: Nous cherchons., en: We are looking.}
  - at: 2024-02-19 10:00
    status: resolved
    text: {de: Behoben., fr: Résolu., en: Fixed.}
"""
PLANNED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-03-01 20:00, to: 2024-03-01 22:00}
updates:
  - at: 2024-02-18 12:00
    text: {de: Wir erneuern., fr: Nous renouvelons., en: We are renewing.}
"""
NOTICE = """\
kind: notice
services: [gateway]
title: {de: Hinweis, fr: Avis, en: Advice}
updates:
  - at: 2024-02-17 12:00
    text: {de: Bitte lesen., fr: À lire., en: Please read.}
"""
ATOM, HISTORY = "{http://www.w3.org/2005/Atom}", "{http://purl.org/syndication/history/1.0}"
THREAD = "{http://purl.org/syndication/thread/1.0}"


def many(count: int) -> dict[str, str]:
    """Return incidents with one update each, an hour apart, the last at most a few days before 2024-02-20."""
    return {
        f"trouble-{number:03}": f"""\
services: {{gateway: partial_outage}}
updates:
  - at: 2024-02-{1 + number // 24:02} {number % 24:02}:00
    status: resolved
"""
        for number in range(count)
    }


def items(files: Mapping[str, bytes], path: str = "en/feed.json") -> list[dict[str, Any]]:
    """Return the items of a JSON Feed."""
    listed: list[dict[str, Any]] = json.loads(files[path])["items"]
    return listed


def path_of(address: str) -> str:
    """Return where the file of an address lies."""
    return address.removeprefix("https://example.ch/status/")


def atom_pages(files: Mapping[str, bytes], path: str) -> Iterator[ElementTree.Element]:
    """Yield an Atom feed and the pages that it leads to."""
    while path:
        page = ElementTree.fromstring(files[path])  # noqa: S314 - our own file
        yield page
        links = {link.get("rel"): link.get("href", "") for link in page.findall(f"{ATOM}link")}
        path = path_of(links.get("prev-archive", ""))


@pytest.fixture(scope="module")
def shipped(press: Any) -> Mapping[str, bytes]:
    """Return the feeds of an outage, a maintenance and a notice."""
    edition = press.edition(NOW, {"down": OUTAGE, "planned": PLANNED, "advice": NOTICE})
    files: Mapping[str, bytes] = press.files(feeds.outputs, edition)
    return files


@pytest.fixture(scope="module")
def long(press: Any) -> Mapping[str, bytes]:
    """Return the feeds of 120 incidents."""
    files: Mapping[str, bytes] = press.files(feeds.outputs, press.edition(NOW, many(120)))
    return files


def test_every_language_and_service_has_every_format(shipped: Mapping[str, bytes]) -> None:
    """There is a feed a format for everything and for each service, in each language; none has an archive yet."""
    folders = [
        f"{lang}/{below}" for lang in ("de", "fr", "en") for below in ("", "services/gateway/", "services/archive/")
    ]
    expected = {f"{folder}feed.{ending}" for folder in folders for ending in ("rss", "atom", "json")}
    upstream = {path.replace("gateway", "upstream") for path in expected}

    assert set(shipped) == {*expected, *upstream, "history.rss", "history.atom", "schema/feed-1.json"}


def test_who_comes_from_statuspage_finds_the_feed(shipped: Mapping[str, bytes]) -> None:
    """Where Statuspage has its feeds is that of the first language, with the same ids, so a subscription goes on."""
    assert shipped["history.rss"] == shipped["de/feed.rss"]
    assert shipped["history.atom"] == shipped["de/feed.atom"]


def test_json_feeds_keep_to_the_specification(long: Mapping[str, bytes], checkout: Path) -> None:
    """Every JSON Feed is valid by version 1.1, the pages of the archive too."""
    schema = json.loads((checkout / "tests" / "spec" / "jsonfeed11.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    faults = [
        f"{path}: {fault.message}"
        for path, data in long.items()
        if path.endswith("json") and "feed" in path and not path.startswith("schema")
        for fault in validator.iter_errors(json.loads(data))
    ]

    assert faults == []


def test_extension_keeps_to_its_published_schema(shipped: Mapping[str, bytes]) -> None:
    """What items carry for programs has the shape that `about` leads to."""
    schema = json.loads(shipped["schema/feed-1.json"])
    validator_for(schema).check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    extensions = [item["_lagebild"] for lang in ("de", "fr", "en") for item in items(shipped, f"{lang}/feed.json")]

    faults = [fault.message for extension in extensions for fault in validator.iter_errors(extension)]

    assert faults == []
    assert {extension["about"] for extension in extensions} == {schema["$id"]}


def test_the_feed_of_everything_says_how_things_are(shipped: Mapping[str, bytes]) -> None:
    """A program that polls the JSON feed finds the state and the headline of the page; a service's feed has neither."""
    heads = [json.loads(shipped[path]).get("_lagebild") for path in ("de/feed.json", "de/services/archive/feed.json")]

    assert heads == [
        {
            "about": "https://example.ch/status/schema/feed-1.json",
            "status": "operational",
            "headline": "Alle Dienste sind in Betrieb.",
        },
        None,
    ]


def test_an_item_says_everything_once(shipped: Mapping[str, bytes]) -> None:
    """An item holds what was written, what becomes of mail, and which services it is about since when."""
    item = items(shipped)[1]

    assert item == {
        "id": "tag:example.ch,2026:down/2024-02-19T07:00Z/en",
        "url": "https://example.ch/status/en/incidents/2024/down/#u-2024-02-19t07-00z",
        "title": "Investigating – Archive unavailable",
        "content_html": "<p>We are looking.</p>\n<p>Mail is delayed, not lost.</p>\n"
        "<p>Archive · since 08:00 on 19\u00a0February\u00a02024</p>",
        "content_text": "We are looking.\n\nMail is delayed, not lost.\n\n"
        "Archive · since 08:00 on 19\u00a0February\u00a02024",
        "date_published": "2024-02-19T07:00:00Z",
        "language": "en-GB",
        "tags": ["archive", "investigating", "critical"],
        "_lagebild": {
            "about": "https://example.ch/status/schema/feed-1.json",
            "incident": "down",
            "update": "2024-02-19T07:00Z",
            "kind": "incident",
            "services": {"archive": "major_outage"},
            "status": "investigating",
            "impact": "critical",
            "mail": "delayed",
            "action": None,
            "who": {},
            "next_update": None,
            "window": None,
            "started": "2024-02-19T07:00:00Z",
            "resolved": None,
            "rough": False,
            "automatic": False,
            "retracted": False,
            "cancelled": False,
        },
    }


def test_the_facts_come_after_what_was_written(press: Any) -> None:
    """First the news, composed or written; then mail, action and the next word; then that it came late or changed."""
    facts = "    action: none\n    next_update: 2024-02-19 09:00\n    corrected: 2024-02-19 12:30\n    mail: delayed\n"
    written = OUTAGE.replace("    mail: delayed\n", facts).replace("updates:", "started: 2024-02-19 06:00\nupdates:")
    composed = written.replace("    text: {de: Wir suchen., fr: Nous cherchons., en: We are looking.}\n", "")

    said = [
        items(press.files(feeds.outputs, press.edition(NOW, {"down": outage})))[1]["content_text"].split("\n\n")
        for outage in (written, composed)
    ]

    assert said[0] == [
        "We are looking.",
        "Mail is delayed, not lost. You do not need to do anything."
        " Next update by 09:00 on 19\u00a0February\u00a02024.",
        "We first reported this 2\N{NO-BREAK SPACE}hours after it began."
        " We corrected this update on 19\u00a0February\u00a02024 at 12:30.",
        "Archive · since 06:00 on 19\u00a0February\u00a02024",
    ]
    assert said[1][0] == (
        "Archive: major outage since 06:00 on 19\u00a0February\u00a02024. We are looking for the cause."
    )
    assert said[1][1:] == said[0][1:]


def test_who_is_affected_carries_its_language(press: Any) -> None:
    """Words on who is affected that are not translated say their language to a reader, and are escaped."""
    some = OUTAGE.replace("updates:", 'who: {de: "nur <einige> & {alle}"}\nupdates:')

    files = press.files(feeds.outputs, press.edition(NOW, {"down": some}))

    english, german = items(files)[1], items(files, "de/feed.json")[1]
    assert (
        '<p>Affected: <span lang="de-CH">nur &lt;einige&gt; &amp; {alle}</span> (in German)</p>'
        in english["content_html"]
    )
    assert "Affected: nur <einige> & {alle} (in German)" in english["content_text"]
    assert "<p>Betroffen: nur &lt;einige&gt; &amp; {alle}</p>" in german["content_html"]


def test_items_tell_how_things_stood_then(shipped: Mapping[str, bytes]) -> None:
    """The end of an incident is in the item that told it, not in those before."""
    told = [(item["_lagebild"]["services"], item["_lagebild"]["resolved"]) for item in items(shipped)[:2]]

    assert told == [({"archive": "operational"}, "2024-02-19T09:00:00Z"), ({"archive": "major_outage"}, None)]


@pytest.mark.parametrize("ending", ["rss", "atom"])
@pytest.mark.parametrize(("lang", "tag"), [("de", "de-CH"), ("fr", "fr-CH")])
def test_readers_understand_the_feed(shipped: Mapping[str, bytes], ending: str, lang: str, tag: str) -> None:
    """A feed reader finds the language, the addresses, and the items with their ids and dates, newest first."""
    data = shipped[f"{lang}/feed.{ending}"]

    read = feedparser.parse(data, response_headers={"content-type": f"application/{ending}+xml; charset=utf-8"})

    assert not read.bozo
    assert read.feed.language == tag
    assert read.feed.link == f"https://example.ch/status/{lang}/"
    assert [link.href for link in read.feed.links if link.rel == "self"] == [
        f"https://example.ch/status/{lang}/feed.{ending}"
    ]
    assert [entry.id for entry in read.entries] == [item["id"] for item in items(shipped, f"{lang}/feed.json")]
    assert [entry.title for entry in read.entries] == [item["title"] for item in items(shipped, f"{lang}/feed.json")]
    assert [entry.link for entry in read.entries] == [item["url"] for item in items(shipped, f"{lang}/feed.json")]
    dates = [entry.published_parsed for entry in read.entries]
    assert dates == sorted(dates, reverse=True)
    assert read.feed.updated_parsed == dates[0]


def test_ids_differ_by_language_and_incidents_do_not(shipped: Mapping[str, bytes]) -> None:
    """Readers drop what has an id they know, so each language has its own; the incident's id is the same in all."""
    of = {lang: items(shipped, f"{lang}/feed.json") for lang in ("de", "fr", "en")}

    assert len({item["id"] for listed in of.values() for item in listed}) == 3 * len(of["de"])
    assert len({tuple(item["_lagebild"]["incident"] for item in listed) for listed in of.values()}) == 1


def test_a_key_that_staff_made_up(press: Any) -> None:
    """An update's own id is its key, in the tag URI (RFC 4151) as in the address."""
    written = OUTAGE.replace("  - at: 2024-02-19 08:00", "  - id: Fix-2\n    at: 2024-02-19 08:00")

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"down": written})))

    assert listed[1]["id"] == "tag:example.ch,2026:down/Fix-2/en"
    assert listed[1]["url"].endswith("/down/#u-fix-2")


def test_items_are_dated_by_when_they_were_told(press: Any) -> None:
    """Neither a beginning before the first word nor a window after it dates an item, and none lies ahead."""
    late = OUTAGE.replace("updates:", "started: 2024-02-10 05:00\nupdates:")
    edition = press.edition(NOW, {"down": late, "planned": PLANNED})

    files = press.files(feeds.outputs, edition)

    assert [item["date_published"] for item in items(files)] == [
        "2024-02-19T09:00:00Z",
        "2024-02-19T07:00:00Z",
        "2024-02-18T11:00:00Z",
    ]
    instants = re.findall(r"<(?:updated|published)>([^<]+)<", files["en/feed.atom"].decode())
    assert all(datetime.fromisoformat(instant) <= datetime(2024, 2, 20, 9, tzinfo=UTC) for instant in instants)


def test_what_lies_ahead_is_not_told(press: Any) -> None:
    """An update appears when its time has come."""
    edition = press.edition("2024-02-19 08:30", {"down": OUTAGE})

    listed = items(press.files(feeds.outputs, edition))

    assert [item["_lagebild"]["status"] for item in listed] == ["investigating"]


def test_a_correction_modifies_and_does_not_date_anew(press: Any) -> None:
    """A corrected update keeps its id and date, and says when it was modified."""
    corrected = OUTAGE.replace("    mail: delayed", "    corrected: 2024-02-19 12:30\n    mail: delayed")

    files = press.files(feeds.outputs, press.edition(NOW, {"down": corrected}))

    assert [item.get("date_modified") for item in items(files)] == [None, "2024-02-19T11:30:00Z"]
    assert items(files)[1]["date_published"] == "2024-02-19T07:00:00Z"
    read = feedparser.parse(files["en/feed.atom"])
    assert read.entries[1].updated == "2024-02-19T11:30:00+00:00"
    assert read.feed.updated == "2024-02-19T11:30:00+00:00"


def test_untranslated_text_is_labelled(press: Any) -> None:
    """Where a translation is missing, the item says so and names the language of the original."""
    german = OUTAGE.replace(
        "text: {de: Wir suchen., fr: Nous cherchons., en: We are looking.}", "text: {de: Wir suchen.}"
    )

    files = press.files(feeds.outputs, press.edition(NOW, {"down": german}))

    assert (
        '<p>Not translated yet; the original follows.</p>\n<div lang="de-CH"><p>Wir suchen.</p></div>'
        in items(files)[1]["content_html"]
    )
    assert "Not translated yet; the original follows.\n\nWir suchen." in items(files)[1]["content_text"]
    assert "lang=" not in items(files, "de/feed.json")[1]["content_html"]


def test_hostile_titles_and_texts_are_escaped(press: Any) -> None:
    """Quotes, markup, emoji, marks of direction and great length come through every format as they were written."""
    title = "\"'<b>&amp;]]></title>\u200f\U0001f525" + "x" * 280
    written = json.dumps({"de": title}, ensure_ascii=False)
    hostile = OUTAGE.replace(
        "{de: Archiv nicht erreichbar, fr: Archive inaccessible, en: Archive unavailable}", written
    ).replace("en: We are looking.", 'en: "`<script>alert(1)</script> & ]]>`"')

    files = press.files(feeds.outputs, press.edition(NOW, {"down": hostile}))

    expected = f"Investigating – {title}"
    item = items(files)[1]
    assert item["title"] == expected
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt;" in item["content_html"]
    assert "<script>alert(1)</script> & ]]>" in item["content_text"]
    feed = ElementTree.fromstring(files["en/feed.atom"])  # noqa: S314 - our own file
    entry = feed.findall(f"{ATOM}entry")[1]
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}content")) == (expected, item["content_html"])
    channel = ElementTree.fromstring(files["en/feed.rss"])  # noqa: S314 - our own file
    rss = channel.findall("channel/item")[1]
    assert (rss.findtext("title"), rss.findtext("description")) == (inert(expected), item["content_html"])


def inert(title: str) -> str:
    """Return a title as RSS has it: a word joiner after what would open a tag."""
    return re.sub("<(?=[a-z/])", "<\u2060", title)


def test_titles_are_plain_text_to_every_reader(press: Any) -> None:
    """Names hold no tag for readers that take the titles of RSS for HTML, and Atom says that its titles are text."""
    named = SITE.replace("{de: Beispiel, fr: Exemple, en: Example}", '"A & <img src=x> B"')
    titled = OUTAGE.replace("en: Archive unavailable", 'en: "1 < 2 & <script>x</script>"')

    files = press.files(feeds.outputs, press.edition(NOW, {"down": titled}, site=named))

    rss, atom = files["en/feed.rss"].decode(), files["en/feed.atom"].decode()
    assert "<title>A &#x26; &#x3C;\u2060img src=x> B · Status</title>" in unescape_gt(rss)
    assert "<title>Resolved – 1 &#x3C; 2 &#x26; &#x3C;\u2060script>x&#x3C;\u2060/script></title>" in unescape_gt(rss)
    for text in [*ElementTree.fromstring(rss).findall("channel//title"), channel_description(rss)]:  # noqa: S314
        assert re.search("<[a-z/!?]", text.text or "") is None
    assert {title.get("type") for title in ElementTree.fromstring(atom).iter(f"{ATOM}title")} == {"text"}  # noqa: S314
    assert '<subtitle type="text">' in atom


def unescape_gt(document: str) -> str:
    """Return a document with `>` as it may stand in XML."""
    return document.replace("&gt;", ">")


def channel_description(rss: str) -> ElementTree.Element:
    """Return what a channel says of itself."""
    found = ElementTree.fromstring(rss).find("channel/description")  # noqa: S314 - our own file
    assert found is not None
    return found


def test_no_two_items_have_the_same_time(press: Any) -> None:
    """Words of the same minute or day are a second apart, in their order, so that readers sort them right."""
    same = OUTAGE.replace("at: 2024-02-19 08:00", "at: 2024-02-19").replace(
        "at: 2024-02-19 10:00", "at: 2024-02-19\n    id: over"
    )
    corrected = NOTICE.replace("    text:", "    corrected: 2024-02-18 12:00\n    text:")
    edition = press.edition(NOW, {"down": same, "other": same, "advice": corrected, "more": corrected})

    files = press.files(feeds.outputs, edition)

    dates = [item["date_published"] for item in items(files)]
    assert dates == sorted(set(dates), reverse=True)
    assert dates[:4] == [f"2024-02-18T23:00:0{second}Z" for second in (3, 2, 1, 0)]
    assert [item["date_modified"] for item in items(files)[4:]] == ["2024-02-18T11:00:01Z", "2024-02-18T11:00:00Z"]
    updated = re.findall(r"<entry>.*?<updated>([^<]+)<", files["en/feed.atom"].decode(), re.DOTALL)
    assert len(set(updated)) == len(updated) == 6


def test_atom_groups_the_words_on_an_incident(shipped: Mapping[str, bytes]) -> None:
    """Each later entry says that it follows up the incident's first, so that readers show them as a thread."""
    feed = ElementTree.fromstring(shipped["en/feed.atom"])  # noqa: S314 - our own file

    replies = {
        entry.findtext(f"{ATOM}id"): reply.get("ref")
        for entry in feed.findall(f"{ATOM}entry")
        for reply in entry.findall(f"{THREAD}in-reply-to")
    }

    first, later = (f"tag:example.ch,2026:down/2024-02-19T0{hour}:00Z/en" for hour in (7, 9))
    assert replies == {later: first}
    assert b"in-reply-to" not in shipped["en/feed.rss"]


def test_a_title_is_one_line(press: Any) -> None:
    """A title written over two lines is one."""
    written = OUTAGE.replace("en: Archive unavailable", 'en: "Archive\\nunavailable"')

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"down": written})))

    assert listed[0]["title"] == "Resolved – Archive unavailable"


def test_a_review_comes_with_the_end(press: Any) -> None:
    """The long text of an incident is in the item that says it is over, below a heading."""
    beside = {"down": {"de": "Im *Detail*.", "fr": "En détail.", "en": "In *detail*."}}

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"down": OUTAGE}, beside=beside)))

    assert "<h3>Review</h3>\n<p>In <em>detail</em>.</p>" in listed[0]["content_html"]
    assert "Review\n\nIn detail." in listed[0]["content_text"]
    assert "detail" not in listed[1]["content_html"]


def test_the_long_text_of_a_notice_comes_with_its_first_word(press: Any) -> None:
    """A notice is told at length at once, and not again with what is added."""
    more = NOTICE + "  - at: 2024-02-18 12:00\n    text: {de: Neu., fr: Nouveau., en: More.}\n"
    beside = {"advice": {"de": "Ausführlich.", "fr": "En détail.", "en": "At length."}}

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"advice": more}, beside=beside)))

    assert ["At length." in item["content_html"] for item in listed] == [False, True]
    assert listed[0]["tags"] == ["gateway", "notice"]


def test_a_false_alarm_is_taken_back_by_an_item_of_its_own(press: Any) -> None:
    """Feeds are told of a withdrawal; what was said before stays as it was."""
    reason = "{de: Messfehler., fr: Erreur., en: A faulty probe.}"
    taken_back = OUTAGE.replace("updates:", f"retracted: {{at: 2024-02-19 11:00, reason: {reason}}}\nupdates:")
    before = items(press.files(feeds.outputs, press.edition(NOW, {"down": OUTAGE})))

    after = items(press.files(feeds.outputs, press.edition(NOW, {"down": taken_back})))

    assert after[1:] == before
    assert after[0]["title"] == "Withdrawn – Archive unavailable"
    assert after[0]["_lagebild"]["retracted"] is True
    assert after[0]["_lagebild"]["services"] == {"archive": "operational"}


def test_a_cancelled_maintenance_is_called_off_by_an_item_of_its_own(press: Any) -> None:
    """Feeds are told that a maintenance does not take place."""
    called_off = PLANNED.replace("updates:", "cancelled: 2024-02-19 11:00\nupdates:")

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"planned": called_off})))

    assert [item["_lagebild"]["cancelled"] for item in listed] == [True, False]
    assert listed[0]["title"] == "Cancelled – Gateway: planned maintenance"
    assert [item["_lagebild"]["started"] for item in listed] == [None, None]
    assert [item["_lagebild"]["resolved"] for item in listed] == [None, None]
    assert listed[1]["_lagebild"]["window"] == {"from": "2024-03-01T19:00:00Z", "to": "2024-03-01T21:00:00Z"}


def told(press: Any, now: str, written: str) -> list[tuple[str, str, str]]:
    """Return key, status and time of each item on an incident, oldest first."""
    listed = items(press.files(feeds.outputs, press.edition(now, {"planned": written})))
    return [(i["_lagebild"]["update"], i["_lagebild"]["status"], i["date_published"][5:16]) for i in listed][::-1]


@pytest.mark.parametrize(
    ("minutes", "expected"), [("01", ["19:01", "21:01"]), ("16", ["19:00", "19:16", "21:00", "21:16"])]
)
def test_the_clock_leaves_it_to_who_soon_tells_the_same(press: Any, minutes: str, expected: list[str]) -> None:
    """Who writes within a quarter of an hour that maintenance begins or ends tells it in place of the clock."""
    told = "".join(
        f"  - {{at: 2024-03-01 {hour}:{minutes}, status: {status}}}\n"
        for hour, status in (("20", "in_progress"), ("22", "completed"))
    )
    edition = press.edition("2024-03-02 12:00", {"planned": PLANNED + told})

    listed = items(press.files(feeds.outputs, edition))

    assert [item["date_published"][11:16] for item in listed[-2::-1]] == expected


def test_the_clock_tells_when_a_maintenance_begins_and_ends(press: Any) -> None:
    """Where nobody says that a maintenance begins and ends, an item of its own does, at the edges of the window."""
    before, during, after = (
        items(press.files(feeds.outputs, press.edition(now, {"planned": PLANNED})))
        for now in ("2024-03-01 18:59", "2024-03-01 19:00", "2024-03-02 12:00")
    )

    assert (len(before), during[1:], after[1:]) == (1, before, during)
    assert during[0]["id"] == "tag:example.ch,2026:planned/in_progress@2024-03-01T19:00Z/en"
    assert [(item["title"], item["date_published"]) for item in after[:2]] == [
        ("Completed – Gateway: planned maintenance", "2024-03-01T21:00:00Z"),
        ("In progress – Gateway: planned maintenance", "2024-03-01T19:00:00Z"),
    ]
    assert during[0]["content_text"].startswith("The maintenance is under way.\n\n")
    assert [item["_lagebild"]["services"]["gateway"] for item in after[:2]] == ["operational", "under_maintenance"]


def test_the_clock_is_silent_where_somebody_speaks(press: Any) -> None:
    """What was moved or called off before it began never begins, and what is said already is told once."""
    begun = PLANNED + "  - {at: 2024-03-01 20:00, status: in_progress}\n"
    moved = PLANNED + "  - {at: 2024-03-01 19:00, window: {from: 2024-03-08 20:00, to: 2024-03-08 22:00}}\n"
    called_off = PLANNED.replace("updates:", "cancelled: 2024-03-01 19:00\nupdates:")

    assert told(press, "2024-03-02 12:00", begun)[1:] == [
        ("2024-03-01T19:00Z", "in_progress", "03-01T19:00"),
        ("completed@2024-03-01T21:00Z", "completed", "03-01T21:00"),
    ]
    assert [status for _, status, _ in told(press, "2024-03-02 12:00", moved)] == ["scheduled", "scheduled"]
    assert [key for key, _, _ in told(press, "2024-03-02 12:00", called_off)] == ["2024-02-18T11:00Z", "cancelled"]


def test_a_maintenance_that_is_put_off_while_under_way_begins_twice(press: Any) -> None:
    """A window moved after it began leaves what the clock told of the first; each beginning has its own key."""
    put_off = PLANNED + (
        "  - at: 2024-03-01 20:30\n    status: scheduled\n    window: {from: 2024-03-08 20:00, to: 2024-03-08 22:00}\n"
    )

    assert told(press, "2024-03-09 12:00", put_off)[1:] == [
        ("in_progress@2024-03-01T19:00Z", "in_progress", "03-01T19:00"),
        ("2024-03-01T19:30Z", "scheduled", "03-01T19:30"),
        ("in_progress@2024-03-08T19:00Z", "in_progress", "03-08T19:00"),
        ("completed@2024-03-08T21:00Z", "completed", "03-08T21:00"),
    ]


def test_an_item_leads_to_its_word_on_the_page(press: Any) -> None:
    """Every item's address is that of an entry on the incident's page, of what the clock told too."""
    edition = press.edition("2024-03-02 12:00", {"planned": PLANNED, "down": OUTAGE})
    shown = [
        f"fr/incidents/2024/{facts.incident.id}/#{entry.anchor}"
        for facts in edition.facts.incidents
        for entry in entries(edition, "fr", facts)
    ]

    listed = items(press.files(feeds.outputs, edition), "fr/feed.json")

    assert len(shown) == 5
    assert sorted(path_of(item["url"]) for item in listed) == sorted(shown)


def test_a_new_word_leaves_what_was_said_before_as_it_was(press: Any) -> None:
    """An update that widens an incident changes neither its former items nor their composed titles."""
    begun = "services: {archive: degraded_performance}\nupdates:\n  - {at: 2024-02-19 08:00, status: investigating}\n"
    wider = "  - {at: 2024-02-19 09:00, status: identified, services: {gateway: major_outage, archive: major_outage}}\n"
    over = "  - {at: 2024-02-19 10:00, status: resolved}\n"
    first, second, third = (
        items(press.files(feeds.outputs, press.edition(NOW, {"down": written})))
        for written in (begun, begun + wider, begun + wider + over)
    )

    assert second[1:] == first
    assert third[1:] == second
    assert [item["title"] for item in second] == [
        "Identified – Gateway and Archive: major outage",
        "Investigating – Archive: degraded performance",
    ]


def test_an_end_told_as_a_day_does_not_lie_ahead(press: Any) -> None:
    """What was over "today" was over no later than it was told, and not before it began."""
    vague = OUTAGE.replace("at: 2024-02-19 10:00", "at: 2024-02-19")

    listed = items(press.files(feeds.outputs, press.edition(NOW, {"down": vague})))

    assert [item["_lagebild"]["resolved"] for item in listed] == ["2024-02-19T07:00:00Z", None]


def test_a_services_feed_holds_what_concerns_it(shipped: Mapping[str, bytes]) -> None:
    """The feed of a service leaves out what does not touch it, and leads to its page."""
    feed = json.loads(shipped["en/services/gateway/feed.json"])

    assert [item["_lagebild"]["incident"] for item in feed["items"]] == ["planned", "advice"]
    assert feed["title"] == "Example · Gateway"
    assert feed["home_page_url"] == "https://example.ch/status/en/services/gateway/"
    assert feed["feed_url"] == "https://example.ch/status/en/services/gateway/feed.json"


def test_a_service_joins_with_the_word_that_names_it(press: Any) -> None:
    """What was said before a service was touched does not turn up in its feed later."""
    begun = "services: {archive: degraded_performance}\nupdates:\n  - {at: 2024-02-19 08:00, status: investigating}\n"
    wider = "  - {at: 2024-02-19 09:00, status: identified, services: {gateway: major_outage}}\n"

    files = press.files(feeds.outputs, press.edition(NOW, {"down": begun + wider}))

    assert [i["_lagebild"]["status"] for i in items(files, "en/services/gateway/feed.json")] == ["identified"]
    assert len(items(files, "en/services/archive/feed.json")) == 2


def test_a_feed_without_items_has_a_date_that_stays(shipped: Mapping[str, bytes]) -> None:
    """Nothing to tell is told without the time of building."""
    read = feedparser.parse(shipped["en/services/upstream/feed.atom"])

    assert (read.entries, read.feed.updated) == ([], "2000-01-01T00:00:00+00:00")


def test_a_feed_holds_the_last_fifty(long: Mapping[str, bytes]) -> None:
    """The feed itself stays small whatever the history."""
    listed = items(long)

    assert len(listed) == PER_PAGE == 50
    assert [item["_lagebild"]["incident"] for item in listed] == [f"trouble-{n:03}" for n in range(119, 69, -1)]


def test_atom_pages_lead_through_the_whole_history(long: Mapping[str, bytes]) -> None:
    """`prev-archive` leads through archive documents as RFC 5005 describes them."""
    main, *archive = atom_pages(long, "fr/feed.atom")

    seen = [entry.findtext(f"{ATOM}id", "") for page in archive for entry in page.findall(f"{ATOM}entry")]
    assert len(archive) == 2
    assert len(seen) == len(set(seen)) == 100
    assert len({*seen, *(entry.findtext(f"{ATOM}id", "") for entry in main.findall(f"{ATOM}entry"))}) == 120
    assert main.find(f"{HISTORY}archive") is None
    for number, page in zip((2, 1), archive, strict=True):
        links = {link.get("rel"): path_of(link.get("href", "")) for link in page.findall(f"{ATOM}link")}
        assert page.find(f"{HISTORY}archive") is not None
        assert page.findtext(f"{ATOM}id") == main.findtext(f"{ATOM}id")
        assert links == {
            "self": f"fr/feed/{number}.atom",
            "current": "fr/feed.atom",
            "alternate": "fr/",
            **({"prev-archive": f"fr/feed/{number - 1}.atom"} if number > 1 else {}),
        }


@pytest.mark.parametrize(("count", "pages"), [(50, 0), (51, 1), (99, 1), (100, 2)])
def test_only_full_pages_are_archived(press: Any, count: int, pages: int) -> None:
    """A page of the archive exists once it is full and the feed no longer holds everything; services have none."""
    files = press.files(feeds.outputs, press.edition(NOW, many(count)))

    archived = {path for path in files if re.search(r"/feed/\d", path)}
    assert archived == {f"{lang}/feed/{n + 1}.atom" for n in range(pages) for lang in ("de", "fr", "en")}


def test_full_pages_never_change(press: Any, long: Mapping[str, bytes]) -> None:
    """What is said later leaves the archive as it was, byte for byte."""
    later = press.files(feeds.outputs, press.edition(NOW, many(160)))

    archived = [path for path in long if re.search(r"/feed/\d+\.", path)]
    assert archived
    assert [path for path in archived if later[path] != long[path]] == []


def test_outputs_change_their_inputs_with_their_bytes(press: Any) -> None:
    """While nothing goes in that is new, the digest stays; what changes the bytes changes the digest."""
    incidents = {"down": OUTAGE, "planned": PLANNED}
    editions = [
        press.edition(NOW, incidents),
        press.edition("2024-02-20 13:00", incidents),
        press.edition(NOW, {**incidents, "advice": NOTICE}),
        press.edition(NOW, {**incidents, "down": OUTAGE.replace("We are looking.", "We look.")}),
    ]

    runs = [{output.path: output for output in feeds.outputs(edition)} for edition in editions]

    assert [output.inputs for output in runs[0].values()] == [output.inputs for output in runs[1].values()]
    for former, later in pairwise(runs):
        for path, output in later.items():
            if former[path].render() != output.render():
                assert former[path].inputs != output.inputs, path
    assert runs[2]["en/services/archive/feed.json"].inputs == runs[0]["en/services/archive/feed.json"].inputs


def test_feeds_are_the_same_until_the_next_transition(press: Any) -> None:
    """From `now` up to the next transition every feed is the same byte for byte."""
    incidents = {"down": OUTAGE, "planned": PLANNED, "advice": NOTICE}
    first = press.edition("2024-02-19 07:00", incidents)
    last = press.edition(f"{first.facts.next_transition:%Y-%m-%d} 08:59:59", incidents)

    digests = [
        {path: hashlib.sha256(data).hexdigest() for path, data in press.files(feeds.outputs, edition).items()}
        for edition in (first, last)
    ]

    assert f"{first.facts.next_transition:%H:%M}" == "09:00"
    assert digests[0] == digests[1]


def test_plain_text_holds_no_markup(shipped: Mapping[str, bytes]) -> None:
    """`content_text` says the same as `content_html`."""
    for item in items(shipped, "de/feed.json"):
        bare = unescape(re.sub(r"<[^>]+>", "", item["content_html"]))

        assert bare.split() == item["content_text"].split()
