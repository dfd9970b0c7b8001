"""A badge as JSON, for whoever draws it himself (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

from datetime import timedelta

from generator.formats.badges.badge import Badge
from generator.formats.output import as_json
from generator.formats.palettes import Palettes, token

LEAST_SECONDS = 300
"""Shields asks no more often."""
GREY = "lightgrey"


def endpoint(badge: Badge, palettes: Palettes | None, publish_every: timedelta) -> bytes:
    """Return the document; while something is wrong, `isError` keeps others from giving it a friendlier colour."""
    document = {
        "schemaVersion": 1,
        "label": badge.label,
        "message": badge.message,
        "color": _colour(badge, palettes),
        "isError": badge.trouble,
        "cacheSeconds": max(LEAST_SECONDS, int(publish_every.total_seconds())),
    }
    return as_json(document)


def _colour(badge: Badge, palettes: Palettes | None) -> str:
    if palettes is None:
        return GREY
    return palettes.light[token(badge.status) if badge.status else "not-recorded"]
