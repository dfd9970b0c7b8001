"""Logos: find out how large a logo is shown, by what its file really holds."""

from __future__ import annotations

import io

from generator.brand.svg import PictureError, size
from generator.model import Picture

MAX_BYTES = 256 * 1024
SHOWN_HEIGHT = 32
"""In CSS pixels; a logo that would be wider than `SHOWN_WIDTH` is lower."""
SHOWN_WIDTH = 200
"""What the column of labels has room for."""

_KINDS = {".png": (b"\x89PNG\r\n\x1a\n", 0), ".webp": (b"WEBP", 8)}
"""What each kind of bitmap holds at which place: https://www.w3.org/TR/png-3/, RFC 9649."""


def picture(path: str, data: bytes) -> Picture:
    """Return the picture of a file, with the size it is shown in: told to browsers, it keeps the page from moving.

    Raises:
        PictureError: The file is too large, or not what it should be.
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes; a logo has at most {MAX_BYTES}"
        raise PictureError("too-large", message, "every visitor loads it: make it smaller")
    width, height = size(data) if path.lower().endswith(".svg") else _bitmap(path, data)
    scale = min(SHOWN_HEIGHT / height, SHOWN_WIDTH / width)
    return Picture(path=path, width=max(1, round(width * scale)), height=max(1, round(height * scale)))


def _bitmap(path: str, data: bytes) -> tuple[int, int]:
    import imagesize

    ending = path[path.rindex(".") :].lower()
    signature, at = _KINDS[ending]
    kind = ending[1:].upper().replace("WEBP", "WebP")
    if not data.startswith(signature, at):
        raise PictureError("bad-picture", f"the file is not {kind}", "give it the ending that matches its content")
    width, height = imagesize.get(io.BytesIO(data))
    if width <= 0 or height <= 0:
        raise PictureError("bad-picture", f"the {kind} is cut off or damaged", "export the logo again")
    return width, height
