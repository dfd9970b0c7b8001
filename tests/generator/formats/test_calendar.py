"""The calendars: planned maintenance as other programs read it, moved or called off but never gone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import icalendar
import pytest

from generator.formats import calendar

NOW = "2024-02-20 09:00"
PLANNED = """\
kind: maintenance
title: {de: Umzug der Server, fr: Déménagement des serveurs, en: Server move}
services: [gateway]
window: {from: 2024-03-01 20:00, to: 2024-03-01 22:00}
updates:
  - at: 2024-02-10 12:00
    mail: delayed
    text: {de: Wir **erneuern**., fr: Nous renouvelons., en: We are renewing.}
"""
MOVED = f"""{PLANNED}\
  - at: 2024-02-11 12:00
    window: {{from: 2024-03-02 20:00, to: 2024-03-02 22:00}}
"""
LONG_WORD = "ü👍" * 60
HOSTILE = rf"""
kind: maintenance
title:
  de: "<b>„Grüße“ & \"Co.\"; a, b \\n C:\\New\u200f 👩\u200d👧 BEGIN:VEVENT\u2028Ende {LONG_WORD}"
services: [gateway, archive]
window: {{from: 2024-03-01 20:00, to: 2024-03-01 22:00}}
updates:
  - at: 2024-02-10 12:00
    text: {{de: "Zeile eins\\\nEND:VCALENDAR, UID:x\n\n{"Größere Änderung éàü 😀, und; " * 40}"}}
"""
TIMES = {"DTSTAMP", "LAST-MODIFIED", "CREATED", "DTSTART", "DTEND"}


def events(data: bytes) -> dict[str, Any]:
    """Return the events of a calendar by their UID, as icalendar reads them."""
    read = icalendar.Calendar.from_ical(data)
    found = [part for part in read.walk("VEVENT") if isinstance(part, icalendar.Event)]
    assert not [part.errors for part in read.walk() if part.errors]
    return {str(event["UID"]): event for event in found}


def single(press: Any, incident: str, *, now: str = NOW, lang: str = "en") -> Any:
    """Return the one event of a calendar."""
    files = press.files(calendar.outputs, press.edition(now, {"planned": incident}))
    return events(files[f"{lang}/maintenance.ics"])["planned@example.ch"]


def lines(data: bytes) -> list[str]:
    """Return the unfolded lines of a calendar."""
    return data.decode().replace("\r\n ", "").split("\r\n")


SYNC = """\
[general]
status_path = "{folder}/status/"
[pair maintenance]
a = "site"
b = "mine"
collections = null
[storage site]
type = "http"
url = "{origin}/maintenance.ics"
[storage mine]
type = "filesystem"
path = "{folder}/mine/"
fileext = ".ics"
"""


@pytest.fixture(scope="module")
def shipped(press: Any) -> Mapping[str, bytes]:
    """Return the calendars of a moved, a hostile and a cancelled maintenance, and of an outage that is none."""
    incidents = {
        "moved": MOVED,
        "hostile": HOSTILE,
        "off": f"cancelled: 2024-02-12 09:00\n{PLANNED}",
        "down": "services: {archive: major_outage}\nupdates: [{at: 2024-02-19 08:00, status: investigating}]\n",
    }
    files: Mapping[str, bytes] = press.files(calendar.outputs, press.edition(NOW, incidents))
    return files


def test_every_language_and_service_has_a_calendar(shipped: Mapping[str, bytes]) -> None:
    """There is a calendar of everything and one a service, in each language, whether or not work is planned."""
    services = ("gateway", "archive", "upstream")
    below = ("", *(f"services/{service}/" for service in services))

    assert set(shipped) == {f"{lang}/{folder}maintenance.ics" for lang in ("de", "fr", "en") for folder in below}


def test_calendars_hold_what_concerns_them(shipped: Mapping[str, bytes]) -> None:
    """A service's calendar has the maintenance of that service; no calendar has an outage."""
    found = {name: set(events(shipped[f"en/{name}maintenance.ics"])) for name in ("", "services/archive/")}

    assert found == {
        "": {"moved@example.ch", "hostile@example.ch", "off@example.ch"},
        "services/archive/": {"hostile@example.ch"},
    }


