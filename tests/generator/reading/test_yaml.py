"""YAML is read with the place of every node, nothing is converted, and what could hurt is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading import yaml
from generator.reading.yaml import MAX_DEPTH, Mapping, Scalar, Sequence


def read(text: str) -> yaml.Node | None:
    """Return the root of a document without problems."""
    root, problems = yaml.parse("x.yaml", text)
    assert problems == []
    return root


def problem(text: str) -> str:
    """Return the one problem of a document that is refused, without its hint."""
    root, problems = yaml.parse("x.yaml", text)
    assert root is None
    (only,) = problems
    return str(only).splitlines()[0]


def flat(node: yaml.Node | None) -> object:
    """Return a node as plain texts, lists and dictionaries."""
    if isinstance(node, Mapping):
        return {key: flat(value) for key, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [flat(item) for item in node.items]
    return None if node is None else node.text


def test_every_node_has_its_place() -> None:
    """Lines and columns count from 1, in characters."""
    root = read("# a comment\ntitle:\n  de: Störung 𝄞\n  en: 'Fault'\nupdates:\n  - at: 2024-02-19\n")

    assert isinstance(root, Mapping)
    title, updates = root.entries["title"], root.entries["updates"]
    assert isinstance(title, Mapping)
    assert isinstance(updates, Sequence)
    assert (root.line, root.column) == (2, 1)
    assert (title.line, title.column) == (3, 3)
    assert (title.keys["en"].line, title.keys["en"].column) == (4, 3)
    assert (title.entries["en"].line, title.entries["en"].column) == (4, 7)
    assert (updates.items[0].line, updates.items[0].column) == (6, 5)


def test_a_place_behind_wide_characters() -> None:
    """A character is one column, however many bytes it has."""
    root = read("{ä𝄞: 'ß', b: c}")

    assert isinstance(root, Mapping)
    assert (root.keys["b"].line, root.keys["b"].column) == (1, 11)


@pytest.mark.parametrize(
    "written", ["no", "off", "yes", "true", "1:30", "010", "1_000", "1e3", "2024-02-19", ".inf", "0x1F"]
)
def test_nothing_is_converted(written: str) -> None:
    """A plain scalar stays the text it is."""
    assert flat(read(f"{written}: {written}")) == {written: written}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'it''s'", "it's"),
        ('"a\\tb\\u00fc"', "a\tbü"),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        (">-\n  one\n  two\n", "one two"),
        ("one\n  two", "one two"),
    ],
)
def test_styles_of_scalars(written: str, text: str) -> None:
    """Quotes and blocks are read as YAML says."""
    assert flat(read(f"a: {written}")) == {"a": text}


def test_flow_and_block_are_the_same() -> None:
    """Both styles of collections can be mixed."""
    assert flat(read("a: [b, {c: d}]")) == flat(read("a:\n  - b\n  - c: d\n")) == {"a": ["b", {"c": "d"}]}


def test_line_ends_of_windows() -> None:
    """CRLF ends a line like LF does, and is in no text."""
    text = "a: 1\r\nb: |\r\n  one\r\n  two\r\n"

    root = read(text)

    assert flat(root) == {"a": "1", "b": "one\ntwo\n"}
    assert isinstance(root, Mapping)
    assert root.keys["b"].line == 2


def test_a_byte_order_mark_is_no_text() -> None:
    """A byte order mark is neither read nor counted."""
    root = read("\ufeffa: 1")

    assert flat(root) == {"a": "1"}
    assert isinstance(root, Mapping)
    assert (root.keys["a"].line, root.keys["a"].column) == (1, 1)


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment\n"])
def test_an_empty_document_has_no_root(text: str) -> None:
    """Where nothing is written, there is neither a root nor a problem."""
    assert read(text) is None


@pytest.mark.parametrize("text", ["a: ", "a:", "a: ''", "a: ' '"])
def test_an_empty_value_is_an_empty_text(text: str) -> None:
    """A key without a value has a scalar with nothing in it."""
    root = read(text)

    assert isinstance(root, Mapping)
    scalar = root.entries["a"]
    assert isinstance(scalar, Scalar)
    assert scalar.text.strip() == ""


@pytest.mark.parametrize(
    ("written", "plain", "empty"),
    [("x", True, False), ("", True, True), ("~", True, True), ("null", True, True)],
)
def test_plain_and_empty(written: str, plain: bool, empty: bool) -> None:
    """A scalar without quotes is plain; a plain `~` or `null` is nothing."""
    root = read(f"a: {written}")

    assert isinstance(root, Mapping)
    scalar = root.entries["a"]
    assert isinstance(scalar, Scalar)
    assert (scalar.plain, scalar.empty) == (plain, empty)


@pytest.mark.parametrize("written", ["'~'", '"null"', "''", "|\n  null\n"])
def test_what_is_quoted_is_a_text(written: str) -> None:
    """A quoted `~` or `null` is the text it is."""
    root = read(f"a: {written}")

    assert isinstance(root, Mapping)
    scalar = root.entries["a"]
    assert isinstance(scalar, Scalar)
    assert not scalar.plain
    assert not scalar.empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", 'x.yaml:1:4: yaml-alias: anchor "&x" is not supported'),
        ("a: 1\nb: *a", "x.yaml:2:4: yaml-alias: aliases are not read"),
        ("a: !!str 1", 'x.yaml:1:4: yaml-tag: tag "tag:yaml.org,2002:str" is not supported'),
        ("a: !x [1]", 'x.yaml:1:4: yaml-tag: tag "!x" is not supported'),
        ("a: 1\n---\nb: 2", "x.yaml:2:1: yaml-syntax: a second document in one file"),
        ("? [a]\n: b", "x.yaml:1:3: yaml-syntax: a key must be a plain text"),
        ("{{a: b}: c}", "x.yaml:1:2: yaml-syntax: a key must be a plain text"),
        ("a: b: c", "x.yaml:1:5: yaml-syntax: mapping values are not allowed in this context"),
        (
            "\ta: 1",
            "x.yaml:1:1: yaml-syntax: while scanning for the next token found character that cannot start any token",
        ),
        (
            "a: ü\nbäh: \x01",
            "x.yaml:2:6: control-character: the character U+0001 is not allowed in YAML",
        ),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """Aliases, tags, a second document, keys that are no texts and what is not YAML end the reading, with the place."""
    assert problem(text) == said


def test_a_bomb_is_refused_at_its_first_anchor() -> None:
    """Nine to the power of nine aliases cost nothing."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))]

    assert problem("\n".join(lines)).startswith("x.yaml:1:5: yaml-alias: ")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_depth(opening: str, closing: str) -> None:
    """As many levels as allowed are read, one more is refused where it opens."""
    deepest = opening * MAX_DEPTH + closing * MAX_DEPTH

    assert read(deepest) is not None
    assert problem(opening + deepest + closing).endswith(f"too-deep: nested deeper than {MAX_DEPTH} levels")


