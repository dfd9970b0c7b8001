"""Zones: keeps what a check of a zone knows from one look to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from probes.kind import Notes

__all__ = ["ZoneMemory", "keep", "recall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMemory:
    """Nothing of it is needed: what is lost is found again."""

    of: str
    """What the check looks at: what was kept of something else is forgotten."""
    servers: tuple[tuple[str, str], ...] = ()
    """Names and addresses of the zone's servers, for when the resolver fails."""
    differ_since: datetime | None = None
    """Since when the servers have not agreed; None while they do."""


def recall(notes: Notes, check: str, of: str) -> ZoneMemory:
    """Return what is kept, nothing if it is of something else or cannot be read."""
    try:
        kept = json.loads(notes.noted(f"zone/{check}"))
        since = kept["differ_since"]
        memory = ZoneMemory(
            of=kept["of"],
            servers=tuple((str(name), str(ip)) for name, ip in kept["servers"]),
            differ_since=datetime.fromisoformat(since) if since else None,
        )
    except (ValueError, KeyError, TypeError):
        return ZoneMemory(of=of)
    return memory if memory.of == of else ZoneMemory(of=of)


def keep(notes: Notes, check: str, memory: ZoneMemory) -> None:
    """Keep it in place of what was kept before."""
    since = memory.differ_since.isoformat() if memory.differ_since else None
    notes.note(f"zone/{check}", json.dumps({"of": memory.of, "servers": memory.servers, "differ_since": since}))
