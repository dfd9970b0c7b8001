"""Options of a build and the target of a publication, each as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.publish.precompress import Compressors

Progress = Callable[[int, int], None]
"""Hears how many outputs of how many are done, and may raise to break the build off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a site is built, apart from its content."""

    clean: bool = False
    """Trust nothing that stands in the target, and remove what is no output, as if the target had been emptied before,
    but without a moment in which files are missing."""
    keep_going: bool = False
    """Publish every sound file, and a faulty one at its last accepted version."""
    compressors: Compressors | None = None
    """What makes compressed siblings of the texts; None where none are wanted."""
    progress: Progress | None = None
    wait_seconds: float = 30
    """How long to wait for another build to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a site is published."""

    folder: Path
    state: Path
    """The folder for what is remembered of the target; other targets may share it."""
    owner: str
    """The permanent name of the site."""
