"""The reviewed sentences of locales/phrases.yaml, in every language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from generator.model import Text
from generator.problems import Problem
from generator.reading import yaml
from generator.reading.reader import Reader
from probes.naming import LONGEST_NAME, is_name

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
            if not is_name(id_):
                hint = f"lower-case letters, digits and hyphens, at most {LONGEST_NAME}"
                reader.report(mapping and mapping.keys[id_], "bad-id", f'"{id_}" is not the id of a phrase', hint)
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
    for code, text in texts.items():
        _judge_braces(reader, entries[code], f"{id_} ({code})", text)
    if len({frozenset(_PLACEHOLDER.findall(text)) for text in texts.values()}) > 1:
        message = f'the languages of "{id_}" have different {{placeholders}}'
        reader.report(node, "phrase-placeholders", message, "name the same ones in each language")
    return texts


def _judge_braces(reader: Reader, node: yaml.Node, what: str, text: str) -> None:
    """Report a brace that would be shown as it is."""
    if not set("{}").isdisjoint(_PLACEHOLDER.sub("", text)):
        message = f"{what} contains a brace that belongs to no placeholder"
        hint = "a placeholder is a name in lower-case letters, e.g. {provider}; other braces cannot be shown"
        reader.report(node, "phrase-placeholders", message, hint)
