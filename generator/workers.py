"""How rendering is spread over processes: each renders a share ahead, this one collects.

A worker is only ever a help: what it does not deliver, for whatever reason, is rendered here.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from generator.formats.output import Output

FEWEST = 50
"""Below so many outputs a share, starting a process costs more than it saves."""


@contextmanager
def ahead(outputs: Sequence[Output], jobs: int) -> Iterator[Callable[[Output], Output]]:
    """Render the outputs in up to `jobs` processes, this one included, each a run of them in their order.

    Yields what turns an output into the same one with its bytes already made, or leaves it as it is.
    No process is started for few outputs. The caller must have no other threads (POSIX fork).
    """
    size = max(FEWEST, -(-len(outputs) // max(jobs, 1)))
    shares = [outputs[start : start + size] for start in range(size, len(outputs), size)]
    gc.freeze()  # what exists by now stays shared with the workers
    workers = [_start(share) for share in shares]
    by_path = {output.path: worker for worker in workers for output in worker.share}

    def made(output: Output) -> Output:
        worker = by_path.get(output.path)
        return output if worker is None else replace(output, render=partial(worker.bytes_of, output))

    try:
        yield made
    finally:
        for worker in workers:
            worker.collect()
        gc.unfreeze()


@dataclass(slots=True)
class _Worker:
    """A process that renders a share of the outputs into a file."""

    share: Sequence[Output]
    process: int
    file: IO[bytes]
    _made: dict[str, bytes] | None = None

    def bytes_of(self, output: Output) -> bytes:
        """Return an output's bytes: the worker's, else rendered here."""
        data = self.collect().pop(output.path, None)
        return output.render() if data is None else data

    def collect(self) -> dict[str, bytes]:
        """Wait for the worker and return what it made, by path."""
        if self._made is None:
            self._made = {}
            _, status = os.waitpid(self.process, 0)
            with self.file:
                if status == 0:
                    self.file.seek(0)
                    self._made = pickle.load(self.file)  # noqa: S301 - written by our own process
        return self._made


def _start(share: Sequence[Output]) -> _Worker:
    file = TemporaryFile()  # noqa: SIM115 - closed when it is collected
    parent = os.getpid()
    process = os.fork()
    if process:
        return _Worker(share, process, file)
    try:
        made = {}
        for output in share:
            if os.getppid() != parent:
                os._exit(1)
            made[output.path] = output.render()
        pickle.dump(made, file)
        file.flush()
        os._exit(0)
    except BaseException:  # the parent renders it again, and says what is wrong
        os._exit(1)
