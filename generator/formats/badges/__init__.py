"""Badges of state and uptime, for the whole site and for each service, in each language: SVG, and JSON for Shields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from generator.brand.palette import SHEET
from generator.formats.badges.badge import Badge, overall_badge, state_badge, uptime_badge
from generator.formats.badges.endpoint import endpoint
from generator.formats.badges.svg import drawing
from generator.formats.edition import Edition
from generator.formats.output import Output
from generator.formats.palettes import Palettes, palettes
from generator.i18n import Speech

PERIODS = (30, 90)
"""Over how many whole days an uptime is shown."""
OVERALL = "overall"
"""Stands for a service where the whole site is meant; no service may be called so."""

Make = Callable[[Speech], Badge]


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield each badge as a picture, and beside it as JSON."""
    for name, make, parts in _badges(edition):
        for lang, speech in edition.speeches.items():
            for ending, write in (("svg", _svg), ("json", _json)):
                path = edition.addresses.badge(lang, name, ending)
                render = partial(write, edition, partial(make, speech))
                yield Output(path=path, inputs=edition.inputs(path, *parts), render=render)


def _badges(edition: Edition) -> Iterator[tuple[str, Make, tuple[object, ...]]]:
    """Yield the name of each badge, what makes it, and the facts it is made from."""
    facts, site = edition.facts, edition.site
    own = [service for service in facts.services if service.service.own]
    states = [(one.status, one.for_all, one.last_reported) for one in facts.services]
    yield OVERALL, partial(overall_badge, facts=facts), (facts.answer, *states)
    for days in PERIODS:
        figures = tuple(figure for service in own for figure in service.figures if figure.days == days)
        make = partial(uptime_badge, site=site, name=site.name, figures=figures, lowest=True)
        yield f"{OVERALL}-uptime-{days}", make, figures
    for service in facts.services:
        id_, name = service.service.id, service.service.name
        state = service.status, service.for_all, service.last_reported
        yield id_, partial(state_badge, site=site, facts=service), state
        for days in PERIODS:
            figures = tuple(figure for figure in service.figures if figure.days == days)
            yield f"{id_}-uptime-{days}", partial(uptime_badge, site=site, name=name, figures=figures), figures


def _svg(edition: Edition, make: Callable[[], Badge]) -> bytes:
    return drawing(make(), _palettes(edition)).encode()


def _json(edition: Edition, make: Callable[[], Badge]) -> bytes:
    return endpoint(make(), _palettes(edition), edition.site.publish_every)


def _palettes(edition: Edition) -> Palettes | None:
    return palettes(edition.templates.get(SHEET, ""))
