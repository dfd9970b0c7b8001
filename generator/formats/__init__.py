"""Everything the site is written in; FORMATS is the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.formats import (
    badges,
    calendar,
    feeds,
    heartbeat,
    hosting,
    html,
    metrics,
    openapi,
    sitemap,
    status,
    statuspage,
)
from generator.formats.edition import Edition
from generator.formats.output import Output

FORMATS: Mapping[str, Callable[[Edition], Iterator[Output]]] = {
    "html": html.outputs,
    "feeds": feeds.outputs,
    "status": status.outputs,
    "statuspage": statuspage.outputs,
    "calendar": calendar.outputs,
    "badges": badges.outputs,
    "sitemap": sitemap.outputs,
    "hosting": hosting.outputs,
    "openapi": openapi.outputs,
    "metrics": metrics.outputs,
    "heartbeat": heartbeat.outputs,
}
"""By name, the function that yields a format's files."""


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield every file of the site."""
    for format_ in FORMATS.values():
        yield from format_(edition)
