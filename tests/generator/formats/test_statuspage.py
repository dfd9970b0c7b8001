"""The Statuspage v2 API as files: its exact shapes, permanent ids, and what each word says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator import pipeline, sources
from generator.content.judge import judge
from generator.formats import statuspage
from generator.formats.edition import Edition
from generator.formats.openapi.paths import STATUSPAGE as RESOURCES
from generator.formats.openapi.statuspage import SHAPES
from tests.compiled import COMPILED

SITE = """\
name: {de: Beispiel, fr: Exemple, en: Example}
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {de: de_CH, fr: fr_CH, en: en_GB}
record_since: 2023-01-01
groups:
  - {id: empty, name: {de: Leer, fr: Vide, en: Empty}}
  - {id: mail, name: {de: Post, fr: Courrier, en: Mail}}
  - {id: third, name: {de: Dritte, fr: Tiers, en: Third parties}}
services:
  - {id: gateway, name: Gateway, group: mail, description: {de: Nimmt an., fr: Reçoit., en: Receives.}}
  - {id: upstream, name: Upstream, group: third, own: false}
  - {id: archive, name: {de: Archiv, fr: Archives, en: Archive}, group: mail, since: 2024-01-01}
"""
NOW = "2024-02-20 09:00"
OUTAGE = """\
title: {de: Archiv nicht erreichbar, fr: Archives inaccessibles, en: Archive unavailable}
services: {archive: major_outage}
started: 2024-02-19 07:00
who: {de: nur einige, fr: certains, en: only some}
updates:
  - at: 2024-02-19 08:30
    status: investigating
    mail: held
    text: {de: "Wir *suchen*.\\n\\nMehr [hier](https://example.ch/).", en: We are *looking*.}
  - at: 2024-02-19 09:30
    status: identified
    corrected: 2024-02-19 09:45
    services: {archive: degraded_performance, gateway: partial_outage}
  - at: 2024-02-19 10:00
    status: monitoring
    services: {gateway: operational}
"""
WORK = """\
kind: maintenance
services: [upstream]
window: {from: 2024-02-20 09:00, to: 2024-02-20 12:00}
updates:
  - at: 2024-02-18 12:00
"""
PLANNED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-03-01 20:00, to: 2024-03-01 22:00}
updates:
  - at: 2024-02-18 12:00
"""
CANCELLED = """\
kind: maintenance
services: [gateway]
window: {from: 2024-02-19 20:00, to: 2024-02-19 22:00}
cancelled: 2024-02-19 18:00
updates:
  - at: 2024-02-18 12:00
"""
NOTICE = "kind: notice\ntitle: {de: Hinweis}\nservices: [gateway]\nupdates:\n  - {at: 2024-02-17 12:00}\n"
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"
FALSE_ALARM = """\
services: {gateway: major_outage}
retracted: {at: 2024-02-10 09:00, reason: {de: Messfehler, en: A faulty probe.}}
updates:
  - {at: 2024-02-10 08:00, status: investigating}
"""
EVERYTHING = {
    "down": OUTAGE,
    "work": WORK,
    "planned": PLANNED,
    "off": CANCELLED,
    "advice": NOTICE,
    "past": PAST,
    "alarm": FALSE_ALARM,
}
SHIPPED_AT = ("2020-01-01", "2023-01-25 06:00", "2023-04-12 10:00", "2023-09-13 10:00", NOW, "2024-06-01")


def documents(press: Any, edition: Edition) -> dict[str, Any]:
    """Return the documents by path, without `.json`."""
    files = press.files(statuspage.outputs, edition)
    return {path.removesuffix(".json"): json.loads(data) for path, data in files.items()}


def everything(press: Any, now: str = NOW, **changed: str) -> dict[str, Any]:
    """Return the documents of a site on which everything happens at once."""
    return documents(press, press.edition(now, {**EVERYTHING, **changed}, site=SITE))


def faults(path: str, document: object) -> list[str]:
    """Return where a document departs from its shape."""
    name = RESOURCES[path.partition("api/v2/")[2]][0]
    validator = Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}Document", "components": {"schemas": SHAPES}},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [f"{path}{fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]


def shipped(checkout: Path, now: str) -> Edition:
    """Return the edition of this repository's content at an instant (UTC)."""
    read, instant = sources.read(checkout), datetime.fromisoformat(now).replace(tzinfo=UTC)
    return pipeline.derive(read, judge(read, instant), instant, compiled=COMPILED)


