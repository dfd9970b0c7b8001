"""Resource: hold what the OpenAPI document says of one file, or of files of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.formats.shapes import Schema

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file, or files of one kind whose path has parameters."""

    path: str
    """From the site's root, with `{name}` for a parameter."""
    id: str
    """How a client calls the operation."""
    tag: str
    summary: str
    mime: str = JSON
    schema: Schema
    parameters: Sequence[str] = ()
    """Keys of `components.parameters`, in the order of the path."""
