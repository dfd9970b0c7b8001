"""The kind `nagios`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from probes.kind import ProbeContext
from probes.model import Outcome, Reason
from probes.monitoring.perfdata import figures_of
from probes.spec import parse
from tests.probes.lab.faulty import says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports

PLUGINS = Path("/usr/lib/nagios/plugins")


def script(folder: Path, text: str) -> Path:
    """Write a plugin."""
    file = folder / "check_it"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def real(name: str) -> Path:
    """Return a plugin of the Monitoring Plugins."""
    plugin = PLUGINS / name
    if not plugin.exists():
        pytest.skip(f"not installed here: {name} (Debian: monitoring-plugins-basic)")
    return plugin


def wait_for_end(process: int) -> None:
    """Wait until a process has ended."""
    until = time.monotonic() + 10
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        while Path(f"/proc/{process}/cmdline").read_bytes():  # empty: ended, and not yet waited for
            assert time.monotonic() < until, "it still runs"
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(0, Outcome.OPERATIONAL), (1, Outcome.DEGRADED), (2, Outcome.OUTAGE), (3, Outcome.UNKNOWN), (42, Outcome.UNKNOWN)],
)
def test_codes(context: ProbeContext, tmp_path: Path, code: int, outcome: Outcome) -> None:
    """The plugin's exit code says how it is."""
    plugin = script(tmp_path, f"echo 'IT - fine | time=0.5s;1;2;0 size=12KB'; exit {code}")

    (found,) = look(check_of("nagios", command=[plugin]), context)

    assert (found.outcome, found.note) == (outcome, "IT - fine")
    assert found.reason is (Reason.PLUGIN if outcome.bad else None)
    assert found.figures == {"time": 0.5, "size": 12}
    assert found.took_seconds is not None


def test_status_of_the_check(context: ProbeContext, tmp_path: Path) -> None:
    """What the plugin calls critical has the status that the check gives to failures."""
    check = check_of("nagios", command=[script(tmp_path, "exit 2")], status="partial_outage")

    (found,) = look(check, context)

    assert found.outcome is Outcome.PARTIAL


def test_killed_plugin(context: ProbeContext, tmp_path: Path) -> None:
    """A plugin that crashes says nothing of the service."""
    (found,) = look(check_of("nagios", command=[script(tmp_path, "kill -SEGV $$")]), context)

    assert found.outcome is Outcome.UNKNOWN


def test_real_plugins(context: ProbeContext) -> None:
    """The Monitoring Plugins work as they are."""
    with serving(says(b"220 mx.mail.test ESMTP\r\n")) as port:
        (good,) = look(check_of("nagios", command=[real("check_tcp"), "-H", "127.0.0.1", "-p", port]), context)
    command = [real("check_tcp"), "-H", "127.0.0.1", "-p", free_ports(1)[0]]
    (bad,) = look(check_of("nagios", command=command), context)
    (load,) = look(check_of("nagios", command=[real("check_load"), "-w", "1,1,1", "-c", "999,999,999"]), context)

    assert good.outcome is Outcome.OPERATIONAL, good.note
    assert 0 <= good.figures["time"] < 5
    assert (bad.outcome, bad.reason) == (Outcome.OUTAGE, Reason.PLUGIN)
    assert bad.note == "connect to address 127.0.0.1 and port " + str(command[-1]) + ": Connection refused"
    assert load.outcome in (Outcome.OPERATIONAL, Outcome.DEGRADED)
    assert load.figures["load"] >= 0


@pytest.mark.parametrize(
    ("output", "figures"),
    [
        ("OK", {}),
        ("OK | ", {}),
        ("OK | rta=0.04ms;3000;5000;0 pl=0%;80;100;0", {"rta": 0.04, "pl": 0}),
        ("OK | 'used space'=12.5GB;;;0;100 '/var (inodes)'=3%", {"used_space": 12.5, "var_inodes": 3}),
        ("OK | time=1.5e-05s offset=-0.002s;60;120;", {"time": 0.000015, "offset": -0.002}),
        ("OK\nlong text a=1\nmore | a=2\nb=3", {"a": 2, "b": 3}),
        ("OK | a=1\nlong b=2\nmore | c=3", {"a": 1, "c": 3}),
        ("OK | a=U b=1,5 c= =4 5=6 d=1e999 e=nan f=inf g", {}),
        ("OK | a=1 a=2", {"a": 1}),
        ("OK | " + "x" * 90 + "=1", {"x" * 40: 1}),
        ("OK | " + " ".join(f"{chr(97 + n)}=1" for n in range(26)), {chr(97 + n): 1 for n in range(20)}),
    ],
)
def test_performance_data(output: str, figures: dict[str, float]) -> None:
    """Values are read from behind the bars; what is no value is left out."""
    assert figures_of(output) == figures


