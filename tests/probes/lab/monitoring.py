"""A real Prometheus with blackbox_exporter and Alertmanager on loopback, by the configuration that the docs show."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import CHECKOUT
from tests.probes.lab.processes import free_ports, needs, running

SHOWN = CHECKOUT / "docs" / "prometheus"


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """Where they answer, and how to freeze one."""

    prometheus: int
    alertmanager: int
    prometheus_pid: int


@contextlib.contextmanager
def monitoring(folder: Path, target: int) -> Iterator[Monitoring]:
    """Watch a port of loopback as the service `domain-gateway`."""
    needs("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter")
    prometheus, alertmanager, blackbox = free_ports(3)
    changes = {
        "mx.example.ch:25": f"127.0.0.1:{target}",
        "127.0.0.1:9093": f"127.0.0.1:{alertmanager}",
        "127.0.0.1:9115": f"127.0.0.1:{blackbox}",
        "[smtp_starttls]": "[tcp_connect]",
        "30s": "1s",
        "15s": "1s",
        "for: 1m": "for: 1s",
        "keep_firing_for: 2m": "keep_firing_for: 1s",
    }
    for name in ("prometheus.yml", "rules.yml", "alertmanager.yml", "blackbox.yml"):
        text = (SHOWN / name).read_text("utf-8")
        for shown, used in changes.items():
            text = text.replace(shown, used)
        (folder / name).write_text(text, "utf-8")
    commands = {
        blackbox: ["prometheus-blackbox-exporter", "--config.file", folder / "blackbox.yml"],
        alertmanager: [
            "prometheus-alertmanager",
            "--config.file",
            folder / "alertmanager.yml",
            "--storage.path",
            folder / "am",
            "--cluster.listen-address=",
        ],
        prometheus: [
            "prometheus",
            "--config.file",
            folder / "prometheus.yml",
            "--storage.tsdb.path",
            folder / "tsdb",
            "--rules.alert.resend-delay=2s",
        ],
    }
    with contextlib.ExitStack() as stack:
        pid = 0
        for port, command in commands.items():
            address = f"--web.listen-address=127.0.0.1:{port}"
            started = running([*command, address], folder / f"{command[0]}.log", ports=[port])
            pid = stack.enter_context(started).pid
        yield Monitoring(prometheus=prometheus, alertmanager=alertmanager, prometheus_pid=pid)
