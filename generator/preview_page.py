"""What a browser gets from the preview: the site's files, and on its pages the problems and a script that reloads."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import unquote

from generator.files import read
from generator.problems import Level, Problem

__all__ = ["EVENTS", "SCRIPT", "STYLE", "Board", "PortError", "Server", "Shown", "locate", "mime_type"]

EVENTS = "/__lagebild__/events"
SCRIPT = "/__lagebild__/reload.js"
STYLE = "/__lagebild__/preview.css"
HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Who else is asked for has had its name pointed here, to read what is not its own (DNS rebinding)."""
KEEP_ALIVE_SECONDS = 15
_HTML = "text/html; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
_TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css; charset=utf-8",
    ".html": _HTML,
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".txt": _PLAIN,
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

_RELOAD = """\
// Reloads the page once the preview has another version of it. A hidden tab does not listen, for a browser keeps only
// six connections to a server; it looks again when it is shown.
(() => {
  "use strict";
  const { version } = document.currentScript.dataset;
  let stream = null;

  const turn = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/__lagebild__/events");
      stream.onmessage = (event) => {
        if (event.data !== version) location.reload();
      };
    }
  };

  document.addEventListener("visibilitychange", turn);
  turn();
})();
"""

_STYLE = """\
.lagebild-problems {
  position: sticky;
  inset-block-end: 0;
  z-index: 1;
  max-block-size: 40vh;
  overflow: auto;
  padding: 1rem 1.5rem;
  border-block-start: 3px solid light-dark(#c4122f, #f2566d);
  color: light-dark(#16181d, #f1f1ee);
  background: light-dark(#ffffff, #14161a);
  color-scheme: light dark;
  font: 1rem / 1.5 system-ui, sans-serif;
  text-align: start;
  hyphens: manual;
}

.lagebild-problems--warnings {
  border-color: light-dark(#b96a00, #e6a23c);
}

.lagebild-problems__title {
  margin: 0 0 0.5rem;
  font-size: 1rem;
}

.lagebild-problems__list {
  margin: 0 0 1rem;
  padding: 0;
  list-style: none;
}

.lagebild-problems__list li,
.lagebild-problems__failure {
  margin: 0 0 0.5rem;
  white-space: pre-line;
  overflow-wrap: anywhere;
}

.lagebild-problems__hint {
  display: block;
  padding-inline-start: 1.5rem;
}

@media print {
  .lagebild-problems {
    display: none;
  }
}
"""

_OWN = {SCRIPT: (_TYPES[".js"], _RELOAD.encode()), STYLE: (_TYPES[".css"], _STYLE.encode())}

_ALONE = b"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>No site to show</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
</head>
<body>
<h1>There is no site to show until this is mended</h1>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a browser sees at a moment."""

    version: str
    """Another one whenever a page may look otherwise."""
    problems: tuple[Problem, ...] = ()
    failure: str = ""
    """Why the last build broke off."""
    site: Path | None
    """The folder; None where there is no site, but only problems to show."""


class Board:
    """What is shown now: posted by who builds, read by every thread that answers a browser."""

    def __init__(self) -> None:
        self._shown: Shown | None = None
        self._closed = False
        self._changed = Condition()

    def post(self, shown: Shown) -> None:
        """Wake everybody who waits for another version."""
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seen: str = "", timeout_seconds: float | None = None) -> Shown | None:
        """Wait for another version than `seen`; return what is shown by then, None once the preview has ended."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or (self._shown is not None and self._shown.version != seen), timeout_seconds
            )
            return None if self._closed else self._shown


def mime_type(path: str) -> str:
    """Return the type a file is served with; a JSON feed, or a page of its archive, is told by where it lies."""
    folder, _, name = path.rpartition("/")
    stem, ending = os.path.splitext(name)  # noqa: PTH122 - no path of this machine
    if ending == ".json" and (stem == "feed" or f"/{folder}".endswith("/feed")):
        return "application/feed+json"
    return _TYPES.get(ending, "application/octet-stream")


def furnish(page: bytes, shown: Shown) -> bytes:
    """Return a page with the problems, if there are any, and the script that reloads it."""
    script = f'<script src="{SCRIPT}" data-version="{shown.version}" defer></script>\n'
    addition = f"{_panel(shown)}{script}".encode("utf-8", "backslashreplace")
    end = page.lower().rfind(b"</body>")
    return page + addition if end < 0 else page[:end] + addition + page[end:]


