"""What the operators of a prober are told: each thing once, when it comes up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

__all__ = ["Warnings"]

_NUMBER = re.compile(r"\d+(\.\d+)?")


class Warnings:
    """Remembers by its source what was told last."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: dict[str, list[str]] = {}

    def hear(self, source: str, lines: Iterable[str]) -> None:
        """Tell what a source warns of now and has not warned of the last time, whatever numbers stand in it."""
        known = self._told.pop(source, [])
        by_kind = {_NUMBER.sub("#", line): line for line in lines}
        for kind, line in by_kind.items():
            if kind not in known:
                self._tell(f"warning: {source}: {line}")
        if by_kind:
            self._told[source] = list(by_kind)

    def told(self) -> str:
        """Return what was told last, for the next process."""
        return json.dumps(self._told, sort_keys=True)

    def recall(self, told: str) -> None:
        """Restore what an earlier process has reported, so that it is not repeated; empty if there was none."""
        self._told = json.loads(told or "{}")
