"""A real nginx on loopback, with a page for each thing that can be wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.probes.lab.certificates import Certificates, Pair
from tests.probes.lab.processes import free_ports, needs, running

CONFIG = """
daemon off;
pid {d}/nginx.pid;
error_log {d}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {d}/t1; proxy_temp_path {d}/t2; fastcgi_temp_path {d}/t3;
  uwsgi_temp_path {d}/t4; scgi_temp_path {d}/t5;
  {servers}
}}
"""
SERVER = """
  server {{
    listen 127.0.0.1:{port}{tls};
    {certificate}
    location = / {{ return 200 "all is well\\n"; }}
    location = /error {{ return 500 "no\\n"; }}
    location = /teapot {{ return 418; }}
    location = /moved {{ return 302 /; }}
    location = /seen-other {{ return 303 /agent; }}
    location = /kept {{ return 307 /agent; }}
    location = /round {{ return 302 /round; }}
    location = /gone-wild {{ add_header Location "http://[::1" always; return 302; }}
    location = /to-valid {{ return 302 https://127.0.0.1:{valid}/; }}
    location = /to-expired {{ return 302 https://127.0.0.1:{expired}/; }}
    location = /to-expiring {{ return 302 https://localhost:{expiring}/; }}
    location = /agent {{
      return 200 "$request_method $http_authorization $http_x_test $http_host $request_uri sni=$ssl_server_name";
    }}
  }}
"""


@dataclass(frozen=True, kw_only=True)
class Web:
    """The port of each server."""

    plain: int
    valid: int
    expired: int
    expiring: int
    wrong_name: int
    untrusted: int


@contextlib.contextmanager
def nginx(folder: Path, certificates: Certificates) -> Iterator[Web]:
    """Serve the pages without TLS, and with each certificate."""
    needs("nginx")
    ports = free_ports(6)
    web = Web(
        plain=ports[0],
        valid=ports[1],
        expired=ports[2],
        expiring=ports[3],
        wrong_name=ports[4],
        untrusted=ports[5],
    )
    pairs: dict[int, Pair | None] = {
        web.plain: None,
        web.valid: certificates.valid,
        web.expired: certificates.expired,
        web.expiring: certificates.expiring,
        web.wrong_name: certificates.wrong_name,
        web.untrusted: certificates.untrusted,
    }
    servers = "".join(
        SERVER.format(
            port=port,
            tls=" ssl" if pair else "",
            certificate=f"ssl_certificate {pair.certificate}; ssl_certificate_key {pair.key};" if pair else "",
            valid=web.valid,
            expired=web.expired,
            expiring=web.expiring,
        )
        for port, pair in pairs.items()
    )
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(d=folder, servers=servers))
    command = ["nginx", "-p", folder, "-c", config, "-e", folder / "error.log"]
    with running(command, folder / "nginx.out", ports=ports):
        yield web
