"""A tree with one probed service, and an event as a prober would file it there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from probes.events import Event, EventKind, episode_id, path_of, serialize
from probes.model import Outcome, Reason

SPEC = Path(__file__).parent / "spec"
BEGAN = datetime(2024, 3, 1, 10, tzinfo=UTC)
NOW = BEGAN + timedelta(hours=1)
OPEN = Event(
    event=EventKind.OPEN,
    id=episode_id("zrh1", "mail-archive", "search", BEGAN),
    prober="zrh1",
    at=BEGAN + timedelta(minutes=2),
    since=BEGAN,
    service="mail-archive",
    check="search",
    kind="http",
    status=Outcome.OUTAGE,
    reason=Reason.TIMEOUT,
)
PROBES = """\
probes:
  probers: [zrh1]
  checks:
    - {name: search, kind: tcp, service: mail-archive, host: archive.example.ch, port: 443}
"""


def plant(folder: Path) -> Path:
    """Make a folder a tree without incidents, and return it."""
    webmail = "  - {id: webmail, name: Webmail, group: archive}\n"
    text = (SPEC / "status.yaml").read_text("utf-8").replace("tasks:\n", f"{webmail}tasks:\n")
    (folder / "status.yaml").write_text(text + PROBES, "utf-8")
    (folder / "incidents").mkdir()
    return folder


def at(minutes: float) -> datetime:
    """Return an instant so many minutes after the beginning."""
    return BEGAN + timedelta(minutes=minutes)


def file(tree: Path, event: Event) -> Path:
    """Write an event where a prober would, and return the file."""
    path = tree / path_of(event)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialize(event))
    return path
