"""Other people's programs, by which the tests judge what was built.

Each comes from its registry or from Debian; where it cannot be had, the tests that need it are skipped and say why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

INSTALL_SECONDS, RUN_SECONDS = 300, 120

Program = Callable[..., subprocess.CompletedProcess[str]]
"""Runs in a folder of its own with nothing of this process's settings but the path; fails the test if it hangs."""
Npm = Callable[[str], Path]
"""Installs a package by name and version from npm, and returns the folder of its modules."""


def program(*names: str, package: str) -> str:
    """Return where the first of these programs is that there is, or skip the test."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"there is no {names[0]} (apt-get install {package})")
    return found


def chromium() -> str:
    """Return where Chromium is, or skip the test."""
    return program("chromium", "chromium-browser", "google-chrome", package="chromium")


def skip_unless_installed(name: str, registry: str, command: list[str], folder: Path) -> None:
    """Install something, or skip the test where the registry does not hand it out."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} could not be installed from {registry} within {INSTALL_SECONDS} seconds")
    if done.returncode:
        told = done.stderr.splitlines()
        error = next(
            (line for line in told if line.startswith(("npm error", "ERROR"))), (told or ["no reason given"])[-1]
        )
        pytest.skip(f"{name} could not be installed from {registry}: {error.strip()}")
