"""The pages of the site, each with a template and a route."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from generator.formats.edition import Edition
from generator.formats.html import poster
from generator.formats.html.frame import webmanifest
from generator.formats.html.frame.assets import Assets
from generator.formats.html.frame.environment import Renderer
from generator.formats.html.frame.here import here
from generator.formats.html.page import Page
from generator.formats.html.pages import embed, history, incident, moved, overview, root, service, subscribe
from generator.formats.output import Output

PAGES: tuple[Callable[[Edition], Iterator[Page]], ...] = (
    overview.pages,
    incident.pages,
    moved.pages,
    history.pages,
    service.pages,
    subscribe.pages,
)
"""Every kind of page that exists once a language; the root and 404.html speak all of them and stand apart."""


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield every page, and what pages name: assets, icons, posters and the app's manifest."""
    assets = Assets.of(edition)
    yield from assets.outputs(edition)
    yield from assets.icons.outputs(edition)
    yield from poster.outputs(edition)
    yield from webmanifest.outputs(edition, assets)
    renderer = Renderer(edition)
    for kind in PAGES:
        for page in kind(edition):
            yield Output(
                path=edition.addresses.file(page.stands_at or page.path),
                inputs=edition.inputs(page.stands_at or page.path, edition.facts.today.year, page.status, *page.parts),
                render=partial(_render, edition, renderer, assets, page),
                stamped=page.stamped,
            )
    yield from root.outputs(edition, renderer, assets)
    yield from embed.outputs(edition, renderer, assets)


def _render(edition: Edition, renderer: Renderer, assets: Assets, page: Page) -> bytes:
    return renderer.render(page.template, page.lang, here(edition, assets, page), **page.view())
