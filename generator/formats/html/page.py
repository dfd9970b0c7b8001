"""Pages before they are rendered: one in all its languages, and its version in one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.facts import ServiceFacts
from generator.model import ServiceStatus

View = dict[str, object]
"""What a template sees beside its globals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in all its languages: where it lies, what it rests on, and how to find out what it shows."""

    address: Callable[[str], str]
    """Its path by the language's code, and where its links start from."""
    view: Callable[[str], View]
    """What it shows, by the language's code."""
    parts: tuple[object, ...] = ()
    """Everything its view is made from beside what every page rests on."""
    fallback: str | None = None
    """Where visitors go whose language the site does not speak (hreflang x-default); None: to the first language."""
    feeds_of: ServiceFacts | None = None
    """Whose feeds the page announces beside those of everything."""
    stamped: bool = False
    status: ServiceStatus | None = None
    """The state that its icon shows; None: the page is about no state, and has the site's own."""
    telling: bool = False
    """Whether it tells the state of the whole site: then its preview may say so, for the page changes with it."""
    stands_at: Callable[[str], str] | None = None
    """Where its file lies, if not at its address but as deep: it stands in for what has moved there."""
    listed: bool = True
    """Whether the sitemap may name it; a page with nothing of its own is left out."""
    changed: datetime | None = None
    """When the last word came, where the page is about one entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One page in one language."""

    page: Page
    template: str
    lang: str
    alternates: Mapping[str, str]
    """The paths of the page in every language, by code, the preferred first."""

    @property
    def path(self) -> str:
        """Return where its links start from."""
        return self.alternates[self.lang]

    @property
    def stands_at(self) -> str:
        """Return where its file lies."""
        return self.page.stands_at(self.lang) if self.page.stands_at else self.path

    @property
    def fallback(self) -> str:
        """Return where visitors go whose language the site does not speak."""
        return next(iter(self.alternates.values())) if self.page.fallback is None else self.page.fallback


def versions(page: Page, template: str, languages: tuple[str, ...]) -> tuple[Version, ...]:
    """Return a page in each of the languages."""
    alternates = {code: page.address(code) for code in languages}
    return tuple(Version(page=page, template=template, lang=lang, alternates=alternates) for lang in alternates)
