"""Ours and blackbox_exporter on one nginx, by turns."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import trustme

from bench.measure import CHECKOUT
from bench.report import table

LOOKS, OTHERS, ROUNDS = 10_000, 2_000, 3
PER_MINUTE = 1_000
CORE_SHARE_AT_MOST = 0.06
GROWTH_AT_MOST = 0.05
PROGRAMS = ("nginx", "prometheus-blackbox-exporter")
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_NGINX = """
daemon off; pid {d}/pid; error_log {d}/error.log; worker_processes 1; events {{}}
http {{
  access_log off; client_body_temp_path {d}/1; proxy_temp_path {d}/2; fastcgi_temp_path {d}/3;
  uwsgi_temp_path {d}/4; scgi_temp_path {d}/5;
  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {d}/page.pem; ssl_certificate_key {d}/page.key;
    location / {{ return 200 "all is well\\n"; }} }}
}}
"""
_BLACKBOX = "modules: {{page: {{prober: http, timeout: 5s, http: {{tls_config: {{ca_file: {d}/ca.pem}}}}}}}}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one look costs, and how memory goes."""

    ours_ms: float
    """Processor time of a look, in milliseconds."""
    blackbox_ms: float
    early_mib: float
    """Resident memory of ours after a tenth of the looks."""
    late_mib: float


def measured(*, looks: int = LOOKS, others: int = OTHERS, rounds: int = ROUNDS) -> Load | None:
    """Return what looking costs, by medians of some rounds of so many looks; None where a program is not installed."""
    if any(shutil.which(program, path=_PATH) is None for program in PROGRAMS):
        return None
    with TemporaryDirectory(prefix="lagebild-load-") as name, ExitStack() as stack:
        folder = Path(name)
        page, exporter = _free(), _free()
        (folder / "nginx.conf").write_text(_NGINX.format(d=folder, port=page))
        (folder / "blackbox.yml").write_text(_BLACKBOX.format(d=folder))
        _certify(folder)
        stack.enter_context(
            _running(["nginx", "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log"], page)
        )
        address = f"--web.listen-address=127.0.0.1:{exporter}"
        blackbox = [PROGRAMS[1], f"--config.file={name}/blackbox.yml", address, "--log.level=error"]
        pid = stack.enter_context(_running(blackbox, exporter))
        url = f"https://127.0.0.1:{page}/"
        pairs = [(_ours(url, folder / "ca.pem", looks), _theirs(pid, exporter, url, others)) for _ in range(rounds)]
    ours = [mine for mine, _ in pairs]
    return Load(
        ours_ms=median(per_look for per_look, _, _ in ours),
        blackbox_ms=median(theirs for _, theirs in pairs),
        early_mib=median(early for _, early, _ in ours),
        late_mib=median(late for _, _, late in ours),
    )


def load_table(load: Load | None) -> str:
    """Return the figures as a table, or why there are none."""
    if load is None:
        return f"Not measured: {' or '.join(PROGRAMS)} is not installed here."
    # Judged as they are shown.
    share = round(load.ours_ms / 1000 * PER_MINUTE / 60, 3)
    grown = round(load.late_mib / load.early_mib - 1, 3)
    rows: Sequence[Sequence[str]] = (
        ("processor time of a look, ms", f"{load.ours_ms:.2f}", f"{load.blackbox_ms:.2f}", "", ""),
        (
            f"{PER_MINUTE:,} looks a minute, of one core",
            f"{share:.1%}",
            f"{load.blackbox_ms / 1000 * PER_MINUTE / 60:.1%}",
            f"≤ {CORE_SHARE_AT_MOST:.0%}",
            "held" if share <= CORE_SHARE_AT_MOST else "MISSED",
        ),
        (
            f"memory after {LOOKS:,} looks against {LOOKS // 10:,}",
            f"{grown:+.1%} ({load.late_mib:.0f} MiB)",
            "",
            f"≤ {GROWTH_AT_MOST:.0%}",
            "held" if grown <= GROWTH_AT_MOST else "MISSED",
        ),
    )
    return table(("", "lagebild", "blackbox_exporter", "target", ""), rows)


def _certify(folder: Path) -> None:
    """Write an authority and the page's certificate."""
    authority = trustme.CA()
    page = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    page.private_key_pem.write_to_path(folder / "page.key")
    for place, blob in enumerate(page.cert_chain_pems):
        blob.write_to_path(folder / "page.pem", append=place > 0)


def _ours(url: str, ca_file: Path, looks: int) -> tuple[float, float, float]:
    """Return ms a look, and MiB after a tenth of the looks and after all; starting up is not counted."""
    command = [sys.executable, "-m", "bench.load.looks", url, str(ca_file), str(looks)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=CHECKOUT)  # noqa: S603
    (begun, _), (_, early), (ended, late) = json.loads(ran.stdout)
    return (ended - begun) / looks * 1000, early / 1024, late / 1024


def _theirs(pid: int, port: int, url: str, looks: int) -> float:
    ask = f"http://127.0.0.1:{port}/probe?module=page&target={url}"
    before = _processor_seconds(pid)
    for _ in range(looks):
        with urllib.request.urlopen(ask, timeout=10) as answer:
            if b"probe_success 1" not in answer.read():
                raise RuntimeError("blackbox_exporter did not find the page")
    return (_processor_seconds(pid) - before) / looks * 1000


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[int]:
    with subprocess.Popen(command, env={**os.environ, "PATH": _PATH}, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            for _ in range(500):
                try:
                    socket.create_connection(("127.0.0.1", port), 0.5).close()
                    break
                except OSError:
                    time.sleep(0.02)
            yield process.pid
        finally:
            process.terminate()


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
