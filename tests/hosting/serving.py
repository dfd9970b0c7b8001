"""How a real web server is started for a test, asked, and ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs" / "hosting"
USER = "www-data"
"""Who serves where the tests run as root; Debian has this user and group from the start."""
STARTS_WITHIN_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server sent."""

    status: int
    headers: Message
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header, the values joined if it was sent several times."""
        values = self.headers.get_all(name)
        return None if values is None else ", ".join(values)

    @property
    def vary(self) -> set[str]:
        """Return the names of the request's headers that the answer depends on, in lower case."""
        return {name.strip().lower() for name in (self.header("Vary") or "").split(",")} - {""}


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that listens on loopback."""

    port: int
    precompressed: tuple[str, ...]
    """The encodings in which it sends siblings."""

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path; `accept_language="de"` sends `Accept-Language: de`."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> Answer:
        """Ask for a path by any method."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Accept-Encoding": "identity", **_titled(sent)})
            response = connection.getresponse()
            return Answer(status=response.status, headers=response.headers, body=response.read())
        finally:
            connection.close()

    def leads(self, path: str, answer: Answer) -> str:
        """Return the path on this server to which a redirect from a path leads, or the whole address elsewhere."""
        origin = f"http://127.0.0.1:{self.port}"
        return urljoin(f"{origin}{path}", answer.header("Location")).removeprefix(origin)


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}


def shown(name: str, first: str, port: int) -> str:
    """Return what a file's head shows for http, from its first line to the next empty one, on a port of loopback."""
    head = (DOCS / name).read_text("utf-8").partition(f"#     {first}")[2].partition("\n#\n")[0]
    return (
        (first + head.replace("\n#     ", "\n"))
        .replace("*:80", f"127.0.0.1:{port}")
        .replace(" 80;", f" 127.0.0.1:{port};")
    )


def program(name: str, package: str) -> str:
    """Return where a server's program lies, also outside of a user's PATH; skip where there is none."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not on this machine: run make programs, or apt-get install {package}")
    return found


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str | Path], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server until it is not needed any more, and end it by its own id."""
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(environment or {})}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(process, port, folder)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Wait until the server listens."""
    for _ in range(STARTS_WITHIN_SECONDS * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"the server did not start: {(folder / 'output.log').read_text('utf-8', 'replace')}")
