"""Operations: write a resource as a path of an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable

from generator.formats.openapi.parameters import CONDITIONS, HEADERS
from generator.formats.openapi.resource import Resource
from generator.formats.shapes import Schema


def operations(resources: Iterable[Resource]) -> dict[str, Schema]:
    """Return the paths."""
    return {resource.path: {"get": _operation(resource)} for resource in resources}


def _operation(resource: Resource) -> Schema:
    answers: dict[str, object] = {
        "200": {
            "description": resource.summary + ".",
            "headers": {name: _component("headers", name) for name in HEADERS},
            "content": {resource.mime: {"schema": resource.schema}},
        },
        "304": _component("responses", "not_modified"),
    }
    if "{" in resource.path:
        answers["404"] = _component("responses", "not_found")
    return {
        "operationId": resource.id,
        "tags": [resource.tag],
        "summary": resource.summary,
        "parameters": [_component("parameters", name) for name in (*resource.parameters, *CONDITIONS)],
        "responses": answers,
    }


def _component(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}
