"""A page before it is rendered, and how one comes to be in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from generator.facts import ServiceFacts
from generator.formats.edition import Edition
from generator.model import ServiceStatus

View = dict[str, object]
"""What a template sees beside its globals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in one language: where it lies, what it rests on, and how to find out what it shows."""

    template: str
    lang: str
    path: str
    """Its address, and where its links start from."""
    alternates: Mapping[str, str]
    """The same page in every language, by code."""
    parts: tuple[object, ...]
    """Everything its view is made from beside what every page rests on."""
    view: Callable[[], View]
    fallback: str
    """Where visitors go whose language the site does not speak (hreflang x-default)."""
    feeds_of: ServiceFacts | None = None
    """Whose feeds the page announces beside those of everything."""
    stamped: bool = False
    status: ServiceStatus | None = None
    """The state that its icon shows; None: the page is about no state, and has the site's own."""
    telling: bool = False
    """Whether it tells the state of the whole site: then its preview may say so, for the page changes with it."""
    stands_at: str = ""
    """Where its file lies, if not at `path` but as deep: it stands in for what has moved there."""


def in_every_language(
    edition: Edition,
    template: str,
    address: Callable[[str], str],
    view: Callable[[str], View],
    *,
    parts: tuple[object, ...],
    fallback: str | None = None,
    feeds_of: ServiceFacts | None = None,
    stamped: bool = False,
    status: ServiceStatus | None = None,
    telling: bool = False,
) -> Iterator[Page]:
    """Yield a page once a language; `address` and `view` take the language's code.

    `fallback` is where visitors go whose language the site does not speak (default: the first language).
    """
    alternates = {code: address(code) for code in edition.languages}
    for lang, path in alternates.items():
        yield Page(
            template=template,
            lang=lang,
            path=path,
            alternates=alternates,
            parts=parts,
            view=partial(view, lang),
            fallback=alternates[edition.languages[0]] if fallback is None else fallback,
            feeds_of=feeds_of,
            stamped=stamped,
            status=status,
            telling=telling,
        )
