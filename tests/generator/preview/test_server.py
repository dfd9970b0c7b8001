"""Whom the preview answers, and how."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread

import pytest

from generator.preview.answers import OWN, look_up
from generator.preview.board import Board
from generator.preview.draft import Draft
from generator.preview.panel import SCRIPT, STYLE
from generator.preview.server import EVENTS, PortError, Server

Ask = Callable[..., tuple[HTTPResponse, bytes]]


@pytest.fixture
def server(board: Board) -> Iterator[Server]:
    """Return a server at work."""
    with Server(board, 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        board.close()
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server: Server, long_seconds: int) -> Ask:
    """Return a function that asks the server for a path."""

    def run(path: str, *, host: str = "localhost") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=long_seconds)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    return run


@pytest.mark.parametrize("path", ["/", "/en/?query", "/status.json", "/nothing", "/../secret.txt"])
def test_the_answer_is_that_of_the_board(path: str, ask: Ask, draft: Draft) -> None:
    """What stands at a path of the draft is sent, and never kept by the browser; a query changes nothing."""
    expected = look_up(path.removesuffix("?query"), draft)

    answer, body = ask(path)

    assert (answer.status, answer.headers["Content-Type"], body) == (expected.status, expected.kind, expected.body)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_redirection_says_where(ask: Ask) -> None:
    """The address to ask instead is sent."""
    answer, _ = ask("/en")

    assert (answer.status, answer.headers["Location"]) == (301, "/en/")


@pytest.mark.parametrize("path", [SCRIPT, STYLE])
def test_what_the_preview_adds_is_served(path: str, ask: Ask) -> None:
    """The script and the style are sent under the addresses that pages name."""
    answer, body = ask(path)

    assert (answer.status, answer.headers["Content-Type"], body) == (200, OWN[path].kind, OWN[path].body)


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_this_machine_is_answered(host: str, ask: Ask) -> None:
    """The names of this machine are answered, with any port: it may be forwarded."""
    answer, _ = ask("/", host=host)

    assert answer.status == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example:80", "127.0.0.1:80:80", "10.0.0.1", "::1"]
)
@pytest.mark.parametrize("path", ["/", "/status.json", SCRIPT, EVENTS])
def test_a_foreign_name_is_refused(host: str, path: str, ask: Ask) -> None:
    """A page elsewhere whose name was pointed to this machine learns nothing."""
    answer, body = ask(path, host=host)

    assert answer.status == 403
    assert body == b"The preview answers to localhost only.\n"


def test_only_this_machine_can_ask(server: Server) -> None:
    """The preview listens on the loopback interface."""
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


def test_a_taken_port_is_named(server: Server, board: Board) -> None:
    """Where something listens already, the error names the port and the option."""
    with pytest.raises(PortError, match=rf"port {server.server_port}: Address already in use\n  hint: .*--port"):
        Server(board, server.server_port)


@pytest.mark.parametrize(
    ("path", "expected"), [("/status.json", "Content-Length: 2"), (EVENTS, "Content-Type: text/event-stream")]
)
def test_a_head_has_no_body(path: str, expected: str, server: Server, long_seconds: int) -> None:
    """HEAD gets the headers of GET alone, even of the stream that has no end."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=long_seconds) as connection:
        connection.sendall(f"HEAD {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        with connection.makefile("rb") as file:
            head = [line.decode().strip() for line in iter(file.readline, b"\r\n")]
            body = file.read(1)

    assert expected in head
    assert body == b""


def test_an_open_page_hears_of_another_version(server: Server, board: Board, site: Path, long_seconds: int) -> None:
    """The stream sends the version at once, every later one when it is posted, and ends with the preview."""
    first, second = Draft(site=site, signature="first"), Draft(site=site, signature="second")
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=long_seconds)

    connection.request("GET", EVENTS)
    stream = connection.getresponse()
    start = [stream.readline() for _ in range(4)]
    board.post(second)
    then = [stream.readline() for _ in range(2)]
    board.close()
    end = stream.read()
    connection.close()

    assert stream.headers["Content-Type"] == "text/event-stream"
    assert start == [b"retry: 1000\n", b"\n", f"data: {first.version}\n".encode(), b"\n"]
    assert then == [f"data: {second.version}\n".encode(), b"\n"]
    assert end == b""


def test_an_ended_preview_says_so(ask: Ask, board: Board) -> None:
    """Whoever asks between the end of the preview and that of its server is told."""
    board.close()

    answer, body = ask("/")

    assert (answer.status, body) == (503, b"The preview has ended.\n")
