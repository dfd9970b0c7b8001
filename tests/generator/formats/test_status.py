"""status.json and heartbeat.json: every fact for programs, and whether the publisher is alive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.formats import heartbeat, status
from generator.formats.output import fill

NOW = "2024-02-20 09:00"
OUTAGE = """\
title: {de: Archiv nicht erreichbar}
services: {archive: major_outage}
started: about 2024-02-19 07:00
cause: internal
who: {de: nur einige, fr: certains, en: only some}
updates:
  - at: 2024-02-19 08:00
    status: investigating
    mail: held
    action: retry-later
    next_update: 2024-02-19 09:00
    text: {de: "Wir *suchen*."}
  - at: 2024-02-19 09:30
    status: identified
    corrected: 2024-02-19 09:45
    next_update: 2024-02-20 09:30
"""
PLANNED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-03-01 20:00, to: 2024-03-01 22:00}
updates:
  - at: 2024-02-18 12:00
"""
WORK = """\
kind: maintenance
services: [upstream]
window: {from: 2024-02-20 09:00, to: 2024-02-20 12:00}
updates:
  - at: 2024-02-18 12:00
"""
NOTICE = """\
kind: notice
title: {de: Hinweis}
services: [gateway]
ends: 2024-03-15
updates:
  - at: 2024-02-17 12:00
    text: {de: Bitte lesen.}
"""
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"
FALSE_ALARM = """\
services: {gateway: major_outage}
retracted: {at: 2024-02-10 09:00, reason: {de: Messfehler}}
updates:
  - {at: 2024-02-10 08:00, status: investigating}
"""
CALLED_OFF = PLANNED.replace("updates:", "cancelled: 2024-02-19 11:00\nupdates:")
EVERYTHING = {
    "down": OUTAGE,
    "planned": PLANNED,
    "work": WORK,
    "advice": NOTICE,
    "past": PAST,
    "alarm": FALSE_ALARM,
    "off": CALLED_OFF,
}


@pytest.fixture(scope="module")
def files(press: Any) -> Mapping[str, bytes]:
    """Return the files of a site on which everything happens at once."""
    written: Mapping[str, bytes] = press.files(status.outputs, press.edition(NOW, EVERYTHING))
    return written


