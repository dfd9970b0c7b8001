"""The pages of the site, and what they name: assets, icons, posters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from generator.formats.edition import Edition
from generator.formats.html import poster
from generator.formats.html.frame import webmanifest
from generator.formats.html.frame.assets import Assets
from generator.formats.html.frame.environment import Renderer
from generator.formats.html.frame.here import here
from generator.formats.html.page import Version, versions
from generator.formats.html.pages import embed, root
from generator.formats.html.routes import ROUTES, menu
from generator.formats.output import Output


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield every page, and what pages name: assets, icons, posters and the app's manifest."""
    assets = Assets.of(edition)
    yield from assets.outputs(edition)
    yield from assets.icons.outputs(edition)
    yield from poster.outputs(edition)
    yield from webmanifest.outputs(edition, assets)
    renderer = Renderer(edition)
    for route in ROUTES:
        for page in route.pages(edition):
            for version in versions(page, route.template, edition.languages):
                yield Output(
                    path=edition.addresses.file(version.stands_at),
                    inputs=edition.inputs(version.stands_at, edition.facts.today.year, page.status, *page.parts),
                    render=partial(_render, edition, renderer, assets, version),
                    stamped=page.stamped,
                )
    yield from root.outputs(edition, renderer, assets)
    yield from embed.outputs(edition, renderer, assets)


def _render(edition: Edition, renderer: Renderer, assets: Assets, version: Version) -> bytes:
    around = here(edition, assets, version, menu(edition, version.lang))
    return renderer.render(version.template, version.lang, around, **version.page.view(version.lang))
