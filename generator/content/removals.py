"""Removals: read and write incidents/removed.yaml, in which staff say which published incidents are gone for good."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC

from generator.places import REMOVED
from generator.problems import Level, Problem
from generator.reading import yaml
from generator.reading.reader import Reader
from probes.naming import LONGEST_NAME, is_name

_HEAD = "# Published incidents that are gone for good, each with the reason; `lagebild remove` adds a line.\n"


def parse(text: str, present: Collection[str] = ()) -> tuple[dict[str, str], list[Problem]]:
    """Return the reasons by id, and every problem of the file; `present` are the ids that are not gone at all."""
    root, problems = yaml.parse(REMOVED, text)
    reader = Reader(REMOVED, languages=(), zone=UTC)
    top = reader.mapping(root, "this file", hint='write each removal as "id: reason"')
    reasons: dict[str, str] = {}
    for id_, node in top.entries.items() if top else ():
        place = top.keys[id_] if top else node
        if not is_name(id_):
            hint = f"the name of the file without .yaml: lower-case letters, digits, hyphens, at most {LONGEST_NAME}"
            reader.report(place, "bad-id", f'"{id_}" is not an id', hint)
        if id_ in present:
            hint = "it is shown: remove this line, or the file too"
            reader.report(place, "removed-yet-there", f'"{id_}" is still there', hint, Level.WARNING)
        reason = reader.string(node, "the reason")
        if reason is not None:
            reasons[id_] = reason
    return reasons, sorted([*problems, *reader.problems])


def with_removal(text: str, id_: str, reason: str) -> str:
    """Return the file with one more line."""
    text = text or _HEAD
    ended = text if text.endswith("\n") else f"{text}\n"
    return f"{ended}{id_}: {json.dumps(reason, ensure_ascii=False)}\n"
