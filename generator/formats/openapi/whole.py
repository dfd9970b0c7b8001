"""The files for programs that are about the whole site."""

from __future__ import annotations

from generator.formats.openapi.resource import Resource
from generator.formats.openapi.statuspage import ref
from generator.formats.shapes import TEXT

STATE = (
    Resource(
        path="/heartbeat.json",
        id="getHeartbeat",
        tag="State",
        summary="Whether the publisher is alive: from next_update_before on, every state is UNKNOWN",
        schema=ref("Heartbeat"),
    ),
    Resource(
        path="/status.json",
        id="getState",
        tag="State",
        summary="Every fact, in every language",
        schema=ref("State"),
    ),
    Resource(
        path="/embed/{lang}/sentence.json",
        id="getSentence",
        tag="State",
        summary="The worst of the site's own services, in a sentence",
        schema=ref("Sentence"),
        parameters=["lang"],
    ),
    Resource(
        path="/metrics.txt",
        id="getMetrics",
        tag="State",
        summary="The state for Prometheus, in its text format 0.0.4",
        mime="text/plain",
        schema=TEXT,
    ),
)
DISCOVERY = (
    Resource(
        path="/openapi.json", id="getOpenapi", tag="Discovery", summary="This document", schema={"type": "object"}
    ),
    Resource(
        path="/schema/{schema}.json",
        id="getSchema",
        tag="Discovery",
        summary="A shape, as JSON Schema 2020-12",
        schema={"type": "object"},
        parameters=["schema"],
    ),
    Resource(
        path="/sitemap.xml",
        id="getSitemap",
        tag="Discovery",
        summary="Every page for people, with its languages",
        mime="application/xml",
        schema=TEXT,
    ),
    Resource(
        path="/robots.txt",
        id="getRobots",
        tag="Discovery",
        summary="What leads robots to the sitemap",
        mime="text/plain",
        schema=TEXT,
    ),
)
