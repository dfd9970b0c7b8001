"""The picture beside a link to the site: what it says, that it fits, and when it changes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from generator import sources
from generator.formats import html, words
from generator.formats.advances import Face, lacks, width
from generator.formats.edition import Edition
from generator.formats.html import poster
from generator.formats.html.drawings.icons import APP
from generator.formats.html.drawings.raster import fonts, png
from generator.formats.html.frame import webmanifest
from generator.formats.html.frame.assets import Assets
from generator.formats.html.poster.drawing import AREA, HEIGHT, MARGIN, SIZES, UNIT, WIDTH, Poster, drawing
from generator.formats.html.poster.setting import Area, cut, fitted
from generator.formats.palettes import Palettes, palettes, token
from generator.model import ServiceStatus
from tests.generator.formats.conftest import SITE, Press

LANGUAGES = ("de", "fr", "en")
SVG = "{http://www.w3.org/2000/svg}"
OUTAGE = """\
services: {archive: major_outage}
started: 2024-03-01 08:00
updates:
  - {at: 2024-03-01 08:10, status: investigating}
"""
NEWS = f"{OUTAGE}  - {{at: 2024-03-01 12:10, status: identified}}\n"
LONG = (
    "Signieren und Verschlüsseln (Version 1), Zusammenfassungen der Quarantäne, Prüfung ausgehender E-Mails und"
    " Archivierungsdienst: Teilausfall. Auch betroffen: Benutzerverwaltung, Adressbuchabgleich, Empfangsfilter und"
    " ExchangeInCloud."
)
OVERHANG = UNIT / 4
"""How far an accent may reach beyond the letter it stands on, and so beyond the line."""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
SAID = Poster(
    headline="Archive: major outage.",
    name="Example · Status",
    address="example.ch/status",
    status=ServiceStatus.MAJOR_OUTAGE,
    mirrored=False,
)
Make = Callable[..., Edition]


@pytest.fixture(scope="module")
def make(press: Press, checkout: Path) -> Make:
    """Return what makes an edition with the shipped templates."""
    templates = sources.read(checkout).templates

    def edition(incidents: Mapping[str, str], *, now: str = "2024-03-01T12:00:00", site: str = SITE) -> Edition:
        return replace(press.edition(now, incidents, site=site), templates=templates)

    return edition


@pytest.fixture(scope="module")
def coloured(checkout: Path) -> Palettes:
    """Return the colours of the shipped stylesheet."""
    found = palettes((checkout / "templates/css/tokens.css").read_text("utf-8"))
    assert found
    return found


def pictured(said: Poster, colours: Palettes) -> Image.Image:
    """Return a poster as it is shown."""
    return Image.open(io.BytesIO(png(drawing(said, colours), WIDTH, fonts=fonts()))).convert("RGB")


def lines(svg: str) -> list[tuple[str, float, float, float]]:
    """Return each line of a poster: text, font size, x, and the baseline's y."""
    groups = ElementTree.fromstring(svg).iter(f"{SVG}text")  # noqa: S314 - our own drawing
    return [(node.text or "", *(float(node.attrib[name]) for name in ("font-size", "x", "y"))) for node in groups]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_has_a_picture_of_its_headline(make: Make, lang: str) -> None:
    """The picture is a PNG of 1200 by 630 pixels with the state's colour, and with ink beside it."""
    edition = make({"a": OUTAGE})
    (made,) = (output for output in poster.outputs(edition) if output.path == f"{lang}/og.png")

    picture = Image.open(io.BytesIO(made.render()))

    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert picture.convert("RGB").getpixel((5, 5)) == (0xC4, 0x12, 0x2F)
    dark = picture.convert("L").crop((MARGIN, 0, WIDTH, HEIGHT)).point(lambda value: 255 * (value < 128))
    assert 0.01 < dark.histogram()[255] / (dark.width * dark.height) < 0.4


