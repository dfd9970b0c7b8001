"""Output: hold what a format hands to the publisher."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.time_slots import STAMP_DUE, STAMP_EPOCH, STAMP_ISO, STAMP_TIME, fill

__all__ = ["STAMP_DUE", "STAMP_EPOCH", "STAMP_ISO", "STAMP_TIME", "Output", "fill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file of the site, not rendered yet."""

    path: str
    """Relative to the site, with `/`, e.g. `de/index.html`."""
    inputs: str
    """Digest of everything that goes into the bytes: while it stays the same, so do they."""
    render: Callable[[], bytes]
    stamped: bool = False
    """Whether the bytes may hold slots of `generator.time_slots`, to be filled at every build."""


def as_json(document: Mapping[str, object], *, spread: bool = False) -> bytes:
    """Write a document for programs in one line; `spread`, for whoever looks at it, with a line for each value."""
    layout = {"indent": 1} if spread else {"separators": (",", ":")}
    return json.dumps(document, ensure_ascii=False, **layout).encode() + b"\n"
