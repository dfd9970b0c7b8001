"""docs/hosting/Caddyfile, exactly as it is shipped, in a real Caddy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosting.conftest import Hosted
from tests.hosting.rules import Rules
from tests.hosting.serving import DOCS, Server, free_port, program, running


@pytest.fixture(scope="module")
def server(hosted: Hosted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start Caddy, with its own files in a folder of the test."""
    caddy = program("caddy", "caddy")
    folder = tmp_path_factory.mktemp("caddy")
    port = free_port()
    environment = {
        "LAGEBILD_ADDRESS": f"http://127.0.0.1:{port}",
        "LAGEBILD_ROOT": str(hosted.root),
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    command: list[str | Path] = [caddy, "run", "--adapter", "caddyfile", "--config", DOCS / "Caddyfile"]
    with running(command, port, folder, environment):
        yield Server(port=port, precompressed=("zstd", "br", "gzip"))


class TestCaddy(Rules):
    """What every server keeps to."""
