"""Prometheus, blackbox_exporter and Alertmanager on loopback, as the docs show them, and their API."""

from __future__ import annotations

import contextlib
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from tests.conftest import CHECKOUT
from tests.probes.lab.certificates import Certificates, Pair
from tests.probes.lab.processes import READY_WITHIN_SECONDS, end, free_ports, needs, running

SHOWN = CHECKOUT / "docs" / "prometheus"
FILES = ("prometheus.yml", "rules.yml", "alertmanager.yml", "blackbox.yml")
_FASTER = {"30s": "1s", "15s": "1s", "for: 1m": "for: 1s", "for: 2m": "for: 1s", "for: 3m": "for: 3s"}


@dataclass(kw_only=True)
class Monitoring:
    """Everything that runs."""

    folder: Path
    port: int
    """Where Alertmanager answers."""
    stack: contextlib.ExitStack
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, program: str, port: int, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Start a program of the three in a mode that listens on loopback alone."""
        command = [program, f"--web.listen-address=127.0.0.1:{port}", *arguments]
        log = self.folder / f"{program}.log"
        self.started[program] = self.stack.enter_context(running(command, log, ports=[port], env=env))

    def start_alertmanager(self) -> None:
        """Start Alertmanager; it knows no alert then."""
        configuration = f"--config.file={self.folder}/alertmanager.yml"
        storage = f"--storage.path={self.folder}/alertmanager"
        self.start("prometheus-alertmanager", self.port, configuration, storage, "--cluster.listen-address=")

    def restart_alertmanager(self) -> None:
        """Start it anew."""
        end(self.started["prometheus-alertmanager"])
        self.start_alertmanager()


@contextlib.contextmanager
def monitoring(folder: Path, target: int, certificates: Certificates) -> Iterator[Monitoring]:
    """Watch a port of loopback, from two places, as the service `domain-gateway`; what takes minutes takes seconds."""
    needs("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter")
    alertmanager, prometheus, zrh1, gva1 = free_ports(4)
    moved = {"mx.example.ch:25": target, "127.0.0.1:9093": alertmanager}
    moved |= {"127.0.0.1:9115": zrh1, "gva1.example.ch:9115": gva1}
    changes = _FASTER | {shown: f"127.0.0.1:{port}" for shown, port in moved.items()}
    for name in FILES:
        text = (SHOWN / name).read_text("utf-8")
        for shown, used in changes.items():
            text = text.replace(shown, used)
        (folder / name).write_text(text, "utf-8")
    trusted = {"SSL_CERT_FILE": str(certificates.ca_file)}
    with contextlib.ExitStack() as stack:
        started = Monitoring(folder=folder, port=alertmanager, stack=stack)
        for port in (zrh1, gva1):
            configuration = f"--config.file={folder}/blackbox.yml"
            started.start("prometheus-blackbox-exporter", port, configuration, env=trusted)
        started.start_alertmanager()
        data = ("--storage.tsdb.path", f"{folder}/data", "--rules.alert.resend-delay=2s")
        started.start("prometheus", prometheus, f"--config.file={folder}/prometheus.yml", *data)
        yield started


@contextlib.contextmanager
def prometheus_alone(folder: Path) -> Iterator[str]:
    """Run a Prometheus that scrapes nothing; yields its address."""
    needs("prometheus")
    (port,) = free_ports(1)
    (folder / "empty.yml").write_text("{}")
    where = [f"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.path", folder / "data"]
    with running(["prometheus", "--config.file", folder / "empty.yml", *where], folder / "log", ports=[port]):
        _wait_until_ready(url := f"http://127.0.0.1:{port}")
        yield url


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while httpx.get(f"{url}/-/ready").status_code != 200:
        assert time.monotonic() < until, "Prometheus never became ready"
        time.sleep(0.05)


@dataclass(kw_only=True)
class Asked:
    """A server, and what it was asked."""

    url: str = ""
    questions: list[str] = field(default_factory=list)
    """Paths with their parameters."""
    authorizations: list[str | None] = field(default_factory=list)


@contextlib.contextmanager
def answering(
    body: object, status: int = 200, others: Mapping[str, object] | None = None, pair: Pair | None = None
) -> Iterator[Asked]:
    """Answer every request with JSON, or with bytes as they are; those whose path ends as in `others`, otherwise.

    With a certificate it does so over TLS.
    """
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.questions.append(self.path)
            asked.authorizations.append(self.headers.get("Authorization"))
            self.send_response(status)
            self.end_headers()
            found = next((other for end_, other in (others or {}).items() if self.path.endswith(end_)), body)
            with contextlib.suppress(OSError):
                self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pair.certificate, pair.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        asked.url = f"http{'s' if pair else ''}://127.0.0.1:{server.server_address[1]}"
        yield asked
        server.shutdown()
