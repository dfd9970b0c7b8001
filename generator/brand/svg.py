"""SVG: judge whether a file is nothing but a drawing, and measure it.

Visitors can open a logo by its own address, where a script in it would run as the site's own, so what is not known to
be harmless is refused: https://www.w3.org/TR/SVG2/.
"""

from __future__ import annotations

import re
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
_STYLE = f"{_SVG} style"
_XLINK_HREF = "http://www.w3.org/1999/xlink href"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_DRAWING = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "style", "title", "desc", "metadata", "switch"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath"),
        *("linearGradient", "radialGradient", "stop", "pattern", "marker", "clipPath", "mask", "filter"),
        *("feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feFlood", "feGaussianBlur", "feMerge"),
        *("feDropShadow", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feMergeNode", "feMorphology", "feOffset"),
    }
)
_INERT = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/elements/1.1/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
)
"""What drawing programs note beside the drawing; browsers make nothing of it."""
_LEADS_AWAY = re.compile(r"url\(\s*+[\"']?+\s*+(?!#)|@import|image-set|src\s*\(|\\", re.IGNORECASE)
"""What fetches something in CSS; a backslash could hide any of it."""
_MAX_DEPTH = 64
_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d+)?|\.\d+)(?:px)?\s*")


class PictureError(ValueError):
    """Why a picture is refused: `bad-picture` where it is none, `unsafe-picture` where it is more, or `too-large`."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def size(data: bytes) -> tuple[float, float]:
    """Return width and height of a drawing, in its own units.

    Raises:
        PictureError: It is no SVG, has no size, or holds what a drawing does not need.
    """
    watch = _Judge()
    try:
        watch.parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"line {error.lineno} is not XML: {expat.ErrorString(error.code)}"
        raise PictureError("bad-picture", message, "export the logo again") from error
    except PictureError:
        raise
    except (LookupError, ValueError) as error:  # whatever Python's codecs make of the encoding that the file names
        message = "its encoding is not one that every browser reads"
        raise PictureError("bad-picture", message, "save it as UTF-8") from error
    if watch.size is None:
        message = "the drawing has neither a viewBox nor width and height in pixels"
        raise PictureError("bad-picture", message, 'e.g. viewBox="0 0 240 64" on its first element')
    return watch.size


class _Judge:
    """Watches a drawing go by."""

    def __init__(self) -> None:
        self.size: tuple[float, float] | None = None
        self._open: list[str] = []
        self._style: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, element = name.rpartition(" ")
        if not self._open:
            if name != f"{_SVG} svg":
                raise PictureError("bad-picture", f"its first element is <{element}>, not <svg>", f'xmlns="{_SVG}"')
            self.size = _size(attributes)
        if not (element in _DRAWING if namespace == _SVG else namespace in _INERT):
            self._refuse(f"holds <{element}>")
        if len(self._open) == _MAX_DEPTH:
            self._refuse(f"is nested deeper than {_MAX_DEPTH} levels")
        for key, value in attributes.items():
            if key.lower().startswith("on"):
                self._refuse(f"runs a script by {key}")
            if key == _XML_BASE or (key in ("href", _XLINK_HREF) and not value.strip().startswith("#")):
                self._refuse(f"leads to {value.strip()[:40]}")
            space, _, attribute = key.rpartition(" ")
            if space not in _INERT and _LEADS_AWAY.search(value):
                self._refuse(f"leads away by {attribute}")
        self._open.append(name)

    def _end(self, name: str) -> None:
        if name == _STYLE:
            style = "".join(self._style)
            if _LEADS_AWAY.search(style):
                self._refuse("leads away by its style")
            self._style.clear()
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open[-1] == _STYLE:
            self._style.append(text)

    def _doctype(self, *_: object) -> None:
        self._refuse("has a DOCTYPE")

    def _instruction(self, target: str, _: str) -> None:
        self._refuse(f"has an instruction: <?{target}?>")

    def _refuse(self, what: str) -> None:
        message = f"line {self.parser.CurrentLineNumber} {what}"
        hint = "a logo is shapes and text alone; export it as plain SVG, or as PNG"
        raise PictureError("unsafe-picture", message, hint)


def _size(attributes: dict[str, str]) -> tuple[float, float] | None:
    numbers = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())[2:]
    if len(numbers) != 2:
        numbers = [attributes.get("width", ""), attributes.get("height", "")]
    found = [_LENGTH.fullmatch(number) for number in numbers]
    width, height = (float(match[1]) if match else 0.0 for match in found)
    return (width, height) if width > 0 and height > 0 else None
