"""openapi.json: a description of every file for programs, as an OpenAPI 3.1 document.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.formats.edition import Edition
from generator.formats.openapi.parameters import HEADERS, parameters, responses
from generator.formats.openapi.paths import paths
from generator.formats.openapi.prose import INTRODUCTION, TAGS
from generator.formats.openapi.schemas import SCHEMAS
from generator.formats.output import Output, as_json

PATH = "openapi.json"
OPENAPI = "3.1.0"
VERSION = "1.1.0"
"""Of the interface, not of the program: the first number grows when something that clients read goes away."""


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the document; it changes with the site's configuration only."""
    yield Output(path=PATH, inputs=edition.inputs(PATH), render=lambda: as_json(document(edition), spread=True))


def document(edition: Edition) -> dict[str, object]:
    """Return the document, before it is written."""
    site = edition.site
    name = edition.speeches[edition.languages[0]].text(site.name, edition.languages).text
    return {
        "openapi": OPENAPI,
        "info": {"title": f"{name}: status", "version": VERSION, "description": INTRODUCTION},
        "servers": [{"url": edition.addresses.base}],
        "security": [],
        "tags": [{"name": tag, "description": description} for tag, description in TAGS.items()],
        "paths": paths(),
        "components": {
            "parameters": parameters(edition.languages, [service.id for service in site.services]),
            "headers": HEADERS,
            "responses": responses(),
            "schemas": SCHEMAS,
        },
    }
