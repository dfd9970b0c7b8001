"""Answers: find what a browser gets for a path, a file of the site or one of the preview's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

from generator.disk.files import read
from generator.preview.draft import Draft
from generator.preview.mime import HTML, PLAIN, mime_type
from generator.preview.panel import SCRIPT, STYLE, furnish

_ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent."""

    status: HTTPStatus = HTTPStatus.OK
    kind: str
    """The MIME type."""
    body: bytes = b""
    location: str = ""
    """Where to ask instead."""


OWN = {
    path: Reply(kind=mime_type(path), body=(_ASSETS / path.rpartition("/")[2]).read_bytes()) for path in (SCRIPT, STYLE)
}
"""What the pages of the preview need, by path; they are files, for the site's pages have nothing inline."""
_NO_SITE = (_ASSETS / "no-site.html").read_bytes()


def look_up(path: str, draft: Draft) -> Reply:
    """Return what stands at a path of the site, its own 404.html where nothing does."""
    if draft.site is None:
        return Reply(kind=HTML, body=furnish(_NO_SITE, draft))
    root = os.path.realpath(draft.site)
    file = _locate(root, path)
    if file and Path(file).is_dir():
        return Reply(status=HTTPStatus.MOVED_PERMANENTLY, kind=PLAIN, location=f"{path}/")
    body = read(file) if file else None
    if file is None or body is None:
        lost = read(f"{root}/404.html") or b"There is no such page."
        return Reply(status=HTTPStatus.NOT_FOUND, kind=HTML, body=furnish(lost, draft))
    kind = mime_type(file)
    return Reply(kind=kind, body=furnish(body, draft) if kind == HTML else body)


def _locate(root: str, path: str) -> str | None:
    """Return what a request's path names below a real folder; None where a link or `..` would lead elsewhere."""
    name = unquote(path, errors="surrogateescape") + ("index.html" if path.endswith("/") else "")
    if "\0" in name:
        return None
    file = f"{root}/{name.removeprefix('/')}"
    return file if os.path.realpath(file) == file else None
