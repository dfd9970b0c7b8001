"""Outlet: defines where event files go, and what is said of that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from probes.events import FOLDER

__all__ = ["Outlet", "Published", "is_ours"]

_OURS = re.compile(rf"{re.escape(FOLDER)}/[0-9]{{4}}/[0-9]{{2}}/[0-9A-Za-z-]+\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What an outlet has done."""

    out: frozenset[str] = frozenset()
    """The paths that are where they belong, now or already."""
    retry_in_seconds: float | None = None
    """When to try the others again; None if there are no others."""
    alarm: str = ""
    """What the operators must do something about."""
    passing: str = ""
    """What may pass by itself: they hear of it if it is there again the next time."""


class Outlet(Protocol):
    """Takes event files to where the generator reads them."""

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Publish files by their paths below the tree; what is out already is out. Never raises for what may pass."""

    def observe(self, prober: str, data: bytes) -> str:
        """Put down what a prober last saw; the former version goes. Return what was in the way, empty if nothing was.

        What fails is tried again next time.
        """


def is_ours(path: str) -> bool:
    """Return whether a path is one of those that `probes.events.path_of` gives out: nothing else is ever written."""
    return _OURS.fullmatch(path) is not None
