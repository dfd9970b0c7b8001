"""What every test may ask for: the checkout, the command, the site this repository ships, and others' programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.laws import QUICK_EXAMPLES, THOROUGH_EXAMPLES
from tests.programs import RUN_SECONDS, Npm, Program, skip_unless_installed

# A busy machine is no fault of what is tested.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", patient, max_examples=THOROUGH_EXAMPLES)
settings.register_profile("quick", patient, max_examples=QUICK_EXAMPLES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

Lagebild = Callable[..., subprocess.CompletedProcess[str]]

CHECKOUT = Path(__file__).resolve().parent.parent
SHIPPED_AT = "2024-02-20T09:00:00+01:00"
"""The moment at which the shipped site is looked at: the archive has been down for a day."""


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the repository."""
    return CHECKOUT


@pytest.fixture(scope="session")
def lagebild() -> Lagebild:
    """Return a function that runs the command of this checkout, as a user would, and returns what it said."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments)],
            cwd=cwd,
            env={**environment, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def shipped_site(lagebild: Lagebild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build this repository's content as of `SHIPPED_AT`, apart from the checkout, and return the site's folder."""
    tree = tmp_path_factory.mktemp("shipped")
    shutil.copy(CHECKOUT / "status.yaml", tree)
    shutil.copytree(CHECKOUT / "incidents", tree / "incidents")
    built = lagebild("-C", tree, "build", "--now", SHIPPED_AT)
    assert built.returncode == 0, built.stderr
    return tree / "site"


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return what runs a program to its end."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTHON", "LC_"))}
    loopback = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    clean = {**kept, **loopback, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "Europe/Zurich"}

    def finished(
        *arguments: str | Path, cwd: Path = home, seconds: int = RUN_SECONDS, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, arguments)),
            cwd=cwd,
            env={**clean, **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=seconds,
        )

    return finished


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Npm:
    """Return what installs a package by name and version from npm, and returns the folder of its modules."""

    def install(package: str) -> Path:
        if shutil.which("npm") is None or shutil.which("node") is None:
            pytest.skip(f"{package} needs npm and Node.js (apt-get install npm)")
        folder = tmp_path_factory.mktemp("npm")
        quiet = ("--no-audit", "--no-fund", "--no-save", "--loglevel=error")
        options = ("--ignore-scripts", "--engine-strict", "--prefer-offline", *quiet)
        skip_unless_installed(package, "npm", ["npm", "install", *options, "--prefix", str(folder), package], folder)
        return folder / "node_modules"

    return install
