"""Where event files go, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Outlet", "Published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What an outlet has done."""

    out: frozenset[str] = frozenset()
    """The paths that are where they belong, now or already."""
    retry_in_seconds: float | None = None
    """When to try the others again; None if there are no others."""
    alarm: str = ""
    """What the operators must do something about."""


class Outlet(Protocol):
    """Takes event files to where the generator reads them."""

    def publish(self, files: Mapping[str, bytes]) -> Published:
        """Publish files by their paths below the tree; what is out already is out. Never raises for what may pass."""

    def observe(self, prober: str, data: bytes) -> None:
        """Put down what a prober last saw; the former version goes. What fails is tried again next time."""
