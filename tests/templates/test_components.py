"""A component's examples are its tests: each comes out whole in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.examples import COMPONENTS, Example, edition, examples, render

CHECKOUT = COMPONENTS.parents[1]
VOID = {"br", "hr", "img", "source", "wbr"}


@pytest.mark.parametrize(
    "example", [pytest.param(example, id=f"{example.component}: {example.title}") for example in examples()]
)
def test_example(example: Example, subtests: pytest.Subtests) -> None:
    """Every example comes out in every language, with balanced tags and without an inline style or script."""
    for lang in edition(example.now).languages:
        with subtests.test(lang):
            html = render(example, lang)

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