def _panel(shown: Shown) -> str:
    failure = f'<p class="lagebild-problems__failure">The build broke off: {escape(shown.failure)}</p>\n'
    errors = [problem for problem in shown.problems if problem.level is Level.ERROR]
    warnings = [problem for problem in shown.problems if problem.level is Level.WARNING]
    lists = [
        failure if shown.failure else "",
        _list("error", errors) if errors else "",
        _list("warning", warnings) if warnings else "",
    ]
    if not any(lists):
        return ""
    kind = "" if shown.failure or errors else " lagebild-problems--warnings"
    return (
        f'<link rel="stylesheet" href="{STYLE}">\n'
        f'<section class="lagebild-problems{kind}" lang="en" dir="ltr" tabindex="0" aria-label="Problems">\n'
        f"{''.join(lists)}</section>\n"
    )


def _list(word: str, problems: Sequence[Problem]) -> str:
    title = f"{len(problems)} {word}{'' if len(problems) == 1 else 's'}"
    items = "\n".join(f"<li>{_item(problem)}</li>" for problem in problems)
    return f'<h2 class="lagebild-problems__title">{title}</h2>\n<ul class="lagebild-problems__list">\n{items}\n</ul>\n'


def _item(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}:{problem.column}" if problem.line else problem.path
    hint = f'<span class="lagebild-problems__hint">hint: {escape(problem.hint)}</span>' if problem.hint else ""
    return f"<code>{escape(place)}</code> <b>{escape(problem.code)}</b>: {escape(problem.message)}{hint}"


def locate(root: str, path: str) -> str | None:
    """Return what a request's path names below a real folder; None where a link or `..` would lead elsewhere."""
    names = unquote(path, errors="surrogateescape").split("/")
    if names[0] or "\0" in names[-1] or any(name in ("", ".", "..") or "\0" in name for name in names[1:-1]):
        return None
    full = os.path.join(root, *filter(None, names))  # noqa: PTH118 - pathlib would tidy the path before it is judged
    return full if os.path.realpath(full) == full else None


class PortError(Exception):
    """Why the preview cannot listen."""


class Server(ThreadingHTTPServer):
    """Answers browsers of this machine, and no others; port 0 takes any free one.

    Raises:
        PortError: The port cannot be had.
    """

    def __init__(self, board: Board, port: int) -> None:
        try:
            super().__init__(("127.0.0.1", port), partial(_Handler, board))
        except OSError as error:
            hint = "choose another one with --port, or any free one with --port 0"
            raise PortError(f"port {port}: {error.strerror}\n  hint: {hint}") from error

    @property
    def address(self) -> str:
        """Return where to look."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where the browser has hung up: it does so at every reload."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server_version = "lagebild"
    sys_version = ""

    def __init__(self, board: Board, *arguments: Any) -> None:
        self._board = board
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer."""
        path = self.path.partition("?")[0]
        if not self._asks_for_this_machine():
            self._answer(HTTPStatus.FORBIDDEN, _PLAIN, b"The preview answers to localhost only.\n")
        elif path == EVENTS:
            self._tell_versions()
        elif path in _OWN:
            self._answer(HTTPStatus.OK, *_OWN[path])
        else:
            self._show(path)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet: the terminal is for what the builds say."""

    def _asks_for_this_machine(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        name, colon, port = hosts[0].rpartition(":") if len(hosts) == 1 else ("", "", "")
        return (name if colon and port.isdecimal() else "".join(hosts)).lower() in HOSTS

    def _show(self, path: str) -> None:
        shown = self._board.wait()
        if shown is None:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, _PLAIN, b"The preview has ended.\n")
        elif shown.site is None:
            self._answer(HTTPStatus.OK, _HTML, furnish(_ALONE, shown))
        else:
            self._show_file(path, shown, os.path.realpath(shown.site))

    def _show_file(self, path: str, shown: Shown, root: str) -> None:
        file = locate(root, path)
        if file and Path(file).is_dir() and not path.endswith("/"):
            self._answer(HTTPStatus.MOVED_PERMANENTLY, _PLAIN, b"", location=f"{path}/")
            return
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        data = read(f"{file}/index.html" if path.endswith("/") else file) if file else None
        status = HTTPStatus.OK
        if data is None:
            status, name, data = HTTPStatus.NOT_FOUND, "404.html", read(f"{root}/404.html") or b"There is no such page."
        kind = mime_type(name)
        self._answer(status, kind, furnish(data, shown) if kind == _HTML else data)

    def _answer(self, status: HTTPStatus, kind: str, body: bytes, *, location: str = "") -> None:
        self._begin(status, kind)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")

    def _tell_versions(self) -> None:
        """Send the version of what is shown, and every later one (https://html.spec.whatwg.org/#server-sent-events)."""
        self._begin(HTTPStatus.OK, "text/event-stream")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 1000\n\n")
        seen = ""
        while shown := self._board.wait(seen, KEEP_ALIVE_SECONDS):
            self.wfile.write(b":\n\n" if shown.version == seen else f"data: {shown.version}\n\n".encode())
            seen = shown.version
