"""Server: answer browsers of this machine over HTTP, and no others."""

from __future__ import annotations

import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from generator.preview.answers import OWN, Reply, look_up
from generator.preview.board import Board
from generator.preview.mime import PLAIN

EVENTS = "/__lagebild__/events"
KEEP_ALIVE_SECONDS = 15
HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names that the preview answers to; any other may be a foreign site pointed at this machine (DNS rebinding)."""
_FOREIGN = Reply(status=HTTPStatus.FORBIDDEN, kind=PLAIN, body=b"The preview answers to localhost only.\n")
_ENDED = Reply(status=HTTPStatus.SERVICE_UNAVAILABLE, kind=PLAIN, body=b"The preview has ended.\n")


class PortError(Exception):
    """Why the preview cannot listen."""


class Server(ThreadingHTTPServer):
    """Answers what a board shows; port 0 takes any free one.

    Raises:
        PortError: The port cannot be had.
    """

    def __init__(self, board: Board, port: int) -> None:
        self.board = board
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
            self._send(_FOREIGN)
        elif path == EVENTS:
            self._tell_versions()
        elif path in OWN:
            self._send(OWN[path])
        else:
            draft = self._board.wait()
            self._send(look_up(path, draft) if draft else _ENDED)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet: the terminal is for what the builds say."""

    def _asks_for_this_machine(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        name, colon, port = hosts[0].rpartition(":") if len(hosts) == 1 else ("", "", "")
        return (name if colon and port.isdecimal() else "".join(hosts)).lower() in HOSTS

    def _send(self, answer: Reply) -> None:
        self._begin(answer.status, answer.kind)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

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
        while draft := self._board.wait(seen, KEEP_ALIVE_SECONDS):
            version = draft.version
            self.wfile.write(b":\n\n" if version == seen else f"data: {version}\n\n".encode())
            seen = version
