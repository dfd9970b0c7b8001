"""Whether text and pictures stand out from their ground: at least 7:1 and 3:1, in both schemes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest

from tests.browser.colours import contrast
from tests.browser.site import Sites
from tests.browser.trees import TREES
from tests.browser.windows import SCHEMES, Look, Scheme, Windows
from tests.conftest import CHECKOUT

TEXT, GRAPHICS = 7, 3
"""WCAG 2.2: 1.4.6 (AAA) and 1.4.11."""
GROUNDS = ("--ground", "--sunken")
DECORATION = {"--line"}
"""Rules that part what is apart without them."""
FIELD = re.compile(r"--(?:on-)?field-(.+)")
"""What an answer stands on in a bad moment, and the text on it; the words and the shape on it tell the state."""
INK = re.compile(r"--(ink.*|link.*|.+-ink)")
UNJUDGED = re.compile(r":\s*((?:#(?![0-9a-f]{6};)|rgb|hsl|hwb|lab|lch|oklab|oklch|color|light-dark)[^;]*);")
"""A colour in another notation than `#rrggbb`."""
PLACES = [("outage", page) for page in TREES["outage"].pages] + [("six-open", ""), ("six-open", "services/hexadmin/")]

FAINT = """limit => {
  const parts = text => {
    const [r, g, b, alpha = 1] = text.match(/[\\d.]+/g).map(Number)
    return [r, g, b, alpha]
  }
  const linear = value => value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const over = ([r, g, b, alpha], ground) => [r, g, b].map((value, i) => value * alpha + ground[i] * (1 - alpha))
  const ground = element => {
    if (!element) return [255, 255, 255]
    const own = parts(getComputedStyle(element).backgroundColor)
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(element.parentElement))
  }
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement
    if (!text.data.trim() || element.closest('svg') || !element.checkVisibility({visibilityProperty: true})) continue
    const behind = ground(element)
    const {color, opacity} = getComputedStyle(element)
    const [light, dark] = [luminance(over(parts(color), behind)), luminance(behind)].sort((a, b) => b - a)
    const contrast = (light + 0.05) / (dark + 0.05)
    if (contrast < limit || opacity !== '1') found.push(`${contrast.toFixed(2)}: ${text.data.trim().slice(0, 40)}`)
  }
  return found
}"""


SOURCE = (CHECKOUT / "templates/css/tokens.css").read_text("utf-8")


def tokens() -> dict[Scheme, dict[str, str]]:
    """Return the colours of tokens.css by name, for each scheme; the dark ones stand in its media query."""
    light, query, dark = SOURCE.partition("@media (prefers-color-scheme: dark)")
    assert query
    colour = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]{6})\s*;")
    named = dict(colour.findall(light))
    return {"light": named, "dark": {**named, **dict(colour.findall(dark))}}


TOKENS = tokens()


def low(colours: Mapping[str, str], names: set[str], limit: float) -> list[str]:
    """Return the colours among these names that are too near to a ground."""
    return [
        f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}"
        for name, ground in product(sorted(names), GROUNDS)
        if contrast(colours[name], colours[ground]) < limit
    ]


def test_contrast_is_measured_right() -> None:
    """Black on white is 21:1; the grey #767676 is the lightest that reaches 4.5:1 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_is_judged(scheme: Scheme) -> None:
    """The tokens hold grounds, inks and colours of pictures; none is in a notation that nobody judges here."""
    colours = TOKENS[scheme]

    inks = {name for name in colours if INK.fullmatch(name)}

    assert UNJUDGED.findall(SOURCE) == []
    assert set(GROUNDS) | DECORATION <= colours.keys()
    assert len(inks) > 2
    assert len(colours.keys() - inks) > len(GROUNDS) + len(DECORATION)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_inks_stand_out(scheme: Scheme) -> None:
    """Every colour of text has 7:1 on every ground."""
    colours = TOKENS[scheme]

    assert low(colours, {name for name in colours if INK.fullmatch(name)}, TEXT) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_graphics_stand_out(scheme: Scheme) -> None:
    """Every other colour but the grounds and what decorates has 3:1 on every ground."""
    colours = TOKENS[scheme]

    graphics = {name for name in colours if not INK.fullmatch(name)} - DECORATION - set(GROUNDS)
    graphics -= {name for name in colours if FIELD.fullmatch(name)}

    assert low(colours, graphics, GRAPHICS) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_on_fields(scheme: Scheme) -> None:
    """On the field of a state its text has 7:1."""
    colours = TOKENS[scheme]

    states = {found[1] for name in colours if (found := FIELD.fullmatch(name))}

    assert len(states) == 4
    assert [
        state for state in states if contrast(colours[f"--field-{state}"], colours[f"--on-field-{state}"]) < TEXT
    ] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("name", "page"), PLACES)
def test_text_stands_out(windows: Windows, sites: Sites, name: str, page: str, scheme: Scheme) -> None:
    """On the page every text has 7:1 on what lies behind it, whatever its size."""
    site = sites(name)
    window = windows.visit(site.url("de", page), Look(scheme=scheme), now=site.now).page

    faint = window.evaluate(FAINT, TEXT)

    assert faint == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_faint_text_is_noticed(windows: Windows, sites: Sites, scheme: Scheme) -> None:
    """Text that is planted in a grey between black and white is found in both schemes."""
    window = windows.visit(sites("calm").url("de"), Look(scheme=scheme)).page
    window.evaluate("document.querySelector('h1').style.color = '#777777'")

    faint = window.evaluate(FAINT, TEXT)

    assert len(faint) == 1
