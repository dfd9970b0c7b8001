"""Real servers on loopback: free ports, processes that are ended by their id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

READY_WITHIN_SECONDS = 30.0


def needs(*programs: str) -> None:
    """Skip the test by name where the machine lacks a program (Debian's lie in sbin too)."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin"
    missing = [program for program in programs if not shutil.which(program, path=path)]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)} (`make programs` installs it on Debian, as root)")


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    *,
    ports: Sequence[int] = (),
    host: str = "127.0.0.1",
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    group: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a session of its own until the end of the block; ready once every port answers."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PATH": path, **(env or {})},
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
        )
    try:
        for port in ports:
            wait_for(host, port, process, log)
        yield process
    finally:
        end(process)


def wait_for(host: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a port answers; fail with what the server said if it ends before."""
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"{process.args!r} ended with {process.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            socket.create_connection((host, port), 0.5).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    pytest.fail(f"nobody listens on port {port}:\n{log.read_text(errors='replace')[-2000:]}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server by its id, and what is left of its session if it does not listen."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
