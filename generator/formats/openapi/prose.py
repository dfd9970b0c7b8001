"""Prose: tell people who write clients what the OpenAPI document is about (CommonMark)."""

from __future__ import annotations

from collections.abc import Mapping

INTRODUCTION = """\
The state of this site's services as static files: every answer is a file, there is nothing but GET and HEAD,
no key, no cookie, no query parameter.
Hosts set up as the documentation says let any site's scripts read it (CORS).

## The heartbeat rule

A static file goes on saying "operational" when its publisher has died.
`heartbeat.json` is written last at every build.
**From its `next_update_before` on, every state of this site is UNKNOWN, never operational.**
So it is when the site cannot be reached; and while `faulty_files` is not 0, something may be missing,
so that an outage it tells is one, but "operational" is unknown.
Read `heartbeat.json` first and the state second: then the state is never older than what vouches for it.

## Asking again

A file changes only with a fact; `heartbeat.json` and `metrics.txt` change at every build.
Ask with `If-None-Match` or `If-Modified-Since`; nearly every answer is then 304, without a body.

## Ids and times

Ids are permanent and the same in every language, but for those of feed items, which differ by language.
Times are RFC 3339 in UTC; in the Statuspage documents, as there, with milliseconds and the site's own offset.

## Statuspage

What stands below `/api/v2/` has the exact shapes of the Statuspage v2 API, so its clients read it as they are.
Hosts set up as the documentation says serve the same documents without `.json` too.
At the root, texts are in the site's first language; below a language, in that one.
"""

TAGS: Mapping[str, str] = {
    "State": "Every fact in a shape of our own, and whether the publisher is alive.",
    "Feeds": "One item an update, newest first; older ones follow page by page.",
    "Statuspage": "The shapes of the Statuspage v2 API.",
    "Calendar": "Planned maintenance (RFC 5545).",
    "Badges": "State and uptime as a picture, or as JSON for https://shields.io/badges/endpoint-badge.",
    "Discovery": "What there is.",
}
