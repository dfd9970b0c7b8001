"""Incident pages: find in a target folder which incidents the published site has a page of."""
# The publisher's modules go without pathlib.
# ruff: noqa: PTH118

from __future__ import annotations

import contextlib
import os

from generator.disk.files import read
from generator.publish.manifest import MARK, mark_of


def years_by_id(target: str, owner: str) -> dict[str, str]:
    """Return the year under which each incident is published, by id; empty where the site is not the owner's."""
    if read(os.path.join(target, MARK)) != mark_of(owner):
        return {}
    years: dict[str, str] = {}
    for language in _names(target):
        for year in _names(target, language, "incidents"):
            years |= dict.fromkeys(_names(target, language, "incidents", year), year)
    return years


def _names(*parts: str) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(os.path.join(*parts))
    return []
