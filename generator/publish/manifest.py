"""Manifest: remember which files of a target are its own, from which inputs, and what was about to be done.

It is kept outside the target, in `<state_dir>/targets/<name>/`: `manifest.json` (the last publication that ended),
`pending.json` (paths that a publication is about to create; gone when it ends) and `unstamped/` (see
`generator.time_slots`). Every file can be lost: the next publication then renders more, and knows fewer files as its
own.
"""
# Importing pathlib costs more than a rebuild without news spends on its files.
# ruff: noqa: PTH103, PTH108, PTH118

from __future__ import annotations

import hashlib
import json
import os

from generator.disk.files import read, replace

MARK = ".lagebild"
"""The file in a target that says whose site it holds."""
_VERSION = 1


def mark_of(owner: str) -> bytes:
    """Return what the mark holds."""
    return json.dumps({"site": owner}, ensure_ascii=False).encode("utf-8") + b"\n"


class Manifest:
    """A publication that ended: every file it stood for, in the order of publication."""

    __slots__ = ("files", "former", "owner", "signature", "stamped")

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.files: dict[str, tuple[str, int, int]] = {}
        """Inputs, size and mtime in ns, by path."""
        self.stamped: dict[str, tuple[str, str]] = {}
        """Inputs and SHA-256 of the unfilled bytes, by path."""
        self.former: list[str] = []
        """Assets of the generation before, left for who still looks at an older page."""
        self.signature = ""
        """Names this publication; set when it is read or written."""

    def paths(self) -> set[str]:
        """Return every path that belongs to the publisher."""
        return {*self.files, *self.stamped, *self.former}

    def to_json(self) -> bytes:
        """Return it in columns, which load twice as fast as a list a file."""
        shape = {
            "version": _VERSION,
            "owner": self.owner,
            "paths": list(self.files),
            "inputs": [inputs for inputs, _, _ in self.files.values()],
            "sizes": [size for _, size, _ in self.files.values()],
            "mtimes": [mtime for _, _, mtime in self.files.values()],
            "stamped": self.stamped,
            "former": self.former,
        }
        return json.dumps(shape, ensure_ascii=False).encode("utf-8", "surrogateescape")

    @classmethod
    def from_json(cls, data: bytes) -> Manifest | None:
        """Return what was written; None if it is torn, damaged or of another version."""
        try:
            shape = json.loads(data)
            if shape["version"] != _VERSION:
                return None
            manifest = cls(shape["owner"])
            facts = zip(shape["inputs"], shape["sizes"], shape["mtimes"], strict=True)
            manifest.files = dict(zip(shape["paths"], facts, strict=True))
            manifest.stamped = {path: (inputs, digest) for path, (inputs, digest) in shape["stamped"].items()}
            manifest.former = list(shape["former"])
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            return None
        manifest.signature = hashlib.sha256(data).hexdigest()
        return manifest


class Ledger:
    """The folder in which all that is remembered of one target is kept."""

    __slots__ = ("_folder",)

    def __init__(self, state_dir: str, target: str) -> None:
        # Relative, so that a tree may be moved together with its site.
        name = os.path.relpath(os.path.realpath(target), os.path.realpath(state_dir))
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        self._folder = os.path.join(state_dir, "targets", digest)

    def manifest(self) -> Manifest | None:
        """Return the last publication that ended."""
        data = read(self._path("manifest.json"))
        return None if data is None else Manifest.from_json(data)

    def pending(self) -> frozenset[str]:
        """Return what a publication that did not end was about to create."""
        try:
            return frozenset(map(str, json.loads(read(self._path("pending.json")) or b"[]")))
        except (RecursionError, TypeError, ValueError):
            return frozenset()

    def unfinished(self) -> bool:
        """Return whether a publication did not end."""
        return os.path.lexists(self._path("pending.json"))

    def begin(self, pending: frozenset[str]) -> None:
        """Remember what is about to be created, before it is."""
        os.makedirs(self._path("unstamped"), exist_ok=True)
        if pending != self.pending():
            replace(self._path("pending.json"), json.dumps(sorted(pending)).encode("utf-8"))

    def end(self, manifest: Manifest) -> None:
        """Remember a publication that has ended, and drop what only earlier ones needed."""
        data = manifest.to_json()
        manifest.signature = hashlib.sha256(data).hexdigest()
        if read(self._path("manifest.json")) != data:
            replace(self._path("manifest.json"), data)
        if self.unfinished():
            os.unlink(self._path("pending.json"))
        needed = {digest for _, digest in manifest.stamped.values()}
        for name in os.listdir(self._path("unstamped")):
            if name not in needed:
                os.unlink(self._path("unstamped", name))

    def keep_unstamped(self, data: bytes) -> str:
        """Keep the unfilled bytes of a stamped file and return their SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        if self.unstamped(digest) is None:
            replace(self._path("unstamped", digest), data)
        return digest

    def unstamped(self, digest: str) -> bytes | None:
        """Return the unfilled bytes with that SHA-256; None if they were lost or damaged."""
        data = read(self._path("unstamped", digest))
        return data if data is not None and hashlib.sha256(data).hexdigest() == digest else None

    def _path(self, *names: str) -> str:
        return os.path.join(self._folder, *names)
