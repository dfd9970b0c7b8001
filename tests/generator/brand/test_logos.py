"""How large a logo is shown."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest

from generator.brand.logos import MAX_BYTES, picture
from generator.brand.svg import PictureError


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour."""
    rows = (b"\0" + b"\xff" * width) * height
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*chunks, (b"IEND", b""))
    )


def webp(width: int, height: int) -> bytes:
    """Return the head of a lossless picture (RFC 9649, 3.4)."""
    bits = (width - 1) | (height - 1) << 14
    data = b"VP8L" + struct.pack("<IBI", 5, 0x2F, bits) + b"\0"
    return b"RIFF" + struct.pack("<I", len(data) + 4) + b"WEBP" + data


def svg(width: int, height: int) -> bytes:
    """Return an empty drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"/>'.encode()


@pytest.mark.parametrize(("ending", "make"), [("png", png), ("webp", webp), ("svg", svg), ("PNG", png), ("Svg", svg)])
def test_shown_size(ending: str, make: Callable[[int, int], bytes]) -> None:
    """Every kind is shown 32 pixels high in its own proportions, and a long one as wide as the page has room for."""
    shown = [picture(f"brand/logo.{ending}", make(*size)) for size in ((240, 64), (12, 16), (1400, 100))]

    assert [(found.width, found.height) for found in shown] == [(120, 32), (24, 32), (200, 14)]


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        ("brand/a.png", webp(8, 8), "the file is not PNG"),
        ("brand/a.webp", png(8, 8), "the file is not WebP"),
        ("brand/a.png", b"\x89PNG\r\n\x1a\n", "the PNG is cut off or damaged"),
        ("brand/a.webp", b"RIFF\0\0\0\0WEBP", "the WebP is cut off or damaged"),
        ("brand/a.png", png(0, 8), "the PNG is cut off or damaged"),
    ],
)
def test_not_what_it_says(path: str, data: bytes, message: str) -> None:
    """A file that does not hold what its ending says is refused."""
    with pytest.raises(PictureError, match=message) as refused:
        picture(path, data)

    assert refused.value.code == "bad-picture"


@pytest.mark.parametrize("data", [png(30, 20), webp(30, 20)], ids=["png", "webp"])
def test_cut_off_anywhere(data: bytes) -> None:
    """A picture that is cut off is refused, or shown in its size; it never breaks anything."""
    path = "brand/a.png" if data.startswith(b"\x89") else "brand/a.webp"
    ends = [outcome(path, data[:end]) for end in range(len(data))]

    assert ends[:12] == ["bad-picture"] * 12
    assert set(ends) == {"bad-picture", "48 × 32"}


def outcome(path: str, data: bytes) -> str:
    """Return the size in which a picture is shown, or the code with which it is refused."""
    try:
        found = picture(path, data)
    except PictureError as error:
        return error.code
    return f"{found.width} × {found.height}"


def test_too_large() -> None:
    """A logo that would keep visitors waiting is refused."""
    with pytest.raises(PictureError) as refused:
        picture("brand/a.png", png(8, 8) + bytes(MAX_BYTES))

    assert refused.value.code == "too-large"
