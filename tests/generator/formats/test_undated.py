"""Updates of which nobody noted when they were told: dated by what they tell, never by a time that is made up."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from generator.content import incident_schema, incidents
from generator.formats import feeds, status
from generator.formats.entries import entries
from generator.formats.html.pages import incident
from tests.generator.formats.conftest import Press

NOW = "2024-03-01 12:00"
UNDATED = """\
services: {archive: major_outage}
started: 2024-02-19 04:00
updates:
  - at: unknown
    status: investigating
    text: {de: Wir suchen., fr: Nous cherchons., en: We are looking.}
  - at: unknown
    effective: 2024-02-19 08:20
    status: resolved
    text: {de: Behoben., fr: Résolu., en: Fixed.}
"""
DATED = UNDATED.replace("at: unknown\n    status", "at: 2024-02-19 07:00\n    status")
PLANNED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-02-20 20:00, to: 2024-02-20 22:00}
updates:
  - at: unknown
"""
NOTICE = """\
kind: notice
title: {de: Hinweis, fr: Avis, en: Advice}
updates:
  - at: 2024-02-17 12:00
"""


def view(press: Press, text: str, lang: str = "en") -> dict[str, Any]:
    """Return what the template of an incident's page is given."""
    edition = press.edition(NOW, {"trouble": text})
    return next(incident.pages(edition)).view(lang)


def labelled(shown: dict[str, Any]) -> dict[str, str]:
    """Return the facts of a page by their labels."""
    return {fact.label: fact.value.text for fact in shown["facts"]}


def instant(written: str) -> datetime:
    """Return a time of UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def test_it_counts_as_told_when_it_can_first_have_been(press: Press) -> None:
    """The first word falls back to the beginning, a later one to what it tells; neither is called late."""
    (facts,) = press.edition(NOW, {"trouble": UNDATED}).facts.incidents

    assert [update.told for update in facts.updates] == [instant("2024-02-19 03:00"), instant("2024-02-19 07:20")]
    assert (facts.told, facts.last_told) == (instant("2024-02-19 03:00"), instant("2024-02-19 07:20"))
    assert not facts.told_late
    assert [(span.start, span.end) for span in facts.spans] == [
        (instant("2024-02-19 03:00"), instant("2024-02-19 07:20"))
    ]


def test_no_word_counts_as_told_before_the_one_above(press: Press) -> None:
    """What took place before the update above was told is told with it."""
    late = UNDATED.replace("at: unknown\n    status", "at: 2024-02-19 11:00\n    status")
    (facts,) = press.edition(NOW, {"trouble": late}).facts.incidents

    assert [update.told for update in facts.updates] == [instant("2024-02-19 10:00")] * 2
    assert facts.ended is not None
    assert facts.ended.first == instant("2024-02-19 07:20")


def test_its_key_does_not_rest_on_the_beginning(press: Press) -> None:
    """A corrected `started:` changes no key: the first is "unknown", a later one is made from its `effective`."""
    corrected = UNDATED.replace("19 04:00", "19 03:30")
    keys = [
        [update.key for update in press.edition(NOW, {"trouble": text}).facts.incidents[0].updates]
        for text in (UNDATED, corrected)
    ]

    assert keys == [["unknown", "2024-02-19T07:20Z"]] * 2


def test_the_page_claims_no_first_report(press: Press) -> None:
    """Nothing stands beside "First reported", and no tick stands for a word; a sentence says what the times are not."""
    undated, dated = view(press, UNDATED), view(press, DATED)

    assert "First reported" not in labelled(undated)
    assert labelled(dated)["First reported"] == "19\u00a0February\u00a02024, 07:00"
    assert undated["notes"] == ["Posting times were not recorded."]
    assert dated["notes"] == ["Some posting times were not recorded."]
    assert (undated["course"].told, dated["course"].told.count("M")) == ("", 1)


def test_a_time_that_is_shown_as_unknown_needs_no_sentence(press: Press) -> None:
    """Where no other time stands beside an undated word, "time unknown" says it all."""
    assert view(press, PLANNED)["notes"] == []


def test_the_words_show_when_it_was(press: Press) -> None:
    """Beside a word stands when what it tells took place, and "time unknown" where that is not known either."""
    edition = press.edition(NOW, {"trouble": UNDATED})
    speech, (facts,) = edition.speeches["en"], edition.facts.incidents

    stamps = [(speech.moment(entry.at), entry.machine) for entry in entries(edition, "en", facts)]

    assert stamps == [("19\u00a0February\u00a02024, 08:20", "2024-02-19T07:20:00Z"), ("time unknown", "")]


def test_feeds_and_programs_get_the_earliest_time(press: Press) -> None:
    """Feeds need a date and take that; programs learn from `at` that nobody noted it."""
    edition = press.edition(NOW, {"trouble": UNDATED})

    items = json.loads(press.files(feeds.outputs, edition)["en/feed.json"])["items"]
    (told,) = json.loads(press.files(status.outputs, edition)["status.json"])["incidents"]["recent"]

    assert [item["date_published"] for item in items] == ["2024-02-19T07:20:00Z", "2024-02-19T03:00:00Z"]
    assert [update["at"]["precision"] for update in told["updates"]] == ["unknown", "unknown"]
    assert told["told"] == "2024-02-19T03:00:00Z"


def test_an_undated_maintenance_shows_from_its_window_on(press: Press) -> None:
    """It is anchored by its window, says no announcement, and is over by the clock."""
    edition = press.edition("2024-02-20 19:30", {"trouble": PLANNED})
    (facts,) = edition.facts.incidents

    assert press.edition("2024-02-20 18:59", {"trouble": PLANNED}).facts.incidents == ()
    assert facts.told == instant("2024-02-20 19:00")
    assert facts.status == "in_progress"
    assert "Announced" not in labelled(view(press, PLANNED))


@pytest.mark.parametrize(
    ("lang", "planned", "notice"),
    [("de", "Angekündigt", "Veröffentlicht"), ("fr", "Annoncée", "Publié"), ("en", "Announced", "Published")],
)
def test_what_is_no_incident_is_not_reported(press: Press, lang: str, planned: str, notice: str) -> None:
    """A maintenance was announced and a notice published; only an incident is first reported."""
    works = labelled(view(press, PLANNED.replace("at: unknown", "at: 2024-02-16 12:00"), lang))
    advice = labelled(view(press, NOTICE, lang))

    assert "16" in works[planned]
    assert "17" in advice[notice]


def test_the_schema_allows_it(press: Press) -> None:
    """An editor does not complain about `at: unknown`, nor does `check`."""
    site = press.edition(NOW, {}).facts.site
    schema = Draft202012Validator(incident_schema.schema(site, ()))
    written = yaml.load(UNDATED, yaml.BaseLoader)  # noqa: S506 - it makes nothing but text, lists and mappings

    found, problems = incidents.parse(
        incidents.IncidentFile(path="incidents/2024/trouble.yaml", text=UNDATED), site=site, now=instant(NOW)
    )

    assert schema.is_valid(written)
    assert found is not None
    assert problems == []
