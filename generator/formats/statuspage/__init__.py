"""The Statuspage v2 API as files for existing clients, for the site and in each of its languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from generator.formats.edition import Edition
from generator.formats.output import Output, as_json
from generator.formats.statuspage.board import Board, board
from generator.formats.statuspage.components import components
from generator.formats.statuspage.events import incident, maintenance
from generator.formats.statuspage.page import page, status
from generator.formats.statuspage.stories import Story

FOLDER = "api/v2"

Pick = Callable[[Board], Sequence[Story]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What stands in a file beside `page`, in this order."""

    components: bool = False
    incidents: Pick | None = None
    maintenances: Pick | None = None
    status: bool = False

    def stories(self, board: Board) -> Sequence[Story]:
        """Return the stories that it tells."""
        return [story for pick in (self.incidents, self.maintenances) if pick for story in pick(board)]


DOCUMENTS: Mapping[str, Document] = {
    "summary": Document(
        components=True,
        incidents=lambda board: board.unresolved,
        maintenances=lambda board: board.ahead,
        status=True,
    ),
    "status": Document(status=True),
    "components": Document(components=True),
    "incidents": Document(incidents=lambda board: board.incidents),
    "incidents/unresolved": Document(incidents=lambda board: board.unresolved),
    "scheduled-maintenances": Document(maintenances=lambda board: board.maintenances),
    "scheduled-maintenances/upcoming": Document(maintenances=lambda board: board.upcoming),
    "scheduled-maintenances/active": Document(maintenances=lambda board: board.active),
}
"""By path below `api/v2/`, without `.json`."""


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield every document at the root, where texts are in the preferred language, and below each language."""
    shown = board(edition)
    for lang in (None, *edition.languages):
        folder = f"{lang}/{FOLDER}" if lang else FOLDER
        for name, document in DOCUMENTS.items():
            path = f"{folder}/{name}.json"
            parts = (part for story in document.stories(shown) for part in story.parts)
            inputs = edition.inputs(path, shown.updated, shown.components, edition.facts.answer.indicator, *parts)
            yield Output(path=path, inputs=inputs, render=partial(_render, edition, shown, lang, document))


def _render(edition: Edition, shown: Board, lang: str | None, document: Document) -> bytes:
    code = lang or edition.languages[0]
    written: dict[str, object] = {"page": page(edition, shown, lang)}
    if document.components:
        written["components"] = components(edition, shown, code)
    if document.incidents:
        written["incidents"] = [incident(edition, shown, code, story) for story in document.incidents(shown)]
    if document.maintenances:
        told = document.maintenances(shown)
        written["scheduled_maintenances"] = [maintenance(edition, shown, code, story) for story in told]
    if document.status:
        written["status"] = status(edition)
    return as_json(written)