def events(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every incident and maintenance of every document."""
    for document in found.values():
        yield from document.get("incidents", ())
        yield from document.get("scheduled_maintenances", ())


@pytest.mark.parametrize("incidents", [{}, EVERYTHING], ids=["nothing", "everything"])
@pytest.mark.parametrize("now", ["2024-01-01 00:00", "2024-02-20 08:00", NOW, "2024-03-02 00:00"])
def test_documents_keep_to_their_schemas(press: Any, incidents: dict[str, str], now: str) -> None:
    """Each document has its exact shape, whatever has happened, at the root and in each language."""
    found = documents(press, press.edition(now, incidents, site=SITE))

    assert sorted(found) == sorted(
        f"{folder}api/v2/{name}" for folder in ("", "de/", "fr/", "en/") for name in statuspage.DOCUMENTS
    )
    assert [fault for path, document in found.items() for fault in faults(path, document)] == []


@pytest.mark.parametrize("now", SHIPPED_AT)
def test_the_shipped_site_keeps_to_the_schemas(press: Any, checkout: Path, now: str) -> None:
    """The site of this repository has the exact shapes throughout its history."""
    found = documents(press, shipped(checkout, now))

    assert [fault for path, document in found.items() for fault in faults(path, document)] == []


def test_schemas_refuse_what_clients_refuse(press: Any) -> None:
    """An unknown key, a time not written so, another id, no update and a translated description are noticed."""
    incidents = everything(press)["api/v2/incidents"]
    status = everything(press)["api/v2/status"]
    first = incidents["incidents"][0]
    wrong = [
        {**incidents, "stale": False},
        {**incidents, "incidents": [{**first, "mail": "held"}]},
        {**incidents, "incidents": [{**first, "created_at": "2024-02-19T08:30:00+01:00"}]},
        {**incidents, "incidents": [{**first, "created_at": "2024-02-19T07:30:00.000Z"}]},
        {**incidents, "incidents": [{**first, "id": "2024-02-19-x"}]},
        {**incidents, "incidents": [{**first, "incident_updates": []}]},
        {**incidents, "incidents": [first] * 51},
    ]

    assert all(faults("api/v2/incidents", candidate) for candidate in wrong)
    assert faults("api/v2/status", {**status, "status": {"indicator": "none", "description": "Alles gut"}})


def test_keys_stand_in_the_order_of_statuspage(press: Any) -> None:
    """The keys of every object come in the order in which Statuspage writes them."""
    summary = everything(press)["api/v2/summary"]
    incident, maintenance = summary["incidents"][0], summary["scheduled_maintenances"][0]
    update = incident["incident_updates"][0]

    written = {
        "Page": summary["page"],
        "ComponentGroup": summary["components"][0],
        "Component": summary["components"][1],
        "Incident": incident,
        "Maintenance": maintenance,
        "IncidentUpdate": update,
        "AffectedComponent": update["affected_components"][0],
    }

    assert list(summary) == ["page", "components", "incidents", "scheduled_maintenances", "status"]
    assert {name: list(found) for name, found in written.items()} == {
        name: SHAPES[name]["required"] for name in written
    }


def test_what_holds_of_every_event(press: Any, checkout: Path) -> None:
    """The newest update has the state of the whole, nothing ends before it begins, and what is over does no harm."""
    editions = [press.edition(now, EVERYTHING, site=SITE) for now in ("2024-02-19 08:40", NOW, "2024-04-01 00:00")]
    editions += [shipped(checkout, now) for now in SHIPPED_AT]

    found = [event for edition in editions for event in events(documents(press, edition))]

    for event in found:
        updates = event["incident_updates"]
        told = [datetime.fromisoformat(update["display_at"]) for update in updates]
        over = event["status"] in ("resolved", "completed")
        assert updates[0]["status"] == event["status"]
        assert told == sorted(told, reverse=True)
        created, updated, started = (
            datetime.fromisoformat(event[f"{what}_at"]) for what in ("created", "updated", "started")
        )
        modified = [datetime.fromisoformat(one["updated_at"]) for one in updates]
        assert told[-1] == created <= updated == max(modified)
        assert (event["resolved_at"] is not None) is over
        assert not over or started <= datetime.fromisoformat(event["resolved_at"]) <= updated
        assert all(update["body"] and update["incident_id"] == event["id"] for update in updates)
        last = {one["new_status"] for one in updates[0]["affected_components"] or ()}
        assert not over or last <= {"operational"}
        for newer, older in pairwise(updates):
            before = {one["code"]: one["new_status"] for one in older["affected_components"] or ()}
            after = {one["code"]: one["old_status"] for one in newer["affected_components"] or ()}
            assert after == {**dict.fromkeys(after, "operational"), **before}
    assert len(found) > 100


def test_what_is_down_for_some_is_a_partial_outage(press: Any) -> None:
    """A component that is out for some customers alone is partly out, as Statuspage defines it, and not critical."""
    updates = "updates:\n  - {at: 2024-02-20 10:00, status: investigating}\n"
    some = f"services: {{archive: major_outage}}\nwho: {{en: only some}}\n{updates}"

    files = press.files(statuspage.outputs, press.edition("2024-02-20 11:00", {"some": some}))
    summary = json.loads(files["en/api/v2/summary.json"])

    assert {one["name"]: one["status"] for one in summary["components"]}["Archive"] == "partial_outage"
    assert [one["impact"] for one in summary["incidents"]] == ["major"]


def test_an_incident_is_told_word_by_word(press: Any) -> None:
    """Updates are newest first; each says which components it found how, and how it left them."""
    incident = everything(press)["en/api/v2/incidents/unresolved"]["incidents"][0]
    latest, middle, first = incident["incident_updates"]

    def changes(update: dict[str, Any]) -> list[tuple[str, str, str]]:
        return [(one["name"], one["old_status"], one["new_status"]) for one in update["affected_components"]]

    assert (incident["name"], incident["status"], incident["impact"]) == (
        "Archive unavailable",
        "monitoring",
        "major",
    )
    assert incident["shortlink"] == "https://example.ch/status/en/incidents/2024/down/"
    assert incident["started_at"] == "2024-02-19T07:00:00.000+01:00"
    assert incident["created_at"] == first["created_at"] == first["display_at"] == "2024-02-19T08:30:00.000+01:00"
    assert incident["monitoring_at"] == incident["updated_at"] == "2024-02-19T10:00:00.000+01:00"
    assert (middle["display_at"], middle["updated_at"]) == (
        "2024-02-19T09:30:00.000+01:00",
        "2024-02-19T09:45:00.000+01:00",
    )
    assert changes(first) == [("Mail - Archive", "operational", "partial_outage")]
    assert changes(middle) == [
        ("Mail - Gateway", "operational", "partial_outage"),
        ("Mail - Archive", "partial_outage", "degraded_performance"),
    ]
    assert changes(latest) == [
        ("Mail - Gateway", "partial_outage", "operational"),
        ("Mail - Archive", "degraded_performance", "degraded_performance"),
    ]
    assert [(one["name"], one["status"]) for one in incident["components"]] == [
        ("Gateway", "operational"),
        ("Archive", "degraded_performance"),
    ]


def test_times_carry_the_offset_of_the_site(press: Any) -> None:
    """A time is that of the site's clock, summer and winter; clients cut it off and print `time_zone` beside it."""
    summer = WORK.replace("2024-02-20", "2024-07-20")
    abroad = SITE.replace("Europe/Zurich", "America/New_York")

    here, there = (
        documents(press, press.edition(NOW, {"work": WORK, "later": summer}, site=site))["api/v2/summary"]
        for site in (SITE, abroad)
    )

    assert [one["scheduled_for"] for one in here["scheduled_maintenances"]] == [
        "2024-02-20T09:00:00.000+01:00",
        "2024-07-20T09:00:00.000+02:00",
    ]
    assert [one["scheduled_for"] for one in there["scheduled_maintenances"]] == [
        "2024-02-20T09:00:00.000-05:00",
        "2024-07-20T09:00:00.000-04:00",
    ]
    assert here["page"]["time_zone"] == "Europe/Zurich"


def test_bodies_are_plain_text(press: Any) -> None:
    """Whom it concerns comes before the written text, what becomes of mail after it; Markdown leaves no trace."""
    found = everything(press)

    german, french = (
        found[f"{lang}/api/v2/incidents/unresolved"]["incidents"][0]["incident_updates"][-1]["body"].split("\n\n")
        for lang in ("de", "fr")
    )

    assert german[:3] == ["Betroffen: nur einige", "Wir suchen.", "Mehr hier (https://example.ch/)."]
    assert "Warteschlange" in german[3]
    assert french[1].startswith("Pas encore traduit")
    assert french[2:4] == german[1:3]


def test_what_nobody_wrote_is_composed(press: Any) -> None:
    """An update without text says what the facts say, and that it was corrected."""
    incident = everything(press)["en/api/v2/incidents/unresolved"]["incidents"][0]

    body = incident["incident_updates"][1]["body"].split("\n\n")

    assert body[0].startswith("Gateway: partial outage since ")
    assert body[0].endswith("The cause has been found; we are working on a fix.")
    assert body[1] == "Affected: only some"
    assert body[2].startswith("We corrected this update ")


def test_the_review_comes_with_the_end(press: Any) -> None:
    """The long text of an incident is part of the update that closed it."""
    edition = press.edition(NOW, {"past": PAST}, site=SITE, beside={"past": {"en": "A *disk* was full."}})

    updates = documents(press, edition)["en/api/v2/incidents"]["incidents"][0]["incident_updates"]

    assert updates[0]["body"].endswith("Review\n\nA disk was full.")


def test_the_clock_carries_a_maintenance_on(press: Any) -> None:
    """Where nobody says that work begins and ends, an update of its own says so, at the edges of the window."""
    active = everything(press)["en/api/v2/scheduled-maintenances/active"]["scheduled_maintenances"][0]
    after = everything(press, "2024-02-20 11:00")["en/api/v2/scheduled-maintenances"]["scheduled_maintenances"]
    done = next(event for event in after if event["id"] == active["id"])

    assert (active["status"], active["resolved_at"], active["impact"]) == ("in_progress", None, "maintenance")
    assert (active["scheduled_for"], active["scheduled_until"]) == (
        "2024-02-20T09:00:00.000+01:00",
        "2024-02-20T12:00:00.000+01:00",
    )
    assert [(one["status"], one["body"], one["display_at"]) for one in done["incident_updates"]] == [
        ("completed", "The maintenance is complete.", "2024-02-20T12:00:00.000+01:00"),
        ("in_progress", "The maintenance is under way.", "2024-02-20T09:00:00.000+01:00"),
        ("scheduled", done["incident_updates"][2]["body"], "2024-02-18T12:00:00.000+01:00"),
    ]
    assert done["incident_updates"][1:] == active["incident_updates"]
    assert [one["affected_components"][0]["new_status"] for one in done["incident_updates"]] == [
        "operational",
        "under_maintenance",
        "operational",
    ]


def test_what_staff_say_takes_the_place_of_the_clock(press: Any) -> None:
    """Work that staff begin and end themselves is told once; a moved window leaves what was told before."""
    spoken = WORK + (
        "  - {at: 2024-02-20 08:50, status: in_progress}\n"
        "  - {at: 2024-02-20 10:00, status: verifying}\n"
        "  - {at: 2024-02-20 10:30, status: completed}\n"
    )
    moved = WORK + (
        "  - at: 2024-02-20 09:30\n    status: scheduled\n    window: {from: 2024-02-21 09:00, to: 2024-02-21 10:00}\n"
    )

    def told(text: str) -> list[tuple[str, str]]:
        found = documents(press, press.edition("2024-02-22 12:00", {"work": text}, site=SITE))
        event = found["api/v2/scheduled-maintenances"]["scheduled_maintenances"][0]
        return [(one["status"], one["display_at"][5:16]) for one in reversed(event["incident_updates"])]

    assert told(spoken) == [
        ("scheduled", "02-18T12:00"),
        ("in_progress", "02-20T08:50"),
        ("verifying", "02-20T10:00"),
        ("completed", "02-20T10:30"),
    ]
    assert told(moved) == [
        ("scheduled", "02-18T12:00"),
        ("in_progress", "02-20T09:00"),
        ("scheduled", "02-20T09:30"),
        ("in_progress", "02-21T09:00"),
        ("completed", "02-21T10:00"),
    ]


def test_what_was_taken_back_stays_and_says_so(press: Any) -> None:
    """A false alarm is resolved and a cancelled maintenance is completed, each with the word of it as the latest."""
    found = everything(press)
    alarm = found["en/api/v2/incidents"]["incidents"][1]
    off = found["en/api/v2/scheduled-maintenances"]["scheduled_maintenances"][2]

    assert (alarm["status"], alarm["impact"], alarm["resolved_at"]) == (
        "resolved",
        "none",
        "2024-02-10T09:00:00.000+01:00",
    )
    assert alarm["incident_updates"][0]["body"] == "This was a false alarm.\n\nA faulty probe."
    assert alarm["incident_updates"][0]["affected_components"][0]["old_status"] == "major_outage"
    assert (off["status"], off["resolved_at"]) == ("completed", "2024-02-19T18:00:00.000+01:00")
    assert off["started_at"] == off["created_at"]
    assert [one["status"] for one in off["incident_updates"]] == ["completed", "scheduled"]
    assert off["incident_updates"][0]["body"] == "This maintenance will not take place."


def test_each_list_holds_its_own(press: Any) -> None:
    """What is over, open, ahead and under way is where clients look for it; notices are nowhere."""
    found = everything(press)

    listed = {
        path: [(event["shortlink"].split("/")[-2]) for event in events({path: found[path]})]
        for path in found
        if path.startswith("api/")
    }

    assert listed == {
        "api/v2/summary": ["down", "work", "planned"],
        "api/v2/status": [],
        "api/v2/components": [],
        "api/v2/incidents": ["down", "alarm", "past"],
        "api/v2/incidents/unresolved": ["down"],
        "api/v2/scheduled-maintenances": ["planned", "work", "off"],
        "api/v2/scheduled-maintenances/upcoming": ["planned"],
        "api/v2/scheduled-maintenances/active": ["work"],
    }


def test_groups_come_before_their_components(press: Any) -> None:
    """A group has the worst status of its components; positions begin anew in each; an empty group is left out."""
    components = everything(press)["fr/api/v2/components"]["components"]
    rows = [(one["name"], one["group"], one["position"], one["status"]) for one in components]
    mail, gateway, archive = components[:3]

    assert rows == [
        ("Courrier", True, 1, "degraded_performance"),
        ("Gateway", False, 1, "operational"),
        ("Archives", False, 2, "degraded_performance"),
        ("Tiers", True, 2, "under_maintenance"),
        ("Upstream", False, 1, "under_maintenance"),
    ]
    assert mail["components"] == [gateway["id"], archive["id"]]
    assert gateway["group_id"] == archive["group_id"] == mail["id"]
    assert (gateway["description"], archive["description"]) == ("Reçoit.", None)
    assert (gateway["start_date"], archive["start_date"]) == ("2023-01-01", "2024-01-01")
    assert archive["created_at"] == "2024-01-01T00:00:00.000+01:00"
    assert archive["updated_at"] == "2024-02-19T10:00:00.000+01:00"


def test_the_page_tells_when_anything_last_changed(press: Any) -> None:
    """`updated_at` is that of the last change, not of the build; before the first one, the beginning of the record."""
    page = everything(press)["en/api/v2/status"]["page"]
    root = everything(press)["api/v2/status"]["page"]
    new = documents(press, press.edition(NOW, {}, site=SITE))["api/v2/status"]["page"]

    assert page == {
        "id": root["id"],
        "name": "Example",
        "url": "https://example.ch/status/en",
        "time_zone": "Europe/Zurich",
        "updated_at": "2024-02-20T09:00:00.000+01:00",
    }
    assert (root["name"], root["url"]) == ("Beispiel", "https://example.ch/status")
    assert new["updated_at"] == "2023-01-01T00:00:00.000+01:00"


@pytest.mark.parametrize(
    ("status", "indicator", "description"),
    [
        ("degraded_performance", "minor", "Partially Degraded Service"),
        ("partial_outage", "major", "Partial System Outage"),
        ("major_outage", "major", "Partial System Outage"),
    ],
)
def test_the_state_is_told_in_the_words_of_statuspage(
    press: Any, status: str, indicator: str, description: str
) -> None:
    """The description is Statuspage's own in every language, because clients compare it."""
    incident = f"services: {{gateway: {status}}}\nupdates:\n  - {{at: 2024-02-20 08:00, status: investigating}}\n"
    found = documents(press, press.edition(NOW, {"x": incident}, site=SITE))

    said = [document["status"] for path, document in found.items() if path.endswith(("/status", "/summary"))]

    assert said == [{"indicator": indicator, "description": description}] * 8


def test_ids_never_change(press: Any) -> None:
    """An id is the same in every language, in every document, whatever else was told before or after."""
    alone = documents(press, press.edition("2024-02-19 08:00", {"down": OUTAGE}, site=SITE))
    later = everything(press, earlier=PAST.replace("02-01", "01-01"))
    renamed = documents(press, press.edition(NOW, {"down": OUTAGE.replace("Archiv", "Lager")}, site=SITE))

    def ids(document: dict[str, Any]) -> dict[str, str]:
        event = next(one for one in document["incidents"] if "/down/" in one["shortlink"])
        updates = {one["display_at"]: one["id"] for one in event["incident_updates"]}
        return {"page": document["page"]["id"], "incident": event["id"], **updates}

    first = ids(alone["api/v2/incidents"])

    assert first == {
        "page": "9lrgaquz584g",
        "incident": "gz6479oe0nfa",
        "2024-02-19T08:30:00.000+01:00": "4a6f4vu3uw34",
    }
    for found in (later, renamed):
        for lang in ("", "de/", "fr/", "en/"):
            assert first.items() <= ids(found[f"{lang}api/v2/incidents"]).items()
            assert first.items() <= ids(found[f"{lang}api/v2/summary"]).items()


def test_ids_differ_between_kinds_and_sites(press: Any) -> None:
    """A group and a service of the same name have ids of their own, and so has another site."""
    site = SITE.replace("id: third", "id: upstream").replace("group: third", "group: upstream")
    here = documents(press, press.edition(NOW, {}, site=site))["api/v2/components"]["components"]
    there = documents(press, press.edition(NOW, {}, site=site.replace("ch,2026", "org,2026")))
    elsewhere = there["api/v2/components"]["components"]

    ids = [one["id"] for one in (*here, *elsewhere)]

    assert len(set(ids)) == len(ids) == 10


def test_lists_hold_the_fifty_most_recent(press: Any) -> None:
    """Of many incidents the latest fifty are listed; what is unresolved is never crowded out."""
    old = {
        f"trouble-{n:02}": PAST.replace("2024-02-01", f"2024-01-{1 + n // 24:02}").replace("08:00", f"{n % 24:02}:00")
        for n in range(60)
    }
    old["trouble-05"] = old["trouble-05"].replace("resolved", "identified")

    listed = documents(press, press.edition(NOW, old, site=SITE))["api/v2/incidents"]["incidents"]

    names = [event["shortlink"].split("/")[-2] for event in listed]
    assert names == [*(f"trouble-{n:02}" for n in range(59, 10, -1)), "trouble-05"]


def test_hostile_words_come_out_right(press: Any) -> None:
    """Quotes, markup, emoji and marks are kept as they are; a name has no line breaks and no control characters."""
    title = '"<b>&amp;\u200fabc\u200e 📬\nsecond\tline end' + "x" * 250
    quoted = json.dumps(title, ensure_ascii=False)
    outage = OUTAGE.replace("{de: Archiv nicht erreichbar,", f"{{de: {quoted},")

    found = documents(press, press.edition(NOW, {"down": outage}, site=SITE))

    name = found["de/api/v2/incidents"]["incidents"][0]["name"]
    assert name == '"<b>&amp;\u200fabc\u200e 📬 second line end' + "x" * 250
    assert [fault for path, document in found.items() for fault in faults(path, document)] == []


def test_documents_are_the_same_until_the_next_transition(press: Any) -> None:
    """Between two transitions no document changes, and nor does the digest of what goes into it."""
    first = press.edition("2024-02-20 08:30", EVERYTHING, site=SITE)
    last = press.edition("2024-02-20 10:59:59", EVERYTHING, site=SITE)

    former, later = ([(o.path, o.inputs, o.render()) for o in statuspage.outputs(one)] for one in (first, last))

    assert f"{first.facts.next_transition:%H:%M}" == "11:00"
    assert former == later


@pytest.mark.slow
def test_digests_tell_documents_apart(press: Any) -> None:
    """Wherever a document differs from one instant or content to another, so does the digest of its inputs."""
    at = ["2024-02-18 11:00", "2024-02-19 07:30", "2024-02-19 08:30", "2024-02-19 08:45", "2024-02-19 09:00"]
    at += ["2024-02-19 17:00", "2024-02-19 19:00", "2024-02-20 08:00", "2024-02-20 11:00", "2024-02-21 23:00"]
    contents = [EVERYTHING, {**EVERYTHING, "down": OUTAGE.replace("looking", "searching")}, {"past": PAST}, {}]
    editions = [press.edition(now, incidents, site=SITE) for now in at for incidents in contents]

    rendered: dict[tuple[str, str], set[bytes]] = {}
    for edition in editions:
        for output in statuspage.outputs(edition):
            rendered.setdefault((output.path, output.inputs), set()).add(output.render())

    assert {len(versions) for versions in rendered.values()} == {1}
    assert len({path for path, _ in rendered}) == 32
    assert len(rendered) > 200


def test_no_document_is_stamped(press: Any) -> None:
    """No document says when it was made."""
    edition = press.edition(NOW, EVERYTHING, site=SITE)

    outputs = list(statuspage.outputs(edition))

    assert not any(output.stamped for output in outputs)
    assert not any(re.search(rb"\x00|STAMP", output.render()) for output in outputs)
