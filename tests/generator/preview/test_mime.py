"""The types that files are served with."""

from __future__ import annotations

import pytest

from generator.preview.mime import mime_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/site/en/feed.rss", "application/rss+xml"),
        ("/site/en/feed.atom", "application/atom+xml"),
        ("/site/en/feed.json", "application/feed+json"),
        ("feed.json", "application/feed+json"),
        ("/site/en/feed/3.json", "application/feed+json"),
        ("/site/status.json", "application/json"),
        ("/site/robots.txt", "text/plain; charset=utf-8"),
        ("/site/assets/icon.1f.svg", "image/svg+xml"),
        ("/site/assets/style.1f.css", "text/css; charset=utf-8"),
        ("/site/_headers", "application/octet-stream"),
    ],
)
def test_every_file_has_its_type(path: str, expected: str) -> None:
    """The type is that of the ending, and for JSON feeds that of their place."""
    assert mime_type(path) == expected
