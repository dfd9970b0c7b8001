"""The shipped site on the loopback interface, and what fetches other people's programs to judge it.

Each comes from its registry or from Debian; where it cannot be had, the tests that need it are skipped and say why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
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

INSTALL_SECONDS, RUN_SECONDS = 300, 120

Program = Callable[..., subprocess.CompletedProcess[str]]
"""Runs in a folder of its own with nothing of this process's settings but the path; fails the test if it hangs."""


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
def run(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return what runs a program to its end."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTHON", "LC_"))}
    loopback = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    clean = {**kept, **loopback, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "Europe/Zurich"}

    def finished(
        *arguments: str | Path, cwd: Path = home, seconds: int = RUN_SECONDS, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, arguments)),
            cwd=cwd,
            env={**clean, **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=seconds,
        )

    return finished


def program(name: str, *, package: str) -> str:
    """Return where a program is, or skip the test."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} (apt-get install {package})")
    return found


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what installs a package by name and version from npm, and returns the folder of its modules."""

    def install(package: str) -> Path:
        if shutil.which("npm") is None or shutil.which("node") is None:
            pytest.skip(f"{package} needs npm and Node.js (apt-get install npm)")
        folder = tmp_path_factory.mktemp("npm")
        quiet = ("--no-audit", "--no-fund", "--no-save", "--loglevel=error")
        options = ("--ignore-scripts", "--engine-strict", "--prefer-offline", *quiet)
        skip_unless_installed(package, "npm", ["npm", "install", *options, "--prefix", str(folder), package], folder)
        return folder / "node_modules"

    return install


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


def skip_unless_installed(name: str, registry: str, command: list[str], folder: Path) -> None:
    """Install something, or skip the test where the registry does not hand it out."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} could not be installed from {registry} within {INSTALL_SECONDS} seconds")
    if done.returncode:
        told = done.stderr.splitlines()
        error = next(
            (line for line in told if line.startswith(("npm error", "ERROR"))), (told or ["no reason given"])[-1]
        )
        pytest.skip(f"{name} could not be installed from {registry}: {error.strip()}")
