"""The gallery shows every example in every variant, and its schemes do not depend on the machine."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import pytest

from docs.examples import COMPONENTS, ROOT, examples
from docs.gallery import MIRRORED, PICTURES, SCHEMES, TARGET, in_scheme

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the gallery as `make gallery` does."""
    subprocess.run([sys.executable, "docs/gallery.py"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(("scheme", "lang"), list(product(SCHEMES, ("de", "fr", "en", MIRRORED))))
def test_every_example_is_there(scheme: str, lang: str) -> None:
    """Each page has every component and every example, and runs in its direction."""
    page = (TARGET / scheme / lang / "index.html").read_text("utf-8")

    assert [folder.name for folder in sorted(COMPONENTS.iterdir()) if f'id="{folder.name}"' not in page] == []
    assert page.count('<p class="small quiet">') >= len(list(examples()))
    assert f'dir="{"rtl" if lang == MIRRORED else "ltr"}"' in page


def test_a_scheme_holds_everywhere() -> None:
    """The dark sheet has the dark colours without asking the machine; the light one has none of them."""
    sheet = ":root{--a:1}@media (prefers-color-scheme:dark){:root{--a:2}}p{c:d}"

    assert in_scheme(sheet, "dark") == ":root{--a:1}:root{--a:2}p{c:d}"
    assert in_scheme(sheet, "light") == ":root{--a:1}p{c:d}"


def test_a_sheet_without_dark_colours_is_refused() -> None:
    """If the shipped sheet changes its form, the gallery does not quietly show one scheme twice."""
    with pytest.raises(ValueError, match="prefers-color-scheme"):
        in_scheme(":root{}", "dark")


def test_every_condition_is_there() -> None:
    """The gallery shows every picture that is kept of a page."""
    page = (TARGET / "pictures" / "index.html").read_text("utf-8")

    kept = [picture.name for picture in PICTURES.glob("*.png")]

    assert kept
    assert [name for name in kept if f'src="{name}"' not in page or not (TARGET / "pictures" / name).is_file()] == []
