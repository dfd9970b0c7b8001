"""The icons: which state a page shows in its tab, that shape and colour tell it, and what keeps them for ever."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from generator import sources
from generator.formats import html
from generator.formats.edition import Edition
from generator.formats.html.drawings.icons import APP, FAVICON, TOUCH, Icons
from generator.formats.html.drawings.marks import MARKS
from generator.formats.output import Output
from generator.formats.palettes import palettes, token
from generator.model import ServiceStatus
from generator.problems import BrokenError
from tests.generator.formats.conftest import Press

Make = Callable[[Mapping[str, str]], Edition]

NOW = "2024-03-01T12:00:00"
OPEN = """\
title: {de: Archiv unerreichbar, fr: Archives inaccessibles, en: Archive unreachable}
services: {archive: major_outage, gateway: degraded_performance}
started: 2024-03-01 08:00
updates:
  - {at: 2024-03-01 08:10, status: investigating}
"""
BETTER = f"""\
{OPEN}\
  - {{at: 2024-03-01 09:00, status: monitoring, services: {{archive: partial_outage, gateway: operational}}}}
"""
OVER = f"""\
{OPEN}\
  - {{at: 2024-03-01 10:00, status: resolved}}
"""
UNDER_WAY = """\
kind: maintenance
window: {from: 2024-03-01 12:00, to: 2024-03-01 16:00}
services: {archive: under_maintenance}
updates:
  - {at: 2024-02-20 09:00, status: scheduled}
"""
AHEAD = UNDER_WAY.replace("2024-03-01", "2024-03-08")
NOTICE = """\
kind: notice
title: {de: Hinweis, fr: Avis, en: Advice}
services: [archive]
updates:
  - {at: 2024-02-28 09:00, text: {de: Text., fr: Texte., en: Text.}}
"""
PAGE = "en/incidents/2024/a/index.html"


def outputs(edition: Edition) -> dict[str, Output]:
    """Return every page and what pages name, by path."""
    return {output.path: output for output in html.outputs(edition)}


def icon(page: bytes) -> str:
    """Return the name of the icon that a page shows, without its hash; both forms must be the same."""
    names = set(re.findall(r'<link rel="icon" href="[^"]*assets/(\w+)\.[0-9a-f]{12}\.(?:png|svg)"', page.decode()))
    assert len(names) == 1
    return str(names.pop())


def title(page: bytes) -> str:
    """Return the title of a page."""
    return page.decode().partition("<title>")[2].partition("</title>")[0]


@pytest.fixture(scope="module")
def make(press: Press, checkout: Path) -> Make:
    """Return what makes an edition with the shipped templates of some incidents."""
    templates = sources.read(checkout).templates

    def edition(incidents: Mapping[str, str]) -> Edition:
        return replace(press.edition(NOW, incidents), templates=templates)

    return edition


@pytest.fixture(scope="module")
def during(make: Make) -> dict[str, Output]:
    """Return the site while an incident is open."""
    return outputs(make({"a": OPEN}))


@pytest.fixture(scope="module")
def quiet(make: Make) -> Edition:
    """Return the edition in which nothing ever happened."""
    return make({})


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("index.html", "major_outage"),
        ("de/index.html", "major_outage"),
        ("embed/fr/index.html", "major_outage"),
        ("en/services/archive/index.html", "major_outage"),
        ("en/services/gateway/index.html", "degraded_performance"),
        ("en/services/upstream/index.html", "operational"),
        (PAGE, "major_outage"),
        ("en/history/2024/index.html", "icon"),
        ("en/subscribe/index.html", "icon"),
        ("404.html", "icon"),
    ],
)
def test_a_page_shows_the_state_of_what_it_is_about(during: Mapping[str, Output], path: str, shown: str) -> None:
    """The icon is that of the site, of the service or of the incident; a page about none of them has the site's own."""
    assert icon(during[path].render()) == shown


