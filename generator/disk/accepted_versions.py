"""The last sound version of each content file, so that a typo in one need not hold back the others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator.disk.errors import REFUSALS
from generator.disk.files import replace


class AcceptedVersions:
    """Copies of content files, kept below `.lagebild/accepted/` under their own paths."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "accepted"

    def get(self, path: str) -> str | None:
        """Return the last accepted text of a file; None if there never was one."""
        try:
            return (self._folder / path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def keep(self, texts: Mapping[str, str]) -> None:
        """Remember these texts by path.

        Raises:
            PublishError: The disk refuses.
        """
        with REFUSALS:
            for path, text in texts.items():
                if self.get(path) != text:
                    target = self._folder / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    replace(str(target), text.encode())
