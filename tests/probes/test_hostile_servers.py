"""Every kind that speaks TCP, against servers that flood, drip, stall, echo, lie about lengths, and send bombs."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import pytest

from probes.kind import ProbeContext
from probes.kinds import KINDS
from probes.model import Outcome, Result
from tests.conftest import CHECKOUT
from tests.probes.lab.faulty import Serve, drip, hang, says, serving
from tests.probes.lab.plans import check_of, look

pytestmark = pytest.mark.slow

GUARD_SECONDS = 30
"""Far beyond the check's own timeout: only a look that never ends takes so long."""
NO_SERVERS = {"heartbeat", "nagios"}
MOST_BYTES = 32 * 1024 * 1024
"""So much more memory may one look take."""

HTTP = b"HTTP/1.1 200 OK\r\n"
LONG = 4_294_967_295
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

OPTIONS: Mapping[str, Mapping[str, object]] = {
    "http": {"url": "http://127.0.0.1:{port}/", "fail_if_body_not_matches_regexp": "well"},
    "tcp": {"host": "127.0.0.1", "port": "{port}", "query_response": [{"send": "EHLO x"}, {"expect": "^250 well"}]},
    "tls": {"host": "127.0.0.1", "port": "{port}", "tls": "starttls"},
    "dns": {"host": "127.0.0.1", "port": "{port}", "query_name": "mail.test"},
    "smtp": {"host": "127.0.0.1", "port": "{port}", "tls": "none", "rcpt_good": "probe@mail.test"},
    "imap": {"host": "127.0.0.1", "port": "{port}", "tls": "none"},
    "pop3": {"host": "127.0.0.1", "port": "{port}", "tls": "starttls"},
    "roundtrip": {
        "submit": {"host": "127.0.0.1", "port": "{port}", "tls": "none", "from": "a@mail.test", "to": "b@mail.test"},
        "fetch": {"host": "127.0.0.1", "port": "{port}", "tls": "none", "username": "b", "password_env": "NONE"},
    },
    "prometheus": {"url": "http://127.0.0.1:{port}", "query": "up", "value": "1"},
    "alertmanager": {"url": "http://127.0.0.1:{port}", "services": ["gateway"]},
}
"""How each kind is pointed at a server."""
STEPS: Mapping[str, Sequence[bytes]] = {
    "http": [HTTP, b"Content-Length: 9\r\n", b"\r\n", b"12345"],
    "tcp": [b"hello\r\n", b"250-half\r\n", b"250 "],
    "tls": [b"220 mx\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\n", b"\x16\x03\x03\x40\x00"],
    "dns": [b"\x00", b"\x40", b"\x00\x00"],
    "smtp": [b"220-mx\r\n", b"220 mx\r\n", b"250-mx\r\n250 HELP\r\n", b"250 ok\r\n", b"250-"],
    "imap": [b"* OK [CAPABILITY IMAP4rev1] hi\r\n", b"* CAPABILITY IMAP4rev1\r\n"],
    "pop3": [b"+OK hi\r\n", b"+OK\r\nSTLS\r\n", b".\r\n", b"+OK go\r\n", b"\x16\x03\x03\x40\x00"],
    "prometheus": [HTTP, b"Content-Length: 9\r\n", b"\r\n", b"{"],
    "alertmanager": [HTTP, b"Content-Length: 9\r\n", b"\r\n", b"["],
}
"""What each kind waits for, piece by piece; roundtrip begins as smtp does."""
ENDLESS: Mapping[str, tuple[bytes, bytes]] = {
    "http": (HTTP + b"\r\n", b"x"),
    "tcp": (b"", b"no such line\r\n"),
    "tls": (b"220 mx\r\n", b"250-x\r\n"),
    "dns": (b"", b"\xff"),
    "smtp": (b"220 mx\r\n", b"250-x\r\n"),
    "imap": (b"* OK hi\r\n", b"* A b\r\n"),
    "pop3": (b"+OK hi\r\n", b"+OK\r\n"),
    "prometheus": (HTTP + b"\r\n", b"[],"),
    "alertmanager": (HTTP + b"\r\n", b"[],"),
}
"""What each kind listens to longest: a beginning, and what may follow it without an end."""
LIES: Mapping[str, bytes] = {
    "http": HTTP + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
    "tcp": b"250-" + b"x" * 50_000,
    "tls": b"220 mx\r\n250 STARTTLS\r\n220 go\r\n",
    "dns": b"\xff\xff",
    "smtp": b"220-" + b"x" * 5_000,
    "imap": b"* OK hi {%d}\r\n" % LONG,
    "pop3": b"+OK " + b"x" * 1_000,
    "prometheus": HTTP + b"Content-Length: %d\r\n\r\n" % LONG,
    "alertmanager": HTTP + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
}
"""What promises more than a kind should wait for."""


def floods(begins: bytes, goes_on: bytes) -> Serve:
    """Send something, then the same again and again, as fast as it is taken."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(begins)
        many = goes_on * max(1, 65_536 // len(goes_on))
        while True:
            connection.sendall(many)

    return serve


def drips_after(begins: bytes) -> Serve:
    """Send something, then one byte after the other."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(begins)
        drip(connection)

    return serve