def test_every_event_has_a_stable_uid(shipped: Mapping[str, bytes]) -> None:
    """An event is named by its incident and the feeds' authority, once a file, the same in every language."""
    named = {
        path: [line for line in lines(data)[lines(data).index("BEGIN:VEVENT") :] if line.startswith("UID:")]
        for path, data in shipped.items()
        if path.endswith(("de/maintenance.ics", "fr/maintenance.ics"))
    }

    assert named["de/maintenance.ics"] == named["fr/maintenance.ics"]
    assert sorted(named["de/maintenance.ics"]) == [
        "UID:hostile@example.ch",
        "UID:moved@example.ch",
        "UID:off@example.ch",
    ]


def test_every_event_is_dated_by_its_last_change(shipped: Mapping[str, bytes]) -> None:
    """DTSTAMP stands once an event and is the time of the last word, in UTC, not that of the build."""
    written = lines(shipped["de/maintenance.ics"])
    stamps = [line for line in written if line.startswith("DTSTAMP:")]

    assert sorted(stamps) == ["DTSTAMP:20240210T110000Z", "DTSTAMP:20240211T110000Z", "DTSTAMP:20240212T080000Z"]
    assert written.count("BEGIN:VEVENT") == 3


def test_lines_end_with_crlf(shipped: Mapping[str, bytes]) -> None:
    """Every line ends with CR and LF, and neither stands anywhere else."""
    for path, data in shipped.items():
        assert data.endswith(b"END:VCALENDAR\r\n"), path
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data), path


def test_lines_have_at_most_75_octets(shipped: Mapping[str, bytes]) -> None:
    """Lines are folded by octets, never within a character, whatever they hold."""
    data = shipped["de/maintenance.ics"]

    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert all(line.decode() for line in data.split(b"\r\n")[:-1])
    assert len(re.findall("ü👍".encode(), data.replace(b"\r\n ", b""))) == 60


def test_times_are_in_utc(shipped: Mapping[str, bytes]) -> None:
    """Every time of an event is in UTC, so that no time zone need be told."""
    names = [line.partition(":") for line in lines(shipped["de/maintenance.ics"])]

    assert {value[-1] for name, _, value in names if name in TIMES} == {"Z"}


def test_nothing_breaks_out_of_a_text(shipped: Mapping[str, bytes]) -> None:
    """Whatever is written comes back as it was, but for control characters and line breaks in a title."""
    event = events(shipped["de/maintenance.ics"])["hostile@example.ch"]
    data = shipped["de/maintenance.ics"].decode()

    assert str(event["SUMMARY"]) == (
        '<b>„Grüße“ & "Co."; a, b \\n C:\\New\u200f 👩\u200d👧 BEGIN:VEVENT Ende ' + LONG_WORD
    )
    assert "END:VCALENDAR, UID:x" in str(event["DESCRIPTION"])
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]", data)
    assert [line for line in lines(data.encode()) if line.startswith("END:VCALENDAR")] == ["END:VCALENDAR"]


def test_calendar_introduces_itself(shipped: Mapping[str, bytes]) -> None:
    """A calendar says its name, where it lies, what shows the same, and how often to ask; it has no METHOD."""
    head = lines(shipped["de/services/gateway/maintenance.ics"])
    head = head[: head.index("BEGIN:VEVENT")]

    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//lagebild//maintenance//EN",
        *[line for line in head if line.startswith(("DESCRIPTION:", "X-WR-CALDESC:"))],
        "NAME:Beispiel · Gateway: geplante Wartungen",
        "X-WR-CALNAME:Beispiel · Gateway: geplante Wartungen",
        "COLOR:royalblue",
        "LAST-MODIFIED:20240212T080000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://example.ch/status/de/services/gateway/maintenance.ics",
        "URL:https://example.ch/status/de/services/gateway/",
        "X-PUBLISHED-TTL:PT1H",
    ]


@pytest.mark.slow
def test_vdirsyncer_takes_every_event(shipped: Mapping[str, bytes], tmp_path: Path) -> None:
    """What splits a calendar into a file an event, as vdirsyncer does for khal and others, has every event."""
    for folder in ("served", "mine"):
        (tmp_path / folder).mkdir()
    (tmp_path / "served" / "maintenance.ics").write_bytes(shipped["de/maintenance.ics"])
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        (tmp_path / "config").write_text(SYNC.format(folder=tmp_path, origin=origin), encoding="utf-8")

        for command in ("discover", "sync"):
            run = [sys.executable, "-m", "vdirsyncer", "-c", str(tmp_path / "config"), command]
            subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, timeout=60)

        server.shutdown()
    taken = [event for path in (tmp_path / "mine").glob("*.ics") for event in events(path.read_bytes()).values()]
    planned = events(shipped["de/maintenance.ics"]).values()
    # Vdirsyncer gives what it fetches ids of its own.
    assert sorted(str(event["SUMMARY"]) for event in taken) == sorted(str(event["SUMMARY"]) for event in planned)
    assert len(taken) == 3


