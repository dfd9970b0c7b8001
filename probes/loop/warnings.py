"""Warnings: tells the operators each thing once, when it comes up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

__all__ = ["Warnings"]

_NUMBER = re.compile(r"\d+(\.\d+)?")


class Warnings:
    """The warnings reported last, by source."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: dict[str, list[str]] = {}

    def report(self, source: str, lines: Iterable[str]) -> None:
        """Report what a source warns of now and did not the last time; a change of numbers alone is no news."""
        known = self._told.pop(source, [])
        by_kind = {_NUMBER.sub("#", line): line for line in lines}
        for kind, line in by_kind.items():
            if kind not in known:
                self._tell(f"warning: {source}: {line}")
        if by_kind:
            self._told[source] = list(by_kind)

    def told(self) -> str:
        """Return what was reported last, for the next process."""
        return json.dumps(self._told, sort_keys=True)

    def recall(self, told: str) -> None:
        """Restore what an earlier process has reported, so that it is not repeated; empty if there was none."""
        self._told = json.loads(told or "{}")
