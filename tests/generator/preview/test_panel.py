"""What the preview adds to a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.preview.draft import Draft
from generator.preview.panel import furnish
from generator.problems import Level, Problem

PAGE = b"<body><p>Fine.</p></body>\n"
UNTRANSLATED = Problem(
    path="status.yaml", code="missing-translation", message="no French", hint="translate it", level=Level.WARNING
)


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [
        (b"<body><p>Fine.</p></body>\n", "<body><p>Fine.</p>", "</body>\n"),
        (b"<BODY>&lt;/body> </body> </BODY>", "<BODY>&lt;/body> </body> ", "</BODY>"),
        (b"<p>Lost.", "<p>Lost.", ""),
    ],
)
def test_a_page_reloads_itself(page: bytes, before: str, after: str, draft: Draft) -> None:
    """A page gets a script at its end, which knows the version that it was served at; a sound one gets no more."""
    script = f'<script src="/__lagebild__/reload.js" data-version="{draft.version}" defer></script>\n'

    furnished = furnish(page, draft)

    assert furnished.decode() == f"{before}{script}{after}"


def test_problems_stand_at_the_end_of_the_page(draft: Draft, typo: Problem) -> None:
    """Every problem is told, escaped, errors and warnings apart."""
    furnished = furnish(PAGE, replace(draft, problems=(typo, UNTRANSLATED)))

    panel = furnished.decode().partition("<p>Fine.</p>")[2].partition("<script")[0]
    assert panel == (
        '<link rel="stylesheet" href="/__lagebild__/preview.css">\n'
        '<section class="lagebild-problems" lang="en" dir="ltr" tabindex="0" aria-label="Problems">\n'
        '<h2 class="lagebild-problems__title">1 error</h2>\n'
        '<ul class="lagebild-problems__list">\n'
        "<li><code>incidents/&lt;x&gt;.yaml:7:3</code> <b>unknown-service</b>: "
        "&quot;mail &amp; archiv&quot; is not a service"
        '<span class="lagebild-problems__hint">hint: did you mean &quot;mail-archive&quot;?</span></li>\n'
        "</ul>\n"
        '<h2 class="lagebild-problems__title">1 warning</h2>\n'
        '<ul class="lagebild-problems__list">\n'
        "<li><code>status.yaml</code> <b>missing-translation</b>: no French"
        '<span class="lagebild-problems__hint">hint: translate it</span></li>\n'
        "</ul>\n"
        "</section>\n"
    )


def test_warnings_alone_look_less_grave(draft: Draft) -> None:
    """Where nothing but warnings is told, the panel says so in its class, and counts them."""
    furnished = furnish(PAGE, replace(draft, problems=(UNTRANSLATED, UNTRANSLATED)))

    assert b'<section class="lagebild-problems lagebild-problems--warnings"' in furnished
    assert b">2 warnings</h2>" in furnished


def test_a_name_that_is_not_utf_8_is_shown(draft: Draft) -> None:
    """A file whose name cannot be decoded can still be named on the page."""
    problem = Problem(path="incidents/\udcff.yaml", code="unreadable", message="no", hint="rename it")

    furnished = furnish(PAGE, replace(draft, problems=(problem,)))

    assert rb"incidents/\udcff.yaml" in furnished


def test_a_failure_is_told(draft: Draft) -> None:
    """Why a build broke off is told on the page."""
    furnished = furnish(PAGE, replace(draft, failure="templates/x.html:2: <wrong>"))

    assert b"The build broke off: templates/x.html:2: &lt;wrong&gt;" in furnished
