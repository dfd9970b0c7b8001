"""Prometheus, blackbox_exporter and Alertmanager as the probers: from a port that closes to the page, and back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, Lagebild
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import serving
from tests.probes.lab.monitoring import SHOWN, monitoring
from tests.probes.lab.processes import free_ports, needs
from tests.probes.lab.scripted import smtp

PLAN = """
probes:
  probers: [zrh1]
  checks:
    - name: prometheus
      kind: alertmanager
      url: http://127.0.0.1:PORT
      services: [domain-gateway]
      settle: 1s
"""
TITLES = {
    "de": "Der Dienst nimmt keine Verbindungen an",
    "fr": "Le service n’accepte pas de connexions",
    "en": "The service does not accept connections",
}


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("promtool", ["check", "rules", "rules.yml"]),
        ("promtool", ["check", "config", "--syntax-only", "prometheus.yml"]),
        ("amtool", ["check-config", "alertmanager.yml"]),
        ("prometheus-blackbox-exporter", ["--config.check", "--config.file", "blackbox.yml"]),
    ],
)
def test_configuration_is_sound(program: str, arguments: list[str]) -> None:
    """What the docs show is accepted by the programs it is for."""
    needs(program)

    ended = subprocess.run([program, *arguments], cwd=SHOWN, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for something that takes a while."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"it never came about that {what}"
        time.sleep(0.5)


def test_from_port_to_page(tmp_path: Path, lagebild: Lagebild, certificates: Certificates) -> None:
    """An alert fires and stands on the page in three languages; a frozen source does not end it, a recovery does."""
    tree, home = tmp_path / "tree", tmp_path / "prometheus"
    home.mkdir()
    (tree / "incidents").mkdir(parents=True)
    (target,) = free_ports(1)
    with monitoring(home, target, certificates) as running:
        plan = PLAN.replace("PORT", str(running.port))
        (tree / "status.yaml").write_text((CHECKOUT / "status.yaml").read_text("utf-8") + plan, "utf-8")

        def events() -> list[str]:
            lagebild("-C", tree, "probe", "once")
            files = sorted((tree / "incidents").rglob("*.json"))
            return [json.loads(file.read_text("utf-8"))["event"] for file in files]

        def known() -> dict[str, object]:
            said = json.loads(lagebild("-C", tree, "probe", "status", "--format", "json").stdout)
            (row,) = said["checks"]
            return dict(row)

        until(lambda: events() == ["open"], "the alert opened an incident")
        built = lagebild("-C", tree, "build")
        assert built.returncode == 0, built.stderr
        for lang, title in TITLES.items():
            page = (tree / "site" / lang / "index.html").read_text("utf-8")
            assert title in page

        os.kill(running.started["prometheus"].pid, signal.SIGSTOP)
        assert known()["status"] == "major_outage"
        os.kill(running.started["prometheus"].pid, signal.SIGCONT)

        with serving(smtp(certificates.valid), port=target):

            def recovered() -> bool:
                events()
                return bool(known()["last_result"] == "operational")

            until(recovered, "the alert went away")
    shutil.rmtree(home)
