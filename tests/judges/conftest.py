"""The shipped site on the loopback interface, and what fetches other people's Python programs to judge it."""

from __future__ import annotations

import os
import threading
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.programs import skip_unless_installed


class Handler(SimpleHTTPRequestHandler):
    """A static file server with the MIME types that a site is served with."""

    TYPES = MappingProxyType(
        {
            ".atom": "application/atom+xml",
            ".ics": "text/calendar; charset=utf-8",
            ".json": "application/json",
            ".rss": "application/rss+xml",
        }
    )

    def __init__(self, *arguments: Any, answered: list[tuple[str, int]], **more: Any) -> None:
        self.answered = answered
        super().__init__(*arguments, **more)

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return a file's type; JSON Feed has one of its own."""
        if Path(path).name == "feed.json":
            return "application/feed+json"
        return self.TYPES.get(Path(path).suffix) or super().guess_type(path)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002  the base class's
        """Note what was answered."""
        self.answered.append((self.path, int(code)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Keep quiet."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A site behind a web server."""

    origin: str
    answered: list[tuple[str, int]]
    """Path and status of every answer so far."""


class Patient(ThreadingHTTPServer):
    """Lets many connections wait, as a web server does: checkers open them faster than they are taken."""

    request_queue_size = 256


@pytest.fixture(scope="session")
def served(shipped_site: Path) -> Iterator[Served]:
    """Serve the shipped site."""
    answered: list[tuple[str, int]] = []
    handler = partial(Handler, answered=answered, directory=str(shipped_site))
    with Patient(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Served(origin=f"http://127.0.0.1:{server.server_port}", answered=answered)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def pip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what installs packages from PyPI into an environment of their own, and returns its Python."""

    def install(*packages: str) -> Path:
        folder = tmp_path_factory.mktemp("venv")
        venv.create(folder, with_pip=True)
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        skip_unless_installed(" ".join(packages), "PyPI", command, folder)
        return python

    return install
