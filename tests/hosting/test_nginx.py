"""docs/hosting/nginx.conf, exactly as it is shipped, in a real nginx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosting.conftest import Hosted
from tests.hosting.rules import Rules
from tests.hosting.serving import DOCS, USER, Server, free_port, program, running, shown

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

AROUND = """\
{load}
user {user};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {shipped};
{beside}
}}
"""
"""What surrounds the file on a machine."""

SITE = """\
listen 127.0.0.1:{port};
server_name localhost;
root {root};
{brotli}
"""
"""What the administrator writes into lagebild/site.conf."""

FOLDER = """\
    server {{
        listen 127.0.0.1:{outer};
        location /status/ {{ proxy_pass http://127.0.0.1:{port}/; }}
    }}
"""
"""Another server of the machine, which shows the site in a folder."""


@pytest.fixture(scope="module")
def ports(hosted: Hosted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, int]]:
    """Start nginx; return the ports of the site, of a server that has it in its folder /status/, and of plain http."""
    nginx = program("nginx", "nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    port, outer, plain = free_port(), free_port(), free_port()
    load = f"load_module {BROTLI};" if BROTLI.exists() else ""
    (folder / "lagebild").mkdir()
    (folder / "lagebild" / "site.conf").write_text(
        SITE.format(port=port, root=hosted.root, brotli="brotli_static on;" if load else ""), "utf-8"
    )
    (folder / "nginx.conf").write_text(
        AROUND.format(
            load=load,
            user=USER,
            folder=folder,
            shipped=DOCS / "nginx.conf",
            beside=FOLDER.format(outer=outer, port=port) + shown("nginx.conf", "server {", plain),
        ),
        "utf-8",
    )
    with running([nginx, "-e", folder / "error.log", "-c", folder / "nginx.conf"], port, folder):
        yield port, outer, plain


@pytest.fixture(scope="module")
def server(ports: tuple[int, int, int]) -> Server:
    """Return the site's server."""
    return Server(port=ports[0], precompressed=("br", "gzip") if BROTLI.exists() else ("gzip",))


class TestNginx(Rules):
    """What every server keeps to."""

    def test_behind_a_proxy(self, ports: tuple[int, int, int]) -> None:
        """Where another server shows the site in a folder, its redirects stay in that folder."""
        outer = Server(port=ports[1], precompressed=())

        root = outer.get("/status/", accept_language="fr")
        page = outer.get("/status/de")

        assert [(root.status, root.header("Location")), (page.status, page.header("Location"))] == [
            (302, "fr/"),
            (301, "de/"),
        ]

    def test_http_leads_to_https(self, ports: tuple[int, int, int]) -> None:
        """What the file's head shows for http leads to the same address by https."""
        answer = Server(port=ports[2], precompressed=()).get("/de/?a=b", host="status.example.ch")

        assert (answer.status, answer.header("Location")) == (301, "https://status.example.ch/de/?a=b")
