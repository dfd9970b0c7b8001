"""What every test may ask for: the checkout, the command, and the site this repository ships."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

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