def test_the_same_words_are_the_same_bytes(coloured: Palettes) -> None:
    """Drawn again, with whatever fonts the machine has, a poster has the same bytes."""
    svg = drawing(SAID, coloured)

    assert len({png(svg, WIDTH, fonts=fonts()), png(svg, WIDTH, fonts=fonts())}) == 1
    assert not lacks(f"{SAID.headline}{LONG}«Boîte aux lettres\u202f: ça va» – …", Face.BOLD)


def test_only_another_headline_is_another_picture(make: Make) -> None:
    """What is told without changing the headline leaves the picture alone; another state is another picture."""
    quiet, outage, news = (
        [output.inputs for output in poster.outputs(edition) if output.path.endswith("/og.png")]
        for edition in (make({}), make({"a": OUTAGE}), make({"a": NEWS}, now="2024-03-02T12:00:00"))
    )

    assert outage == news
    assert not set(quiet) & set(outage)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_of_the_site_tells_no_state(make: Make, lang: str) -> None:
    """Whoever passes on a page of the past shows the site's name, whatever is down today."""
    quiet, outage = (
        {output.path: output.inputs for output in poster.outputs(edition)}[f"{lang}/og-site.png"]
        for edition in (make({}), make({"a": OUTAGE}))
    )

    assert quiet == outage


def test_the_address_says_which_state_it_is(make: Make) -> None:
    """The pages that tell the state name another address with another state; the others name one that stays."""
    named = {}
    for name, edition in (("quiet", make({})), ("outage", make({"a": OUTAGE})), ("news", make({"a": NEWS}))):
        for path in ("index.html", "fr/index.html", "fr/subscribe/index.html", "fr/services/archive/index.html"):
            (page,) = (output.render().decode() for output in html.outputs(edition) if output.path == path)
            (address,) = re.findall(r'<meta property="og:image" content="([^"]*)">', page)
            named[path, name] = address

    assert named["fr/index.html", "quiet"] != named["fr/index.html", "outage"] == named["fr/index.html", "news"]
    assert named["index.html", "quiet"] != named["index.html", "outage"]
    assert re.fullmatch(r"https://example\.ch/status/fr/og\.png\?v=[0-9a-f]{8}", named["fr/index.html", "quiet"])
    for path in ("fr/subscribe/index.html", "fr/services/archive/index.html"):
        assert {named[path, name] for name in ("quiet", "outage", "news")} == {
            "https://example.ch/status/fr/og-site.png"
        }


def test_a_page_describes_its_picture(make: Make) -> None:
    """Size, words and kind of a preview stand on each page, and the words are those of the picture."""
    edition = make({"a": OUTAGE})
    (page,) = (output.render().decode() for output in html.outputs(edition) if output.path == "de/index.html")

    metas = dict(re.findall(r'<meta (?:property|name)="([a-z:]+)" content="([^"]*)">', page))

    assert (metas["og:image:width"], metas["og:image:height"]) == ("1200", "630")
    assert metas["og:image:alt"] == words.headline(edition.speeches["de"], edition.facts)
    assert metas["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("status", ServiceStatus)
def test_the_field_has_colour_and_shape_of_the_state(coloured: Palettes, status: ServiceStatus) -> None:
    """The state is told by a colour, and by a shape upon it that no other state has."""
    shapes = {
        each: re.findall(r' d="([^"]+)"', drawing(replace(SAID, status=each), coloured)) for each in ServiceStatus
    }

    picture = pictured(replace(SAID, status=status), coloured)

    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((5, 5))) == coloured.light[token(status)]
    assert [each for each, shape in shapes.items() if shape == shapes[status]] == [status]
    field = picture.crop((0, 0, 3 * UNIT, HEIGHT))
    assert len(field.getcolors(WIDTH * HEIGHT) or ()) > 1


