"""The shapes of documents that no JSON Schema of the site describes whole: JSON Feed, and Shields' endpoint."""

from __future__ import annotations

from collections.abc import Collection, Mapping

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
INSTANT: Schema = {"type": "string", "format": "date-time"}


def ref(name: str) -> Schema:
    """Return what leads to a shape of `components.schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema, **more: object) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": items, **more}


def object_of(properties: Mapping[str, object], *, optional: Collection[str] = ()) -> Schema:
    """Return the shape of an object without other keys than these."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


SHAPES: Mapping[str, Schema] = {
    "Feed": {
        "description": "JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).",
        **object_of(
            {
                "version": {"const": "https://jsonfeed.org/version/1.1"},
                "title": TEXT,
                "home_page_url": ADDRESS,
                "feed_url": ADDRESS,
                "description": TEXT,
                "language": {"type": "string", "description": "BCP 47."},
                "authors": list_of(object_of({"name": TEXT, "url": ADDRESS})),
                "items": list_of(ref("FeedItem"), description="Newest first.", maxItems=50),
            }
        ),
    },
    "FeedItem": object_of(
        {
            "id": {"type": "string", "description": "A tag URI (RFC 4151): permanent, another one in each language."},
            "url": ADDRESS,
            "title": TEXT,
            "content_html": TEXT,
            "content_text": TEXT,
            "date_published": {**INSTANT, "description": "When it was told, never ahead."},
            "date_modified": {**INSTANT, "description": "When its text was corrected."},
            "language": TEXT,
            "tags": list_of(TEXT),
            "_lagebild": {"$ref": "schema/feed-1.json"},
        },
        optional=["date_modified"],
    ),
    "Sentence": object_of(
        {
            "lang": {"type": "string", "description": "BCP 47."},
            "dir": {"enum": ["ltr", "rtl"]},
            "status": ref("ComponentStatus"),
            "headline": {"type": "string", "description": "The headline of status.json."},
            "unknown": {
                "type": "string",
                "description": "What to say once next_update_before has passed; that time goes where {time} stands.",
            },
            "link": {"type": "string", "description": "Words for a link to the overview."},
        }
    ),
    "Badge": object_of(
        {
            "schemaVersion": {"const": 1},
            "label": TEXT,
            "message": TEXT,
            "color": TEXT,
            "isError": {**FLAG, "description": "Whether something is wrong: Shields then keeps the colour."},
            "cacheSeconds": {"type": "integer", "minimum": 300},
        }
    ),
}
"""By name in `components.schemas`."""
