"""The badges: a state or an uptime that stands on somebody else's page, and is read to whoever does not see it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from generator.formats import badges
from generator.formats.advances import Face, width
from generator.formats.badges.badge import Badge
from generator.formats.badges.svg import HEIGHT, MARKS, drawing, inks
from generator.formats.edition import Edition
from generator.formats.palettes import Palettes, palettes
from generator.model import ServiceStatus

if TYPE_CHECKING:  # playwright may be absent; the test that needs it is skipped then
    from playwright.sync_api import Page

NOW = "2024-02-20 09:00"
SVG = "{http://www.w3.org/2000/svg}"
OUTAGE = """\
services: {archive: major_outage}
updates:
  - {at: 2024-02-18, status: investigating}
"""
DELAYS = """\
services: {gateway: degraded_performance}
updates:
  - {at: 2024-02-17 08:00, status: investigating, mail: delayed}
  - {at: 2024-02-17 10:30, status: resolved}
"""
SITE = """\
name: Example
url: https://example.ch/status
feed_authority: example.ch,2026
time_zone: Europe/Zurich
languages: {en: en_GB, de: de_CH, ar: ar}
publish_every: 15m
record_since: 2024-02-01
groups: [{id: all, name: All}]
services:
  - {id: gateway, name: Gateway, group: all}
  - {id: archive, name: {en: Archive, de: Archiv für Übermorgen}, group: all}
  - {id: new, name: New, group: all, since: 2024-02-20}
  - {id: upstream, name: Upstream, group: all, own: false}
"""
HOSTILE = '<script>alert("1")</script> & \u202e\u200f👩\u200d👧 ]]> --> ' + "ü" * 300
GOLDEN = """\
<svg xmlns="http://www.w3.org/2000/svg" width="158" height="20" viewBox="0 0 158 20" role="img" lang="en-GB"\
 aria-label="Archive: Major outage">
