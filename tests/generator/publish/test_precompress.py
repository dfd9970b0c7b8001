"""Compressed siblings: which files have some, what is in them, and that nothing is done twice."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formats.output import Output
from generator.publish.options import Target
from generator.publish.precompress import ENDINGS, CompressorMissing, Compressors, compressors, with_siblings
from generator.publish.publisher import publish
from generator.time_slots import Stamp

brotli = pytest.importorskip("brotli", reason="brotli is not installed: make test")
zstandard = pytest.importorskip("zstandard", reason="zstandard is not installed: make test")

TEXT = b"<p>The mail archive is down.</p>\n" * 100
NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(120))
"""Nothing shrinks this."""
STAMP = Stamp(iso="2024-02-20T08:00:00Z", time="09:00")


@pytest.fixture(scope="module")
def compressed() -> Compressors:
    """Return the real compressors."""
    return compressors()


class Memory:
    """Remembers in memory."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.puts = 0

    def get(self, key: str) -> bytes | None:
        """Return what was put."""
        return self.values.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep it."""
        self.puts += 1
        self.values[key] = value


class Counting:
    """Renders, and counts how often."""

    def __init__(self, data: bytes = TEXT) -> None:
        self.data = data
        self.calls = 0

    def __call__(self) -> bytes:
        """Render."""
        self.calls += 1
        return self.data


def page(
    render: Callable[[], bytes], path: str = "de/index.html", *, inputs: str = "1", stamped: bool = False
) -> Output:
    """Return an output."""
    return Output(path=path, inputs=inputs, render=render, stamped=stamped)


def test_a_text_has_three_siblings_that_hold_the_same(compressed: Compressors) -> None:
    """Each sibling undone is the original, and smaller."""
    outputs = list(with_siblings([page(Counting())], compressed))

    made = {output.path.removeprefix("de/index.html"): output.render() for output in outputs}
    assert list(made) == ["", *ENDINGS]
    assert made[""] == gzip.decompress(made[".gz"]) == brotli.decompress(made[".br"]) == TEXT
    assert zstandard.ZstdDecompressor().decompress(made[".zst"]) == TEXT
    assert max(len(made[ending]) for ending in ENDINGS) < len(TEXT)


@given(st.binary(max_size=300), st.integers(1, 40))
def test_every_sibling_is_smaller(compressed: Compressors, data: bytes, times: int) -> None:
    """Whatever a text holds: a sibling that exists is smaller than it, and the same once undone."""
    whole = data * times

    siblings = list(with_siblings([page(lambda: whole)], compressed))[1:]

    assert [output.path for output in siblings if len(output.render()) >= len(whole)] == []
    assert [gzip.decompress(output.render()) == whole for output in siblings if output.path.endswith(".gz")] in (
        [],
        [True],
    )


@pytest.mark.parametrize(
    ("path", "data", "stamped"),
    [
        ("assets/logo.png", TEXT, False),
        ("robots.txt", TEXT[:1024], False),
        ("de/noise.json", NOISE, False),
        ("index.html", TEXT, True),
    ],
)
def test_what_has_no_siblings(compressed: Compressors, path: str, data: bytes, stamped: bool) -> None:
    """No text, short, not compressible, or another at every build: such a file stands alone."""
    output = page(Counting(data), path, stamped=stamped)

    assert [found.path for found in with_siblings([output], compressed)] == [path]


def test_the_same_text_makes_the_same_siblings(compressed: Compressors) -> None:
    """Bytes and digests of siblings follow from the original alone; each has a digest of its own."""
    first = list(with_siblings([page(Counting())], compressed))
    again = list(with_siblings([page(Counting())], compressed))
    other = list(with_siblings([page(Counting(), inputs="2")], compressed))

    assert [output.inputs for output in first] == [output.inputs for output in again]
    assert [output.render() for output in first] == [output.render() for output in again]
    assert len({output.inputs for output in (*first, *other)}) == 8


def test_an_original_is_rendered_once(compressed: Compressors) -> None:
    """However many siblings are made of it, an output is rendered once."""
    render = Counting()

    for output in with_siblings([page(render)], compressed):
        output.render()

    assert render.calls == 1


def test_what_is_known_is_not_rendered(compressed: Compressors) -> None:
    """A later build knows which outputs have siblings without rendering them; only a new one is rendered."""
    memory = Memory()
    short = page(Counting(TEXT[:100]), "short.json", inputs="2")
    list(with_siblings([page(Counting()), short], compressed, memory))
    known, new = Counting(), Counting()

    later = list(
        with_siblings(
            [page(known), short, page(new, "new.html", inputs="3")],
            compressed,
            memory,
        )
    )

    assert (known.calls, new.calls) == (0, 1)
    assert [output.path for output in later] == [
        *("de/index.html" + ending for ending in ("", *ENDINGS)),
        "short.json",
        *("new.html" + ending for ending in ("", *ENDINGS)),
    ]


def test_nothing_new_is_not_remembered_again(compressed: Compressors) -> None:
    """A build without news leaves the memory as it is."""
    memory = Memory()

    for _ in range(2):
        list(with_siblings([page(Counting())], compressed, memory))

    assert memory.puts == 1


def test_siblings_come_and_go_with_their_original(compressed: Compressors, tmp_path: Path) -> None:
    """The publisher leaves unchanged siblings alone, and removes those whose original goes."""
    site, state = tmp_path / "site", tmp_path / "state"
    stays, goes = page(Counting(), "stays.html"), page(Counting(), "goes.html", inputs="2")

    def issue(*outputs: Output) -> None:
        target = Target(folder=site, state=state, owner="example.ch,2024")
        publish(list(with_siblings(outputs, compressed)), target, STAMP)

    issue(stays, goes)
    before = {path.name: path.stat().st_mtime_ns for path in site.glob("stays*")}
    issue(stays)

    assert {path.name: path.stat().st_mtime_ns for path in site.glob("stays*")} == before
    assert sorted(before) == ["stays.html", "stays.html.br", "stays.html.gz", "stays.html.zst"]
    assert list(site.glob("goes*")) == []


@pytest.mark.parametrize("missing", ["brotli", "zstandard"])
def test_a_missing_library_is_named(missing: str) -> None:
    """Without a library that compresses, the message names it and what to install."""

    def load(name: str) -> ModuleType:
        if name == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return import_module(name)

    with pytest.raises(CompressorMissing) as caught:
        compressors(load)

    assert str(caught.value) == (
        f'--precompress needs {missing}, which is not installed: pip install "lagebild[precompress]"'
    )
