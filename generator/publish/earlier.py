"""Earlier: say what is known of what was published before."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from generator.content.published import Published
from generator.disk.accepted_versions import AcceptedVersions
from generator.places import STATE
from generator.publish.incident_pages import years_by_id


def published(tree: Path, output: Path) -> Published:
    """Return what is known of earlier publications of a tree: accepted versions, and pages in the target folder."""
    accepted = AcceptedVersions(tree / STATE)
    return Published(paths=accepted.paths(), accepted=accepted.get, pages=partial(years_by_id, str(output)))
