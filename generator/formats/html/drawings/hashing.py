"""Hashing: name an asset by its content, so that it can be kept for ever."""

from __future__ import annotations

import hashlib


def hashed(name: str, data: bytes) -> str:
    """Return the path of an asset: its name with a hash of its content, or of all that this is made from."""
    stem, _, ending = name.rpartition(".")
    return f"assets/{stem}.{hashlib.blake2b(data, digest_size=6).hexdigest()}.{ending}"
