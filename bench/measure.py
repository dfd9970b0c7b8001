"""How a whole process is timed: wall, processor and memory as the kernel counts them, always beside another process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent
Figure = Callable[["Run"], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one process took, with the processes that it started and waited for."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    """Of the largest single process."""


def wall(run: Run) -> float:
    """Return the seconds on the clock; they grow with whatever else the machine is doing."""
    return run.wall_seconds


def cpu(run: Run) -> float:
    """Return the seconds of processor time, of all processes."""
    return run.cpu_seconds


def peak(run: Run) -> float:
    """Return the most memory that a process held, in MiB."""
    return run.peak_mib


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """Where processes run: with this interpreter, compiled code in a folder of their own, nothing of the user's."""

    folder: Path

    @property
    def memo(self) -> Path:
        """Return where the generator keeps compiled templates and catalogs."""
        return self.folder / "compiled" / "__pycache__" / "memo"

    def python(self, *arguments: str, says: str = "") -> Run:
        """Run the interpreter and return what that took.

        Raises:
            RuntimeError: It failed, or its stderr does not hold `says`: then another thing was measured.
        """
        said = self.folder / "stderr"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment |= {"PYTHONPATH": str(CHECKOUT), "PYTHONPYCACHEPREFIX": str(self.folder / "compiled")}
        files = [
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(said), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        ]
        begun = time.perf_counter()
        process = os.posix_spawn(sys.executable, [sys.executable, *arguments], environment, file_actions=files)
        _, status, usage = os.wait4(process, 0)
        took = time.perf_counter() - begun
        stderr = said.read_text(encoding="utf-8")
        if status != 0 or says not in stderr:
            raise RuntimeError(f"python {' '.join(arguments)}: exit {os.waitstatus_to_exitcode(status)}\n{stderr}")
        peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return Run(wall_seconds=took, cpu_seconds=usage.ru_utime + usage.ru_stime, peak_mib=peak)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Two processes that ran by turns, A B A B …, so that a busy machine slows both alike."""

    first: Sequence[Run]
    second: Sequence[Run]

    def ratio(self, figure: Figure) -> float:
        """Return how many times as much as the first the second took: the median over the pairs."""
        return median(figure(b) / figure(a) for a, b in zip(self.first, self.second, strict=True))


def by_turns(first: Callable[[int], Run], second: Callable[[int], Run], rounds: int) -> Pairs:
    """Run both by turns; each is told the round, and readies itself before its own clock starts."""
    runs = [(first(number), second(number)) for number in range(rounds)]
    return Pairs(first=[a for a, _ in runs], second=[b for _, b in runs])


def middle(runs: Sequence[Run], figure: Figure) -> float:
    """Return the median of a figure."""
    return median(map(figure, runs))
