"""The type that a file of the site is served with."""

from __future__ import annotations

from pathlib import PurePosixPath

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
_TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css; charset=utf-8",
    ".html": HTML,
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".txt": PLAIN,
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


def mime_type(path: str) -> str:
    """Return the type of a file; a JSON feed, or a page of its archive, is told by where it lies."""
    file = PurePosixPath(path)
    if file.suffix == ".json" and "feed" in (file.stem, file.parent.name):
        return "application/feed+json"
    return _TYPES.get(file.suffix, "application/octet-stream")
