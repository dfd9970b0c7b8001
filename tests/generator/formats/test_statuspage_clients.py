"""Programs that others wrote to read Statuspage read these files, unchanged, from a server on this machine.

Each comes from its registry; where that does not answer, its test is skipped and says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.formats import statuspage

pytestmark = pytest.mark.slow

EXPORTER, WRAPPER, CHECK = "statuspage-prometheus-exporter==2.6.0", "DiscordStatus==0.0.2", "statuscheck==3.11.0"
NPM_CLIENT = "statuspage.io@3.3.8"
INSTALL_SECONDS, RUN_SECONDS = 300, 60

OUTAGE = """\
title: {de: Archiv nicht erreichbar, en: Archive unavailable}
services: {archive: major_outage}
updates:
  - {at: 2024-02-19 08:00, status: investigating}
  - {at: 2024-02-19 09:00, status: identified}
"""
WORK = """\
kind: maintenance
services: [upstream]
window: {from: 2024-02-20 09:00, to: 2024-02-20 12:00}
updates:
  - at: 2024-02-18 12:00
"""
PLANNED = WORK.replace("[upstream]", "[gateway]").replace("02-20", "03-01")
PAST = "services: {gateway: partial_outage}\nupdates:\n  - {at: 2024-02-01 08:00, status: resolved}\n"

WRAPPED = """\
import json, sys
from discordstatus import DiscordStatus
client = DiscordStatus()
client.base_target = sys.argv[1] + "/api/v2"
names = ("summary", "status", "components", "unresolved_incidents", "all_incidents", "upcoming_maintenances",
         "active_maintenances", "all_maintenances")
json.dump({name: getattr(client, name) for name in names}, sys.stdout)
"""
CHECKED = """\
import json, sys
from statuscheck.services.bases._statuspageio import BaseStatusPageAPI
class Service(BaseStatusPageAPI):
    name = "Example"
    def _get_base_url(self):
        return sys.argv[1] + "/api/v2/"
