"""Archive: cut the whole history into pages that never change once they are full (RFC 5005, section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.formats.feeds.posts import Post

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The posts of one document."""

    posts: Sequence[Post]
    """Newest first."""
    number: int | None = None
    """Which page of the archive it is, from the oldest; None for the feed itself."""
    previous: int | None = None
    """The page of the archive that goes on into the past."""


def latest(posts: Sequence[Post]) -> Sheet:
    """Return a feed without an archive. `posts` are oldest first."""
    return Sheet(posts=posts[: -PER_PAGE - 1 : -1])


def sheets(posts: Sequence[Post]) -> Iterator[Sheet]:
    """Yield the feed, then the pages of its archive, newest first. `posts` are oldest first.

    The feed holds the latest posts whatever the archive holds, so the two may overlap: readers tell items by their id.
    No page names a newer one, for that would change a full page.
    """
    pages = len(posts) // PER_PAGE if len(posts) > PER_PAGE else 0
    yield Sheet(posts=latest(posts).posts, previous=pages or None)
    for number in range(pages, 0, -1):
        page = posts[(number - 1) * PER_PAGE : number * PER_PAGE]
        yield Sheet(posts=page[::-1], number=number, previous=number - 1 or None)
