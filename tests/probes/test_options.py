"""How the options of a check are read: every mistake is said once, with its place, and nothing raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.options import Fault, Options, Raw
from probes.secret import SecretSource

WHERE = ("checks", 2)


class Colour(StrEnum):
    """Something to choose."""

    RED = "red"
    BLUE = "blue"


def options(raw: Mapping[str, Raw]) -> tuple[Options, list[Fault]]:
    """Return options that stand somewhere, and where their faults go."""
    faults: list[Fault] = []
    return Options(raw, WHERE, faults, "a check"), faults


Read = Callable[[Options, str], object]
READERS: dict[str, Read] = {
    "text": lambda one, key: one.text(key),
    "needed": lambda one, key: one.text(key, required=True),
    "seconds": lambda one, key: one.seconds(key, 7.0, low=1, high=3600),
    "whole": lambda one, key: one.whole(key, 7, low=-5, high=99),
    "number": lambda one, key: one.number(key, required=True),
    "flag": lambda one, key: one.flag(key, default=True),
    "choice": lambda one, key: one.choice(key, Colour, Colour.RED),
    "texts": lambda one, key: one.texts(key, required=True),
    "list": lambda one, key: one.texts(key, alone=False),
    "pattern": lambda one, key: one.pattern(key),
    "patterns": lambda one, key: one.patterns(key),
    "part": lambda one, key: one.part(key, "a part"),
    "parts": lambda one, key: one.parts(key, "a part"),
    "secret": lambda one, key: one.secret(key),
}
REGEX = st.text("()[]{}|*+?^$\\.:=!<>-,aA0129iP\t ", max_size=12)
scalars = st.text(max_size=12) | REGEX | st.sampled_from(["20s", "-1", "5", "true", "1e999", "٣", "red", "\x00", " "])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(["a", "b", "a_env", "a_file", "", "c d"])


@given(st.dictionaries(keys | st.text(max_size=5), values, max_size=6), st.sampled_from(sorted(READERS)), keys)
def test_nothing_raises(raw: dict[str, Raw], reader: str, key: str) -> None:
    """Whatever stands in a mapping, reading it raises nothing, and each fault has its place within the mapping."""
    read, faults = options(raw)

    READERS[reader](read, key)
    read.finish()

    for fault in faults:
        assert fault.path[: len(WHERE)] == WHERE
        assert all(step in raw for step in fault.path[len(WHERE) : len(WHERE) + 1])
        assert fault.code
        assert fault.message


@given(st.dictionaries(st.text(max_size=5), values, max_size=6), st.sets(st.text(max_size=5), max_size=4))
def test_every_unknown_key_is_reported(raw: dict[str, Raw], known: set[str]) -> None:
    """Exactly the keys that nobody asked for are unknown, with those that could have been meant."""
    read, faults = options(raw)

    for key in known:
        read.texts(key)
    faults.clear()
    read.finish()

    assert {fault.path[-1] for fault in faults} == raw.keys() - known
    assert len(faults) == len(raw.keys() - known)
    assert all((fault.code, set(fault.allowed)) == ("unknown-key", known) for fault in faults)


@given(st.lists(st.dictionaries(st.sampled_from(["known", "x", "y"]), values, max_size=3) | scalars, max_size=4))
def test_unknown_keys_within_a_list(entries: list[Raw]) -> None:
    """Unknown keys are found in the mappings of a list too, and what is no mapping is said where it stands."""
    read, faults = options({"steps": entries})

    for part in read.parts("steps", "a step"):
        part.texts("known")
        part.finish()

    wrong = {(*WHERE, "steps", place) for place, entry in enumerate(entries) if isinstance(entry, str)}
    unknown = {
        (*WHERE, "steps", place, key)
        for place, entry in enumerate(entries)
        if isinstance(entry, Mapping)
        for key in entry.keys() - {"known"}
    }
    assert {fault.path for fault in faults if fault.code == "unknown-key"} == unknown
    assert {fault.path for fault in faults if fault.message == "a step must be a mapping (key: value)"} == wrong


@given(values)
def test_required(value: Raw) -> None:
    """A key that is needed and missing is the fault of the mapping as a whole; one that stands there is not missing."""
    without, missing = options({})
    within, present = options({"a": value})

    without.text("a", required=True)
    within.text("a", required=True)

    assert [(fault.path, fault.code) for fault in missing] == [(WHERE, "missing-key")]
    assert "missing-key" not in [fault.code for fault in present]


@given(st.integers(0, 9_999_999), st.sampled_from([("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]))
def test_seconds(count: int, unit: tuple[str, float]) -> None:
    """A length of time is a whole number with its unit; beyond the bounds it is a fault, and the default counts."""
    read, faults = options({"a": f"{count}{unit[0]}"})

    found = read.seconds("a", 5.0, high=86400.0)

    within = count * unit[1] <= 86400.0
    assert found == (count * unit[1] if within else 5.0)
    assert [fault.code for fault in faults] == ([] if within else ["bad-interval"])


@pytest.mark.parametrize(
    ("text", "low", "high", "bounds"),
    [
        ("400d", 0.0, 31 * 86400.0, "of at most 31d"),
        ("1ms", 0.1, 600.0, "from 100ms to 10m"),
        ("25h", 60.0, 86400.0, "from 1m to 1d"),
        ("2m", 1.0, 90.0, "from 1s to 90s"),
    ],
)
def test_bounds_of_seconds(text: str, low: float, high: float, bounds: str) -> None:
    """Bounds are told as lengths of time are written."""
    read, faults = options({"a": text})

    read.seconds("a", 5.0, low=low, high=high)

    assert [fault.message for fault in faults] == [f'a: "{text}" is not a duration {bounds}']


@pytest.mark.parametrize(
    "text", ["20", "s", "1.5s", "-1s", "1 s", "1s ago", "1w", "99999999s", "1S", "010m", "١٥m", "१s"]
)
def test_no_seconds(text: str) -> None:
    """A number without a unit, and all else, is not a duration."""
    read, faults = options({"a": text})

    assert read.seconds("a", 5.0) == 5.0
    assert [fault.code for fault in faults] == ["bad-interval"]


READ: list[tuple[str, Raw, object, list[str]]] = [
    ("text", " word ", "word", []),
    ("text", "", "", ["empty-value"]),
    ("text", "a\nb", "", ["control-character"]),
    ("text", "a\x9bb", "", ["control-character"]),
    ("text", ["a"], "", ["wrong-type"]),
    ("whole", "-5", 7, ["wrong-type"]),
    ("whole", "99", 99, []),
    ("whole", "100", 7, ["wrong-type"]),
    ("whole", "٣", 7, ["wrong-type"]),
    ("whole", "9" * 20, 7, ["wrong-type"]),
    ("number", "-1.5e2", -150.0, []),
    ("number", "1e999", None, ["wrong-type"]),
    ("number", "nan", None, ["wrong-type"]),
    ("flag", "false", False, []),
    ("flag", "no", True, ["wrong-type"]),
    ("choice", "blue", Colour.BLUE, []),
    ("choice", "green", Colour.RED, ["unknown-value"]),
    ("texts", "one", ("one",), []),
    ("texts", ["one", "two"], ("one", "two"), []),
    ("texts", [], (), ["empty-value"]),
    ("list", ["one"], ("one",), []),
    ("list", "one two", (), ["wrong-type"]),
    ("texts", ["one", ["two"]], (), ["wrong-type"]),
    ("texts", {"one": "two"}, (), ["wrong-type"]),
    ("texts", ["one", " "], (), ["wrong-type"]),
    ("part", "one", None, ["wrong-type"]),
    ("parts", "one", (), ["wrong-type"]),
    ("parts", {"one": "two"}, (), ["wrong-type"]),
    ("pattern", "(", None, ["wrong-type"]),
    ("pattern", "a{1001}", None, ["wrong-type"]),
    ("pattern", "((a{100}){100}){100}", None, ["wrong-type"]),
    ("pattern", "(?!a)b", None, ["wrong-type"]),
    ("patterns", ["(", "a{1001}"], (), ["wrong-type", "wrong-type"]),
]


@pytest.mark.parametrize(("reader", "value", "found", "codes"), READ)
def test_values(reader: str, value: Raw, found: object, codes: list[str]) -> None:
    """A value is read, or refused with its reason and replaced by the default."""
    read, faults = options({"a": value})

    assert READERS[reader](read, "a") == found
    assert [(fault.path, fault.code) for fault in faults] == [((*WHERE, "a"), code) for code in codes]


@pytest.mark.parametrize("text", ["^a.b$", "[[a]", "(?i)x"])
def test_patterns(text: str) -> None:
    """What RE2 knows is a regular expression."""
    read, faults = options({"a": text, "b": [text, text]})

    one, more = read.pattern("a"), read.patterns("b")

    assert [pattern.text for pattern in (one, *more) if pattern] == [text] * 3
    assert faults == []


@pytest.mark.parametrize(
    ("raw", "source", "codes"),
    [
        ({}, None, []),
        ({"password_env": "A"}, SecretSource(env="A"), []),
        ({"password_file": "/run/a"}, SecretSource(file="/run/a"), []),
        ({"password_env": "A", "password_file": "/run/a"}, SecretSource(env="A"), ["wrong-type"]),
        ({"password": "s3cret-canary"}, None, ["plain-secret"]),
        ({"password": ["s3cret-canary"]}, None, ["plain-secret"]),
    ],
)
def test_secrets(raw: dict[str, Raw], source: SecretSource | None, codes: list[str]) -> None:
    """A secret is named, never written; what was written is not repeated."""
    read, faults = options(raw)

    assert read.secret("password") == source
    read.finish()

    assert [fault.code for fault in faults] == codes
    assert "canary" not in repr(faults)


def test_part_has_its_place() -> None:
    """The faults of a part stand at the part."""
    read, faults = options({"login": {"port": "x", "extra": "y"}, "steps": [{}, {"port": "z"}]})

    part = read.part("login", "a login")
    assert part is not None
    for one in (part, *read.parts("steps", "a step")):
        one.whole("port", 1, low=1, high=2)
        one.finish()

    assert [fault.path[len(WHERE) :] for fault in faults] == [
        ("login", "port"),
        ("login", "extra"),
        ("steps", 1, "port"),
    ]


def test_deep_nesting() -> None:
    """However deep something is that should be a text, it is one mistake."""
    deep: Raw = "end"
    for _ in range(1000):
        deep = [{"a": deep}]
    read, faults = options({"deep": deep})

    read.texts("deep")
    read.finish()

    assert [fault.code for fault in faults] == ["wrong-type"]
