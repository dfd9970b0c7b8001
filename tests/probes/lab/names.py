"""Real name servers (knot) on loopback, and a resolver (unbound) that finds them."""

from __future__ import annotations

import contextlib
import secrets
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
  - domain: broken.test
    file: "{d}/no.such.zone"
    zonefile-load: whole
"""
ZONE = """$ORIGIN example.test.
@ 60 SOA ns1 hostmaster {serial} 3600 600 86400 60
@ 60 NS ns1
@ 60 NS ns2
ns1 60 A 127.0.0.1
ns2 60 A 127.0.0.2
@ 60 MX 10 mx
mx 60 A {address}
{big}
"""
_LONG = "".join(f'big 60 TXT "{number:0250}"\n' for number in range(12))
"""More than one datagram holds."""

RESOLVER = """
server:
    directory: "{d}"
    chroot: ""
    username: ""
    pidfile: "{d}/unbound.pid"
    interface: 127.0.0.1
    port: {port}
    do-daemonize: no
    use-syslog: no
    do-not-query-localhost: no
    module-config: "iterator"
    local-zone: "test." static
{data}
"""
FOUND = """\
example.test. 60 SOA ns1.example.test. hostmaster.example.test. 1 3600 600 86400 60
example.test. 60 NS ns1.example.test.
example.test. 60 NS ns2.example.test.
ns1.example.test. 60 A 127.0.0.1
ns2.example.test. 60 A 127.0.0.2
only6.example.test. 60 AAAA ::1
"""
"""What the resolver says of the zone."""


@contextlib.contextmanager
def name_servers(folder: Path, zones: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Serve example.test at 127.0.0.1, 127.0.0.2 and so on, each with its serial and address; yields the port.

    They have broken.test as well, but nothing to say of it.
    """
    needs("knotd")
    (port,) = free_ports(1)
    with contextlib.ExitStack() as stack:
        for place, (serial, address) in enumerate(zones, start=1):
            home = folder / f"ns{place}"
            home.mkdir()
            (home / "example.test.zone").write_text(ZONE.format(serial=serial, address=address, big=_LONG))
            config = home / "knot.conf"
            config.write_text(CONFIG.format(d=home, listen=f"127.0.0.{place}@{port}"))
            log = home / "knot.out"
            stack.enter_context(running(["knotd", "-c", config], log, ports=[port], host=f"127.0.0.{place}"))
        yield port


@contextlib.contextmanager
def resolver(folder: Path) -> Iterator[int]:
    """Run a resolver that knows `FOUND` and nothing else below test.; yields the port."""
    needs("unbound")
    home = folder / f"unbound-{secrets.token_hex(4)}"
    home.mkdir()
    (port,) = free_ports(1)
    config = home / "unbound.conf"
    data = "\n".join(f"    local-data: '{line}'" for line in FOUND.splitlines())
    config.write_text(RESOLVER.format(d=home, port=port, data=data))
    with running(["unbound", "-d", "-c", config], home / "unbound.out", ports=[port]):
        yield port