found = Service().get_summary()
json.dump({
    "status": [found.status.code, found.status.name, found.status.description, found.status.is_ok],
    "components": {one.name: one.status for one in found.components},
    "incidents": {one.name: [one.status, [part.name for part in one.components]] for one in found.incidents},
}, sys.stdout)
"""
NODE = """\
const { Statuspage } = require('statuspage.io');
const client = new Statuspage('x');
client.setApiUrl(process.argv[2]);
const { api } = client;
Promise.all([
  api.getSummary(), api.getStatus(), api.getComponents(), api.incidents.getAll(), api.incidents.getUnresolved(),
  api.scheduledMaintenances.getUpcoming(),
]).then((found) => console.log(JSON.stringify(found)));
"""


class Quiet(SimpleHTTPRequestHandler):
    """A static file server that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Keep quiet."""


@pytest.fixture(scope="module")
def served(press: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site's documents on the loopback interface, and return the site's address."""
    folder = tmp_path_factory.mktemp("site")
    stories = {"down": OUTAGE, "work": WORK, "planned": PLANNED, "past": PAST}
    for path, data in press.files(statuspage.outputs, press.edition("2024-02-20 09:00", stories)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def finished(arguments: list[str | Path], folder: Path, seconds: int, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder to its end, or for so long; an exit code of 124 stands for too long."""
    environment = {**os.environ, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1", **more}
    environment.pop("PYTHONPATH", None)
    try:
        return subprocess.run(
            arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 124, "", f"took more than {seconds} seconds")


def installed_or_skip(done: subprocess.CompletedProcess[str], name: str, registry: str) -> None:
    """Skip the test where a registry did not hand out a client."""
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        pytest.skip(f"{name} could not be installed from {registry}: {last[0]}")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what installs packages from PyPI into an environment of their own, and returns its folder of programs."""

    def install(*packages: str) -> Path:
        folder = tmp_path_factory.mktemp("venv")
        venv.create(folder, with_pip=True)
        programs = folder / ("Scripts" if os.name == "nt" else "bin")
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        installed_or_skip(finished([*pip, *packages], folder, INSTALL_SECONDS), " ".join(packages), "PyPI")
        return programs

    return install


@pytest.fixture(scope="module")
def monitors(environment: Callable[..., Path]) -> Path:
    """Return the programs of an environment with the exporter and the wrapper, which do not get in each other's way."""
    return environment(EXPORTER, WRAPPER)


@pytest.fixture(scope="module")
def check(environment: Callable[..., Path]) -> Path:
    """Return the programs of an environment with the check, which wants old versions of what it needs."""
    if sys.version_info >= (3, 13):
        pytest.skip(f"{CHECK} needs the module cgi, which Python 3.13 no longer has")
    return environment(CHECK)


@pytest.mark.parametrize("lang", ["", "/fr"])
def test_a_prometheus_exporter_reads_the_summary(served: str, monitors: Path, tmp_path: Path, lang: str) -> None:
    """statuspage-prometheus-exporter turns incident, maintenances and components into metrics, with local times."""
    service = {"example": {"url": f"{served}{lang}/api/v2/summary.json", "name": "Example"}}
    (tmp_path / "services.json").write_text(json.dumps(service), encoding="utf-8")
    settings = {"RUN_MODE": "once", "METRICS_TEXTFILE_PATH": str(tmp_path / "out.prom"), "SLACK_WEBHOOK_URL": ""}

    done = finished([monitors / "statuspage-prometheus-exporter"], tmp_path, RUN_SECONDS, **settings)

    assert done.returncode == 0, done.stderr
    metrics = (tmp_path / "out.prom").read_text(encoding="utf-8")
    components = dict(re.findall(r'statuspage_component_status\{component_name="([^"]+)".*\} (\S+)', metrics))
    archive = "Archives" if lang else "Archiv"
    assert 'statuspage_probe_check{service_name="Example"} 1.0' in metrics
    assert 'statuspage_service_status{service_name="Example"} 0.0' in metrics
    assert {name: components[name] for name in ("Gateway", archive, "Upstream")} == {
        "Gateway": "1.0",
        archive: "0.0",
        "Upstream": "0.0",
    }
    incidents = [line for line in metrics.splitlines() if line.startswith("statuspage_incident_info{")]
    assert len(incidents) == 1
    assert 'impact="critical"' in incidents[0]
    assert f"/{lang.strip('/') or 'de'}/incidents/2024/down/" in incidents[0]
    starts = re.findall(r'^statuspage_maintenance_info\{.*scheduled_start="([^"]+)"', metrics, re.MULTILINE)
    assert starts == ["2024-02-20T09:00:00+01:00", "2024-03-01T09:00:00+01:00"]


def test_a_wrapper_reads_every_document(served: str, monitors: Path, tmp_path: Path) -> None:
    """DiscordStatus finds all eight documents where it looks for them, with what belongs there."""
    done = finished([monitors / "python", "-c", WRAPPED, f"{served}/en"], tmp_path, RUN_SECONDS)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    listed = {
        name: [event["shortlink"].split("/")[-2] for key in ("incidents", "scheduled_maintenances") if key in document
               for event in document[key]]
        for name, document in found.items()
    }  # fmt: skip
    assert listed == {
        "summary": ["down", "work", "planned"],
        "status": [],
        "components": [],
        "unresolved_incidents": ["down"],
        "all_incidents": ["down", "past"],
        "upcoming_maintenances": ["planned"],
        "active_maintenances": ["work"],
        "all_maintenances": ["planned", "work"],
    }
    assert found["status"]["status"] == {"indicator": "major", "description": "Partial System Outage"}


@pytest.mark.parametrize(("lang", "names"), [("", ("Alles", "Archiv")), ("/en", ("All", "Archive"))])
def test_a_command_line_check_reads_the_summary(
    served: str, check: Path, tmp_path: Path, lang: str, names: tuple[str, str]
) -> None:
    """Statuscheck knows every status and every indicator by its own tables."""
    done = finished([check / "python", "-c", CHECKED, served + lang], tmp_path, RUN_SECONDS)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    group, archive = names
    assert found["status"] == ["major", "Major outage", "Partial System Outage", False]
    assert found["components"] == {
        group: "Major outage",
        "Gateway": "Operational",
        archive: "Major outage",
        "Upstream": "Under maintenance",
    }
    assert [status for status, _ in found["incidents"].values()] == ["identified", "in_progress", "scheduled"]
    assert [parts for _, parts in found["incidents"].values()] == [[archive], ["Upstream"], ["Gateway"]]


def test_a_node_client_reads_a_language(served: str, tmp_path: Path) -> None:
    """The npm package statuspage.io takes the address of a language as its API."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip(f"{NPM_CLIENT} needs npm and Node.js, which are not installed")
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", "--prefix", tmp_path)
    got = finished([npm, "install", *options, NPM_CLIENT], tmp_path, INSTALL_SECONDS)
    installed_or_skip(got, NPM_CLIENT, "npm")
    (tmp_path / "read.cjs").write_text(NODE, encoding="utf-8")

    done = finished([node, "read.cjs", f"{served}/fr"], tmp_path, RUN_SECONDS)

    assert done.returncode == 0, done.stderr
    summary, status, components, incidents, unresolved, upcoming = json.loads(done.stdout)
    assert summary["page"]["name"] == "Exemple"
    assert summary["status"] == status["status"] == {"indicator": "major", "description": "Partial System Outage"}
    assert [one["name"] for one in components["components"]] == ["Tout", "Gateway", "Archives", "Upstream"]
    assert [one["status"] for one in incidents["incidents"]] == ["identified", "resolved"]
    assert [one["status"] for one in unresolved["incidents"]] == ["identified"]
    assert [one["status"] for one in upcoming["scheduled_maintenances"]] == ["scheduled"]
