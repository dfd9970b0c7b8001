"""`lagebild serve`, as it is used."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest

LONG_SECONDS = 120
"""Nothing here takes so long, unless it never comes."""
INCIDENT = """\
title: {{de: {name}, fr: {name}, en: {name}}}
services: {{{service}: major_outage}}
updates:
  - at: 2026-11-20 09:00
    status: investigating
"""

Serving = Callable[[], subprocess.Popen[str]]
open_url = build_opener(ProxyHandler({})).open


def get(address: str) -> tuple[int, str]:
    """Return the status and the body of what is at an address."""
    try:
        with open_url(address, timeout=LONG_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def eventually(found: Callable[[], bool]) -> bool:
    """Return whether something comes true, however long it takes within reason."""
    deadline = time.monotonic() + LONG_SECONDS
    while not found():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def write_incident(tree: Path, name: str, service: str) -> None:
    """Write an incident of a service."""
    (tree / f"incidents/2026/{name}.yaml").write_text(INCIDENT.format(name=name, service=service))


@pytest.fixture
def tree(lagebild: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> Path:
    """Return a new site's tree, with two incidents."""
    root = tmp_path / "tree"
    assert lagebild("init", root).returncode == 0
    (root / "incidents/2026").mkdir()
    write_incident(root, "first", "inbound")
    write_incident(root, "second", "inbound")
    return root


@pytest.fixture
def serving(tree: Path, tmp_path: Path, checkout: Path) -> Iterator[Serving]:
    """Return a function that starts the command on any free port; what it started has ended with the test."""
    started: list[subprocess.Popen[str]] = []
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(checkout), "TMPDIR": str(tmp_path / "temporary")}

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "generator", "-C", str(tree), "serve", "--port", "0"]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    """Return the address that the command prints once it listens."""
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_mistake_shows_until_it_is_mended(serving: Serving, tree: Path) -> None:
    """A mistake in a file shows at the end of every page, costs no page, and is gone when it is mended."""
    address = address_of(serving())
    before = get(f"{address}en/")

    write_incident(tree, "second", "inbond")
    shown = eventually(lambda: "unknown-service" in get(f"{address}en/")[1])
    other = get(f"{address}en/incidents/2026/first/")
    write_incident(tree, "second", "inbound")
    mended = eventually(lambda: "unknown-service" not in get(f"{address}en/")[1])

    assert before[0] == 200
    assert "lagebild-problems" not in before[1]
    assert shown
    assert other[0] == 200
    assert mended


def test_an_open_page_hears_of_a_change(serving: Serving, tree: Path) -> None:
    """The stream of versions sends another one after a file has changed."""
    address = address_of(serving())
    with open_url(f"{address}__lagebild__/events", timeout=LONG_SECONDS) as stream:
        first = [stream.readline() for _ in range(3)][-1]
        write_incident(tree, "third", "inbound")
        lines = iter(stream.readline, b"")
        second = next(line for line in lines if line.startswith(b"data: "))

    assert first.startswith(b"data: ")
    assert second != first


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_quietly(signal_: signal.Signals, serving: Serving, tree: Path, tmp_path: Path) -> None:
    """Ctrl-C, a supervisor or a closed terminal end it with 0; nothing is left behind, in the tree or elsewhere."""
    process = serving()
    status, _ = get(address_of(process))

    process.send_signal(signal_)
    _, said = process.communicate(timeout=LONG_SECONDS)

    assert status == 200
    assert process.returncode == 0
    assert re.fullmatch(r"(built in \d+\.\d\d s: no problems\n)+", said)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert sorted(path.name for path in tree.iterdir()) == [".gitignore", "incidents", "status.yaml"]


def test_problems_are_said_on_stderr(serving: Serving, tree: Path) -> None:
    """Each build says its problems the way `build` does, and its outcome in a line."""
    write_incident(tree, "second", "inbond")
    process = serving()
    get(address_of(process))

    process.terminate()
    _, said = process.communicate(timeout=LONG_SECONDS)

    lines = said.splitlines()
    assert lines[0].startswith("incidents/2026/second.yaml:2:12: unknown-service: ")
    assert lines[-1].startswith("built in ")
    assert lines[-1].endswith(" s: 1 problem")


def test_a_taken_port_is_an_error(lagebild: Callable[..., subprocess.CompletedProcess[str]], tree: Path) -> None:
    """Where something listens already, the command names the port and the option, and exits 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = lagebild("-C", tree, "serve", "--port", str(port))

    hint = "choose another one with --port, or any free one with --port 0"
    assert ended.returncode == 3
    assert ended.stderr == f"error: port {port}: Address already in use\n  hint: {hint}\n"
    assert ended.stdout == ""


def test_help_shows_an_example(lagebild: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """The help has something to copy."""
    assert "lagebild -C my-status serve --port 8080" in lagebild("serve", "--help").stdout
