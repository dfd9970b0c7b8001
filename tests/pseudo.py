"""Languages that nobody translated: every message of the catalog, rewritten by rule."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

CHECKOUT = Path(__file__).resolve().parent.parent
ACCENTS = str.maketrans("aeiouAEIOUcnsyCNSY", "áéíóúÁÉÍÓÚçñšýÇÑŠÝ")
LATIN = "abcdefghijklmnopqrstuvwxyz"
ARABIC = "ابجدهفغحيكعلمنوپقرستثخذضصز"
TO_ARABIC = str.maketrans(LATIN + LATIN.upper(), ARABIC * 2)
KEPT = re.compile(r"(\{\w+\}|https?://[^\s)]+|(?:mailto:)?[\w.]+@[\w.]+)")
"""Placeholders and addresses are nothing to rewrite."""

Say = Callable[[str], str]


def add_language(tree: Path, line: str, code: str, say: Say) -> None:
    """Add a language the documented way: a folder with a catalog, and one line (here: in one mapping)."""
    config = (tree / "status.yaml").read_text("utf-8")
    (tree / "status.yaml").write_text(re.sub(r"(languages: \{.*)\}", rf"\1, {line}}}", config), "utf-8")
    catalog = template(code)
    for message in catalog:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else [message.id[1]] * catalog.num_plurals
            said = [say(form) for form in forms]
            message.string = said[0] if isinstance(message.id, str) else tuple(said)
    target = tree / "locales" / code / "LC_MESSAGES" / "messages.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, catalog)


def template(code: str | None = None) -> Catalog:
    """Return every message, not translated yet."""
    return read_po(io.BytesIO((CHECKOUT / "locales/messages.pot").read_bytes()), locale=code)


def accented(message: str) -> str:
    """Return a message with accents everywhere but in what is kept."""
    return _rewritten(message, lambda part: part.translate(ACCENTS))


def longer(message: str) -> str:
    """Return a message with accents and nearly half as long again, as translations from English come out."""
    return accented(message) + " lóñg" * (len(message) // 12 + 1)


def arabic(message: str) -> str:
    """Return a message in Arabic letters: no words of that language, but they run from right to left."""
    return _rewritten(message, lambda part: part.translate(TO_ARABIC))


def _rewritten(message: str, say: Say) -> str:
    return "".join(part if KEPT.fullmatch(part) else say(part) for part in KEPT.split(message))
