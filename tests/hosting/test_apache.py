"""docs/hosting/apache.conf, exactly as it is shipped, in a real Apache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosting.conftest import Hosted
from tests.hosting.rules import Rules
from tests.hosting.serving import DOCS, USER, Server, free_port, program, running, shown

MODULES = Path("/usr/lib/apache2/modules")
LOADED = ("alias", "authz_core", "deflate", "dir", "env", "filter", "headers", "mime", "rewrite", "mpm_event")

AROUND = """\
{modules}
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/error.log
TypesConfig /dev/null
User {user}
Group {user}
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{plain}
<Directory "/">
    Require all denied
</Directory>
<VirtualHost 127.0.0.1:{port}>
    Define LAGEBILD_ROOT {root}
    Define LAGEBILD_PATH {path}
    Define LAGEBILD_LANGUAGES de|fr|en
    {place}
    Include {shipped}
</VirtualHost>
{http}
"""
"""What surrounds the file on a machine, as its head says."""


def start(hosted: Hosted, folder: Path, *, path: str, place: str, plain: int) -> Iterator[Server]:
    """Start Apache with the site at a path, and at another port what leads from http to it."""
    apache = program("apache2", "apache2-bin")
    port = free_port()
    (folder / "apache.conf").write_text(
        AROUND.format(
            modules="\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
            folder=folder,
            user=USER,
            port=port,
            root=hosted.root,
            path=path,
            place=place,
            shipped=DOCS / "apache.conf",
            plain=plain,
            http=shown("apache.conf", "<VirtualHost *:80>", plain),
        ),
        "utf-8",
    )
    with running([apache, "-D", "FOREGROUND", "-f", folder / "apache.conf"], port, folder):
        yield Server(port=port, precompressed=("zstd", "br", "gzip"))


@pytest.fixture(scope="module")
def plain() -> int:
    """Return the port of http."""
    return free_port()


@pytest.fixture(scope="module")
def server(hosted: Hosted, tmp_path_factory: pytest.TempPathFactory, plain: int) -> Iterator[Server]:
    """Start Apache with the site at its root."""
    place = "DocumentRoot ${LAGEBILD_ROOT}"
    yield from start(hosted, tmp_path_factory.mktemp("apache"), path="/", place=place, plain=plain)


@pytest.fixture(scope="module")
def folder_server(hosted: Hosted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start Apache with the site in a folder."""
    place = "Alias /status ${LAGEBILD_ROOT}"
    yield from start(hosted, tmp_path_factory.mktemp("apache"), path="/status/", place=place, plain=free_port())


class TestApache(Rules):
    """What every server keeps to, and what only Apache can."""

    @pytest.mark.parametrize(
        ("wanted", "target"),
        [
            ("de;q=0.3, fr;q=0.9", "fr"),
            ("it, en;q=0.45, fr;q=0.5", "fr"),
            ("de;q=0, en;q=0.1", "en"),
            ("en;q=0.8,de;q=1.000", "de"),
        ],
    )
    def test_the_root_heeds_weights(self, server: Server, wanted: str, target: str) -> None:
        """The language that the browser weighs highest is chosen, wherever it stands."""
        answer = server.get("/", accept_language=wanted)

        assert (answer.status, server.leads("/", answer)) == (302, f"/{target}/")

    def test_in_a_folder(self, folder_server: Server, hosted: Hosted) -> None:
        """Where the site is a folder of another, everything holds below that folder."""
        root = folder_server.get("/status/", accept_language="fr")
        lost = folder_server.get("/status/nothing")
        embed = folder_server.get("/status/embed/de/")
        feed = folder_server.get("/status/de/feed.json", accept_encoding="br")

        assert (root.status, folder_server.leads("/status/", root)) == (302, "/status/fr/")
        assert (lost.status, lost.body) == (404, (hosted.root / "404.html").read_bytes())
        assert (embed.header("Content-Security-Policy") or "").endswith("frame-ancestors *")
        assert (feed.header("Content-Type"), feed.header("Content-Encoding")) == ("application/feed+json", "br")

    @pytest.mark.usefixtures("server")
    def test_http_leads_to_https(self, plain: int) -> None:
        """What the file's head shows for http leads to the same address by https."""
        answer = Server(port=plain, precompressed=()).get("/de/?a=b", host="status.example.ch")

        assert (answer.status, answer.header("Location")) == (301, "https://status.example.ch/de/?a=b")
