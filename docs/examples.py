"""The examples of the components, rendered: the gallery and the tests of the templates show the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from generator import pipeline, sources
from generator.content.judge import judge
from generator.facts import IncidentFacts, ResponseFacts, Responses, service_months, service_years
from generator.formats.addresses import year_of
from generator.formats.edition import Edition
from generator.formats.entries import entries
from generator.formats.html import Renderer, cards, lines, links
from generator.formats.html.drawings import charts, day_bars, response_times
from generator.formats.html.drawings.course import course
from generator.formats.html.drawings.month_bars import month_bars
from generator.formats.html.drawings.year_view import year_view
from generator.formats.html.frame.assets import Assets
from generator.formats.html.frame.here import here
from generator.formats.html.page import versions
from generator.formats.html.pages import filters, overview, service
from generator.formats.html.routes import menu

ROOT = Path(__file__).resolve().parent.parent
COMPONENTS = ROOT / "templates" / "components"
NOW = "2026-11-24T12:00:00+01:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call of a component on the shipped content as of an instant."""

    component: str
    title: str
    call: str
    now: str


def examples() -> Iterator[Example]:
    """Yield every example of every component."""
    for folder in sorted(COMPONENTS.iterdir()):
        for written in yaml.safe_load((folder / "examples.yaml").read_text("utf-8")):
            yield Example(
                component=folder.name, title=written["title"], call=written["call"], now=written.get("now", NOW)
            )


@cache
def edition(now: str) -> Edition:
    """Return the shipped content as of an instant."""
    read, at = sources.read(ROOT), datetime.fromisoformat(now)
    return pipeline.derive(read, judge(read, at), at)


def render(example: Example, lang: str) -> str:
    """Return what an example looks like in a language, on the overview."""
    made = edition(example.now)
    renderer = Renderer(made)
    environment = renderer.environments[lang]
    front = next(
        version for version in versions(next(overview.pages(made)), "overview", made.languages) if version.lang == lang
    )
    renderer.stand(here(made, Assets.of(made), front, menu(made, lang)))
    services = {facts.service.id: facts for facts in made.facts.services}
    template = environment.from_string(f"{{{{ {example.call} }}}}")
    return str(
        template.render(
            facts=made.facts,
            card=lambda id_: cards.card(made, lang, made.facts.incident(id_)),
            line=lambda id_: lines.line(made, lang, made.facts.incident(id_)),
            entries=lambda id_: entries(made, lang, made.facts.incident(id_)),
            course=lambda id_: course(made, lang, made.facts.incident(id_)),
            bars=lambda id_: day_bars.day_bars(made.speeches[lang], services[id_]),
            days=lambda id_: lines.days(made, lang, services[id_]),
            row=lambda id_: overview.row(made, lang, services[id_]),
            table=lambda id_: service.table(made.speeches[lang], services[id_]),
            feeds=lambda: links.feed_links(made, lang),
            contacts=lambda: links.contact_links(made, lang),
            choices=lambda year, part="": choices(made, lang, year, part),
            glance=lambda year: year_view(made, lang, year, service_years(made.facts, year)),
            by_month=lambda year: charts.by_month(made.speeches[lang], year, listed(made, year)),
            by_service=lambda year: charts.by_service(made, lang, service_years(made.facts, year)),
            months=lambda id_: month_bars(made.speeches[lang], service_months(made.facts)[id_]),
            measured=lambda typical_seconds: measured(made, lang, typical_seconds),
        )
    )


def listed(made: Edition, year: int) -> list[IncidentFacts]:
    """Return what is filed under a year."""
    return [facts for facts in made.facts.incidents if year_of(facts.incident) == str(year)]


def choices(made: Edition, lang: str, year: int, part: str) -> filters.Choices | None:
    """Return what a year can be narrowed to."""
    found = listed(made, year)
    whole = filters.Year(year=year, listed=found, parts=filters.parts(made, found))
    return filters.choices(made, lang, whole, part)


def measured(made: Edition, lang: str, typical_seconds: float) -> response_times.Measured:
    """Return what a check of a website measured: some hours slower than others, some not at all."""
    first = made.facts.now.replace(minute=0)

    def some(count: int, each: timedelta) -> tuple[Responses, ...]:
        medians = [None if n % 11 == 7 else typical_seconds * (1 + n % 5 / 5) for n in range(count)]
        return tuple(
            Responses(start=first - each * (count - n), median_seconds=median, p95_seconds=median and 2 * median)
            for n, median in enumerate(medians)
        )

    hours, days = some(24, timedelta(hours=1)), some(30, timedelta(days=1))
    (found,) = response_times.measured(
        made.speeches[lang], [ResponseFacts(check="page", kind="http", hours=hours, days=days)]
    )
    return found
