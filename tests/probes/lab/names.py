"""Real name servers (knot) on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.probes.lab.processes import free_ports, needs, running

CONFIG = """
server:
    rundir: "{d}"
    listen: {listen}
database:
    storage: "{d}"
log:
  - target: stderr
    any: warning
zone:
  - domain: example.test
    file: "{d}/example.test.zone"
    zonefile-load: whole
"""
ZONE = """$ORIGIN example.test.
@ 60 SOA ns1 hostmaster {serial} 3600 600 86400 60
@ 60 NS ns1
ns1 60 A 127.0.0.1
@ 60 MX 10 mx
mx 60 A {address}
"""


@contextlib.contextmanager
def name_servers(folder: Path, zones: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Serve example.test at 127.0.0.1, 127.0.0.2 and so on, each with its serial and address; yields the port."""
    needs("knotd")
    (port,) = free_ports(1)
    with contextlib.ExitStack() as stack:
        for place, (serial, address) in enumerate(zones, start=1):
            home = folder / f"ns{place}"
            home.mkdir()
            (home / "example.test.zone").write_text(ZONE.format(serial=serial, address=address))
            config = home / "knot.conf"
            config.write_text(CONFIG.format(d=home, listen=f"127.0.0.{place}@{port}"))
            log = home / "knot.out"
            stack.enter_context(running(["knotd", "-c", config], log, ports=[port], host=f"127.0.0.{place}"))
        yield port