@pytest.mark.parametrize(
    ("incident", "shown"),
    [
        (OPEN, "major_outage"),
        (BETTER, "partial_outage"),
        (OVER, "icon"),
        (UNDER_WAY, "under_maintenance"),
        (AHEAD, "icon"),
        (NOTICE, "icon"),
    ],
)
def test_an_incident_shows_the_worst_it_does_now(make: Make, incident: str, shown: str) -> None:
    """What is over, lies ahead or changes no service shows no state."""
    assert icon(outputs(make({"a": incident}))[PAGE].render()) == shown


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", "Ausgefallen: Archiv. Beeinträchtigt: Empfangen · Beispiel"),
        ("en/index.html", "Not working: Archive. Disrupted: receive · Example"),
        ("en/services/archive/index.html", "Major outage · Archive · Example"),
        (PAGE, "Investigating · Archive unreachable · 1\u00a0March\u00a02024 · Example"),
    ],
)
def test_titles_begin_with_the_state(during: Mapping[str, Output], path: str, expected: str) -> None:
    """In a narrow tab the state is what can still be read."""
    assert title(during[path].render()) == expected


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        (OVER, "Archive unreachable · 1\u00a0March\u00a02024 · Resolved · Example"),
        (NOTICE, "Advice · 28\u00a0February\u00a02024 · Notice · Example"),
    ],
)
def test_titles_of_what_does_not_move_begin_with_its_name(make: Make, incident: str, expected: str) -> None:
    """Twenty tabs that begin with "Resolved" could not be told apart."""
    assert title(outputs(make({"a": incident}))[PAGE].render()) == expected


def test_what_does_not_tell_the_state_does_not_change_with_it(make: Make, quiet: Edition) -> None:
    """An incident of one service changes only what speaks of it: not even an asset comes or goes."""
    before = {output.path: output.inputs for output in html.outputs(quiet)}
    busy = make({"a": OPEN.replace(", gateway: degraded_performance", "")})

    changed = {output.path for output in html.outputs(busy) if before.get(output.path) != output.inputs}

    told = r"index\.html|embed/.*|(de|fr|en)/(index\.html|og\.png|history/2024/.*|services/archive/.*|incidents/.*)"
    assert [path for path in changed if not re.fullmatch(told, path)] == []
    assert {"index.html", "en/index.html", "en/og.png", "en/services/archive/index.html", PAGE} <= changed


def test_an_icon_that_changes_is_among_the_inputs_of_its_page(make: Make) -> None:
    """A page whose icon is another one has other inputs, so no build takes it for unchanged."""
    sites = [outputs(make({"a": incident})) for incident in (OPEN, BETTER, OVER)]
    paths = [path for path in sites[0] if path.startswith("en/") and path.endswith("index.html")]

    for one, other in pairwise(sites):
        same = {path for path in paths if one[path].inputs == other[path].inputs}
        assert [path for path in same if icon(one[path].render()) != icon(other[path].render())] == []
        assert PAGE not in same


def test_each_state_differs_in_shape_and_colour(quiet: Edition) -> None:
    """No two states have the same shape or the same colour, by day or by night."""
    icons, files = Icons.of(quiet), outputs(quiet)
    drawn = [files[icons.states[status].svg].render().decode() for status in ServiceStatus]

    shapes = {re.findall(r' d="([^"]+)"', svg)[0] for svg in drawn}
    schemes = [re.findall(r"fill:(#[0-9a-f]{6})", svg) for svg in drawn]

    assert len(shapes) == len(ServiceStatus)
    assert [len(set(colours)) for colours in zip(*schemes, strict=True)] == [len(ServiceStatus)] * 2
    assert ["@media(prefers-color-scheme:dark)" in svg for svg in drawn] == [True] * len(ServiceStatus)