@pytest.fixture(scope="module")
def document(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return status.json."""
    read: dict[str, Any] = json.loads(files["status.json"])
    return read


def faults(schema: dict[str, Any], document: object) -> list[str]:
    """Return where a document departs from a schema."""
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]


@pytest.mark.parametrize("incidents", [{}, EVERYTHING], ids=["nothing", "everything"])
def test_document_keeps_to_its_schema(press: Any, incidents: dict[str, str]) -> None:
    """status.json has the shape that its schema publishes, whatever has happened."""
    files = press.files(status.outputs, press.edition(NOW, incidents))
    schema, document = json.loads(files["schema/status-1.json"]), json.loads(files["status.json"])

    assert faults(schema, document) == []
    assert document["schema"] == schema["$id"] == "https://example.ch/status/schema/status-1.json"


def test_schema_refuses_what_it_does_not_know(files: Mapping[str, bytes], document: dict[str, Any]) -> None:
    """An unknown key, an unknown status and a bad time are each noticed."""
    schema = json.loads(files["schema/status-1.json"])
    wrong = [
        {**document, "more": 1},
        {**document, "status": "fine"},
        {**document, "services": [{**document["services"][0], "recorded_since": "yesterday"}]},
    ]

    assert all(faults(schema, candidate) for candidate in wrong)


def test_document_says_how_things_stand(document: dict[str, Any]) -> None:
    """The state, the headline in each language, tasks and services agree."""
    states = {
        service["id"]: (service["status"], service["status_for_all"], service["incidents"])
        for service in document["services"]
    }

    assert (document["status"], document["indicator"]) == ("major_outage", "major")
    assert document["headline"]["en"] == (
        "Not working: Archive (only some). Upstream: under maintenance. May affect: receive. Everything else works."
    )
    assert document["services"][1]["headline"] == {
        "de": "Archiv: Ausfall (nicht für alle)",
        "fr": "Archives\u202f: Panne (dans certains cas)",
        "en": "Archive: Major outage (for some)",
    }
    assert document["site"] == {
        "name": {"de": "Beispiel", "fr": "Exemple", "en": "Example"},
        "url": "https://example.ch/status/",
        "time_zone": "Europe/Zurich",
        "languages": {"de": "de-CH", "fr": "fr-CH", "en": "en-GB"},
        "uptime_weights": {
            "major_outage": 100,
            "partial_outage": 30,
            "degraded_performance": 0,
            "under_maintenance": 0,
        },
    }
    assert states == {
        "gateway": ("operational", "operational", []),
        "archive": ("major_outage", "operational", ["down"]),
        "upstream": ("under_maintenance", "under_maintenance", ["work"]),
    }
    assert {key: said for key, said in document["tasks"][0].items() if key != "limitations"} == {
        "id": "receive",
        "name": {"de": "Empfangen", "fr": "Recevoir", "en": "Receive"},
        "status": "under_maintenance",
        "services": ["gateway", "upstream"],
        "incidents": ["work"],
    }


def test_every_incident_stands_in_one_list(document: dict[str, Any]) -> None:
    """What is open, under way, planned, noted and over is kept apart."""
    listed = {name: [incident["id"] for incident in found] for name, found in document["incidents"].items()}

    assert listed == {
        "open": ["down"],
        "under_way": ["work"],
        "upcoming": ["planned"],
        "notices": ["advice"],
        "recent": ["off", "alarm", "past"],
    }


def test_an_incident_is_told_with_every_fact(document: dict[str, Any]) -> None:
    """Times are as vague as they are known; texts are Markdown, with the composed sentences beside them."""
    incident = document["incidents"]["open"][0]
    latest, first = incident["updates"]

    assert incident["url"]["fr"] == "https://example.ch/status/fr/incidents/2024/down/"
    assert incident["title"]["fr"] == "Archiv nicht erreichbar"
    assert incident["started"] == {
        "precision": "minute",
        "about": True,
        "first": "2024-02-19T06:00:00Z",
        "last": "2024-02-19T06:00:00Z",
    }
    assert (incident["ended"], incident["rough"], incident["cause"]) == (None, True, "internal")
    assert (incident["mail"], incident["action"]) == ("held", "retry-later")
    assert incident["who"]["en"] == "only some"
    assert incident["next_update"]["last"] == "2024-02-20T08:30:00Z"
    assert incident["overdue"] is True
    assert first["text"] == {"de": "Wir *suchen*."}
    assert first["sentences"]["en"][0] == "Mail is waiting in a queue and will be delivered later."
    assert latest["corrected"] == "2024-02-19T08:45:00Z"
    assert latest["status"] == "identified"


def test_only_a_notice_says_when_it_ends(document: dict[str, Any]) -> None:
    """When a notice no longer applies is known ahead, as vaguely as it was written; of all else it is null."""
    ends = {incident["id"]: incident["ends"] for listed in document["incidents"].values() for incident in listed}

    assert {id_ for id_, moment in ends.items() if moment is not None} == {"advice"}
    assert ends["advice"] == {
        "precision": "day",
        "about": False,
        "first": "2024-03-14T23:00:00Z",
        "last": "2024-03-15T23:00:00Z",
    }


def test_what_never_took_place_did_not_begin(document: dict[str, Any]) -> None:
    """Maintenance that lies ahead, or was called off before, has neither beginning nor end, but its window."""
    incidents = {incident["id"]: incident for listed in document["incidents"].values() for incident in listed}

    assert {id_ for id_, incident in incidents.items() if incident["started"] is None} == {"planned", "off"}
    assert [incidents[id_]["ended"] for id_ in ("planned", "off")] == [None, None]
    assert incidents["off"]["window"] == {"from": "2024-03-01T19:00:00Z", "to": "2024-03-01T21:00:00Z"}


def test_sentences_come_in_one_order(document: dict[str, Any]) -> None:
    """An update's sentences are how things stand, then mail, action and the next word, then that it was corrected."""
    latest, _ = document["incidents"]["open"][0]["updates"]

    assert latest["sentences"]["en"] == [
        "Archive: major outage since about 07:00 on 19\u00a0February\u00a02024.",
        "The cause has been found; we are working on a fix.",
        "Next update by 09:30 on 20\u00a0February\u00a02024.",
        "We corrected this update on 19\u00a0February\u00a02024 at 09:45.",
    ]


def test_a_false_alarm_says_so(document: dict[str, Any]) -> None:
    """What was taken back keeps its place, with when and why."""
    alarm = next(found for found in document["incidents"]["recent"] if found["id"] == "alarm")

    assert alarm["retracted"] == {"at": "2024-02-10T08:00:00Z", "reason": {"de": "Messfehler"}}
    assert (alarm["impact"], alarm["services"]) == ("none", {"gateway": "operational"})


def test_figures_stand_beside_the_seconds_they_come_from(document: dict[str, Any]) -> None:
    """Uptime is a number between 0 and 1; a day that is not over has no seconds; sound days are left out."""
    archive = document["services"][1]
    figures = {figure["days"]: figure for figure in archive["uptime"]}

    assert list(figures) == [1, 7, 30, 90, 365]
    assert figures[1]["uptime"] == pytest.approx(7 / 24, abs=1e-6)
    assert figures[1]["uptime"] <= 7 / 24
    assert figures[1]["seconds"]["major_outage"] == 17 * 3600
    assert figures[365]["seconds"]["not_recorded"] == (365 - 50) * 86400
    assert archive["recorded_since"] == "2024-01-01"
    assert [(day["date"], day["today"], day["seconds"] is None) for day in archive["days"]] == [
        ("2024-02-19", False, False),
        ("2024-02-20", True, True),
    ]


def test_document_stays_small_over_a_long_history(press: Any) -> None:
    """Of what is over, the last 50 stand in status.json; the feeds hold the rest."""
    old = {
        f"trouble-{n:02}": PAST.replace("2024-02-01", f"2024-01-{1 + n // 24:02}").replace("08:00", f"{n % 24:02}:00")
        for n in range(60)
    }

    document = json.loads(press.files(status.outputs, press.edition(NOW, old))["status.json"])

    assert [incident["id"] for incident in document["incidents"]["recent"]] == [
        f"trouble-{n:02}" for n in range(59, 9, -1)
    ]


def test_document_is_the_same_until_the_next_transition(press: Any) -> None:
    """Between two transitions status.json does not change, and nor does the digest of what goes into it."""
    first = press.edition("2024-02-20 08:30", EVERYTHING)
    last = press.edition("2024-02-20 10:59:59", EVERYTHING)

    former, later = ({output.path: output for output in status.outputs(edition)} for edition in (first, last))

    assert f"{first.facts.next_transition:%H:%M}" == "11:00"
    assert former["status.json"].inputs == later["status.json"].inputs
    assert former["status.json"].render() == later["status.json"].render()


def test_a_transition_changes_the_digest(press: Any) -> None:
    """When the work is over, status.json is written anew."""
    during = press.edition("2024-02-20 10:00", EVERYTHING)
    after = press.edition("2024-02-20 11:00", EVERYTHING)

    assert next(iter(status.outputs(during))).inputs != next(iter(status.outputs(after))).inputs


def test_heartbeat_keeps_to_its_schema(press: Any) -> None:
    """The heartbeat says when it was made, and when to stop believing it."""
    files = press.files(heartbeat.outputs, press.edition("2024-02-20 10:00", EVERYTHING))
    stamped = fill(files["heartbeat.json"], iso=b"2024-02-20T10:00:00Z", time=b"11:00", due=b"2024-02-20T10:30:00Z")

    beat = json.loads(stamped)

    assert faults(json.loads(files["schema/heartbeat-1.json"]), beat) == []
    assert beat == {
        "version": 1,
        "schema": "https://example.ch/status/schema/heartbeat-1.json",
        "rule": (
            "Once next_update_before has passed, every state of this site is UNKNOWN, never operational;"
            " once a check's stale_after has passed, nothing is known by that check."
        ),
        "generated_at": "2024-02-20T10:00:00Z",
        "next_update_before": "2024-02-20T10:30:00Z",
        "next_transition_at": "2024-02-20T11:00:00Z",
        "publish_every_seconds": 900,
        "faulty_files": 0,
        "probers": [],
        "checks": [],
    }


def test_only_the_heartbeat_is_stamped(press: Any) -> None:
    """What changes at every build is kept to one small file."""
    edition = press.edition(NOW, EVERYTHING)

    stamped = [o.path for o in (*status.outputs(edition), *heartbeat.outputs(edition)) if o.stamped]

    assert stamped == ["heartbeat.json"]


UPDATES = "updates: [{at: 2024-02-19 08:00, status: investigating}]"
MANY = """\
name: Example
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {en: en_GB}
publish_every: 15m
groups: [{id: all, name: All}]
services:
  - {id: gateway, name: Gateway, group: all}
tasks:
""" + "".join(f"  - {{id: t{n}, name: Do {n}, services: [gateway]}}\n" for n in range(5))


def headline(press: Any, edition: Any) -> str:
    """Return the English headline of an edition."""
    return str(json.loads(press.files(status.outputs, edition)["status.json"])["headline"]["en"])


def test_the_rest_works_only_where_there_is_some(press: Any) -> None:
    """Where every service fails for everybody, and one of them worse for some, nothing else is said to work."""
    everybody = f"services: {{gateway: degraded_performance, archive: degraded_performance}}\n{UPDATES}"
    some = f"services: {{archive: major_outage}}\nwho: {{en: only some}}\n{UPDATES}"

    said = headline(press, press.edition(NOW, {"everybody": everybody, "some": some}))

    assert said == "Not working: Archive (only some). Disrupted: receive; Archive, for all others."


def test_nothing_is_said_to_work_while_an_incident_is_not_placed(press: Any) -> None:
    """Until somebody says which services an incident affects, its impact is the indicator's, and no task works."""
    edition = press.edition(NOW, {"unplaced": f"services: {{}}\n{UPDATES}"})
    files = press.files(status.outputs, edition)
    document = json.loads(files["status.json"])

    assert (document["indicator"], [one["impact"] for one in document["incidents"]["open"]]) == ("minor", ["minor"])
    assert {task["status"] for task in document["tasks"]} == {None}
    assert not faults(json.loads(files["schema/status-1.json"]), document)


def test_what_is_not_placed_yet_is_said_beside_many_tasks(press: Any) -> None:
    """An incident of unknown reach is told of, however many tasks another one stops."""
    incidents = {"down": f"services: {{gateway: major_outage}}\n{UPDATES}", "unplaced": f"services: {{}}\n{UPDATES}"}

    said = headline(press, press.edition(NOW, incidents, site=MANY))

    assert said.endswith(
        "Other functions are affected too."
        " Another incident is being investigated; which services it affects is not known yet."
    )
