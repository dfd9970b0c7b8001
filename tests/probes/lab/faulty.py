"""Servers that do one thing wrong: each is a function that gets a connection."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

Serve = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(serve: Serve, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Let a function answer every connection until the end of the block; yields the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        threading.Thread(target=_accept, args=(listener, serve), daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, serve: Serve) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(connection, serve), daemon=True).start()


def _one(connection: socket.socket, serve: Serve) -> None:
    with connection, contextlib.suppress(OSError):
        serve(connection)


def hang(connection: socket.socket) -> None:
    """Accept and say nothing."""
    connection.settimeout(60)
    while connection.recv(1024):
        pass


def reset(connection: socket.socket) -> None:
    """Accept and reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(connection: socket.socket) -> None:
    """Send one byte every 0.4 seconds, for ever."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.4)


def says(text: bytes) -> Serve:
    """Send something at once, then listen."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(text)
        hang(connection)

    return serve


def dialogue(*steps: tuple[bytes, bytes]) -> Serve:
    """Answer each line that holds the first part of a step by its second; the first step is the greeting."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(steps[0][1])
        file = connection.makefile("rb")
        for line in file:
            answer = next((said for begins, said in steps[1:] if line.upper().find(begins.upper()) >= 0), b"")
            if answer:
                connection.sendall(answer)

    return serve
