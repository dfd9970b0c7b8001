"""Memory: keep what an earlier poll was answered, in a file that can be lost at any time."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from generator.polling.address import without_credentials
from generator.polling.fetching import Response


def file_name(address: str) -> str:
    """Return the name of the file for a site: the same for an address with and without credentials."""
    shown = without_credentials(address).rstrip("/")
    return f"poll-{hashlib.blake2b(shown.encode(), digest_size=8).hexdigest()}.json"


def recall(path: Path, base: str) -> dict[str, Response]:
    """Return by name the documents of a site that are remembered; none if the file cannot be used."""
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["site"] != base:
            return {}
        return {
            str(name): Response(**{str(key): str(value) for key, value in answer.items()})
            for name, answer in found["documents"].items()
        }
    except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError):
        return {}


def keep(path: Path, base: str, answers: Mapping[str, Response]) -> str:
    """Remember documents of a site; return why that is not possible, for then only the next poll costs more."""
    found = {"site": base, "documents": {name: asdict(answer) for name, answer in answers.items()}}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name of its own, for several polls may be at work.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            aside = Path(file.name)
            try:
                json.dump(found, file, ensure_ascii=False)
                file.close()
                os.replace(aside, path)  # noqa: PTH105 - beside os.unlink
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""
