"""Options: reads those of a check one by one, and notes what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from probes.pattern import Pattern, PatternError, pattern
from probes.secret import SecretSource

__all__ = ["Fault", "Options", "Raw"]

Raw = str | Mapping[str, "Raw"] | Sequence["Raw"]
"""What YAML holds, every scalar still a text."""
Choice = TypeVar("Choice", bound=StrEnum)

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"(0|[1-9][0-9]{0,6})(ms|s|m|h|d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong with the plan, and where."""

    path: tuple[str | int, ...]
    """The keys and places that lead there, e.g. `("checks", 2, "interval")`."""
    code: str
    """One of the generator's problem codes: `missing-key`, `unknown-key`, `wrong-type`, `bad-interval` …"""
    message: str
    hint: str = ""
    """What to do about it; empty where `allowed` says it."""
    allowed: tuple[str, ...] = ()
    """What could have been written instead, for a "did you mean"."""


class Options:
    """One mapping of the plan. What nobody has asked for by `finish` is reported as unknown."""

    def __init__(
        self, raw: Mapping[str, Raw], path: tuple[str | int, ...], faults: list[Fault], what: str, tree: str = ""
    ) -> None:
        """Read `raw`, which stands at `path` and is called `what` in messages; faults are added to `faults`.

        What names a file is meant from `tree`, the folder of status.yaml; empty: as it stands.
        """
        self._raw, self._path, self._faults, self._what, self._tree = raw, path, faults, what, tree
        self._asked: dict[str, None] = {}

    def fault(self, key: str, code: str, message: str, hint: str = "", allowed: Iterable[str] = ()) -> None:
        """Note what is wrong with a key (empty: with the mapping as a whole)."""
        path = (*self._path, key) if key in self._raw else self._path
        self._faults.append(Fault(path=path, code=code, message=message, hint=hint, allowed=tuple(allowed)))

    def __contains__(self, key: str) -> bool:
        """Return whether a key was written."""
        return key in self._raw

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return a text without line breaks or control characters."""
        value = self._value(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fault(
                key, "wrong-type", f"{key} must be a text", "write one text, without brackets and keys of its own"
            )
            return default
        if not value.strip():
            self.fault(key, "empty-value", f"{key} is empty", "write a value or remove the key")
            return default
        if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in value):
            hint = "remove the invisible character, or the line break"
            self.fault(key, "control-character", f"{key} holds a control character", hint)
            return default
        return value.strip()

    def file(self, key: str) -> str:
        """Return the path of a file, empty where none stands."""
        text = self.text(key)
        return self.located(text) if text else ""

    def located(self, file: str) -> str:
        """Return a path from wherever the command is called: in status.yaml it is meant from the tree."""
        return str(Path(self._tree, file)) if self._tree else file

    def seconds(self, key: str, default: float, *, low: float = 0, high: float = 31 * 86400) -> float:
        """Return a length of time such as `500ms`, `20s`, `5m`, `24h` or `21d`."""
        text = self.text(key)
        if not text:
            return default
        match = _SPAN.fullmatch(text)
        seconds = int(match[1]) * _UNITS[match[2]] if match else -1.0
        if not low <= seconds <= high:
            bounds = f"from {_span(low)} to {_span(high)}" if low else f"of at most {_span(high)}"
            said = f'{key}: "{text}" is not a duration' + (f" {bounds}" if match else "")
            self.fault(key, "bad-interval", said, 'e.g. "20s", "5m", "24h"')
            return default
        return seconds

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        text = self.text(key)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 16 and low <= int(text) <= high):
            message = f'{key} must be a whole number from {low} to {high}, not "{text}"'
            self.fault(key, "wrong-type", message, f"e.g. {default if low <= default <= high else low}")
            return default
        return int(text)

    def number(self, key: str, *, required: bool = False) -> float | None:
        """Return a number, None where none stands."""
        text = self.text(key, required=required)
        if not text:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?(e[+-]?[0-9]{1,2})?", text):
            self.fault(key, "wrong-type", f'{key} must be a number, not "{text}"', "e.g. 0.5")
            return None
        return float(text)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return `true` or `false`."""
        text = self.text(key)
        if text not in ("true", "false", ""):
            self.fault(key, "wrong-type", f'{key} must be true or false, not "{text}"', "write true or false")
        return text == "true" if text in ("true", "false") else default

    def choice(self, key: str, choices: type[Choice], default: Choice) -> Choice:
        """Return the member whose value was written."""
        text = self.text(key)
        known = {choice.value: choice for choice in choices}
        if text and text not in known:
            self.fault(key, "unknown-value", f'"{text}" is not a known {key}', allowed=known)
        return known.get(text, default)

    def texts(self, key: str, *, required: bool = False, alone: bool = True) -> tuple[str, ...]:
        """Return a list of texts, with one at least if it is `required`; `alone`, a text is a list of one."""
        value = self._value(key, required=required)
        if value is None:
            return ()
        if isinstance(value, str) and value.strip() and not alone:
            self.fault(key, "wrong-type", f"{key} must be a list", 'write each part by itself: ["…", "…"]')
            return ()
        entries = [value] if isinstance(value, str) else value
        if isinstance(entries, Mapping) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            self.fault(key, "wrong-type", f"{key} must be a list of texts", 'e.g. ["…", "…"]')
            return ()
        if required and not entries:
            self.fault(key, "empty-value", f"{key} is empty", "name one at least")
        return tuple(str(entry) for entry in entries)

    def all_texts(self) -> dict[str, str]:
        """Return every key of this mapping with its text."""
        return {key: self.text(key) for key in self._raw}

    def all_patterns(self) -> dict[str, Pattern]:
        """Return every key of this mapping with its regular expression."""
        found = {key: self.pattern(key) for key in self._raw}
        return {key: one for key, one in found.items() if one}

    def pattern(self, key: str) -> Pattern | None:
        """Return a regular expression, None where none stands."""
        text = self.text(key)
        return self._compiled(key, text) if text else None

    def patterns(self, key: str) -> tuple[Pattern, ...]:
        """Return a list of regular expressions; a single one is a list of one."""
        return tuple(filter(None, (self._compiled(key, text) for text in self.texts(key))))

    def part(self, key: str, what: str) -> Options | None:
        """Return a mapping within this one, to be read and finished likewise."""
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            hint = f'write "{key}:", and below it each entry as "key: value"'
            self.fault(key, "wrong-type", f"{key} must be a mapping (key: value)", hint)
            return None
        return Options(value, (*self._path, key), self._faults, what, self._tree)

    def parts(self, key: str, what: str) -> tuple[Options, ...]:
        """Return the mappings of a list within this one."""
        value = self._value(key)
        if value is None:
            return ()
        if isinstance(value, str | Mapping):
            hint = 'begin each entry with "- ", also where there is only one'
            self.fault(key, "wrong-type", f'{key} must be a list ("- …")', hint)
            return ()
        found = []
        for place, entry in enumerate(value):
            if isinstance(entry, Mapping):
                found.append(Options(entry, (*self._path, key, place), self._faults, what, self._tree))
            else:
                path, message = (*self._path, key, place), f"{what} must be a mapping (key: value)"
                hint = "write each entry of it as key: value"
                self._faults.append(Fault(path=path, code="wrong-type", message=message, hint=hint))
        return tuple(found)

    def secret(self, name: str) -> SecretSource | None:
        """Return where a secret comes from: `<name>_env` or `<name>_file`; written out it is refused."""
        env, file = self.text(f"{name}_env"), self.file(f"{name}_file")
        if name in self._raw:
            self._asked[name] = None
            hint = f"use {name}_env or {name}_file, and change the secret: it has been in a file that git keeps"
            self.fault(name, "plain-secret", f"{name} must not be written here", hint)
        if env and file:
            hint = "keep the one that the prober is to read"
            self.fault(f"{name}_file", "wrong-type", f"{name}_env and {name}_file exclude each other", hint)
        return SecretSource(env=env) if env else SecretSource(file=file) if file else None

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._raw:
            if key not in self._asked:
                self.fault(key, "unknown-key", f'"{key}" is not a key of {self._what}', allowed=self._asked)

    def _compiled(self, key: str, text: str) -> Pattern | None:
        try:
            return pattern(text)
        except PatternError as error:
            hint = "see https://github.com/google/re2/wiki/Syntax"
            self.fault(key, "wrong-type", f"{key} is not a regular expression: {error}", hint)
            return None

    def _value(self, key: str, *, required: bool = False) -> Raw | None:
        self._asked[key] = None
        if required and key not in self._raw:
            self.fault("", "missing-key", f'{self._what} needs "{key}"', f'add "{key}: …"')
        return self._raw.get(key)


def _span(seconds: float) -> str:
    """Return a length of time as it is written, in the largest unit that holds it whole."""
    unit = next((unit for unit in reversed(_UNITS) if seconds >= _UNITS[unit] and not seconds % _UNITS[unit]), "ms")
    return f"{seconds / _UNITS[unit]:g}{unit}"