def test_shapes_are_those_of_the_pages(checkout: Path) -> None:
    """A tab shows the shape that the page shows beside the word; a disc alone fills its box more."""
    macro = (checkout / "templates/components/mark/macro.html").read_text("utf-8")
    beside = dict(re.findall(r'status == "(\w+)" %}<path d="([^"]+)"', macro))

    assert beside == {status: shape for status, shape in MARKS.items() if status is not ServiceStatus.OPERATIONAL}


def test_icons_are_legible_at_16_pixels(quiet: Edition) -> None:
    """Drawn at 16 pixels no two states look alike in grey: more than a tenth of their pixels differ clearly."""
    icons, files = Icons.of(quiet), outputs(quiet)
    drawn = {status: Image.open(io.BytesIO(files[icons.states[status].png].render())) for status in ServiceStatus}
    masks = {
        status: [alpha > 127 for alpha in picture.convert("RGBA").getchannel("A").resize((16, 16)).tobytes()]
        for status, picture in drawn.items()
    }

    assert all(sum(mask) > 256 * 0.3 for mask in masks.values())
    for one in ServiceStatus:
        for other in ServiceStatus:
            if one is not other:
                assert sum(a != b for a, b in zip(masks[one], masks[other], strict=True)) > 25, (one, other)


def test_pictures_have_the_colour_of_their_state(quiet: Edition, checkout: Path) -> None:
    """The PNG for browsers without SVG has the stylesheet's colour, on nothing."""
    found = palettes((checkout / "templates/css/tokens.css").read_text("utf-8"))
    assert found
    icons, files = Icons.of(quiet), outputs(quiet)

    for status in ServiceStatus:
        picture = Image.open(io.BytesIO(files[icons.states[status].png].render())).convert("RGBA")
        assert picture.size == (32, 32)
        assert picture.getpixel((0, 0))[3] == 0
        assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((10, 22))[:3]) == found.light[token(status)]


@pytest.mark.parametrize("size", [TOUCH, *APP])
def test_large_icons_are_whole_squares(quiet: Edition, size: int) -> None:
    """A home screen cuts an icon into shape: its ground reaches the edges, its drawing stays within the safe zone."""
    picture = Image.open(io.BytesIO(outputs(quiet)[Icons.of(quiet).tiles[size]].render())).convert("RGBA")
    dark = picture.convert("L").point(lambda value: 255 * (value < 128)).getbbox()

    assert picture.size == (size, size)
    assert picture.getpixel((0, 0)) == picture.getpixel((size - 1, size - 1)) == (255, 255, 255, 255)
    assert dark is not None
    assert min(dark[:2]) > size * 0.2
    assert max(dark[2:]) < size * 0.8


def test_favicon_is_a_picture(quiet: Edition) -> None:
    """Who asks for /favicon.ico gets the site's own icon, of 32 pixels."""
    with Image.open(io.BytesIO(outputs(quiet)[FAVICON].render())) as picture:
        assert (picture.format, picture.size) == ("ICO", (32, 32))
        assert picture.convert("L").getextrema()[0] < 64


def test_a_site_without_colours_has_shapes(make: Make) -> None:
    """Where a site's own stylesheet has not all colours, the icons are black, and white by night."""
    edition = make({})
    edition = replace(edition, templates={**edition.templates, "css/tokens.css": ":root { --ground: white; }"})

    drawn = outputs(edition)[Icons.of(edition).states[ServiceStatus.MAJOR_OUTAGE].svg].render().decode()

    assert re.findall(r"fill:(#[0-9a-f]{6})", drawn) == ["#000000", "#ffffff"]


def test_an_icon_that_is_no_svg_is_named(make: Make) -> None:
    """Who replaces the icon by what cannot be drawn is told which file it is."""
    edition = make({})
    edition = replace(edition, templates={**edition.templates, "assets/icon.svg": "<svg"})
    icons = Icons.of(edition)

    with pytest.raises(BrokenError, match=r"templates/assets/icon\.svg"):
        next(output for output in icons.outputs(edition) if output.path == icons.neutral.svg).render()
