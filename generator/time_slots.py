"""The slots that a rendered file leaves open for the build's time.

A stamped file is the same at every build but for these slots, so a rebuild without news fills them again
instead of rendering. The slots pass unchanged through HTML escaping, and through JSON in its escaped form;
no content can hold them, for U+001A is no character of a text.
"""

from __future__ import annotations

from datetime import UTC, datetime

STAMP_ISO = b"\x1aiso\x1a"
"""When the site was built, e.g. `2026-11-24T15:00:00Z`."""
STAMP_TIME = b"\x1atime\x1a"
"""The same for people, in the site's zone, e.g. `16:00`."""
STAMP_DUE = b"\x1adue\x1a"
"""Before when the next build is expected, e.g. `2026-11-24T17:00:00Z`."""
STAMP_EPOCH = b"\x1aepoch\x1a"
"""When the site was built, in seconds since 1970, e.g. `1795532400`."""

_MARKERS = (b"\x1a", b"\\u001a")
"""The slots' delimiter as it is, and as JSON escapes it."""


class Stamp:
    """The time of a build, as it fills the slots; written by hand, for dataclasses take long to load."""

    __slots__ = ("due", "epoch", "iso", "time")

    def __init__(self, *, iso: str, time: str, due: str = "", epoch: str = "") -> None:
        self.iso = iso
        self.time = time
        self.due = due
        self.epoch = epoch

    @classmethod
    def of(cls, now: datetime, time_zone: str, publish_every_seconds: int) -> Stamp:
        """Return the stamp of a build at `now` (aware); the next but one is late."""
        from zoneinfo import ZoneInfo

        due = datetime.fromtimestamp(now.timestamp() + 2 * publish_every_seconds, UTC)
        local = now.astimezone(ZoneInfo(time_zone))
        return cls(iso=instant(now), time=f"{local:%H:%M}", due=instant(due), epoch=str(int(now.timestamp())))

    def values(self) -> dict[str, bytes]:
        """Return what `fill` takes."""
        return {name: getattr(self, name).encode() for name in self.__slots__}


def instant(at: datetime) -> str:
    """Return an instant as files write it, e.g. `2026-11-24T15:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def instant_or_none(at: datetime | None) -> str | None:
    """Return an instant as files write it, if there is one."""
    return instant(at) if at else None


def fill(data: bytes, *, iso: bytes, time: bytes, due: bytes = b"", epoch: bytes = b"") -> bytes:
    """Return the data with the build's time in every slot.

    Raises:
        ValueError: A slot is left, because it is unknown or nothing was given for it.
    """
    values = {STAMP_ISO: iso, STAMP_TIME: time, STAMP_DUE: due, STAMP_EPOCH: epoch}
    for slot, value in values.items():
        if value:
            for marker in _MARKERS:
                data = data.replace(slot.replace(b"\x1a", marker), value)
    if any(marker in data for marker in _MARKERS):
        raise ValueError("a slot for the build's time was not filled")
    return data
