"""Page: describe the page as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from generator.formats.edition import Edition
from generator.formats.one_line import one_line
from generator.formats.statuspage.board import Board
from generator.formats.statuspage.notation import instant, permanent_id
from generator.model import Impact

DESCRIPTION: Mapping[Impact, str] = {
    Impact.NONE: "All Systems Operational",
    Impact.MAINTENANCE: "Service Under Maintenance",
    Impact.MINOR: "Partially Degraded Service",
    Impact.MAJOR: "Partial System Outage",
    Impact.CRITICAL: "Major System Outage",
}
"""The wording that Statuspage itself uses for each indicator; clients compare it, so no language translates it.

https://support.atlassian.com/statuspage/docs/top-level-status-and-incident-impact-calculations/
"""


def page(edition: Edition, board: Board, lang: str | None) -> dict[str, object]:
    """Return what the page is, with the address of its overview; without a language, of the whole site."""
    speech, addresses = edition.speeches[lang or edition.languages[0]], edition.addresses
    return {
        "id": permanent_id(edition, "page"),
        "name": one_line(speech.text(edition.site.name, edition.languages).text),
        "url": addresses.absolute(addresses.overview(lang) if lang else "").rstrip("/"),
        "time_zone": edition.site.time_zone,
        "updated_at": instant(edition, board.updated),
    }


def status(edition: Edition) -> dict[str, object]:
    """Return the state of the site, in Statuspage's words."""
    indicator = edition.facts.answer.indicator
    return {"indicator": indicator, "description": DESCRIPTION[indicator]}
