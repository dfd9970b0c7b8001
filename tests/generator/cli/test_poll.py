"""`lagebild poll`, as a monitoring system runs it, against a built site behind a real server."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jinja2 import Template

from generator.cli import clock, main

NOW = "2026-04-02T08:30:00Z"
"""Two incidents are open in the golden tree, which was built just now."""
LATE = "2026-04-03T08:30:00Z"

Poll = Callable[..., subprocess.CompletedProcess[str]]


class Handler(SimpleHTTPRequestHandler):
    """A static file server with ETags, which writes down what it was asked for and how it answered."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, seen: list[str], directory: str) -> None:
        self.seen = seen
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the file, or with 304 to who has it."""
        path = Path(self.translate_path(self.path))
        if path.is_file():
            self.etag = f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == self.etag:
                self.send_response(304)
                self.end_headers()
                return
        super().do_GET()

    def end_headers(self) -> None:
        """Add the ETag."""
        if hasattr(self, "etag"):
            self.send_header("ETag", self.etag)
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - the base's signature
        """Write the request down."""
        self.seen.append(f"{int(code)} {self.path}")

    def log_message(self, *arguments: object) -> None:
        """Say nothing on stderr."""


class Site:
    """A site behind a server."""

    def __init__(self, folder: Path, port: int, seen: list[str]) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"
        self.seen = seen


@pytest.fixture(scope="session")
def golden(lagebild: Poll, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the golden site as of NOW."""
    tree = Path(shutil.copytree(checkout / "tests/golden/tree", tmp_path_factory.mktemp("golden") / "tree"))
    built = lagebild("-C", tree, "build", "--now", NOW)
    assert built.returncode == 0, built.stderr
    return tree / "site"


@pytest.fixture
def site(golden: Path, tmp_path: Path) -> Iterator[Site]:
    """Return the golden site behind a server on loopback."""
    folder, seen = tmp_path / "site", list[str]()
    shutil.copytree(golden, folder)
    handler = partial(Handler, seen=seen, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Site(folder, server.server_port, seen)
        server.shutdown()
        thread.join()


@pytest.fixture
def run(checkout: Path, tmp_path: Path) -> Poll:
    """Return a function that runs the command with little more than an environment's home."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generator", "poll", *map(str, arguments)],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path / "home"),
                "PYTHONPATH": str(checkout),
                "PYTHONWARNINGS": "error",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_poll(run: Poll, site: Site) -> None:
    """One line on stdout, nothing on stderr, and the exit status of the worst state."""
    done = run(site.address, "--now", NOW)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "LAGEBILD WARNING - Disrupted: reading mail; receiving mail (not everyone is affected)."
        " Maintenance under way: receiving mail."
        " | open=2;;;0 maintenance=1;;;0 faulty=0;;;0 age=0s;;;0\n"
    )
    assert site.seen == ["200 /heartbeat.json", "200 /status.json"]


def test_a_service_that_works_in_german(run: Poll, site: Site) -> None:
    """A service that nothing ails is OK, by its name in the language asked for."""
    done = run(f"{site.address}/", "--service", "cloud", "--language", "de", "--now", NOW)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("LAGEBILD OK - Nimbus Cloud: In Betrieb | ")


def test_the_second_poll_is_answered_304(run: Poll, site: Site, tmp_path: Path) -> None:
    """What was answered is remembered in the user's cache, and an unchanged site sends nothing again."""
    first, second = (run(site.address, "--now", NOW) for _ in range(2))

    assert first.stdout == second.stdout
    assert site.seen[2:] == ["304 /heartbeat.json", "304 /status.json"]
    assert len(list((tmp_path / "home/.cache/lagebild").iterdir())) == 1


def test_where_the_cache_lies(run: Poll, site: Site, tmp_path: Path) -> None:
    """XDG_CACHE_HOME moves the cache, unless it is relative, and --cache names the file."""
    run(site.address, "--now", NOW, XDG_CACHE_HOME=str(tmp_path / "xdg"))
    run(site.address, "--now", NOW, "--cache", tmp_path / "here.json")
    run(site.address, "--now", NOW, XDG_CACHE_HOME="relative")

    assert [path.parent.name for path in (tmp_path / "xdg").rglob("poll-*.json")] == ["lagebild"]
    assert (tmp_path / "here.json").is_file()
    assert [path.parent.name for path in (tmp_path / "home/.cache").rglob("poll-*.json")] == ["lagebild"]


@pytest.mark.parametrize("home", ["", "/dev/null"])
def test_without_a_home(run: Poll, site: Site, home: str) -> None:
    """A user without a home, or with one that cannot be written to, polls all the same."""
    done = run(site.address, "--now", NOW, HOME=home)

    assert done.returncode == 1
    assert bool(done.stderr) == bool(home)
    assert "warning: nothing is remembered: /dev/null/.cache/lagebild" in done.stderr or not home


def test_a_dead_publisher(run: Poll, site: Site) -> None:
    """A day later, without a build, the state is unknown, whatever it was."""
    done = run(site.address, "--now", LATE)

    assert done.returncode == 3
    assert done.stdout.startswith("LAGEBILD UNKNOWN - nothing was published since 2026-04-02 08:30 UTC, although")


def test_nobody_listens(run: Poll) -> None:
    """A site that cannot be reached is unknown, and the reason is said."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://me:secret@127.0.0.1:{unused.getsockname()[1]}"

        done = run(address)

    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == "LAGEBILD UNKNOWN - heartbeat.json: [Errno 111] Connection refused\n"


class Drip(BaseHTTPRequestHandler):
    """A server that keeps every single step short, and never comes to an end."""

    over: threading.Event

    def __init__(self, *arguments: object, over: threading.Event) -> None:
        self.over = over
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer byte by byte."""
        self.send_response(200)
        self.end_headers()
        while not self.over.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *arguments: object) -> None:
        """Say nothing on stderr."""


