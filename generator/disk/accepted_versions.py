"""The last sound version of each content file, so that a typo in one need not hold back the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.disk.errors import REFUSALS
from generator.disk.files import TEMPORARY, replace


class AcceptedVersions:
    """Copies of content files, kept below `.lagebild/accepted/` under their own paths."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "accepted"

    def paths(self) -> frozenset[str]:
        """Return the paths of the files of which there is a copy."""
        files = (path for path in self._folder.rglob("*") if path.name != TEMPORARY and path.is_file())
        return frozenset(path.relative_to(self._folder).as_posix() for path in files)

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

    def drop(self, paths: Iterable[str]) -> None:
        """Forget the files at these paths.

        Raises:
            PublishError: The disk refuses.
        """
        with REFUSALS:
            for path in paths:
                (self._folder / path).unlink(missing_ok=True)