@pytest.mark.parametrize(
    "headline", ["Down.", LONG, f"{WORD}: Ausfall.", " ".join([WORD] * 30), "W" * 500, "ﬁ\u0301 " * 90]
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_nothing_leaves_its_area(coloured: Palettes, headline: str, mirrored: bool) -> None:
    """However long a headline is, its ink stays clear of the field, of the edges and of the lines beside it."""
    said = replace(SAID, headline=headline, mirrored=mirrored, name=f"{WORD} {WORD} · Status", address="a.example" * 30)
    svg = drawing(said, coloured)
    name, address, *sentence = lines(svg)

    bare = pictured(replace(said, headline="", name="", address=""), coloured)
    inked = ImageChops.difference(pictured(said, coloured), bare).getbbox()

    left, right = (UNIT, WIDTH - MARGIN) if mirrored else (MARGIN, WIDTH - UNIT)
    assert inked is not None
    assert inked[0] >= left - OVERHANG
    assert inked[2] <= right + OVERHANG
    assert (inked[1] >= UNIT / 2, inked[3] <= HEIGHT - UNIT / 2) == (True, True)
    assert name[3] < sentence[0][3] - 0.66 * sentence[0][1]
    assert sentence[-1][3] + 0.3 * sentence[-1][1] < address[3] - 0.8 * address[1]


def test_a_long_headline_is_whole(coloured: Palettes) -> None:
    """Five services with long names in German are all named, word by word."""
    sentence = [text for text, size, _, _ in lines(drawing(replace(SAID, headline=LONG), coloured)) if size > 32]

    assert " ".join(sentence) == LONG


def test_a_short_headline_is_large(coloured: Palettes) -> None:
    """What is short is set in the largest size, what is long in a smaller one."""
    sizes = [
        max(size for _, size, _, _ in lines(drawing(replace(SAID, headline=headline), coloured)))
        for headline in ("Archive: major outage.", "Archive, Gateway and Sign+Encrypt v1: degraded performance.", LONG)
    ]

    assert sizes[0] == SIZES[0]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_french_colons_stay_with_their_word(coloured: Palettes) -> None:
    """A space that keeps words together does not end a line."""
    headline = f"{'Archives ' * 3}courriel\u202f: panne."
    sentence = [text for text, *_ in lines(drawing(replace(SAID, headline=headline), coloured))]

    assert any("courriel\u202f:" in text for text in sentence)


@pytest.mark.parametrize(
    "text", ['<script>alert("1")</script>', "</text></svg>", "& &amp; ' \"", "a\x00\x08\ud800\ufffe\u2028b", "{{ x }}"]
)
def test_hostile_text_is_text(coloured: Palettes, text: str) -> None:
    """Whatever a name holds is drawn as it is written, and what XML cannot hold is left out."""
    calm, svg = (drawing(replace(SAID, headline=said, name=said, address=said), coloured) for said in ("x", text))
    trees = [ElementTree.fromstring(drawn) for drawn in (calm, svg)]  # noqa: S314 - our own drawing
    tags = [[node.tag for node in tree.iter()] for tree in trees]

    assert set(tags[1]) == set(tags[0])
    assert tags[1].count(f"{SVG}text") >= tags[0].count(f"{SVG}text")
    assert lines(svg)[0][0] == re.sub("[\x00\x08\ud800\ufffe]", "", text).replace("\u2028", " ")
    assert png(svg, WIDTH, fonts=fonts()).startswith(b"\x89PNG")


def test_right_to_left_is_mirrored(coloured: Palettes) -> None:
    """Where the script runs from right to left, the field stands on the right and lines end at the margin beside it."""
    picture = pictured(replace(SAID, mirrored=True), coloured)

    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert picture.getpixel((WIDTH - 5, 5)) == (0xC4, 0x12, 0x2F)


def test_other_scripts_ask_the_machine_for_a_font() -> None:
    """What Source Sans cannot write is noticed, and marks that only say which way a text runs are not."""
    assert lacks("الأرشيف", Face.BOLD)
    assert lacks("日本", Face.BOLD)
    assert not lacks("Архив Αρχείο Đường \u2067\u2069", Face.BOLD)


def test_a_site_without_colours_has_a_poster(coloured: Palettes) -> None:
    """Where a site's own stylesheet has not all colours, the poster is black and white."""
    svg = drawing(SAID, None)

    assert set(re.findall(r'fill="([^"]+)"', svg)) == {"black", "white"}
    assert png(svg, WIDTH, fonts=fonts()) != png(drawing(SAID, coloured), WIDTH, fonts=fonts())


@given(text=st.text(st.sampled_from("aWil ,.-é…"), max_size=400).map(" ".join).map(str.strip).filter(bool))
def test_lines_never_exceed_their_area(text: str) -> None:
    """Whatever is set, no line is wider than its area, and there are no more lines than have room."""
    measure = partial(width, face=Face.BOLD)

    size, set_lines = fitted(text, AREA, SIZES, 1.1, measure)

    assert max(measure(line, size) for line in set_lines) <= AREA.width
    assert len(set_lines) * 1.1 * size <= AREA.height


def test_what_is_cut_off_shows() -> None:
    """A text that does not fit ends with an ellipsis, within its width; one that fits is left alone."""
    measure = partial(width, face=Face.REGULAR)

    short, long = (cut(text, 200, 32, measure) for text in ("example.ch", "status.example.example"))

    assert short == "example.ch"
    assert long.endswith("…")
    assert measure(long, 32) <= 200
    assert fitted("one two three four", Area(200, 60), (50,), 1.1, measure).lines[-1].endswith("…")


def test_widths_are_those_of_the_drawing(coloured: Palettes) -> None:
    """What is drawn is as wide as was reckoned, but for the space that a letter keeps at its sides."""
    for text in ("Mail Archive: Ausfall.", "beeinträchtigt", "HHHH"):
        svg = drawing(replace(SAID, headline=text, name="", address=""), coloured)
        bare = drawing(replace(SAID, headline="", name="", address=""), coloured)
        both = [Image.open(io.BytesIO(png(drawn, WIDTH, fonts=fonts()))).convert("RGB") for drawn in (svg, bare)]
        inked = ImageChops.difference(*both).getbbox()
        assert inked is not None
        reckoned = max(width(line, size, Face.BOLD) for line, size, *_ in lines(svg))
        assert reckoned - 25 <= inked[2] - inked[0] <= reckoned + 2, text


def test_sizes_fall() -> None:
    """Each size is smaller than the one before, so that the largest that fits is found first."""
    assert all(larger > smaller for larger, smaller in pairwise(SIZES))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_app_is_named_in_its_language(make: Make, lang: str) -> None:
    """The manifest speaks its language, starts at its overview, and its scope has all languages."""
    edition = make({})
    made = {output.path: output for output in webmanifest.outputs(edition, Assets.of(edition))}

    shown = json.loads(made[f"{lang}/site.webmanifest"].render())

    assert (shown["lang"], shown["dir"], shown["display"]) == (edition.speeches[lang].tag, "ltr", "minimal-ui")
    assert shown["short_name"] == {"de": "Beispiel", "fr": "Exemple", "en": "Example"}[lang]
    assert (shown["start_url"], shown["scope"]) == ("./", "../")


def test_the_icons_of_the_app_are_files(make: Make) -> None:
    """Every icon that the manifest names is written, and of the size and type it says."""
    edition = make({})
    written = {output.path: output for output in html.outputs(edition)}

    listed = json.loads(written["de/site.webmanifest"].render())["icons"]

    for icon in listed:
        data = written[icon["src"].removeprefix("../")].render()
        if icon["type"] == "image/png":
            assert "{}x{}".format(*Image.open(io.BytesIO(data)).size) == icon["sizes"]
        else:
            assert (icon["sizes"], data[:4]) == ("any", b"<svg")
    assert {icon["sizes"] for icon in listed} == {"any", *(f"{size}x{size}" for size in APP)}


def test_the_manifest_does_not_change_with_the_state(make: Make) -> None:
    """An app keeps its manifest: nothing of the state is in it."""
    quiet, busy = (
        [out.inputs for out in webmanifest.outputs(edition, Assets.of(edition))]
        for edition in (make({}), make({"a": OUTAGE}))
    )

    assert quiet == busy
