"""The mark in a target folder that says whose site it holds."""
# The publisher's modules go without pathlib, which for 30,000 files takes twice as long as os.
# ruff: noqa: PTH103, PTH110, PTH112, PTH114, PTH118

from __future__ import annotations

import json
import os

from generator.disk.errors import PublishError, some
from generator.disk.files import TEMPORARY, read, replace
from generator.publish.manifest import MARK, mark_of

KEPT = frozenset({".gitignore", MARK})
"""What the publisher never removes from the top of a target."""


def claim(root: str, owner: str) -> None:
    """Make the target the owner's: it is absent, or empty but for a .gitignore, or marked so already.

    Raises:
        PublishError: `no-folder`, `not-ours`. Nothing was changed.
        OSError: The disk refused.
    """
    if os.path.lexists(root) and not os.path.isdir(root):
        what = "a symbolic link to nothing" if os.path.islink(root) and not os.path.exists(root) else "not a folder"
        raise PublishError("no-folder", f"{root} is {what}", hint="remove it, or choose another --output")
    os.makedirs(root, exist_ok=True)
    mark = os.path.join(root, MARK)
    if os.path.lexists(mark):
        _check_mark(root, read(mark), owner)
        return
    foreign = sorted(set(os.listdir(root)) - {".gitignore", TEMPORARY})
    if foreign:
        raise PublishError(
            "not-ours",
            f"{root} holds files that no build put there: {some(foreign)}",
            hint="choose another --output, or empty the folder if nobody needs them",
        )
    replace(mark, mark_of(owner), durable=True)


def _check_mark(root: str, mark: bytes | None, owner: str) -> None:
    try:
        found = json.loads(mark or b"")["site"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise PublishError(
            "not-ours",
            f"{root}/{MARK} does not say whose site this is",
            hint=f"choose another --output, or, if it is yours, empty {root}",
        ) from None
    if found != owner:
        raise PublishError(
            "not-ours",
            f"{root} holds the site of {found}, not of {owner}",
            hint="choose another --output, or empty the folder if that site has moved",
        )
