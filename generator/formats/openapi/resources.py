"""Which files for programs there are: one line each of the OpenAPI document's paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.formats.addresses import FEED_ENDINGS
from generator.formats.openapi.resource import JSON, Resource
from generator.formats.openapi.statuspage import ref
from generator.formats.openapi.whole import DISCOVERY, STATE
from generator.formats.shapes import TEXT

SVG = "image/svg+xml"

DOCUMENTS: Mapping[str, tuple[str, str]] = {
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


def _feeds() -> Iterator[Resource]:
    for suffix, folder, of, parameters in _SCOPES:
        for ending, mime in FEED_ENDINGS.items():
            name, schema = ending.capitalize(), ref("Feed") if ending == "json" else TEXT
            yield Resource(
                path=f"{folder}/feed.{ending}",
                id=f"get{name}Feed{suffix}",
                tag="Feeds",
                summary=f"The latest 50 updates of {of}",
                mime=mime,
                schema=schema,
                parameters=parameters,
            )
    yield Resource(
        path="/{lang}/feed/{page}.atom",
        id="getAtomFeedPage",
        tag="Feeds",
        summary="50 earlier updates of everything; once written, a page does not change when more is told",
        mime=FEED_ENDINGS["atom"],
        schema=TEXT,
        parameters=["lang", "page"],
    )
    for ending in ("rss", "atom"):
        yield Resource(
            path=f"/history.{ending}",
            id=f"get{ending.capitalize()}History",
            tag="Feeds",
            summary="The same as the feed of everything in the site's first language, where Statuspage has it",
            mime=FEED_ENDINGS[ending],
            schema=TEXT,
        )


def _statuspage() -> Iterator[Resource]:
    for folder, suffix, where, parameters in (
        ("", "", "in the site's first language", ()),
        ("/{lang}", "InLanguage", "in a language", ("lang",)),
    ):
        for name, (called, what) in DOCUMENTS.items():
            yield Resource(
                path=f"{folder}/api/v2/{name}.json",
                id=f"get{called}{suffix}",
                tag="Statuspage",
                summary=f"{what}, {where}",
                schema=ref(f"{called}Document"),
                parameters=parameters,
            )


def _calendars() -> Iterator[Resource]:
    for suffix, folder, of, parameters in _SCOPES:
        yield Resource(
            path=f"{folder}/maintenance.ics",
            id=f"getCalendar{suffix}",
            tag="Calendar",
            summary=f"Planned maintenance of {of}",
            mime="text/calendar",
            schema=TEXT,
            parameters=parameters,
        )


def _badges() -> Iterator[Resource]:
    for kind, ending, of, parameters in (
        ("State", "", "state", ["lang", "badged"]),
        ("Uptime", "-uptime-{days}", "uptime", ["lang", "badged", "days"]),
    ):
        path = f"/badges/{{lang}}/{{service}}{ending}"
        for form, suffix, mime, schema in (("Badge", "svg", SVG, TEXT), ("BadgeEndpoint", "json", JSON, ref("Badge"))):
            yield Resource(
                path=f"{path}.{suffix}",
                id=f"get{kind}{form}",
                tag="Badges",
                summary=f"The {of} as a picture" if form == "Badge" else f"The {of} for Shields to draw",
                mime=mime,
                schema=schema,
                parameters=parameters,
            )


_SCOPES: Sequence[tuple[str, str, str, Sequence[str]]] = (
    ("", "/{lang}", "everything", ["lang"]),
    ("OfService", "/{lang}/services/{service}", "one service", ["lang", "service"]),
)
"""What a feed or a calendar is about: end of the operation's name, folder, words, parameters."""

RESOURCES: Sequence[Resource] = (*STATE, *_feeds(), *_statuspage(), *_calendars(), *_badges(), *DISCOVERY)
