"""What a page weighs on its way to a visitor: compressed bytes, and requests."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A page with what it names, in bytes after gzip -9."""

    page: int
    styles: int
    scripts: int
    icons: int
    requests: int
    """The page and everything it names; the script asks for heartbeat.json besides."""

    @property
    def needed(self) -> int:
        """Return what it takes to show the page."""
        return self.page + self.styles

    @property
    def all(self) -> int:
        """Return what a browser loads in all."""
        return self.needed + self.scripts + self.icons


class _Named(HTMLParser):
    """Collects what a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.icons: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.scripts.append(given["src"] or "")
        # Of a page's icons a browser loads one: the PNG is for those that show no SVG.
        icon = tag == "link" and given.get("rel") == "icon" and given.get("type") == "image/svg+xml"
        if tag == "img" or icon:
            self.icons.append(given.get("src") or given.get("href") or "")
        if tag == "link" and given.get("rel") == "stylesheet":
            self.styles.append(given.get("href") or "")


def weigh(page: Path) -> Weight:
    """Weigh a page of a built site; what it names must lie in the site."""
    named = _Named()
    named.feed(page.read_text(encoding="utf-8"))
    styles, scripts, icons = (
        sum(compressed(page.parent / name) for name in names) for names in (named.styles, named.scripts, named.icons)
    )
    requests = 1 + len(named.styles) + len(named.scripts) + len(named.icons)
    return Weight(page=compressed(page), styles=styles, scripts=scripts, icons=icons, requests=requests)


def compressed(path: Path) -> int:
    """Return a file's size after gzip -9."""
    return len(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))