<title>Archive: Major outage</title>
<style>text{font:11px Verdana,'DejaVu Sans',Geneva,sans-serif}\
.badge{fill:#ffffff;stroke:#c9cac6}.badge__label-ground{fill:#f3f3f1}.badge__label{fill:#4a4e57}\
.badge__mark{fill:#c4122f;fill-rule:evenodd}.badge__message{fill:#8c0a1f}\
@media(prefers-color-scheme:dark){\
.badge{fill:#14161a;stroke:#3d4149}.badge__label-ground{fill:#1d2026}.badge__label{fill:#b9bcc4}\
.badge__mark{fill:#f2566d;fill-rule:evenodd}.badge__message{fill:#ffb3bd}}</style>
<rect class="badge" x=".5" y=".5" width="157" height="19" rx="2.5"/>
<path class="badge__label-ground" d="M56 1h-53a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h53Z"/>
<path class="badge__mark" transform="translate(63 5)" d="M.5.5h9v9h-9Z"/>
<text class="badge__label" x="7" y="14" direction="ltr" textLength="42" lengthAdjust="spacingAndGlyphs">Archive</text>
<text class="badge__message" x="78" y="14" direction="ltr" textLength="73" lengthAdjust="spacingAndGlyphs">\
Major outage</text>
</svg>
"""


def natural(text: str) -> Badge:
    """Return a badge with some text as its label."""
    return Badge(
        label=text,
        shown=text,
        message=text,
        description=text,
        status=ServiceStatus.OPERATIONAL,
        language="en",
        direction="ltr",
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def texts(data: bytes) -> dict[str, ElementTree.Element]:
    """Return the texts of a badge by what they are: label and message."""
    root = ElementTree.fromstring(data)  # noqa: S314 - our own file
    return {element.attrib["class"].partition("__")[2]: element for element in root.iter(f"{SVG}text")}


@pytest.fixture(scope="module")
def tokens(checkout: Path) -> str:
    """Return the stylesheet that holds the colours."""
    return (checkout / "templates" / "css" / "tokens.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def coloured(tokens: str) -> Palettes:
    """Return the colours of the shipped stylesheet."""
    found = palettes(tokens)
    assert found
    return found


@pytest.fixture(scope="module")
def edition(press: Any, tokens: str) -> Edition:
    """Return a site with an outage that goes on and delays that are over."""
    made: Edition = press.edition(NOW, {"down": OUTAGE, "slow": DELAYS}, site=SITE)
    return replace(made, templates={"css/tokens.css": tokens})


@pytest.fixture(scope="module")
def shipped(press: Any, edition: Edition) -> Mapping[str, bytes]:
    """Return the badges of that site."""
    files: Mapping[str, bytes] = press.files(badges.outputs, edition)
    return files


def test_every_service_has_badges(shipped: Mapping[str, bytes]) -> None:
    """There are badges of state and of uptime over 30 and 90 days, of everything and each service, as SVG and JSON."""
    names = [
        f"{name}{kind}.{ending}"
        for name in ("overall", "gateway", "archive", "new", "upstream")
        for kind in ("", "-uptime-30", "-uptime-90")
        for ending in ("svg", "json")
    ]

    assert set(shipped) == {f"badges/{lang}/{name}" for lang in ("en", "de", "ar") for name in names}


@pytest.mark.parametrize(
    ("name", "label", "message"),
    [
        ("en/overall", "Example", "Archive: major outage"),
        ("en/archive", "Archive", "Major outage"),
        ("de/archive", "Archiv für Übermorgen", "Ausfall"),
        ("en/gateway", "Gateway", "Operational"),
        ("en/archive-uptime-30", "Archive · Uptime, 30 days", "≈\u00a089.47%"),
        ("en/gateway-uptime-90", "Gateway · Uptime, 90 days", "100% · degraded for 2\u00a0h\u00a030\u00a0min"),
        ("en/new-uptime-30", "New · Uptime, 30 days", "–"),
        ("en/overall-uptime-90", "Example · Lowest uptime, 90 days", "≈\u00a089.47%"),
    ],
)
def test_badges_tell_the_facts(shipped: Mapping[str, bytes], name: str, label: str, message: str) -> None:
    """Picture and JSON say the same: a state, or an uptime with the delays, or a dash where nothing is on record."""
    document = json.loads(shipped[f"badges/{name}.json"])
    drawn = texts(shipped[f"badges/{name}.svg"])

    assert (document["label"], document["message"]) == (label, message)
    assert (drawn["label"].text, drawn["message"].text) == (label, message)


def test_a_rough_delay_is_marked_as_rough(press: Any) -> None:
    """Where a time is known roughly, the delays beside the percentage are as rough as the percentage is."""
    rough = f"started: about 2024-02-17 07:30\n{DELAYS}"

    made = press.files(badges.outputs, press.edition(NOW, {"slow": rough}, site=SITE))

    message = json.loads(made["badges/en/gateway-uptime-90.json"])["message"]
    assert message == "100% · degraded for ≈\u00a03\u00a0h"


def test_drawing(shipped: Mapping[str, bytes]) -> None:
    """A badge is a picture with its words, its own colours by day and by night, and nothing from elsewhere."""
    drawn = shipped["badges/en/archive.svg"].decode()

    assert drawn == GOLDEN


def test_endpoint_is_what_shields_reads(shipped: Mapping[str, bytes]) -> None:
    """The JSON has the keys that Shields knows, the colour of the state, and is an error while something is wrong."""
    down, sound, uptime = (
        json.loads(shipped[f"badges/en/{name}.json"]) for name in ("archive", "gateway", "archive-uptime-30")
    )

    assert down == {
        "schemaVersion": 1,
        "label": "Archive",
        "message": "Major outage",
        "color": "#c4122f",
        "isError": True,
        "cacheSeconds": 900,
    }
    assert (sound["color"], sound["isError"]) == ("#1a7f4b", False)
    assert (uptime["color"], uptime["isError"]) == ("#83858a", False)


def test_badges_are_read_aloud(shipped: Mapping[str, bytes]) -> None:
    """Each picture is an image with label and message in its name and title, in its language; a dash has its words."""
    for path, data in shipped.items():
        if path.endswith(".svg"):
            root = ElementTree.fromstring(data)  # noqa: S314 - our own file
            assert root.attrib["role"] == "img", path
            assert root.attrib["lang"].startswith(path.split("/")[1]), path
            assert root.attrib["aria-label"] == root.findtext(f"{SVG}title"), path
            assert root.attrib["aria-label"].startswith(texts(data)["label"].text or "?"), path

    assert b'aria-label="New \xc2\xb7 Uptime, 30 days: no data"' in shipped["badges/en/new-uptime-30.svg"]


def test_states_differ_in_shape(coloured: Palettes) -> None:
    """Each state has a mark of its own, so that nobody need tell the colours apart; an uptime has none."""
    drawn = {status: drawing(replace(natural("x"), status=status), coloured) for status in (*ServiceStatus, None)}
    marks = {status: re.findall(r'badge__mark" [^>]*d="([^"]+)"', svg) for status, svg in drawn.items()}

    assert len(set(MARKS.values())) == len(ServiceStatus)
    assert marks == {status: [MARKS[status]] if status else [] for status in drawn}


def test_text_is_legible(coloured: Palettes) -> None:
    """Every text has a contrast of 4.5:1 on its ground, every mark 3:1, by day and by night (WCAG 1.4.3, 1.4.11)."""
    both = (coloured.light, coloured.dark)
    painted = [(*inks(palette, status), palette["ground"]) for palette in both for status in (*ServiceStatus, None)]

    assert min(contrast(palette["ink-quiet"], palette["sunken"]) for palette in both) >= 4.5
    assert min(contrast(message, ground) for _, message, ground in painted) >= 4.5
    assert min(contrast(mark, ground) for mark, _, ground in painted) >= 3


def test_other_stylesheets_show_the_colours_of_the_system(press: Any, edition: Edition, tokens: str) -> None:
    """A site's own tokens colour its badges; where they lack a colour, the visitor's system has them all."""
    path = "badges/en/archive.svg"
    own, partly = (
        press.files(badges.outputs, replace(edition, templates={"css/tokens.css": css}))
        for css in (tokens.replace("#c4122f", "#b00020"), tokens.replace("--line: #c9cac6;", ""))
    )

    assert b"fill:#b00020" in own[path]
    assert b"fill:CanvasText" in partly[path]
    assert b"#" not in partly[path]
    assert json.loads(partly["badges/en/archive.json"])["color"] == "lightgrey"


def test_hostile_names_stay_text(press: Any, edition: Edition) -> None:
    """A name is text whatever it holds: drawn short, in one line, and told whole."""
    service = replace(edition.facts.services[0].service, name={"en": HOSTILE + "\x00\x1b\u2028\n."})
    facts = replace(edition.facts, services=(replace(edition.facts.services[0], service=service),))

    files = press.files(badges.outputs, replace(edition, facts=facts))
    root = ElementTree.fromstring(files["badges/en/gateway.svg"])  # noqa: S314 - our own file

    assert root.findtext(f"{SVG}title") == f"{HOSTILE} .: Operational"
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "style", "rect", "path", "text")
    }
    assert len(texts(files["badges/en/gateway.svg"])["label"].text or "") == 40
    assert int(root.attrib["width"]) < 600
    assert json.loads(files["badges/en/gateway.json"])["label"] == f"{HOSTILE} ."


def test_right_to_left_is_mirrored(shipped: Mapping[str, bytes]) -> None:
    """Where the script runs to the left, the label stands at the right."""
    left, right = (texts(shipped[f"badges/{lang}/gateway.svg"]) for lang in ("en", "ar"))

    assert float(left["label"].attrib["x"]) < float(left["message"].attrib["x"])
    assert float(right["label"].attrib["x"]) > float(right["message"].attrib["x"])
    assert {element.attrib["direction"] for element in right.values()} == {"rtl"}


@pytest.mark.parametrize("status", [ServiceStatus.MAJOR_OUTAGE, None])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_everything_stands_within_its_box(coloured: Palettes, status: ServiceStatus | None, direction: str) -> None:
    """Label, mark and message stand apart from each other and from the border, whichever way the script runs."""
    svg = drawing(replace(natural("Wide enough"), status=status, direction=direction), coloured)
    whole = int(re.findall(r'width="(\d+)"', svg)[0])
    boxes = [
        (x - wide if direction == "rtl" else x, x if direction == "rtl" else x + wide)
        for x, wide in ((int(x), int(wide)) for x, wide in re.findall(r'x="(\d+)" y.*?textLength="(\d+)"', svg))
    ]
    boxes += [(int(x), int(x) + 10) for x in re.findall(r"translate\((\d+) ", svg)]

    edges = [7, *(edge for box in sorted(boxes) for edge in box), whole - 7]

    assert edges[0] == edges[1]
    assert edges[-1] == edges[-2]
    assert edges == sorted(edges)
    assert len(boxes) == (3 if status else 2)


@pytest.mark.parametrize(
    ("text", "em"),
    [
        ("", 0.0),
        ("ä", 0.62),
        ("a\u0308", 0.62),
        ("a\u200d", 0.62),
        ("漢", 1.0),
        ("😀", 1.4),
        ("Ж", 1.08),
        ("l" * 10, 2.8),
    ],
)
def test_width_of_a_text(text: str, em: float) -> None:
    """An accent does not widen a letter, what is not in the table counts by its kind."""
    assert width(text, 100, Face.BADGE) == pytest.approx(em * 100)


def test_time_alone_changes_nothing(press: Any) -> None:
    """Until the next transition the digests are the same, and so are the bytes."""
    first = press.edition(NOW, {"down": OUTAGE, "slow": DELAYS}, site=SITE)
    just_before = first.facts.next_transition - timedelta(seconds=1)

    later = press.edition(f"{just_before:%Y-%m-%d %H:%M:%S}", {"down": OUTAGE, "slow": DELAYS}, site=SITE)

    assert list(digests(first)) == list(digests(later))
    assert press.files(badges.outputs, first) == press.files(badges.outputs, later)


def test_digests_follow_the_facts(press: Any) -> None:
    """Badges are made from their facts alone: one that shows another state has another digest, the rest the same."""
    before, after = (press.edition(NOW, incidents, site=SITE) for incidents in ({}, {"down": OUTAGE}))

    changed = {path for (path, one), (_, other) in zip(digests(before), digests(after), strict=True) if one != other}

    assert changed == {
        f"badges/{lang}/{name}{kind}.{ending}"
        for lang, name, kind, ending in product(
            ("en", "de", "ar"), ("overall", "archive"), ("", "-uptime-30", "-uptime-90"), ("svg", "json")
        )
    }


def digests(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the path of each badge and the digest of what it is made from."""
    return ((output.path, output.inputs) for output in badges.outputs(edition))


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Open a page of Debian's Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--disable-gpu", "--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.slow
def test_a_browser_draws_every_text_in_its_place(page: Page, shipped: Mapping[str, bytes]) -> None:
    """In a browser every text keeps within the badge, and needs not be squeezed or stretched by more than a fifth."""
    pictures = [data.decode() for path, data in sorted(shipped.items()) if path.endswith(".svg")]
    page.set_content(f"<!doctype html><meta charset=utf-8>{''.join(f'<div>{picture}</div>' for picture in pictures)}")

    measured = page.evaluate(
        """() => [...document.querySelectorAll("text")].map(text => {
            const box = text.getBBox(), fitted = text.textLength.baseVal.value
            text.removeAttribute("textLength")
            return {
                text: text.textContent, left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height,
                width: text.ownerSVGElement.width.baseVal.value, fitted, natural: text.getComputedTextLength(),
            }
        })"""
    )

    assert len(measured) == 2 * len(pictures)
    assert [each for each in measured if each["left"] < 6 or each["right"] > each["width"] - 6] == []
    assert [each for each in measured if each["top"] < 0 or each["bottom"] > HEIGHT] == []
    assert [each for each in measured if not 0.8 < each["natural"] / each["fitted"] < 1.2] == []
