"""Markdown to HTML: the only maker of `Markup`, and the only judge of what Markdown may hold."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # both cost more to import than a rebuild with nothing to do may take
    from markdown_it import MarkdownIt
    from markupsafe import Markup

_ALLOWED_SCHEMES = ("https:", "http:", "mailto:", "tel:")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FULL = re.compile(r"[a-z][a-z0-9+.-]*:|#", re.IGNORECASE)
_OF_LINES = {f"{kind}_{edge}" for kind in ("bullet_list", "ordered_list", "table") for edge in ("open", "close")}
_SUSPICIOUS = re.compile(r"<[a-z!/?]|\]\((?!https?://|mailto:|tel:)|\]:|!\[", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a Markdown text that would not be shown as it was meant."""

    code: str
    message: str
    hint: str
    line: int
    """The line of the text that it stands in, from 1."""


@functools.cache
def _parser(*, html: bool = False) -> MarkdownIt:
    """Return a CommonMark parser with tables, without raw HTML (unless only judging) and pictures."""
    from markdown_it import MarkdownIt

    logging.getLogger("markdown_it").setLevel(logging.WARNING)  # 70 debug calls a text otherwise
    parser = MarkdownIt("js-default", {"html": html, "linkify": False, "typographer": False})
    if html:
        parser.validateLink = lambda url: url is not None  # type: ignore[method-assign]
    else:
        parser.validateLink = _allowed  # type: ignore[method-assign]
        parser.disable("image")
    return parser


def _allowed(url: str) -> bool:
    """Return whether a link's target is one a visitor may be sent to."""
    url = url.strip().lower()
    return not _SCHEME.match(url) or url.startswith(_ALLOWED_SCHEMES)


def render(text: str) -> Markup:
    """Return a Markdown text as HTML.

    Raw HTML comes out as text, a link with another scheme than https, http, mailto or tel too;
    headings start below the page's own: h1 and h2 become h3, h3 becomes h4.
    """
    return _read(text)[0]


def plain(text: str) -> str:
    """Return a Markdown text as plain text, paragraphs apart by an empty line, links followed by their target.

    The items of a list keep their marks and the rows of a table are lines, their cells apart by a bar.
    """
    return _read(text)[1]


@functools.cache
def _read(text: str) -> tuple[Markup, str]:
    """Parse a text once, for every page and feed it stands in."""
    from markupsafe import Markup

    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]) + 1, 3), 6)}"
        elif "style" in token.attrs:  # a column's alignment; pages allow no inline style
            token.attrs["class"] = str(token.attrs.pop("style")).replace("text-align:", "align-")
    html = Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - escaped by the renderer
    return html, "\n\n".join(_blocks(tokens))


def _blocks(tokens: list[Any]) -> Iterator[str]:
    """Yield each block; the items of a list and the rows of a table are the lines of one."""
    lines: list[str] = []
    cells: list[str] = []
    depth, mark = 0, ""
    for token in tokens:
        if token.type in _OF_LINES:
            depth += token.nesting
        elif token.type == "list_item_open":
            mark = "  " * (depth - 1) + (f"{token.info}. " if token.info else "- ")
        elif token.type in ("inline", "fence", "code_block"):
            text = "".join(_inline_text(token.children)) if token.children else token.content.rstrip()
            further = " " * len(mark)
            lines.append(mark + text.replace("\n", f"\n{further}"))
            mark = further
        elif token.type in ("th_close", "td_close"):
            cells.append(lines.pop())
        elif token.type == "tr_close":
            lines.append(" | ".join(cells))
            cells.clear()
        if not depth and lines and token.nesting < 1:
            if any(lines):
                yield "\n".join(lines)
            lines.clear()
            mark = ""


def address(url: str) -> Markup:
    """Return an address as it is shown, with places where a narrow screen may break it: after each slash."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in url.split("/"))


def _inline_text(tokens: list[Any]) -> Iterator[str]:
    target = ""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
            if token.content in (target, target.removeprefix("mailto:")):
                target = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "link_open":
            target = str(token.attrs.get("href", ""))
        elif token.type == "link_close" and target:
            yield f" ({target})"


def faults(text: str) -> tuple[Fault, ...]:
    """Return what in a text would not be shown as it was meant: raw HTML, pictures, links with another scheme.

    The parser is asked only where a text holds anything suspicious.
    """
    if not _SUSPICIOUS.search(text):
        return ()
    found = []
    for line, token in _walk(_parser(html=True).parse(text)):
        said = _fault(token)
        if said:
            code, message, hint = said
            found.append(Fault(code=code, message=message, hint=hint, line=line))
    return tuple(dict.fromkeys(found))


def _fault(token: Any) -> tuple[str, str, str] | None:
    """Return the code, the message and the hint for a token that would not be shown as it was meant."""
    if token.type in ("html_inline", "html_block"):
        shown = token.content.strip().splitlines()[0][:40]
        return "raw-html", f"raw HTML is not allowed: {shown}", "write it in Markdown, or in `…`"
    if token.type == "image":
        return "image", "pictures are not shown", "link to the picture instead"
    if token.type != "link_open":
        return None
    target = str(token.attrs.get("href", "")).strip()
    if not _FULL.match(target):
        return "relative-link", f"the link to {target[:40]!r} is not a full address", "write it with https://"
    if not _allowed(target):
        scheme = _SCHEME.match(target)
        named = scheme.group() if scheme else ""
        return "unsafe-link", f"a link to {named} is not allowed", "https:, mailto: and tel: are"
    return None


def _walk(tokens: list[Any]) -> Iterator[tuple[int, Any]]:
    """Yield every token with the line that it stands in, from 1."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        yield line, token
        for child in token.children or ():
            yield line, child
            line += child.type in ("softbreak", "hardbreak")
