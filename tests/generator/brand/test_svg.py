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
