"""Worker processes: they render everything before anything is replaced.

What was rendered waits in temporary files, so memory stays flat. A worker is only ever a help: what it does not
deliver, for whatever reason, is rendered here, and an error is raised here before a file of the site was touched.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from io import FileIO
from tempfile import TemporaryFile, gettempdir

from generator.disk.errors import REFUSALS
from generator.formats.output import Output

FEWEST = 50
"""Below so many outputs a share, starting a process costs more than it saves."""


@contextmanager
def ahead(outputs: Sequence[Output], jobs: int) -> Iterator[Callable[[Output], Output]]:
    """Render the outputs in up to `jobs` processes, this one included, each a run of them in their order.

    Yields, once all are rendered, what turns an output into the same one with its bytes at hand; others stay as they
    are. No process is started for few outputs. The caller must have no other threads (POSIX fork).
    """
    size = max(FEWEST, -(-len(outputs) // max(jobs, 1)))
    shares = [outputs[start : start + size] for start in range(0, len(outputs), size)]
    with ExitStack() as files:
        gc.freeze()  # what exists by now stays shared with the workers
        workers = [_start(share, files.enter_context(_temporary())) for share in shares[1:]]
        try:
            own = _Spool(files.enter_context(_temporary()))
            for output in shares[0] if shares else ():
                own.add(output)
            spools = [own, *(worker.collect(own) for worker in workers)]
        finally:
            for worker in workers:
                worker.end()
            gc.unfreeze()
        spooled = {path: spool for spool in spools for path in spool.places}
        yield partial(_made, spooled)


def _temporary() -> FileIO:
    with REFUSALS:
        return TemporaryFile(buffering=0)


def _made(spooled: Mapping[str, _Spool], output: Output) -> Output:
    spool = spooled.get(output.path)
    return output if spool is None else replace(output, render=partial(spool.read, output.path))


@dataclass(slots=True)
class _Spool:
    """Rendered outputs, one behind the other in a file."""

    file: FileIO
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Offset and length, by path."""

    def add(self, output: Output) -> None:
        """Render an output and put it down."""
        data = output.render()
        self.places[output.path] = (self.put(data), len(data))

    def put(self, data: bytes) -> int:
        """Put bytes down at the end; return where.

        Raises:
            PublishError: The disk refuses.
        """
        start = self.file.seek(0, os.SEEK_END)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self.file.write(rest) or 0 :]
        except OSError as error:
            with REFUSALS:
                raise OSError(error.errno, error.strerror, gettempdir()) from error
        return start

    def read(self, path: str) -> bytes:
        """Return what was put down."""
        offset, length = self.places[path]
        self.file.seek(offset)
        return self.file.read(length)


@dataclass(slots=True)
class _Worker:
    """A process that renders a share of the outputs into a file of its own, their places at its end."""

    share: Sequence[Output]
    process: int
    file: FileIO
    ended: bool = False
    sound: bool = False

    def end(self) -> None:
        """Wait for the process."""
        if not self.ended:
            _, status = os.waitpid(self.process, 0)
            self.ended, self.sound = True, status == 0

    def collect(self, own: _Spool) -> _Spool:
        """Return what the worker rendered; if it did not, render it into `own`."""
        self.end()
        if not self.sound:
            for output in self.share:
                own.add(output)
            return own
        end = self.file.seek(-_TAIL, os.SEEK_END)
        start = int.from_bytes(self.file.read(_TAIL), "big")
        self.file.seek(start)
        return _Spool(self.file, pickle.loads(self.file.read(end - start)))  # noqa: S301 - our own process wrote it


_TAIL = 8


def _start(share: Sequence[Output], file: FileIO) -> _Worker:
    parent = os.getpid()
    process = os.fork()
    if process:
        return _Worker(share, process, file)
    try:
        spool = _Spool(file)
        for output in share:
            if os.getppid() != parent:
                os._exit(1)
            spool.add(output)
        start = spool.put(pickle.dumps(spool.places))
        spool.put(start.to_bytes(_TAIL, "big"))
        os._exit(0)
    except BaseException:  # the parent renders it again, and says what is wrong
        os._exit(1)
