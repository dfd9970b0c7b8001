"""The build with nothing to do: recognised from the files' states alone, before anything heavy is loaded."""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH100, PTH118

from __future__ import annotations

import os
from collections import namedtuple
from datetime import UTC, datetime, timedelta

from generator.disk import cache
from generator.places import STATE, inputs
from generator.publish.build_time import renew

Remembered = namedtuple(
    "Remembered",
    (
        "fingerprint",
        "target",
        "since",
        "until",
        "time_zone",
        "publish_every_seconds",
        "owner",
        "signature",
        "precompressed",
    ),
)
"""What the last build leaves for the next: what it saw, where it wrote, and how long its facts hold (epoch seconds)."""


def take(tree: str, output: str, now: datetime, *, precompress: bool = False) -> bool:
    """Fill in the new time of building and return True, if that is all a build would do."""
    state = os.path.join(tree, STATE)
    known = cache.load(state)
    if known is None or set(known) != set(Remembered._fields):
        return False
    last = Remembered(**known)
    if last.precompressed != precompress:
        return False
    if last.target != os.path.abspath(output) or not last.since <= now.timestamp() < last.until:
        return False
    if last.fingerprint != cache.fingerprint(inputs(tree)):
        return False
    from zoneinfo import ZoneInfo

    return renew(
        output,
        state,
        owner=last.owner,
        signature=last.signature,
        iso=_iso(now),
        time=f"{now.astimezone(ZoneInfo(last.time_zone)):%H:%M}",
        due=_iso(now + timedelta(seconds=2 * last.publish_every_seconds)),
        epoch=str(int(now.timestamp())),
    )


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
