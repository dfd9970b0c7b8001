"""Stylesheets: judge whether a site's own reads as it was meant, and fetches nothing from elsewhere.

Browsers skip what they cannot read without a word: https://www.w3.org/TR/css-syntax-3/#error-handling.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from generator.problems import Problem

_TOKEN = re.compile(
    r"""
    (?P<comment> /\*.*?(?:\*/|\Z) )
    | (?P<string> "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'? )
    | (?P<fetch> @import | image-set\( | (?:url|src)\(\s*+(?=["']) )
    | (?P<url> url\([^)]*+ )
    | (?P<mark> [{};] )
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ELSEWHERE = re.compile(r"(?:url\()?[\s\"']*+((?:[a-z][a-z0-9+.-]*:)?//[^\s\"')]*)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:\\|([0-9a-f]{1,6})[ \t]?|([g-z]))", re.IGNORECASE)
_PLAIN = re.compile(r"[\w/:.-]", re.ASCII)
"""What addresses, and the words before them, are made of."""

_Fault = tuple[int, str, str, str]
"""Where in the text it is, its code, its message and a hint."""


def judge(path: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each brace that has no other, comment that does not end, and address elsewhere."""
    for judged, find in ((text, _unbalanced), (_ESCAPE.sub(_spelled, text), _addresses)):
        for at, code, message, hint in find(judged):
            line, column = judged.count("\n", 0, at) + 1, at - judged.rfind("\n", 0, at)
            yield Problem(path=path, line=line, column=column, code=code, message=message, hint=hint)


def _spelled(escape: re.Match[str]) -> str:
    letter = chr(min(int(escape[1], 16), sys.maxunicode)) if escape[1] else escape[2] or ""
    return letter if _PLAIN.fullmatch(letter) else escape[0]


def _unbalanced(text: str) -> Iterator[_Fault]:
    opened: list[int] = []
    for token in _TOKEN.finditer(text):
        found, at = token[0], token.start()
        if token["comment"] and (len(found) < 4 or not found.endswith("*/")):
            yield at, "broken-style", "the comment is not closed", "add */ where it ends"
        elif found == "{":
            opened.append(at)
        elif found == "}" and opened:
            opened.pop()
        elif found == "}":
            yield at, "broken-style", "this brace closes nothing", "remove it, or add the { before it"
    for at in opened[:1]:
        yield at, "broken-style", "this brace is not closed", "add the } where the rule ends"


def _addresses(text: str) -> Iterator[_Fault]:
    fetching = False
    for token in _TOKEN.finditer(text):
        fetching = bool(token["fetch"]) or (fetching and not token["mark"])
        away = _ELSEWHERE.match(token[0]) if token["url"] or (token["string"] and fetching) else None
        if away:
            hint = "put the file into brand/ as a logo or font, or do without it"
            yield token.start(), "foreign-address", f"it fetches {away[1][:60]}", hint
