"""Rendered outputs: hold the bytes of each before a file of the site is touched.

They wait in a temporary file, so memory stays flat, and a mistake in a render leaves the site as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from io import FileIO
from tempfile import TemporaryFile, gettempdir

from generator.disk.errors import REFUSALS
from generator.formats.output import Output


@contextmanager
def rendered(outputs: Iterable[Output]) -> Iterator[Callable[[Output], Output]]:
    """Render the outputs; yield what turns each into the same with its bytes at hand, and leaves others as they are.

    Raises:
        PublishError: The disk refuses.
    """
    places: dict[str, tuple[int, int]] = {}
    with _temporary() as file:
        for output in outputs:
            data = output.render()
            places[output.path] = (file.tell(), len(data))
            _put(file, data)

        def at_hand(output: Output) -> Output:
            place = places.get(output.path)
            return replace(output, render=partial(_read, file, *place)) if place else output

        yield at_hand


def _temporary() -> FileIO:
    with REFUSALS:
        return TemporaryFile(buffering=0)


def _put(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) or 0 :]
    except OSError as error:  # which does not say where
        with REFUSALS:
            raise OSError(error.errno, error.strerror, gettempdir()) from error


def _read(file: FileIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)
