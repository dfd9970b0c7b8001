"""Compressed siblings of the site's text files, for servers that send files as they stand."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from types import ModuleType

from generator.formats.edition import Memory
from generator.formats.output import Output

ENDINGS = (".gz", ".br", ".zst")
"""What the siblings' names end with: gzip (RFC 1952), Brotli (RFC 7932), Zstandard (RFC 8878)."""
_TEXTS = (".atom", ".css", ".html", ".ics", ".js", ".json", ".rss", ".svg", ".txt", ".webmanifest", ".xml")
LEAST_BYTES = 1024
"""Up to this size a file travels in one packet anyway."""
_KEY = "siblings"
_GZIP = 16 + zlib.MAX_WBITS
"""Asks zlib for gzip's frame, whose time of making it leaves 0."""

Compress = Callable[[bytes], bytes]
Compressors = Mapping[str, tuple[str, Compress]]
"""By ending: what names the compressor with its version and level, and the compressor."""


class CompressorMissing(Exception):  # noqa: N818 - names what is wrong
    """A library that compresses is not installed."""


def compressors(load: Callable[[str], ModuleType] = import_module) -> Compressors:
    """Load the compressors, at their highest levels that browsers can undo; `load` imports a module by name.

    Raises:
        CompressorMissing: Names the extra to install.
    """
    try:
        brotli, zstandard = load("brotli"), load("zstandard")
    except ImportError as error:
        raise CompressorMissing(
            f'--precompress needs {error.name}, which is not installed: pip install "lagebild[precompress]"'
        ) from error
    zstd = zstandard.ZstdCompressor(level=19)
    return {
        ".gz": (f"zlib {zlib.ZLIB_RUNTIME_VERSION} 9", partial(zlib.compress, level=9, wbits=_GZIP)),
        ".br": (f"brotli {brotli.__version__} 11", partial(brotli.compress, mode=brotli.MODE_TEXT, quality=11)),
        ".zst": (f"zstandard {zstandard.__version__} 19", zstd.compress),
    }


def with_siblings(outputs: Iterable[Output], compressed: Compressors, known: Memory | None = None) -> Iterator[Output]:
    """Yield the outputs, and after each text of more than 1 kB that shrinks its compressed siblings.

    Stamped outputs have none, for they change at every build. An output's bytes say whether it has siblings, so each
    is rendered here once; `known` remembers the answers, so that the next build renders only what is new.
    """
    remembered = _Remembered(known)
    for output in outputs:
        if output.stamped or not output.path.endswith(_TEXTS):
            yield output
            continue
        once = _Once(output.render)
        yield replace(output, render=once.render)
        if remembered.worth(output.inputs, once):
            for ending, (name, compress) in compressed.items():
                yield Output(
                    path=output.path + ending,
                    inputs=hashlib.blake2b(f"{output.inputs} {name}".encode(), digest_size=16).hexdigest(),
                    render=partial(_sibling, once, compress),
                )
    remembered.keep()


def _sibling(once: _Once, compress: Compress) -> bytes:
    return compress(once.render())


class _Once:
    """Renders once, and keeps the bytes in little space for as many as ask."""

    __slots__ = ("_packed", "_render")

    def __init__(self, render: Callable[[], bytes]) -> None:
        self._render = render
        self._packed: bytes | None = None

    def render(self) -> bytes:
        """Return the bytes."""
        if self._packed is not None:
            return zlib.decompress(self._packed)
        data = self._render()
        self._packed = zlib.compress(data, level=1)
        return data

    def shrinks(self) -> bool:
        """Return whether it is worth while: what the fastest level shrinks by a tenth, every other shrinks too."""
        size = len(self.render())
        return size > LEAST_BYTES and len(self._packed or b"") < size * 9 // 10


class _Remembered:
    """Knows of which outputs, by the digest of their inputs, siblings are worth while."""

    def __init__(self, known: Memory | None) -> None:
        self._known = known
        stored = known.get(_KEY) if known else None
        self._former: dict[str, bool] = json.loads(stored) if stored else {}
        self._now: dict[str, bool] = {}

    def worth(self, inputs: str, once: _Once) -> bool:
        """Return whether an output has siblings; it is rendered only if no build has done so."""
        former = self._former.get(inputs)
        self._now[inputs] = once.shrinks() if former is None else former
        return self._now[inputs]

    def keep(self) -> None:
        """Let the next build know, unless it knows already."""
        if self._known and self._now != self._former:
            self._known.put(_KEY, json.dumps(self._now).encode())
