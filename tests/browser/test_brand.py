"""A site with a look of its own, in a real browser: it loads under the policy, and the page does not move for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.browser.test_pages import SHIFTED
from tests.browser.windows import SCHEMES, Look, Scheme, Windows
from tests.conftest import CHECKOUT, SHIPPED_AT, Lagebild

BRAND = """
brand:
  logo: {file: brand/wide.svg, dark: brand/square.svg, alt: Muster}
  accent: "#7a1fa2"
  links: [{label: Impressum, url: "https://www.example.ch/"}]
"""
SHOWN = """() => {
  const logo = document.querySelector('.site-name__logo')
  const link = document.querySelector('footer nav a')
  return [logo.complete && logo.naturalWidth > 0, logo.offsetWidth, logo.offsetHeight, getComputedStyle(link).color]
}"""
EXPECTED = {"light": [True, 200, 14, "rgb(122, 31, 162)"], "dark": [True, 32, 32]}


@pytest.fixture(scope="module")
def branded(lagebild: Lagebild, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the shipped site with a brand, and return its origin."""
    tree = tmp_path_factory.mktemp("branded")
    shutil.copytree(CHECKOUT / "incidents", tree / "incidents")
    (tree / "status.yaml").write_text((CHECKOUT / "status.yaml").read_text("utf-8") + BRAND, "utf-8")
    draw(tree / "brand/wide.svg", "0 0 1400 100")
    draw(tree / "brand/square.svg", "0 0 64 64")
    built = lagebild("-C", tree, "build", "--now", SHIPPED_AT)
    assert built.returncode == 0, built.stderr
    with serving(tree / "site") as origin:
        yield origin


def draw(path: Path, box: str) -> None:
    """Write a picture."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><circle r="40" cx="50" cy="50"/></svg>', "utf-8"
    )


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_brand(windows: Windows, branded: str, scheme: Scheme, width: int) -> None:
    """Each scheme has its logo in the size that was told, and its accent; nothing complains, moves or overflows."""
    visit = windows.visit(f"{branded}/de/", Look(scheme=scheme, width=width))

    shown = visit.page.evaluate(SHOWN)
    shifted = visit.page.evaluate(SHIFTED)
    overflow = visit.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")

    assert shown[: len(EXPECTED[scheme])] == EXPECTED[scheme]
    assert (visit.complaints, shifted) == ([], 0)
    assert overflow <= 0
