"""The units of docs/systemd, as systemd itself reads them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from generator.cli import main
from tests.conftest import CHECKOUT
from tests.probes.lab.processes import needs

FOLDER = CHECKOUT / "docs" / "systemd"
UNITS = sorted(path.name for path in FOLDER.iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]
COMMAND = re.compile(r"^ExecStart=-?/usr/local/bin/lagebild (.*)$", re.MULTILINE)


def verify(folder: Path, units: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Let systemd judge units by their names; the programs that they start count as installed."""
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name, text in units.items():
        (folder / name).write_text(re.sub(r"(?m)^(ExecStart=-?)/usr/\S*/", rf"\g<1>{folder}/", text))
    for name in ("lagebild", "git"):
        (folder / name).symlink_to(program)
    command = ["systemd-analyze", "verify", "--man=no", *(str(folder / name) for name in units)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_systemd_takes_them(tmp_path: Path) -> None:
    """Systemd finds nothing wrong with the units."""
    needs("systemd-analyze")

    judged = verify(tmp_path, {name: (FOLDER / name).read_text() for name in UNITS})

    assert (judged.returncode, judged.stderr) == (0, "")


def test_a_mistake_is_found(tmp_path: Path) -> None:
    """A key that systemd does not know is named."""
    needs("systemd-analyze")
    text = (FOLDER / "lagebild-probe.service").read_text()

    judged = verify(tmp_path, {"lagebild-probe.service": text.replace("ProtectHome=", "ProtectHouse=")})

    assert "ProtectHouse" in judged.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_commands_exist(name: str) -> None:
    """What a unit starts is a command of this program, with options that it has."""
    (line,) = COMMAND.findall((FOLDER / name).read_text())
    words = line.split()
    command: click.Command = main
    known = {"-C"}

    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            known |= {option for parameter in command.params for option in parameter.opts}

    assert command.name in ("run", "watch", "build")
    assert [word for word in words if word.startswith("-") and word not in known] == []


@pytest.mark.parametrize("name", ["lagebild-probe.service", "lagebild-watch.service"])
def test_exposure(name: str, tmp_path: Path) -> None:
    """By systemd's own measure a service that probes is well shut in: 10 is open to all, 0 to none."""
    needs("systemd-analyze")
    unit = tmp_path / name
    unit.write_text((FOLDER / name).read_text())

    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", "--no-pager", str(unit)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)

    assert judged.returncode == 0, judged.stdout + judged.stderr
