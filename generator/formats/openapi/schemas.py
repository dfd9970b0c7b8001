"""Every shape of the OpenAPI document: those of the site's JSON Schemas, of JSON Feed, of Shields, of Statuspage."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from generator.formats import heartbeat
from generator.formats.feeds.schema import schema as extension
from generator.formats.openapi.statuspage import SHAPES as STATUSPAGE
from generator.formats.openapi.statuspage import ref
from generator.formats.shapes import ADDRESS, FLAG, INSTANT, TEXT, Schema, described, list_of, object_of
from generator.formats.status.schema import schema as state


def _within(name: str, schema: Mapping[str, object]) -> dict[str, Schema]:
    """Return a JSON Schema and its definitions side by side: generators follow references into `components` only."""

    def called(definition: str) -> str:
        return name + definition.title().replace("_", "")

    written = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
    led = re.sub(r"#/\$defs/(\w+)", lambda found: f"#/components/schemas/{called(found[1])}", json.dumps(written))
    whole = json.loads(led)
    parts = whole.pop("$defs", {})
    return {name: whole, **{called(key): part for key, part in parts.items()}}


SCHEMAS: Mapping[str, Schema] = {
    **_within("State", state("")),
    **_within("Heartbeat", heartbeat.SCHEMA),
    **_within("FeedItemFacts", extension("")),
    "Feed": {
        "description": "JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).",
        **object_of(
            {
                "version": {"const": "https://jsonfeed.org/version/1.1"},
                "title": TEXT,
                "home_page_url": ADDRESS,
                "feed_url": ADDRESS,
                "description": TEXT,
                "language": described(TEXT, "BCP 47."),
                "authors": list_of(object_of({"name": TEXT, "url": ADDRESS})),
                "_lagebild": ref("FeedState"),
                "items": list_of(ref("FeedItem"), "Newest first.", maxItems=50),
            },
            optional=["_lagebild"],
        ),
    },
    "FeedState": object_of(
        {
            "about": ADDRESS,
            "status": described(ref("ComponentStatus"), "The status of status.json."),
            "headline": described(TEXT, "The headline of status.json in the feed's language."),
        }
    ),
    "FeedItem": object_of(
        {
            "id": described(TEXT, "A tag URI (RFC 4151): permanent, another one in each language."),
            "url": ADDRESS,
            "title": TEXT,
            "content_html": TEXT,
            "content_text": TEXT,
            "date_published": described(INSTANT, "When it was told, never ahead."),
            "date_modified": described(INSTANT, "When its text was corrected."),
            "language": TEXT,
            "tags": list_of(TEXT),
            "_lagebild": ref("FeedItemFacts"),
        },
        optional=["date_modified"],
    ),
    "Sentence": object_of(
        {
            "lang": described(TEXT, "BCP 47."),
            "dir": {"enum": ["ltr", "rtl"]},
            "status": ref("ComponentStatus"),
            "headline": described(TEXT, "The headline of status.json."),
            "unknown": described(
                TEXT, "What to say once next_update_before has passed; that time goes where {time} stands."
            ),
            "link": described(TEXT, "Words for a link to the overview."),
        }
    ),
    "Badge": object_of(
        {
            "schemaVersion": {"const": 1},
            "label": TEXT,
            "message": TEXT,
            "color": TEXT,
            "isError": described(FLAG, "Whether something is wrong: Shields then keeps the colour."),
            "cacheSeconds": {"type": "integer", "minimum": 300},
        }
    ),
    **STATUSPAGE,
}
"""By name in `components.schemas`."""
