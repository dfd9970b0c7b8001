"""A component's examples are its tests: each comes out whole in every language."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from generator import content, pipeline, sources
from generator.facts import ResponseFacts, Responses
from generator.formats.edition import Edition
from generator.formats.entries import entries
from generator.formats.html import Renderer, cards, overview, pictures, responses, service
from generator.formats.html.assets import Assets
from generator.formats.html.course import course
from generator.formats.html.here import here

CHECKOUT = Path(__file__).resolve().parents[2]
COMPONENTS = CHECKOUT / "templates" / "components"
NOW = "2026-11-24T12:00:00+01:00"
EXAMPLES = [
    pytest.param(example, id=f"{folder.name}: {example['title']}")
    for folder in sorted(COMPONENTS.iterdir())
    for example in yaml.safe_load((folder / "examples.yaml").read_text("utf-8"))
]
READ = sources.read(CHECKOUT)
VOID = {"br", "hr", "wbr"}


def edition(now: str) -> Edition:
    """Return the shipped content as of an instant."""
    at = datetime.fromisoformat(now)
    return pipeline.derive(READ, content.judge(READ, at), at)


def measured(made: Edition, lang: str, typical_seconds: float) -> responses.Measured:
    """Return what a check of a website measured: some hours slower than others, some not at all."""
    first = made.facts.now.replace(minute=0)

    def some(count: int, each: timedelta) -> tuple[Responses, ...]:
        medians = [None if n % 11 == 7 else typical_seconds * (1 + n % 5 / 5) for n in range(count)]
        return tuple(
            Responses(start=first - each * (count - n), median_seconds=median, p95_seconds=median and 2 * median)
            for n, median in enumerate(medians)
        )

    hours, days = some(24, timedelta(hours=1)), some(30, timedelta(days=1))
    (found,) = responses.measured(
        made.speeches[lang], [ResponseFacts(check="page", kind="http", hours=hours, days=days)]
    )
    return found


def render(call: str, made: Edition, lang: str) -> str:
    """Return what one example of a component looks like in a language."""
    renderer = Renderer(made)
    environment = renderer.environments[lang]
    front = next(page for page in overview.pages(made) if page.lang == lang)
    renderer.stand(here(made, Assets.of(made), front))
    services = {facts.service.id: facts for facts in made.facts.services}
    template = environment.from_string(f"{{{{ {call} }}}}")
    return str(
        template.render(
            facts=made.facts,
            card=lambda id_: cards.card(made, lang, made.facts.incident(id_)),
            line=lambda id_: cards.line(made, lang, made.facts.incident(id_)),
            entries=lambda id_: entries(made, lang, made.facts.incident(id_)),
            course=lambda id_: course(made, lang, made.facts.incident(id_)),
            bars=lambda id_: pictures.day_bars(made.speeches[lang], services[id_]),
            row=lambda id_: overview.row(made, lang, services[id_]),
            table=lambda id_: service.table(made.speeches[lang], services[id_]),
            feeds=lambda: cards.feed_links(made, lang),
            contacts=lambda: cards.contact_links(made, lang),
            measured=lambda typical_seconds: measured(made, lang, typical_seconds),
        )
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: dict[str, str], subtests: pytest.Subtests) -> None:
    """Every example comes out in every language, with balanced tags and without an inline style or script."""
    made = edition(example.get("now", NOW))

    for lang in made.languages:
        with subtests.test(lang):
            html = render(example["call"], made, lang)

            assert html.strip()
            assert not re.search(r"\sstyle=|<script|\son\w+=", html)
            assert unbalanced(html) == []


def unbalanced(html: str) -> list[str]:
    """Return the tags that are not closed in the order in which they were opened."""
    open_: list[str] = []
    for closing, tag, empty in re.findall(r"<(/?)([a-z0-9]+)(?:\s[^>]*?)?(/?)>", html):
        if closing and open_ and open_[-1] == tag:
            open_.pop()
        elif closing:
            open_.append(f"/{tag}")
        elif not empty and tag not in VOID:
            open_.append(tag)
    return open_


@pytest.mark.parametrize("folder", sorted(COMPONENTS.iterdir()), ids=lambda folder: folder.name)
def test_complete(folder: Path) -> None:
    """A component is a macro and its examples, with a style where it needs one, and nothing else."""
    files = {path.name for path in folder.iterdir()}

    assert {"macro.html", "examples.yaml"} <= files <= {"macro.html", "examples.yaml", "style.css"}


def test_every_component_is_used() -> None:
    """No component is left that no page, base or other component calls, and no two have the same name."""
    texts = {path: path.read_text("utf-8") for path in (CHECKOUT / "templates").rglob("*.html")}
    macros = [name for text in texts.values() for name in re.findall(r"{% macro (\w+)\(", text)]
    called = set(re.findall(r"{{-? (\w+)\(", "".join(texts.values())))

    assert sorted(macros) == sorted(set(macros))
    assert set(macros) <= called


def test_raw_values() -> None:
    """Colours stand in css/tokens.css alone."""
    sheets = [path for path in (CHECKOUT / "templates").rglob("*.css") if path.name != "tokens.css"]

    assert [
        path.name for path in sheets if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", path.read_text("utf-8"))
    ] == []
