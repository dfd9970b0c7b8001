"""Web servers that answer, answer with an error, never answer, or are not there."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Page:
    """One web server, in the manner that the script says."""

    def __init__(self, port: int) -> None:
        self.port, self.manner = port, ""
        self.says: Callable[[], bytes] = lambda: b"all is well\n"
        self._server: ThreadingHTTPServer | None = None
        self._over = threading.Event()

    def __enter__(self) -> Page:
        self._open()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._close()

    def turn(self, manner: str) -> None:
        """Behave in a manner: `silent`, `closed`, `broken`, or well where it is empty."""
        if manner == self.manner:
            return
        self.manner = manner
        self._over.set()
        self._over = threading.Event()
        if manner == "closed":
            self._close()
        elif self._server is None:
            self._open()

    def _open(self) -> None:
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if page.manner == "silent":
                    page._over.wait(60)
                    return
                with contextlib.suppress(OSError):
                    self.send_response(500 if page.manner == "broken" else 200)
                    self.end_headers()
                    self.wfile.write(page.says())

            def log_message(self, *_said: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            address_family = socket.AF_INET

        self._server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _close(self) -> None:
        self._over.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def queue_length(waiting: int) -> bytes:
    """Return what Prometheus answers to a question for the length of a queue."""
    series = {"metric": {"to": "sign-encrypt"}, "value": [0, str(waiting)]}
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": [series]}}).encode()
