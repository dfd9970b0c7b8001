"""The build with nothing to do: recognised from the files' states alone, before anything heavy is loaded."""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH100, PTH118

from __future__ import annotations

import os
from collections import namedtuple
from datetime import datetime
from typing import TYPE_CHECKING

from generator.disk import cache
from generator.places import STATE, inputs
from generator.publish.build_time import renew
from generator.time_slots import Stamp

if TYPE_CHECKING:  # the short way loads neither
    from generator.formats.edition import Edition
    from generator.publish.options import Target
    from generator.publish.publisher import Report

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
    stamp = Stamp.of(now, last.time_zone, last.publish_every_seconds)
    return renew(output, state, owner=last.owner, signature=last.signature, stamp=stamp)


def remember(target: Target, edition: Edition, report: Report, *, fingerprint: str, precompressed: bool) -> None:
    """Let the next build take the short way if nothing has changed; with faults it must look again."""
    state = str(target.state)
    if edition.faulty or report.foreign:
        cache.forget(state)
        return
    site = edition.site
    last = Remembered(
        fingerprint=fingerprint,
        target=os.path.abspath(str(target.folder)),
        since=edition.facts.now.timestamp(),
        until=edition.facts.next_transition.timestamp(),
        time_zone=site.time_zone,
        publish_every_seconds=int(site.publish_every.total_seconds()),
        owner=target.owner,
        signature=report.signature,
        precompressed=precompressed,
    )
    cache.store(state, last._asdict())
