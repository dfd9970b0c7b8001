"""A site that was built and is served, and what its overview has to say, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from generator.formats.words.names import STATUS
from tests.browser.trees import Tree
from tests.conftest import CHECKOUT

INVISIBLE = re.compile("[\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\\s]+")
"""What breaks lines, joins words or keeps them apart; a window's width decides over it."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site, behind a server."""

    name: str
    tree: Tree
    folder: Path
    """Of the tree; the site lies in its folder `site`."""
    origin: str

    @property
    def now(self) -> datetime:
        """Return the instant as of which the site was built."""
        return datetime.fromisoformat(self.tree.now)

    def url(self, lang: str, page: str = "") -> str:
        """Return the address of a page in a language."""
        return f"{self.origin}/{lang}/{page}"

    def file(self, lang: str, page: str = "") -> Path:
        """Return the file of a page in a language."""
        return self.folder / "site" / lang / page / "index.html"

    @cached_property
    def status(self) -> dict[str, Any]:
        """Return what the site says to programs."""
        return dict(json.loads((self.folder / "site" / "status.json").read_text("utf-8")))

    def words(self, lang: str) -> dict[str, str]:
        """Return what each state of a service is called in a language."""
        own, shipped = (root / "locales" / lang / "LC_MESSAGES/messages.po" for root in (self.folder, CHECKOUT))
        with (own if own.is_file() else shipped).open("rb") as file:
            catalog = read_po(file, locale=lang)
        return {state.value: told(catalog.get(word), word) for state, word in STATUS.items()}

    def facts(self, lang: str) -> list[str]:
        """Return what the overview has to say in this order: the answer, what is open, each service and its state."""
        status, words = self.status, self.words(lang)
        happening = [*status["incidents"]["open"], *status["incidents"]["under_way"]]
        services = [
            word for service in status["services"] for word in (service["name"][lang], words[service["status"]])
        ]
        return [status["headline"][lang], *(incident["title"][lang] for incident in happening), *services]


Sites = Callable[[str], Site]
"""Builds and serves a tree by its name."""


def told(message: Any, word: str) -> str:
    """Return a message's translation, or the word itself."""
    return str(message.string) if message and message.string else word


def run_together(text: str) -> str:
    """Return a text without what a window's width decides over."""
    return INVISIBLE.sub("", text)


def missing(text: str, facts: Sequence[str]) -> list[str]:
    """Return the facts that do not stand in a text after those before them."""
    text, place, lacking = run_together(text), 0, []
    for fact in facts:
        wanted = run_together(fact)
        found = text.find(wanted, place)
        if found < 0:
            lacking.append(fact)
        else:
            place = found + len(wanted)
    return lacking