def stalls(steps: Sequence[bytes]) -> Serve:
    """Send each step when the client has spoken, or does not, and then nothing any more."""

    def serve(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        for step in steps:
            connection.sendall(step)
            with suppress(TimeoutError):
                connection.recv(65_536)
        hang(connection)

    return serve


def echo(connection: socket.socket) -> None:
    """Send back what is heard."""
    while heard := connection.recv(65_536):
        connection.sendall(heard)


def servers(kind: str) -> Iterator[tuple[str, Serve]]:
    """Yield what a kind is to survive."""
    known = "smtp" if kind == "roundtrip" else kind
    begins, goes_on = ENDLESS[known]
    yield "floods", floods(begins, goes_on)
    yield "floods without a line's end", floods(begins, b"x")
    yield "drips", drips_after(begins)
    yield "echoes", echo
    yield "lies and stalls", says(LIES[known])
    yield "lies and drips", drips_after(LIES[known])
    yield "lies and floods", floods(LIES[known], b"\x00" * 64)
    for many in range(len(STEPS[known]) + 1):
        yield f"stalls after {many}", stalls(STEPS[known][:many])


CASES = {f"{kind}: {name}": (kind, serve) for kind in OPTIONS for name, serve in servers(kind)}


@contextmanager
def too_long_for_udp(port: int) -> Iterator[None]:
    """Answer every question over UDP that the answer has to be asked for over TCP."""

    def answer() -> None:
        while True:
            question, asker = listener.recvfrom(4096)
            if not question:
                return
            listener.sendto(question[:2] + struct.pack(">H", 0x8780) + question[4:], asker)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", port))
        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        yield
        listener.sendto(b"", ("127.0.0.1", port))
        answering.join()


def filled(written: object, port: int) -> object:
    """Return options with a port in its place."""
    if isinstance(written, Mapping):
        return {key: filled(value, port) for key, value in written.items()}
    if isinstance(written, list):
        return [filled(value, port) for value in written]
    return written.format(port=port) if isinstance(written, str) else written


def looked(kind: str, port: int, context: ProbeContext) -> Sequence[Result]:
    """Look once in a thread that a look without an end leaves behind: no cancellation is sure to reach it."""
    check = check_of(kind, **{key: filled(value, port) for key, value in OPTIONS[kind].items()})
    found: Future[Sequence[Result]] = Future()
    brief = replace(check, timeout_seconds=0.6)
    threading.Thread(target=lambda: found.set_result(look(brief, context)), daemon=True).start()
    return found.result(GUARD_SECONDS)


def test_every_kind_has_its_servers() -> None:
    """Each kind of check that asks a server is tried out here."""
    assert {*OPTIONS, *NO_SERVERS} == {*KINDS}


@pytest.mark.parametrize(("kind", "serve"), CASES.values(), ids=CASES)
def test_every_look_ends(context: ProbeContext, kind: str, serve: Serve) -> None:
    """Whatever a server does, a look ends, with a finding, and finds no service well."""
    with ExitStack() as stack:
        port = stack.enter_context(serving(serve))
        if kind == "dns":
            stack.enter_context(too_long_for_udp(port))
        results = looked(kind, port, context)

    assert Outcome.OPERATIONAL not in [found.outcome for found in results]
    assert not [found.note for found in results if "within the check" in found.note]


def packed(text: bytes, times: int) -> bytes:
    """Return an answer of HTTP that is a few thousand bytes long, and a text many times over when it is unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(text) for _ in range(times)) + packer.flush()
    return answer(body, b"Content-Encoding: gzip\r\n")


def answer(body: bytes, headers: bytes = b"") -> bytes:
    """Return an answer of HTTP."""
    return HTTP + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


WORDS = [b"%c%c%c" % (first, second, third) for first in LETTERS for second in LETTERS for third in LETTERS]
GZIP = packed(b" " * 1_048_576, 200)
BOMBS: Mapping[str, tuple[str, Serve]] = {
    "an endless line": ("tcp", floods(b"", b"x")),
    "endless lines": ("tcp", floods(b"", b"x\r\n")),
    "an endless page": ("http", floods(HTTP + b"\r\n", b"x")),
    "endless headers": ("http", floods(HTTP, b"A: b\r\n")),
    "endless headers of an API": ("prometheus", floods(HTTP, b"A: b\r\n")),
    "a packed answer": ("prometheus", says(GZIP)),
    "packed alerts": ("alertmanager", says(GZIP)),
    "a long answer": ("prometheus", says(answer(b"[" + b"[]," * 2_600_000 + b"1]"))),
    "small values": ("prometheus", says(answer(b"[" + b"[]," * 1_000_000 + b"1]"))),
    "wide letters": ("prometheus", says(answer(b'["\xf0\x9f\x98\x80' + b"a" * 3_000_000 + b'"]'))),
    "an endless answer to EHLO": ("smtp", floods(b"220 mx\r\n", b"250-x\r\n")),
    "a literal of 4 GB": ("imap", floods(b"* OK hi {%d}\r\n" % LONG, b"x")),
    "literals": ("imap", floods(b"* OK hi\r\n", b"* A {99999}\r\n" + b"x" * 99_999 + b"\r\n")),
    "endless answers": ("imap", floods(b"* OK hi\r\n", b"* A bc\r\n")),
    "endless kinds of answers": ("imap", floods(b"* OK hi\r\n", b"".join(b"* %s\r\n" % word for word in WORDS))),
    "capabilities": ("imap", says(b"* OK hi\r\n* CAPABILITY IMAP4rev1 " + b"ab " * 330_000 + b"\r\n")),
    "an endless list": ("pop3", floods(b"+OK hi\r\n+OK\r\n", b"".join(b"%s\r\n" % word for word in WORDS))),
}


@pytest.mark.parametrize(("kind", "serve"), BOMBS.values(), ids=BOMBS)
def test_memory(kind: str, serve: Serve) -> None:
    """Whatever a server sends, a look takes little memory."""
    with serving(serve) as port:
        command = [sys.executable, "-m", "tests.probes.lab.growth", kind, json.dumps(OPTIONS[kind]), str(port)]
        ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True, timeout=2 * GUARD_SECONDS)

    grown, *outcomes = json.loads(ended.stdout)
    assert grown < MOST_BYTES
    assert Outcome.OPERATIONAL not in outcomes
