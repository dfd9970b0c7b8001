"""JSON Schema 2020-12: put together the shapes of the documents that programs read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DATE: Schema = {"type": "string", "format": "date"}


def object_of(properties: Mapping[str, object], *, optional: Collection[str] = ()) -> Schema:
    """Return the shape of an object without other keys than these."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def list_of(items: Schema, description: str = "", **more: object) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": items, **({"description": description} if description else {}), **more}


def one_of(values: Iterable[StrEnum | str]) -> Schema:
    """Return the shape of a word out of these."""
    return {"type": "string", "enum": [str(value) for value in values]}


def or_null(shape: Schema) -> Schema:
    """Return a shape, or nothing."""
    return {"anyOf": [shape, NULL]}


def described(shape: Schema, description: str) -> Schema:
    """Return a shape with what it means."""
    return {**shape, "description": description}
