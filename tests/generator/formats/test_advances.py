"""The widths of letters: the table is the fonts' own."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from generator.formats.advances import Face, width


def test_the_table_is_what_the_fonts_say(checkout: Path) -> None:
    """The table is what `docs/advances.py` writes."""
    script = runpy.run_path(str(checkout / "docs" / "advances.py"))
    if not script["DEJAVU"].is_file():
        pytest.skip("DejaVu Sans is not installed (fonts-dejavu-core)")

    written = script["table"]()

    assert script["TABLE"].read_text("utf-8") == written


@pytest.mark.parametrize(("letter", "em"), [("H", 0.652), ("日", 1.0), ("😀", 1.4), ("\u2067", 0.0)])
def test_each_letter_has_a_width(letter: str, em: float) -> None:
    """A letter has its own width, one that the typeface lacks what it may take in another, an invisible one none."""
    wide = width(letter, 1, Face.REGULAR)

    assert wide == pytest.approx(em)
