"""A drawing is nothing but a drawing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.brand.svg import PictureError, size

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 120 32">'


def drawing(inside: str) -> bytes:
    """Return a drawing that holds something."""
    return f"{HEAD}{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<path onload="alert(1)" d="M0 0"/>',
        '<path onClick="alert(1)" d="M0 0"/>',
        "<foreignObject><p/></foreignObject>",
        '<image href="https://example.com/a.png"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<use href="https://example.com/a.svg#b"/>',
        '<use xlink:href="data:image/svg+xml,x"/>',
        '<use href=" //example.com/a.svg#b"/>',
        '<g xml:base="https://example.com/"><use href="#a"/></g>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="x" from="0" to="9"/>',
        '<path style="fill:url(https://example.com/a)"/>',
        "<path style=\"fill:url( 'https://example.com/a')\"/>",
        '<path fill="URL(//example.com/a#b)"/>',
        r'<path style="fill:u\72l(https://example.com/a)"/>',
        "<style>@import 'https://example.com/a.css';</style>",
        "<style>@im<!-- -->port 'https://example.com/a.css';</style>",
        "<style><![CDATA[@font-face{src:url(https://example.com/a)}]]></style>",
        '<style>path{background:image-set("https://example.com/a" 1x)}</style>',
        '<?xml-stylesheet href="https://example.com/a.css"?>',
        "<g>" * 64 + "</g>" * 64,
    ],
)
def test_more_than_a_drawing(inside: str) -> None:
    """What runs, leads elsewhere, moves, or is not known to be harmless is refused."""
    with pytest.raises(PictureError) as refused:
        size(drawing(inside))

    assert refused.value.code == "unsafe-picture"
    assert re.match(r"line 1 [a-z]", refused.value.message)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_doctype(doctype: str) -> None:
    """Nothing can be declared that the drawing would then be made of."""
    with pytest.raises(PictureError, match="has a DOCTYPE"):
        size(f"{doctype}{HEAD}</svg>".encode())


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="a"><stop offset="1"/></linearGradient></defs><rect fill="url(#a)" width="9"/>',
        """<rect fill="url( '#a' )"/><use xlink:href="#a"/>""",
        "<style>.a{fill:#0a3d91;mask:url(#m)}</style><title>Muster</title>",
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:about="https://example.com/"/></metadata>',
        r'<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename="C:\logo.png"/>',
    ],
)
def test_a_drawing(inside: str) -> None:
    """What drawing programs write into a plain drawing passes."""
    assert size(drawing(inside)) == (120, 32)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('viewBox="0 0 240 64"', (240, 64)),
        ('viewBox="-1,-1, 24.5,8"', (24.5, 8)),
        ('viewBox="0 0 24 8" width="100%" height="5mm"', (24, 8)),
        ('width="48px" height="16"', (48, 16)),
    ],
)
def test_size(attributes: str, expected: tuple[float, float]) -> None:
    """The size is that of the viewBox, else of width and height in pixels."""
    assert size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()) == expected


@pytest.mark.parametrize(
    "attributes", ["", 'viewBox="0 0 0 8"', 'width="100%" height="8"', f'viewBox="0 0 {"9" * 400} 1"']
)
def test_no_size(attributes: str) -> None:
    """A drawing without a size would let the page move when it arrives."""
    with pytest.raises(PictureError) as refused:
        size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())

    assert refused.value.code == "bad-picture"


@pytest.mark.parametrize("data", [b"", b"no drawing", b"<svg>", b"<svg/>", b"<html/>", HEAD.encode()])
def test_no_drawing(data: bytes) -> None:
    """What is no SVG, or only the beginning of one, is said to be none."""
    with pytest.raises(PictureError) as refused:
        size(data)

    assert refused.value.code == "bad-picture"


def nested(count: int, level: str) -> str:
    """Return nine groups, each of ten times what refers to the next (`{}`), the last of one shape."""
    groups = (f'<g id="a{index}">{level.format(index + 1) * 10}</g>' for index in range(count))
    return f'{"".join(groups)}<g id="a{count}"><path d="M0 0h9"/></g>'


def painting(name: str, reference: str) -> str:
    """Return nine patterns, masks or the like, each with ten shapes that refer to the next."""
    return (
        "".join(f'<{name} id="a{index}">{(reference.format(index + 1)) * 10}</{name}>' for index in range(9))
        + f'<{name} id="a9"><rect/></{name}><rect fill="url(#a0)" mask="url(#a0)" marker-mid="url(#a0)"/>'
    )


@pytest.mark.parametrize(
    "inside",
    [
        nested(9, '<use href="#a{}"/>'),
        nested(1, '<use href="#a{}"/>') + '<use href="#a0"/>',
        '<g id="a"><use href="#a"/></g>',
        '<use id="a" href="#a"/>',
        '<g id="a"><path d="M0 0"/></g>' + '<use href="#%61"/>' * 3000,
        painting("pattern", '<rect fill="url(#a{})"/>'),
        painting("pattern", """<rect style="fill:url( '#a{}' )"/>"""),
        painting("marker", '<path marker-mid="url(#a{})" d="M0 0h1h1"/>'),
        painting("mask", '<rect mask="url(#a{})"/>'),
        painting("clipPath", '<rect clip-path="url(#a{})"/>'),
        "<style>" + "".join(f".c{n}{{mask:url(#a{n})}}" for n in range(10)) + "</style>"
        + painting("mask", '<rect class="c{}"/>'),
        "<style>" + "".join(f'.z{{font:"}}.b{{";mask:url(#a{n})}}' for n in range(10)) + "</style>"
        + painting("mask", '<rect class="z"/>'),
        "<style>rect rect,g>rect{mask:url(#m)}</style><mask id='m'><rect/></mask>",
        '<pattern id="p">' + "<rect/>" * 80 + '</pattern><g fill="url(#p)">' + "<rect/>" * 80 + "</g>",
        '<marker id="m">' + "<rect/>" * 80 + '</marker><path marker-mid="url(#m)" d="M0 0' + "h1" * 80 + '"/>',
        '<filter id="f">' + "<feFlood/>" * 80 + "</filter>" + '<rect filter="url(#f)"/>' * 80,
        "<style>:root{--m:url(#m)}rect{mask:var(--m)}</style>",
        "<rect/>" * 5000,
    ],
)  # fmt: skip
def test_more_than_can_be_drawn(inside: str) -> None:
    """A few bytes that a browser would have to draw for hours are refused, with the line."""
    with pytest.raises(PictureError, match=r"^line \d+ [a-z]") as refused:
        size(drawing(inside))

    assert refused.value.code == "unsafe-picture"


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><rect id="a" width="9"/></defs><clipPath id="b"><use href="#a"/></clipPath>'
        '<g clip-path="url(#b)"><path d="M0 0"/></g><use xlink:href="#a"/>',
        '<symbol id="s"><path d="M0 0h9"/></symbol>' + '<use href="#s"/>' * 200,
        '<linearGradient id="a"><stop/><stop/></linearGradient><linearGradient id="b" href="#a"/>'
        '<g fill="url(#b)">' + "<path/>" * 2000 + "</g>",
        "<style>.cls-1,.cls-2{clip-path:url(#c)}/* } */.cls-3{mask:url('#m')}</style>"
        "<clipPath id='c'><rect/></clipPath>"
        "<mask id='m'><rect class='cls-1'/></mask><g class='cls-2'><path class='cls-3'/></g>",
        '<use href="#gone"/><rect fill="url(#gone)"/>',
    ],
)
def test_references(inside: str) -> None:
    """Parts that refer to others, as drawing programs write them, pass."""
    assert size(drawing(inside)) == (120, 32)


@pytest.mark.parametrize("encoding", ["GBK", "shift_jis", "utf-7", "rot13", "foo", "hex", "idna", "cp037"])
def test_encodings(encoding: str) -> None:
    """A drawing in an encoding that is not read is refused with what helps."""
    data = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}</svg>'.encode()

    with pytest.raises(PictureError) as refused:
        size(data)

    assert refused.value.code == "bad-picture"


@pytest.mark.parametrize("encoding", ["GBK", "foo"])
def test_encoding_hint(encoding: str) -> None:
    """The remedy for an encoding that is not read is UTF-8."""
    with pytest.raises(PictureError) as refused:
        size(f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}</svg>'.encode())

    assert refused.value.hint == "save it as UTF-8"


def outcome(read: Callable[[], object]) -> str:
    """Return how reading ends: `fine`, or the code of the refusal."""
    try:
        read()
    except PictureError as error:
        return error.code
    return "fine"


@given(data=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: drawing(text)))
def test_anything(data: bytes) -> None:
    """Whatever a file holds, it is a drawing or refused."""
    assert outcome(lambda: size(data)) in ("fine", "bad-picture", "unsafe-picture")