def test_missing_plugin(context: ProbeContext) -> None:
    """A plugin that is not there says nothing of the service, and leaves nothing open."""
    before = len(os.listdir("/proc/self/fd"))

    (found,) = look(check_of("nagios", command=["/no/such/plugin"]), context)

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "/no/such/plugin: No such file or directory")
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_no_plugin(context: ProbeContext, tmp_path: Path, mode: int) -> None:
    """A file that cannot be run, or is no program, says nothing of the service."""
    file = tmp_path / "check_it"
    file.write_bytes(b"\0no program")
    file.chmod(mode)

    (found,) = look(check_of("nagios", command=[file]), context)

    assert found.outcome is Outcome.UNKNOWN
    assert found.note.startswith(f"{file}: ")


def test_hanging_plugin(context: ProbeContext, tmp_path: Path) -> None:
    """A plugin that hangs is ended with all it has started."""
    mark = tmp_path / "child"
    plugin = script(tmp_path, f"sh -c 'echo $$ > {mark}; exec sleep 600' & trap '' TERM; wait; sleep 600")

    (found,) = look(check_of("nagios", command=[plugin], timeout="2s"), context)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.TIMEOUT)
    wait_for_end(int(mark.read_text()))


def test_child_left_behind(context: ProbeContext, tmp_path: Path) -> None:
    """What a plugin has started ends with it, and nobody waits for its output."""
    mark = tmp_path / "child"
    plugin = script(tmp_path, f"sleep 600 & echo $! > {mark}; echo fine; exit 0")

    (found,) = look(check_of("nagios", command=[plugin], timeout="20s"), context)

    assert (found.outcome, found.note) == (Outcome.OPERATIONAL, "fine")
    wait_for_end(int(mark.read_text()))


def test_child_that_gets_away(context: ProbeContext, tmp_path: Path) -> None:
    """A child that has left the session is out of reach, but its open output does not make the plugin hang."""
    mark = tmp_path / "child"
    plugin = script(tmp_path, f"setsid sh -c 'echo $$ > {mark}; exec sleep 600' & sleep 0.5; echo fine; exit 0")

    (found,) = look(check_of("nagios", command=[plugin], timeout="20s"), context)
    os.kill(int(mark.read_text()), signal.SIGKILL)

    assert (found.outcome, found.note) == (Outcome.OPERATIONAL, "fine")


def test_talkative_plugin(context: ProbeContext, tmp_path: Path) -> None:
    """A plugin may talk without end; only the beginning is kept."""
    plugin = script(tmp_path, "head -c 5000000 /dev/zero | tr '\\0' x; exit 0")

    (found,) = look(check_of("nagios", command=[plugin], timeout="20s"), context)

    assert found.outcome is Outcome.OPERATIONAL
    assert found.note == "x" * 200


def test_strange_output(context: ProbeContext, tmp_path: Path) -> None:
    """What a plugin says becomes one line without control characters."""
    plugin = script(tmp_path, r"printf 'a\033[31mb\377c\r\nsecond line\n'; echo complaint >&2; exit 1")

    (found,) = look(check_of("nagios", command=[plugin]), context)

    assert found.note == "a [31mb\N{REPLACEMENT CHARACTER}c"


def test_no_shell(context: ProbeContext, tmp_path: Path) -> None:
    """Arguments reach the plugin as they are written."""
    plugin = script(tmp_path, 'printf "%s/" "$@"; exit 0')

    (found,) = look(check_of("nagios", command=[plugin, "$HOME", "a b", "; exit 2"]), context)

    assert (found.outcome, found.note) == (Outcome.OPERATIONAL, "$HOME/a b/; exit 2/")


def test_environment_stays_here(context: ProbeContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prober's passwords and connections are not the plugin's business."""
    monkeypatch.setitem(os.environ, "PROBE_PASSWORD", "s3cret-canary")
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        plugin = script(tmp_path, f"env | grep -c canary; test -e /proc/$$/fd/{connection.fileno()}")

        (found,) = look(check_of("nagios", command=[plugin]), context)

    assert (found.note, found.outcome) == ("0", Outcome.DEGRADED)


@pytest.mark.parametrize("command", [None, [], "", {"a": "b"}])
def test_options(command: object) -> None:
    """A check without a command is a mistake in the plan."""
    check = {"name": "it", "kind": "nagios", "service": "gateway"}
    check |= {} if command is None else {"command": command}  # type: ignore[dict-item]

    _, faults = parse({"probers": ["zrh1"], "checks": [check]}, {"gateway": ()})

    assert faults
    assert {fault.path[:2] for fault in faults} == {("checks", 0)}
