"""Contrast as WCAG 2.2 has it, and colours that reach it."""

from __future__ import annotations

import colorsys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.brand.contrast import LEAST, hardest, luminance, nearest, passes, ratio
from generator.brand.palette import SHEET, schemes

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
SHIPPED = schemes((Path(__file__).parents[3] / "templates" / SHEET).read_text("utf-8"))
GROUNDS = {
    scheme: (colours["ground"], colours["sunken"]) for scheme, colours in zip(SHIPPED._fields, SHIPPED, strict=True)
}


@pytest.mark.parametrize(
    ("colour", "ground", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#ff0000", "#ffffff", 3.998),
        ("#0000ff", "#ffffff", 8.592),
    ],
)
def test_ratio(colour: str, ground: str, expected: float) -> None:
    """The ratio is that of the standard, whichever of the two is the ground."""
    assert ratio(colour, ground) == pytest.approx(expected, abs=0.001)
    assert ratio(ground, colour) == ratio(colour, ground)


def test_hardest() -> None:
    """Of several grounds the one counts that a colour stands out from least."""
    assert hardest("#000000", ["#ffffff", "#888888", "#eeeeee"]) == "#888888"


@given(colour=COLOURS, scheme=st.sampled_from(sorted(GROUNDS)))
def test_nearest_passes(colour: str, scheme: str) -> None:
    """On the shipped grounds there is a colour for each hue that reaches 7:1, in both schemes."""
    found = nearest(colour, GROUNDS[scheme])

    assert found is not None
    assert min(ratio(found, ground) for ground in GROUNDS[scheme]) >= LEAST


@given(colour=COLOURS)
def test_what_passes_stays(colour: str) -> None:
    """A colour that passes is its own nearest; another one moves no further than it must."""
    found = nearest(colour, GROUNDS["dark"])

    assert found is not None
    if passes(colour, GROUNDS["dark"]):
        assert found == colour
    else:
        assert luminance(found) > luminance(colour)
        assert ratio(found, hardest(found, GROUNDS["dark"])) < LEAST + 0.2


@pytest.mark.parametrize("colour", ["#0a3d91", "#c4122f", "#1a7f4b", "#7a1fa2"])
def test_the_hue_stays(colour: str) -> None:
    """The nearest colour is of the same hue to the eye."""
    found = nearest(colour, GROUNDS["dark"])

    assert found is not None
    assert abs(hue(found) - hue(colour)) < 0.05


def hue(colour: str) -> float:
    """Return where a colour stands on the wheel, from 0 to 1, unwound so that red lies in the middle."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (colorsys.rgb_to_hsv(red, green, blue)[0] + 0.5) % 1


def test_no_way_out() -> None:
    """On a grey in the middle nothing reaches 7:1."""
    assert nearest("#ffffff", ["#777777"]) is None
