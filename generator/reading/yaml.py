"""Safe YAML: a small subset, read from the parser's events, every node with its place.

Only what content needs: mappings with plain keys, lists, and scalars that stay text.
Nothing is converted behind the writer's back (`no`, `1:30`, `010` stay as written), and what
could hurt is refused: aliases, tags, duplicate keys, a second document, depth over `MAX_DEPTH`.
The walk is iterative and stops at the first excess, because libyaml's own composer crashes the
process on about 50,000 nested brackets (https://github.com/yaml/pyyaml/issues/482).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from generator.problems import Problem

MAX_DEPTH = 64

_QUOTES = 'a text with ": " or " #" in it, or one that begins with % @ ` * & [ {, needs "quotes"'

_SUBSET = "write mappings (key: value), lists (- …) and texts, indented by spaces; a text with other signs needs quotes"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it was written. `plain`: without quotes or block style."""

    text: str
    line: int
    column: int
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Return whether nothing was written (`key:`, `key: ~`, `key: null`)."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Nodes by key, in the order of the file; `keys` holds the place of each key."""

    entries: dict[str, Node]
    keys: dict[str, Scalar]
    line: int
    column: int


Node = Scalar | Sequence | Mapping


class _RefusedError(Exception):
    """The document holds something that is not read on."""

    def __init__(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.problem = (line, column, code, message, hint)


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("column", "items", "key", "keys", "line", "mapping")

    def __init__(self, mark: Any, *, mapping: bool) -> None:
        self.line, self.column = mark.line + 1, mark.column + 1
        self.mapping = mapping
        self.items: list[tuple[Scalar | None, Node]] = []
        self.keys: dict[str, Scalar] = {}
        self.key: Scalar | None = None


def parse(path: str, text: str) -> tuple[Node | None, list[Problem]]:
    """Read one document.

    Returns the root (None if there is none to go on with) and the problems found;
    duplicate keys are all reported, anything else ends the reading.
    """
    problems: list[Problem] = []
    try:
        root = _build(yaml.parse(text, Loader=_Loader), path, problems)
    except _RefusedError as refused:
        line, column, code, message, hint = refused.problem
        problems.append(Problem(path=path, line=line, column=column, code=code, message=message, hint=hint))
        return None, problems
    except yaml.MarkedYAMLError as error:
        if error.problem_mark and "nesting depth" in f"{error.problem}":
            # libyaml since 0.2.6 counts brackets far ahead of the events: our own limit lies before its own
            return parse(path, text[: error.problem_mark.index])
        problems.append(_syntax_problem(path, text, error))
        return None, problems
    except yaml.YAMLError as error:  # the reader's: a character YAML does not allow
        problems.append(_character_problem(path, text, str(error).splitlines()[0]))
        return None, problems
    return root, problems


_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow: https://yaml.org/spec/1.1/#c-printable."""
_CONFLICT = re.compile(r"^(?:<<<<<<<|=======|>>>>>>>)(?: |$)", re.MULTILINE)
_HINTS = (
    ("mapping values", _QUOTES),
    ("tab character", "indent with spaces"),
    ("cannot start any token", _QUOTES),
    ("scanning an alias", 'a text that begins with * needs quotes: "**…**"'),
    ("did not find expected", _QUOTES),
    ("quoted scalar", "close the quotes where the text ends; within '…' an apostrophe is written twice"),
)


def _character_problem(path: str, text: str, said: str) -> Problem:
    """Return where a character stands that is none of YAML's; libyaml counts bytes, and only up to the line."""
    stray = _UNPRINTABLE.search(text)
    line, column = place(text, stray.start()) if stray else (0, 0)
    message = f"the character U+{ord(stray[0]):04X} is not allowed in YAML" if stray else said
    hint = "remove the invisible character"
    return Problem(path=path, line=line, column=column, code="control-character", message=message, hint=hint)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of a character, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _before(text: str, line: int, column: int) -> str:
    """Return what stands in a line up to a column, without a comment; a text may end past its last line."""
    found = text.split("\n")[line : line + 1]
    return found[0].split("#")[0][: column + 1] if found else ""


def _syntax_problem(path: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        message = "git has left conflict markers"
        hint = "decide between the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>"
        return Problem(path=path, line=line, column=1, code="merge-conflict", message=message, hint=hint)
    said = f"{error.context} {error.problem}"
    if error.problem_mark and "\t" in _before(text, error.problem_mark.line, error.problem_mark.column):
        said = "a tab character"
    unclosed = "end of stream" in said and error.context_mark is not None
    mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
    return Problem(
        path=path,
        line=mark.line + 1 if mark else 0,
        column=mark.column + 1 if mark else 0,
        code="yaml-syntax",
        message=" ".join(part for part in (error.context, error.problem) if part) or "not YAML",
        hint=next((hint for sign, hint in _HINTS if sign in said), _SUBSET),
    )


def _build(events: Iterator[Any], path: str, problems: list[Problem]) -> Node | None:
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            _refuse_extras(event)
            mark = event.start_mark
            node: Node = Scalar(event.value, mark.line + 1, mark.column + 1, not event.style)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            _refuse_extras(event)
            if len(stack) == MAX_DEPTH:
                hint = "close the brackets, or write less deeply"
                raise _refusal(event, "too-deep", f"nested deeper than {MAX_DEPTH} levels", hint)
            if stack and stack[-1].mapping and stack[-1].key is None:
                raise _refusal(event, "yaml-syntax", "a key must be a plain text", _QUOTES)
            stack.append(_Open(event.start_mark, mapping=kind == "MappingStartEvent"))
            continue
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            node = _close(stack.pop())
        elif kind == "AliasEvent":
            raise _refusal(event, "yaml-alias", "aliases are not read", "write the value out")
        elif kind == "DocumentStartEvent" and root is not None:
            raise _refusal(event, "yaml-syntax", "a second document in one file", "one file holds one document")
        else:
            continue
        if not stack:
            root = node
        else:
            _add(stack[-1], node, path, problems)
    return root


def _refuse_extras(event: Any) -> None:
    if event.anchor:
        raise _refusal(event, "yaml-alias", f'anchor "&{event.anchor}" is not supported', "write the value out")
    if event.tag:
        raise _refusal(
            event, "yaml-tag", f'tag "{event.tag}" is not supported', "remove the tag; put a text in quotation marks"
        )


def _refusal(event: Any, code: str, message: str, hint: str) -> _RefusedError:
    return _RefusedError(event.start_mark.line + 1, event.start_mark.column + 1, code, message, hint)


def _add(parent: _Open, node: Node, path: str, problems: list[Problem]) -> None:
    if not parent.mapping:
        parent.items.append((None, node))
    elif parent.key is None:
        if not isinstance(node, Scalar):  # pragma: no cover - collections as keys are refused when they open
            raise _RefusedError(node.line, node.column, "yaml-syntax", "a key must be a plain text", _QUOTES)
        parent.key = node
    else:
        key, parent.key = parent.key, None
        first = parent.keys.get(key.text)
        if first is None:
            parent.keys[key.text] = key
            parent.items.append((key, node))
        else:
            problems.append(
                Problem(
                    path=path,
                    line=key.line,
                    column=key.column,
                    code="yaml-duplicate-key",
                    message=f'"{key.text}" appears again; it first appears in line {first.line}',
                    hint="keep one of the two",
                )
            )


def _close(closed: _Open) -> Node:
    if closed.mapping:
        entries = {key.text: node for key, node in closed.items if key is not None}
        return Mapping(entries, closed.keys, closed.line, closed.column)
    return Sequence(tuple(node for _, node in closed.items), closed.line, closed.column)
