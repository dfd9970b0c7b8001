"""What a check of a zone keeps from one look to the next, beside the prober's store."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["ZoneMemory", "keep", "memory_file", "recalled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMemory:
    """Nothing of it is needed: what is lost is found again."""

    of: str
    """What the check looks at: what was kept of something else is forgotten."""
    servers: tuple[tuple[str, str], ...] = ()
    """Names and addresses of the zone's servers, for when the resolver fails."""
    differ_since: datetime | None = None
    """Since when the servers have not agreed; None while they do."""


def memory_file(state: Path, check: str) -> Path:
    """Return where that is kept, below a prober's own folder."""
    return state / "zones" / f"{check}.json"


def recalled(file: Path, of: str) -> ZoneMemory:
    """Return what is kept, nothing if it is of something else or cannot be read."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        since = kept["differ_since"]
        memory = ZoneMemory(
            of=kept["of"],
            servers=tuple((str(name), str(ip)) for name, ip in kept["servers"]),
            differ_since=None if since is None else _aware(since),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ZoneMemory(of=of)
    return memory if memory.of == of else ZoneMemory(of=of)


def keep(file: Path, memory: ZoneMemory) -> None:
    """Keep it, replaced as a whole; a disk that is full says nothing of the zone."""
    since = memory.differ_since.isoformat() if memory.differ_since else None
    text = json.dumps({"of": memory.of, "servers": memory.servers, "differ_since": since})
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        aside.write_text(text, "utf-8")
        aside.replace(file)


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at
