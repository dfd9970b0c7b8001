"""Compiled templates and catalogs: shares them among all tests of a process, since compiling takes the longest."""

from __future__ import annotations


class Kept:
    """Keeps what was compiled, by a key that says all it depends on."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return what was kept."""
        return self._kept.get(key)

    def put(self, key: str, data: bytes) -> None:
        """Keep something."""
        self._kept[key] = data


COMPILED = Kept()
