"""What axe-core, the accessibility checker, says of every kind of page: on a good day and during an outage."""

from __future__ import annotations

from itertools import product

import pytest

from tests.browser.site import Sites
from tests.browser.trees import LANGUAGES, TREES
from tests.browser.windows import Look, Windows

LOOKS = {
    "calm": (Look(scheme="light"), Look(scheme="dark", width=320)),
    "outage": (Look(scheme="light", width=320), Look(scheme="dark")),
}
"""Light and dark on each day, and each of both narrow and wide on one of them."""
APART = ("/", "/404.html", *(f"/embed/{lang}/" for lang in LANGUAGES))
PATHS = (*APART, *(f"/{lang}/{page}" for lang, page in product(LANGUAGES, TREES["outage"].pages)))
VIOLATIONS = """async () => {
  const rules = {'target-size': {enabled: true}}  // WCAG 2.2; axe asks for it only when told to
  const {violations} = await axe.run({resultTypes: ['violations'], rules})
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)
}"""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("site", "look"),
    [pytest.param(site, look, id=f"{site}-{look.scheme}") for site, looks in LOOKS.items() for look in looks],
)
def test_accessible(windows: Windows, sites: Sites, axe: str, site: str, look: Look, path: str) -> None:
    """axe-core finds nothing to object to."""
    served = sites(site)
    page = windows.visit(served.origin + path, look, now=served.now).page
    page.evaluate(axe)

    violations = page.evaluate(VIOLATIONS)

    assert violations == []


def test_axe_speaks_of_mistakes(windows: Windows, sites: Sites, axe: str) -> None:
    """Of a mistake that is planted in a page axe-core does speak: it has looked."""
    page = windows.visit(sites("calm").url("en"), Look()).page
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.evaluate(axe)

    violations = page.evaluate(VIOLATIONS)

    assert [violation.partition(":")[0] for violation in violations] == ["button-name"]
