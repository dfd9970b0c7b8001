"""The reviewed sentences of locales/phrases.yaml, in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from generator.model import Text
from generator.problems import Problem
from generator.reading import yaml
from generator.reading.reader import Reader

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def parse(files: Mapping[str, str], languages: Sequence[str]) -> tuple[dict[str, Text], list[Problem]]:
    """Read phrase files by path, later ones over earlier ones: id to text by language."""
    phrases: dict[str, Text] = {}
    problems: list[Problem] = []
    for path, text in files.items():
        reader = Reader(path, languages=languages, zone=ZoneInfo("UTC"))
        root, faults = yaml.parse(path, text)
        reader.problems.extend(faults)
        mapping = reader.mapping(root, "phrases.yaml")
        for id_, node in mapping.entries.items() if mapping else ():
            phrases[id_] = _phrase(reader, node, id_)
        problems.extend(reader.problems)
    return phrases, problems


def placeholders(phrases: Mapping[str, Text]) -> dict[str, frozenset[str]]:
    """Return the names of the values that each phrase takes."""
    return {id_: frozenset(_PLACEHOLDER.findall(" ".join(text.values()))) for id_, text in phrases.items()}


def _phrase(reader: Reader, node: yaml.Node, id_: str) -> Text:
    """Read one sentence; languages that the site does not have are passed over, since the file serves every site."""
    mapping = reader.mapping(node, f'phrase "{id_}"')
    entries = mapping.entries if mapping else {}
    texts = {
        code: text
        for code, value in entries.items()
        if code in reader.languages and (text := reader.string(value, f"{id_} ({code})")) is not None
    }
    if len({frozenset(_PLACEHOLDER.findall(text)) for text in texts.values()}) > 1:
        reader.report(node, "phrase-placeholders", f'the languages of "{id_}" have different {{placeholders}}')
    return texts