def test_endless_brackets_do_not_crash() -> None:
    """Fifty thousand brackets, which crash other readers, are refused at the first excess."""
    assert problem("[" * 50_000) == f"x.yaml:1:{MAX_DEPTH + 1}: too-deep: nested deeper than {MAX_DEPTH} levels"


def test_every_duplicate_key_is_reported() -> None:
    """The first of equal keys stands; each further one is a problem that names the line of the first."""
    root, problems = yaml.parse("x.yaml", "a: 1\nb: {c: 1, c: 2}\na: 3\n'a': 4\n")

    assert flat(root) == {"a": "1", "b": {"c": "1"}}
    assert [(found.line, found.column, found.code) for found in problems] == [
        (2, 11, "yaml-duplicate-key"),
        (3, 1, "yaml-duplicate-key"),
        (4, 1, "yaml-duplicate-key"),
    ]
    assert problems[1].message == '"a" appears again; it first appears in line 1'


@pytest.mark.parametrize("text", ["{", "[", "a: {", "{a: [\n", "{\t"])
def test_text_that_ends_too_early(text: str) -> None:
    """A bracket that is never closed is a mistake like any other, though its place is the end of the file."""
    root, (problem,) = yaml.parse("x.yaml", text)

    assert (root, problem.code) == (None, "yaml-syntax")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever a file holds, there is a root or nothing, and problems with a place within it."""
    root, problems = yaml.parse("x.yaml", text)

    assert root is None or isinstance(root, Scalar | Sequence | Mapping)
    assert all(found.path == "x.yaml" for found in problems)


@given(
    st.recursive(st.text(alphabet="ab: #'\"~-\n", max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=10)
)
def test_quoted_texts_come_back(value: object) -> None:
    """Reading what JSON writes (which is YAML) gives it back."""
    assert flat(read(json.dumps(value))) == value