def test_empty_calendar_is_valid(shipped: Mapping[str, bytes]) -> None:
    """A calendar without maintenance still holds the one component that RFC 5545 asks for, a time zone."""
    written = lines(shipped["en/services/upstream/maintenance.ics"])

    assert [line for line in written if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "BEGIN:STANDARD",
    ]


def test_event_says_what_is_planned(press: Any) -> None:
    """An event has title, window, page, services and what was told, as plain text; it leaves the day free."""
    event = single(press, PLANNED, lang="de")

    assert str(event["SUMMARY"]) == "Umzug der Server"
    assert event["SUMMARY"].params["LANGUAGE"] == "de-CH"
    assert event.decoded("DTSTART") == datetime(2024, 3, 1, 19, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2024, 3, 1, 21, tzinfo=UTC)
    assert str(event["DESCRIPTION"]) == (
        "Geplante Wartung: Gateway.\n\n"
        "Angekündigt · 10.\u00a0Februar\u00a02024, 12:00\nWir erneuern.\n\n"
        "E-Mails verspäten sich, gehen aber nicht verloren.\n\n"
        "https://example.ch/status/de/incidents/2024/planned/"
    )
    assert str(event["URL"]) == "https://example.ch/status/de/incidents/2024/planned/"
    assert event["CATEGORIES"].cats == ["Wartung", "Gateway"]
    assert (str(event["STATUS"]), str(event["TRANSP"]), event["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 0)


def test_missing_translation_is_labelled(press: Any) -> None:
    """A text in another language says so, and a title carries the language it is in."""
    event = single(press, HOSTILE, lang="fr")

    assert event["SUMMARY"].params["LANGUAGE"] == "de-CH"
    assert "Pas encore traduit" in str(event["DESCRIPTION"])


def test_moved_maintenance_counts_up(press: Any) -> None:
    """A new window is the event's time, and raises its sequence; the description has the new time and the last text."""
    event = single(press, MOVED)

    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART") == datetime(2024, 3, 2, 19, tzinfo=UTC)
    assert event.decoded("CREATED") == datetime(2024, 2, 10, 11, tzinfo=UTC)
    assert event.decoded("LAST-MODIFIED") == event.decoded("DTSTAMP") == datetime(2024, 2, 11, 11, tzinfo=UTC)
    assert str(event["DESCRIPTION"]).split("\n\n")[1:-1] == [
        "Moved · 11\u00a0February\u00a02024, 12:00\nNew time: 2\u00a0March\u00a02024, 20:00–22:00.",
        "Announced · 10\u00a0February\u00a02024, 12:00\nWe are renewing.",
        "Mail is delayed, not lost.",
    ]


@pytest.mark.parametrize(
    ("ending", "summary", "said"),
    [
        ("cancelled: 2024-02-12 09:00", "Cancelled – Server move", "This maintenance will not take place."),
        (
            "retracted: {at: 2024-02-12 09:00, reason: {en: A wrong file.}}",
            "Withdrawn – Server move",
            "This maintenance was announced by mistake.\nA wrong file.",
        ),
    ],
)
def test_what_is_called_off_stays(press: Any, ending: str, summary: str, said: str) -> None:
    """What will not take place is marked in state and title instead of vanishing, and clients take it anew."""
    event = single(press, f"{ending}\n{MOVED}")

    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 2)
    assert str(event["SUMMARY"]) == summary
    assert event.decoded("DTSTAMP") == datetime(2024, 2, 12, 8, tzinfo=UTC)
    assert said in str(event["DESCRIPTION"])
    assert "Mail is delayed" not in str(event["DESCRIPTION"])


def test_what_is_called_off_later_stands_till_then(press: Any) -> None:
    """A cancellation that lies ahead shows nothing yet."""
    assert str(single(press, f"cancelled: 2024-02-25 09:00\n{PLANNED}")["STATUS"]) == "CONFIRMED"


def test_correction_is_a_change(press: Any) -> None:
    """A corrected text changes DTSTAMP once the correction was made, and the digest of the inputs with it."""
    corrected = PLANNED.replace("    mail:", "    corrected: 2024-02-21 08:00\n    mail:")
    before, after = (press.edition(now, {"planned": corrected}) for now in (NOW, "2024-02-21 09:00"))

    stamps = [single(press, corrected, now=now).decoded("DTSTAMP") for now in (NOW, "2024-02-21 09:00")]
    inputs = [{output.path: output.inputs for output in calendar.outputs(edition)} for edition in (before, after)]

    assert stamps == [datetime(2024, 2, 10, 11, tzinfo=UTC), datetime(2024, 2, 21, 7, tzinfo=UTC)]
    assert before.facts.next_transition <= datetime(2024, 2, 21, 7, tzinfo=UTC)
    assert inputs[0]["en/maintenance.ics"] != inputs[1]["en/maintenance.ics"]


def test_time_alone_changes_nothing(press: Any) -> None:
    """A calendar is the same before, during and after the work: only words change it."""
    times = (NOW, "2024-03-02 19:30", "2024-03-03 12:00", "2030-01-01 00:00")

    made = [press.files(calendar.outputs, press.edition(now, {"planned": MOVED})) for now in times]

    assert all(files == made[0] for files in made)


def test_inputs_hold_until_the_next_transition(press: Any) -> None:
    """Up to the next transition, the digests are the same as well."""
    first = press.edition(NOW, {"planned": MOVED, "off": f"cancelled: 2024-02-20 12:00\n{PLANNED}"})
    just_before = first.facts.next_transition - timedelta(seconds=1)

    later = press.edition(
        f"{just_before:%Y-%m-%d %H:%M:%S}",
        {
            "planned": MOVED,
            "off": f"cancelled: 2024-02-20 12:00\n{PLANNED}",
        },
    )

    assert {output.path: output.inputs for output in calendar.outputs(first)} == {
        output.path: output.inputs for output in calendar.outputs(later)
    }


def test_calendar_holds_the_latest(press: Any) -> None:
    """A calendar has at most so many events, the latest, earliest first."""
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - wall time, as staff write it
    days = [start + timedelta(days=day) for day in range(calendar.MOST + 2)]
    incidents = {
        f"work-{place:03}": PLANNED.replace("2024-02-10", "2023-12-01").replace("2024-03-01", f"{day:%Y-%m-%d}")
        for place, day in enumerate(days)
    }

    files = press.files(calendar.outputs, press.edition(NOW, incidents))

    assert list(events(files["en/maintenance.ics"])) == [
        f"work-{place:03}@example.ch" for place in range(2, calendar.MOST + 2)
    ]


def test_khal_reads_the_calendar(shipped: Mapping[str, bytes], tmp_path: Path) -> None:
    """A calendar program takes in what is published, hostile titles included."""
    khal = shutil.which("khal")
    if khal is None:
        pytest.skip("khal is not installed: apt-get install khal")
    (tmp_path / "calendar").mkdir()
    (tmp_path / "maintenance.ics").write_bytes(shipped["de/maintenance.ics"])
    (tmp_path / "empty.ics").write_bytes(shipped["de/services/upstream/maintenance.ics"])
    clock = "timeformat = %H:%M\ndateformat = %d.%m.\nlongdateformat = %Y-%m-%d\ndatetimeformat = %d.%m. %H:%M"
    (tmp_path / "config").write_text(
        f"[calendars]\n[[planned]]\npath = {tmp_path}/calendar\n[sqlite]\npath = {tmp_path}/khal.db\n[locale]\n"
        f"local_timezone = UTC\ndefault_timezone = UTC\n{clock}\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
        encoding="utf-8",
    )

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [khal, "-c", tmp_path / "config", *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("import", "--batch", "maintenance.ics")
    run("import", "--batch", "empty.ics")
    listed = run("list", "--day-format", "", "--format", "{start-long} {status}{title}", "2024-03-01", "5d")

    # Its parser takes the backslash before an "n" for a line break.
    assert [line[:50] for line in listed.splitlines() if line.startswith("2024-")] == [
        '2024-03-01 19:00 CONFIRMED <b>„Grüße“ & "Co."; a, ',
        "2024-03-01 19:00 CANCELLED Abgesagt – Umzug der Se",
        "2024-03-02 19:00 CONFIRMED Umzug der Server",
    ]