def test_a_server_that_drips(run: Poll) -> None:
    """The timeout holds for the whole, not for a step."""
    over = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Drip, over=over)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()

        done = run(f"http://127.0.0.1:{server.server_port}", "--timeout", "1")

        over.set()
        server.shutdown()
        thread.join()
    assert (done.returncode, done.stdout, done.stderr) == (3, "LAGEBILD UNKNOWN - no answer within 1 s\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'URL'."),
        (["https://a.example", "https://me:secret@b.example"], "Got unexpected extra argument (https://b.example)"),
        (["https://a.example", "--sevrice", "x"], "No such option"),
        (["https://a.example", "--timeout", "0"], "Invalid value for '--timeout'"),
        (["https://a.example", "--now", "yesterday"], "Invalid value for '--now': 'yesterday' is not an instant"),
        (["status.example.ch"], "the address is not of the form https://HOST or https://HOST/PATH"),
    ],
)
def test_called_wrongly(run: Poll, arguments: list[str], said: str) -> None:
    """A wrong call is unknown, said on stdout in one line: exit 2 would be an outage."""
    done = run(*arguments)

    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith(f"LAGEBILD UNKNOWN - {said}")
    assert done.stdout.count("\n") == 1


def test_a_fault_of_the_check_itself() -> None:
    """Whatever else fails is unknown: exit 1 would be a warning."""
    done = CliRunner().invoke(main, ["poll", "https://127.0.0.1:1", "--cache", "\0"], env={"HOME": ""})

    assert done.exit_code == 3
    assert done.stdout == "LAGEBILD UNKNOWN - the check itself failed: ValueError: embedded null byte\n"


def test_a_terminal_without_umlauts(run: Poll, site: Site) -> None:
    """What the terminal cannot show stands as a question mark."""
    done = run(site.address, "--language", "de", "--now", NOW, PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert (done.returncode, done.stderr) == (1, "")
    assert "Beeintr?chtigt: E-Mails lesen; Empfang von E-Mails" in done.stdout


def test_help(run: Poll) -> None:
    """Help is no check: it exits 0."""
    done = run("--help")

    assert done.returncode == 0
    assert "lagebild poll https://status.example.ch" in done.stdout


def test_the_documented_plugin_command(run: Poll, site: Site, checkout: Path, tmp_path: Path) -> None:
    """The command line shown for Nagios is one that works, once its macros are filled in."""
    text = (checkout / "docs/how-to/monitor.md").read_text("utf-8")
    (line,) = re.findall(r"command_line +/usr/local/bin/lagebild poll (.*)", text)
    filled = line.replace("$ARG1$", site.address).replace("/var/cache/nagios4", str(tmp_path))

    done = run(*shlex.split(filled), "--now", NOW)

    assert (done.returncode, done.stderr) == (1, "")
    assert len(list(tmp_path.glob("lagebild-*.json"))) == 1


def test_the_documented_withdrawal_of_the_api(golden: Path, lagebild: Poll, checkout: Path, tmp_path: Path) -> None:
    """Once the heartbeat is old, the API that cannot tell is gone, and only it; the next build puts it back."""
    (command,) = re.findall(r"^```sh\n(find .*?)\n```", (checkout / "docs/how-to/monitor.md").read_text("utf-8"), re.M)
    tree = Path(shutil.copytree(golden.parent, tmp_path / "tree"))
    site, before = tree / "site", files(golden)
    filled = command.replace("/var/www/status", str(site))

    def minute(age: int) -> set[str]:
        at = clock.now().timestamp() - age * 60
        os.utime(site / "heartbeat.json", (at, at))
        subprocess.run(["sh", "-c", filled], check=False)
        return files(site)

    young, old = minute(29), minute(32)
    built = lagebild("-C", tree, "build", "--now", NOW)

    assert young == before
    assert {path for path in before - old if "api/v2/" not in path} == set()
    assert [path for path in old if "api/v2/" in path] == []
    assert (built.returncode, files(site)) == (0, before)


def files(site: Path) -> set[str]:
    """Return the paths of the files of a site."""
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("until", "said"), [("2026-04-02T08:31:00+00:00", "operational"), (NOW, "unknown"), ("unavailable", "unknown")]
)
def test_the_documented_sensors(checkout: Path, until: str, said: str) -> None:
    """Home Assistant's sensor of the state follows the heartbeat rule, also while the heartbeat cannot be read."""
    text = (checkout / "docs/how-to/monitor.md").read_text("utf-8")
    (block,) = re.findall(r"^```yaml\n(rest:\n.*?)^```", text, re.DOTALL | re.MULTILINE)
    _, state = (part["sensor"][0]["value_template"] for part in yaml.safe_load(block)["rest"])
    now = datetime.fromisoformat(NOW)

    def as_datetime(written: str, default: object) -> object:
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            return default

    shown = Template(state).render(
        value_json={"status": "operational"}, states=lambda _: until, now=lambda: now, as_datetime=as_datetime
    )

    assert shown == said
