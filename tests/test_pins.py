"""The pinned dependencies: complete, by hash, without addresses, and what `make` and the workflows install."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
NAMES = ("build", "fuzz", "site", "test")
PINNED = {
    "build": [*PROJECT["build-system"]["requires"], *PROJECT["dependency-groups"]["build"]],
    "fuzz": PROJECT["dependency-groups"]["fuzz"],
    "site": [*PROJECT["project"]["dependencies"], *EXTRAS["pictures"], *EXTRAS["precompress"]],
    "test": [*PROJECT["project"]["dependencies"], *(needed for extra in EXTRAS.values() for needed in extra)],
}
"""What pyproject.toml asks of each file in pins/."""
WORKFLOWS = ("github-pages.yml", "gitlab-ci.yml")
LIST = "import importlib.metadata as m, json; print(json.dumps([(d.name, d.version) for d in m.distributions()]))"
INSTALL = re.compile(r"pip install\b.*")


def text(name: str) -> str:
    """Return a file of pins/."""
    return (ROOT / "pins" / f"{name}.txt").read_text("utf-8")


def pins(name: str) -> dict[str, Version]:
    """Return the version of each package in a file of pins/, for this interpreter."""
    lines = [Requirement(line.rstrip(" \\")) for line in text(name).splitlines() if "==" in line]
    return {
        canonicalize_name(line.name): Version(str(line.specifier).removeprefix("=="))
        for line in lines
        if line.marker is None or line.marker.evaluate()
    }


def needed(requirements: Iterable[str]) -> Iterator[Requirement]:
    """Yield what is to come from elsewhere: each requirement but the project's own extras."""
    yield from (found for found in map(Requirement, requirements) if found.name != PROJECT["project"]["name"])


def installations(commands: str) -> list[str]:
    """Return every command that installs something."""
    return INSTALL.findall(commands)


@pytest.mark.parametrize("name", NAMES)
def test_every_dependency_is_pinned(name: str) -> None:
    """Whatever pyproject.toml asks for is pinned, in a version that it allows; `make pins` sees to that."""
    pinned = pins(name)

    unfit = [
        str(requirement)
        for requirement in needed(PINNED[name])
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), Version("0.dev0")))
    ]
    assert unfit == []


def test_pins_hold_for_every_python() -> None:
    """What is pinned, is so from the oldest Python that the project runs on."""
    told = make("--dry-run", f"VENV={sys.prefix}", f"--old-file={sys.prefix}/.installed-test", "pins")

    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert re.findall(r"--universal --python-version (\S+)", told.stdout) == [oldest] * len(NAMES)


@pytest.mark.parametrize("name", ["build", "site"])
def test_one_version_of_each(name: str) -> None:
    """What is tested is what is published with: the versions are the same."""
    tested = pins("test")

    assert {package: tested.get(package) for package in pins(name)} == pins(name)


@pytest.mark.parametrize("name", NAMES)
def test_pins_are_names_versions_and_hashes(name: str) -> None:
    """A file of pins names packages, versions, platforms and hashes, and no address to fetch them from."""
    entries = re.split(r"\n(?=\S)", text(name).rstrip("\n"))
    pattern = re.compile(r"[a-z0-9-]+==[\w.]+(?: ; (?P<marker>[^\\]+))? (?:\\\n    --hash=sha256:[0-9a-f]{64} ?)+")

    found = [pattern.fullmatch(entry) for entry in entries]

    assert [entry for entry, match in zip(entries, found, strict=True) if match is None] == []
    for match in found:
        assert match is None or match["marker"] is None or Marker(match["marker"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_install_by_hash(name: str) -> None:
    """A documented workflow installs nothing but what is pinned by its hash, and this project."""
    workflow = (ROOT / "docs" / "hosting" / name).read_text("utf-8")

    commands = installations(workflow)
    assert [command for command in commands if not sealed(command)] == []
    assert {named for command in commands for named in re.findall(r"pins/\w+\.txt", command)} == {
        "pins/build.txt",
        "pins/site.txt",
    }
    assert "pipx" not in workflow


@pytest.mark.parametrize("target", [".installed", ".installed-test"])
def test_make_installs_by_hash(target: str, tmp_path: Path) -> None:
    """`make` installs nothing but what is pinned by its hash, and this project."""
    told = make("--dry-run", f"VENV={tmp_path}", str(tmp_path / target))

    commands = installations(told.stdout)
    assert len(commands) >= 3
    assert [command for command in commands if not sealed(command)] == []


def sealed(command: str) -> bool:
    """Return whether an installation can bring in nothing that has no hash here."""
    options = set(command.split())
    return "--require-hashes" in options or {"--no-index", "--no-deps", "--no-build-isolation"} <= options


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in this checkout, as from a shell of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


@pytest.mark.slow
def test_an_environment_is_what_is_pinned(tmp_path: Path) -> None:
    """`make site` installs the pinned versions and nothing else; they fit together, and `make sbom` lists them."""
    python = (tmp_path / "venv" / "bin" / "python", "-I")
    pip = (*python, "-m", "pip", "--disable-pip-version-check", "--quiet")
    subprocess.run([sys.executable, "-I", "-m", "venv", tmp_path / "venv"], check=True)
    if subprocess.run([*pip, "download", "--no-deps", "--no-cache-dir", "mdurl"], cwd=tmp_path, check=False).returncode:
        pytest.skip("no package index can be reached, so nothing can be installed")

    make("sbom", f"DIST={tmp_path}", f"VENV={sys.prefix}", f"--old-file={sys.prefix}/.installed-test")

    ran = subprocess.run([*python, "-c", LIST], capture_output=True, text=True, check=True)
    installed = {canonicalize_name(package): Version(version) for package, version in json.loads(ran.stdout)}
    assert installed.pop(canonicalize_name("pip"))
    assert installed == {**pins("site"), **pins("build"), "lagebild": Version(PROJECT["project"]["version"])}
    subprocess.run([*pip, "check"], check=True)
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    listed = {canonicalize_name(part["name"]): Version(part["version"]) for part in bill["components"]}
    assert installed.items() <= {**listed, "lagebild": Version(bill["metadata"]["component"]["version"])}.items()
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "lagebild")
