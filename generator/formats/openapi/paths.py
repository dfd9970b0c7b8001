"""Paths: describe each file for programs, or files of one kind, as an operation of the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.formats.addresses import FEED_ENDINGS
from generator.formats.openapi.parameters import BADGED, CONDITIONS, HEADERS
from generator.formats.openapi.statuspage import ref
from generator.formats.shapes import TEXT, Schema

MIME = {
    "atom": FEED_ENDINGS["atom"],
    "ics": "text/calendar",
    "json": "application/json",
    "rss": FEED_ENDINGS["rss"],
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "xml": "application/xml",
}
STATUSPAGE: Mapping[str, tuple[str, str]] = {
    "summary": ("Summary", "Components, and what is not over"),
    "status": ("Status", "The worst of the site's own services"),
    "components": ("Components", "Services and their groups"),
    "incidents": ("Incidents", "The 50 most recent incidents"),
    "incidents/unresolved": ("UnresolvedIncidents", "The incidents that are not resolved"),
    "scheduled-maintenances": ("Maintenances", "The 50 most recent maintenances"),
    "scheduled-maintenances/upcoming": ("UpcomingMaintenances", "The maintenances that have not begun"),
    "scheduled-maintenances/active": ("ActiveMaintenances", "The maintenances that are under way"),
}
"""By path below `api/v2/`: how a client calls it, and what it is."""
_SCOPES = (("", "/{lang}", "everything"), ("OfService", "/{lang}/services/{service}", "one service"))
"""What a feed or a calendar is about: end of the operation's name, folder, words."""
_ANYTHING: Schema = {"type": "object"}


class _File(NamedTuple):
    path: str
    """From the site's root, with `{name}` for a parameter."""
    id: str
    """How a client calls the operation."""
    summary: str
    schema: Schema = TEXT


def paths() -> dict[str, Schema]:
    """Return the paths of the document."""
    return {file.path: {"get": _operation(tag, file)} for tag, files in _by_tag() for file in files}


def _by_tag() -> Iterator[tuple[str, Iterator[_File]]]:
    yield "State", _state()
    yield "Feeds", _feeds()
    yield "Statuspage", _statuspage()
    yield "Calendar", _calendars()
    yield "Badges", _badges()
    yield "Discovery", _discovery()


def _state() -> Iterator[_File]:
    alive = "Whether the publisher is alive: from next_update_before on, every state is UNKNOWN"
    yield _File("/heartbeat.json", "getHeartbeat", alive, ref("Heartbeat"))
    yield _File("/status.json", "getState", "Every fact, in every language", ref("State"))
    sentence = "The worst of the site's own services, in a sentence"
    yield _File("/embed/{lang}/sentence.json", "getSentence", sentence, ref("Sentence"))
    yield _File("/metrics.txt", "getMetrics", "The state for Prometheus, in its text format 0.0.4")


def _feeds() -> Iterator[_File]:
    for suffix, folder, of in _SCOPES:
        for ending in FEED_ENDINGS:
            schema = ref("Feed") if ending == "json" else TEXT
            id_ = f"get{ending.capitalize()}Feed{suffix}"
            yield _File(f"{folder}/feed.{ending}", id_, f"The latest 50 updates of {of}", schema)
    archive = "50 earlier updates of everything; once written, a page does not change when more is told"
    yield _File("/{lang}/feed/{page}.atom", "getAtomFeedPage", archive)
    history = "The same as the feed of everything in the site's first language, where Statuspage has it"
    yield _File("/history.rss", "getRssHistory", history)
    yield _File("/history.atom", "getAtomHistory", history)


def _statuspage() -> Iterator[_File]:
    for folder, suffix, where in (("", "", "the site's first language"), ("/{lang}", "InLanguage", "a language")):
        for name, (called, what) in STATUSPAGE.items():
            path = f"{folder}/api/v2/{name}.json"
            yield _File(path, f"get{called}{suffix}", f"{what}, in {where}", ref(f"{called}Document"))


def _calendars() -> Iterator[_File]:
    for suffix, folder, of in _SCOPES:
        yield _File(f"{folder}/maintenance.ics", f"getCalendar{suffix}", f"Planned maintenance of {of}")


def _badges() -> Iterator[_File]:
    for kind, ending in (("State", ""), ("Uptime", "-uptime-{days}")):
        path, what = f"/badges/{{lang}}/{{service}}{ending}", f"The {kind.lower()}"
        yield _File(f"{path}.svg", f"get{kind}Badge", f"{what} as a picture")
        yield _File(f"{path}.json", f"get{kind}BadgeEndpoint", f"{what} for Shields to draw", ref("Badge"))


def _discovery() -> Iterator[_File]:
    yield _File("/openapi.json", "getOpenapi", "This document", _ANYTHING)
    yield _File("/schema/{schema}.json", "getSchema", "A shape, as JSON Schema 2020-12", _ANYTHING)
    yield _File("/sitemap.xml", "getSitemap", "Every page for people, with its languages")
    yield _File("/robots.txt", "getRobots", "What leads robots to the sitemap")


def _operation(tag: str, file: _File) -> Schema:
    name, ending = file.path.rsplit("/", 1)[1].split(".")
    mime = FEED_ENDINGS["json"] if (name, ending) == ("feed", "json") else MIME[ending]
    places = re.findall(r"{(\w+)}", file.path)
    if tag == "Badges":
        places = [BADGED if place == "service" else place for place in places]
    answers: dict[str, object] = {
        "200": {
            "description": f"{file.summary}.",
            "headers": {header: _component("headers", header) for header in HEADERS},
            "content": {mime: {"schema": file.schema}},
        },
        "304": _component("responses", "not_modified"),
    }
    if places:
        answers["404"] = _component("responses", "not_found")
    return {
        "operationId": file.id,
        "tags": [tag],
        "summary": file.summary,
        "parameters": [_component("parameters", parameter) for parameter in (*places, *CONDITIONS)],
        "responses": answers,
    }


def _component(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}
