"""The parts that several operations of the OpenAPI document share: parameters, headers and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.formats.shapes import Schema

BADGED = "badged"
"""The parameter that names what a badge is of: a service, or the whole site."""
OVERALL = "overall"
PERIODS = (30, 90)
SCHEMAS = ("feed-1", "heartbeat-1", "status-1")

CONDITIONS = ("if_none_match", "if_modified_since")
"""The parameters that every operation has."""

HEADERS: Mapping[str, Schema] = {
    "ETag": {"description": "What to send as If-None-Match next time.", "schema": {"type": "string"}},
    "Last-Modified": {"description": "What to send as If-Modified-Since next time.", "schema": {"type": "string"}},
}


def parameters(languages: Sequence[str], services: Sequence[str]) -> dict[str, Schema]:
    """Return every parameter by its name; those in paths are lists of all there is, but for the pages of archives."""
    badged = [OVERALL, *services]
    return {
        "lang": _in_path("lang", "A language of the site, the preferred first.", {"enum": list(languages)}),
        "service": _in_path("service", "The id of a service.", {"enum": list(services)}),
        BADGED: _in_path("service", "The id of a service, or `overall` for the whole site.", {"enum": badged}),
        "days": _in_path("days", "Over how many whole days.", {"type": "integer", "enum": list(PERIODS)}),
        "page": _in_path("page", "Which page of the archive, 1 being the oldest.", {"type": "integer", "minimum": 1}),
        "schema": _in_path("schema", "What is described, and the version of its shape.", {"enum": list(SCHEMAS)}),
        "if_none_match": _in_header("If-None-Match", "The ETag of the answer that is known already."),
        "if_modified_since": _in_header("If-Modified-Since", "The Last-Modified of the answer that is known already."),
    }


def _in_path(name: str, description: str, schema: Schema) -> Schema:
    shape = {"type": "string", **schema}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": shape}


def _in_header(name: str, description: str) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def responses() -> dict[str, Schema]:
    """Return the answers without a document."""
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    return {
        "not_modified": {"description": "It is what the client knows already; there is no body.", "headers": headers},
        "not_found": {
            "description": "There is no such file: another language, service or page, or one that has gone.",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
    }
