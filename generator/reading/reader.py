"""Typed reading of YAML nodes: what fits becomes a value, what does not becomes a problem with its place."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from generator import markup
from generator.model import Moment, Phrase, Precision, Text
from generator.problems import Level, Problem, did_you_mean
from generator.reading import moments, yaml

MAX_TEXT_BYTES = 16_000
"""Longer Markdown is refused: the parser's time grows with the square on hostile input."""

MAX_WORDS = 500
"""In characters; longer titles, names and addresses are refused: they would fill a page, a headline, a picture."""

_WHITE = " \t\r\n"
"""What counts as space; no-break spaces are part of the text."""
_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_TURNS = "\\u202a-\\u202e\\u2066-\\u2069"
"""What turns the direction of all that follows: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters."""
_CONTROL = re.compile(f"[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f{_TURNS}{chr(0xFDD0)}-{chr(0xFDEF)}{_NONCHARACTERS}]")
"""What no page, feed or text can hold, or should."""
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols without ink: fillers of Hangul, and Braille without dots."""
_INKLESS = frozenset(("Cc", "Cf", "Cn", "Cs", "Me", "Mn", "Zl", "Zp", "Zs"))
"""Categories of Unicode: controls, blanks, and marks that need a letter to stand on."""
_SPACES = re.compile(f"[{_WHITE}]+")

Choice = TypeVar("Choice", bound=StrEnum)


class Reader:
    """Reads the nodes of one file and collects its problems; each method returns None where nothing usable stands."""

    def __init__(self, path: str, *, languages: Sequence[str], zone: tzinfo) -> None:
        self.path = path
        self.languages = languages
        self.zone = zone
        self.problems: list[Problem] = []

    def report(self, node: yaml.Node | None, code: str, message: str, hint: str, level: Level = Level.ERROR) -> None:
        """Note a problem at a node (None: the file as a whole)."""
        line, column = (node.line, node.column) if node else (0, 0)
        self.problems.append(
            Problem(path=self.path, line=line, column=column, code=code, message=message, hint=hint, level=level)
        )

    def mapping(
        self,
        node: yaml.Node | None,
        what: str,
        allowed: Iterable[str] | None = None,
        *,
        needed: Iterable[str] = (),
        hint: str = "",
    ) -> yaml.Mapping | None:
        """Return the node if it is a mapping; report the keys that are not `allowed`, and those `needed` and absent.

        `hint` says what to write instead of what is no mapping, or lacks a key.
        """
        known = tuple(allowed or ())
        hint = hint or (f"the keys of {what}: {', '.join(known)}" if known else 'write each entry as "key: value"')
        if not isinstance(node, yaml.Mapping):
            if node is not None:
                self.report(node, "wrong-type", f"{what} must be a mapping (key: value)", hint)
            return None
        if allowed is not None:
            for key, place in node.keys.items():
                if key not in known:
                    self.report(place, "unknown-key", f'"{key}" is not a key of {what}', did_you_mean(key, known))
        for key in needed:
            if key not in node.entries:
                self.report(node, "missing-key", f'{what} needs "{key}"', hint)
        return node

    def items(self, node: yaml.Node | None, what: str, hint: str = "") -> tuple[yaml.Node, ...]:
        """Return the items of a list; empty where there is none. `hint` says what to write instead of what is none."""
        if isinstance(node, yaml.Sequence):
            return node.items
        if node is not None and not (isinstance(node, yaml.Scalar) and node.empty):
            hint = hint or 'begin each entry with "- ", also where there is only one'
            self.report(node, "wrong-type", f'{what} must be a list ("- …")', hint)
        return ()

    def string(self, node: yaml.Node | None, what: str, *, longest: int = MAX_WORDS) -> str | None:
        """Return a text in which something is to be seen, without control characters."""
        if node is None:
            return None
        if not isinstance(node, yaml.Scalar):
            hint = "write one text, without brackets and without keys of its own"
            self.report(node, "wrong-type", f"{what} must be a text", hint)
            return None
        text = node.text.strip(_WHITE)
        if node.empty or not text:
            self.report(node, "empty-value", f"{what} is empty", "write a value or remove the key")
            return None
        if len(text) > longest:
            message = f"{what} has {len(text)} characters; at most {longest} are read"
            self.report(node, "text-too-long", message, "shorten it")
            return None
        if self._strays(node, what, text):
            return None
        if not _shows(text):
            hint = "write a value or remove the key"
            self.report(node, "empty-value", f"{what} contains only invisible characters", hint)
            return None
        return text

    def strings(self, node: yaml.Node | None, what: str) -> list[tuple[yaml.Node, str]]:
        """Return the texts of a list, each with its node."""
        found = ((item, self.string(item, f"an entry of {what}")) for item in self.items(node, what))
        return [(item, text) for item, text in found if text is not None]

    def choice(self, node: yaml.Node | None, what: str, choices: type[Choice], code: str) -> Choice | None:
        """Return the member whose value was written."""
        text = self.string(node, what)
        return None if text is None else self.member(node, text, what, choices, code)

    def member(
        self, node: yaml.Node | None, text: str, what: str, choices: Iterable[Choice], code: str
    ) -> Choice | None:
        """Return the one of `choices` whose value `text` is."""
        known = {choice.value: choice for choice in choices}
        if text not in known:
            self.report(node, code, f'"{text}" is not a known {what}', did_you_mean(text, known))
        return known.get(text)

    def known_service(self, node: yaml.Node | None, id_: str, known: Iterable[str]) -> bool:
        """Return whether there is such a service; report it if not."""
        known = tuple(known)
        if id_ not in known:
            self.report(node, "unknown-service", f'"{id_}" is not a service in status.yaml', did_you_mean(id_, known))
        return id_ in known

    def flag(self, node: yaml.Node | None, what: str, *, default: bool) -> bool:
        """Return `true` or `false`."""
        text = self.string(node, what)
        if text not in ("true", "false", None):
            self.report(node, "wrong-type", f'{what} must be true or false, not "{text}"', "write true or false")
        return default if text is None else text == "true"

    def number(self, node: yaml.Node | None, what: str, *, low: int, high: int) -> int | None:
        """Return a whole number within bounds."""
        text = self.string(node, what)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 16 and low <= int(text) <= high):
            message = f'{what} must be a whole number from {low} to {high}, not "{text}"'
            self.report(node, "wrong-type", message, f"e.g. {low}")
            return None
        return int(text)

    def moment(self, node: yaml.Node | None, what: str) -> Moment | None:
        """Return a time as vaguely as it was written."""
        text = self.string(node, what)
        if text is None:
            return None
        try:
            return moments.parse(text, self.zone)
        except moments.MomentError as error:
            self.report(node, error.code, f"{what}: {error.message}", error.hint)
            return None

    def instant(self, node: yaml.Node | None, what: str) -> datetime | None:
        """Return a time that must be known to the minute."""
        moment = self.moment(node, what)
        if moment is None:
            return None
        if moment.precision is not Precision.MINUTE or moment.about:
            self.report(node, "vague-time", f"{what} must be exact", 'e.g. "2024-02-22 16:00"')
            return None
        return moment.first

    def localized(self, node: yaml.Node | None, what: str, *, everywhere: bool = False) -> Text:
        """Return a plain text by language: a mapping or, with `everywhere`, one text for all languages."""
        if everywhere and isinstance(node, yaml.Scalar):
            text = self.string(node, what)
            return {} if text is None else dict.fromkeys(self.languages, _SPACES.sub(" ", text))
        if isinstance(node, yaml.Sequence) or (isinstance(node, yaml.Scalar) and not node.empty):
            said = node.text.strip()[:30] if isinstance(node, yaml.Scalar) else "…"
            form = "a text, or a text by language" if everywhere else "a text by language"
            self.report(node, "wrong-type", f"{what} must be {form}", f"e.g. {{{self.languages[0]}: {said}}}")
            return {}
        return {code: _SPACES.sub(" ", text) for code, text, _ in self._by_language(node, what)}

    def markdown(self, node: yaml.Node | None, what: str) -> Text:
        """Return a Markdown text by language, judged by `judge_markdown`."""
        texts = {}
        for code, text, place in self._by_language(node, what, longest=sys.maxsize):
            self.judge_markdown(place, f"{what} ({code})", text)
            texts[code] = text
        return texts

    def judge_markdown(self, node: yaml.Node | None, what: str, text: str, *, whole_file: bool = False) -> None:
        """Report what would not be shown as it was meant: raw HTML, dangerous links, pictures, excess.

        `whole_file`: nothing but the text stands in the file, so that each of its lines is one of the file's.
        """
        size = len(text.encode())
        if size > MAX_TEXT_BYTES:
            hint = "put it beside the file, in parts, or shorten it"
            self.report(node, "text-too-long", f"{what} has {size} bytes; at most {MAX_TEXT_BYTES} are read", hint)
            return
        stray = _CONTROL.search(text) if whole_file else None
        self._strays(yaml.Scalar(text, *yaml.place(text, stray.start())) if stray else node, what, _referred(text))
        placed = ((yaml.Scalar("", fault.line, 1) if whole_file else node, fault) for fault in markup.faults(text))
        said = dict.fromkeys((node, fault.code, f"{what}: {fault.message}", fault.hint) for node, fault in placed)
        for place, code, message, hint in said:
            self.report(place, code, message, hint)

    def _strays(self, node: yaml.Node | None, what: str, text: str) -> bool:
        """Report and return whether a text holds a character that it should not."""
        stray = _CONTROL.search(text)
        if stray:
            message = f"{what} contains the character U+{ord(stray[0]):04X}"
            self.report(node, "control-character", message, "remove the invisible character")
        return stray is not None

    def phrases(self, node: yaml.Node | None, known: Mapping[str, frozenset[str]]) -> tuple[Phrase, ...]:
        """Return the reviewed sentences that were named: `ID`, `{ID: {param: value}}` or a list of them.

        `known` has the placeholders of each phrase.
        """
        entries = node.items if isinstance(node, yaml.Sequence) else (node,) if node is not None else ()
        return tuple(phrase for entry in entries for phrase in self._phrase(entry, known))

    def _phrase(self, node: yaml.Node, known: Mapping[str, frozenset[str]]) -> Iterator[Phrase]:
        if isinstance(node, yaml.Mapping):
            for id_, params in node.entries.items():
                values = self.mapping(params, f'the parameters of phrase "{id_}"')
                pairs = {key: self.string(value, key) or "" for key, value in values.entries.items()} if values else {}
                yield from self._known_phrase(node.keys[id_], id_, pairs, known)
        else:
            text = self.string(node, "phrase")
            if text is not None:
                yield from self._known_phrase(node, text, {}, known)

    def _known_phrase(
        self, node: yaml.Node, id_: str, params: dict[str, str], known: Mapping[str, frozenset[str]]
    ) -> Iterator[Phrase]:
        if id_ not in known:
            message = f'"{id_}" is not a phrase in locales/phrases.yaml'
            self.report(node, "unknown-phrase", message, did_you_mean(id_, known))
        elif known[id_] != params.keys():
            wanted = ", ".join(f"{name}: …" for name in sorted(known[id_]))
            message = f'the phrase "{id_}" takes {wanted or "no values"}'
            self.report(
                node, "phrase-parameters", message, f"phrase: {{{id_}: {{{wanted}}}}}" if wanted else f"phrase: {id_}"
            )
        else:
            yield Phrase(id=id_, params=params)

    def _by_language(
        self, node: yaml.Node | None, what: str, *, longest: int = MAX_WORDS
    ) -> Iterator[tuple[str, str, yaml.Node]]:
        if node is None:
            return
        mapping = self.mapping(node, what)
        if mapping is None:
            return
        for code, value in mapping.entries.items():
            if code not in self.languages:
                message = f'"{code}" is not a language in status.yaml'
                self.report(mapping.keys[code], "unknown-language", message, did_you_mean(code, self.languages))
                continue
            text = self.string(value, f"{what} ({code})", longest=longest)
            if text is not None:
                yield code, text, value
        missing = [code for code in self.languages if code not in mapping.entries]
        if not mapping.entries:
            self.report(node, "empty-value", f"{what} is empty", f"e.g. {{{self.languages[0]}: …}}, or remove the key")
        elif missing:
            hint = "it is shown in the source language and labelled until then"
            message = f"{what} lacks {', '.join(missing)}"
            self.report(node, "missing-translation", message, hint, Level.WARNING)


def _shows(text: str) -> bool:
    """Return whether anything in a text is to be seen, were it only one letter."""
    return any(letter not in _BLANK and unicodedata.category(letter) not in _INKLESS for letter in text)


def _referred(text: str) -> str:
    """Return a Markdown text with the characters that it names by number (`&#8238;`), as Markdown reads them."""
    if "&#" not in text:
        return text
    from html import unescape

    return unescape(text)
