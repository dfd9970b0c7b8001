"""_headers and _redirects: instructions for Netlify and Cloudflare Pages (GitLab Pages reads the second).

Both hosts apply every rule that matches. Where two of them set the same header, one host joins the values and the
other keeps the last, so rules either set different headers or repeat the same value of a header that bears it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from generator.formats.edition import Edition
from generator.formats.output import Output
from generator.formats.statuspage import DOCUMENTS

_DIRECTIVES = {
    "default-src": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "manifest-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


POLICY = _policy(_DIRECTIVES)
"""What a page may load: its own files, and nothing inline (https://www.w3.org/TR/CSP3/)."""
EMBED_POLICY = _policy({**_DIRECTIVES, "frame-ancestors": "*"})
"""The same for the pages that are made to stand in other sites' frames."""
DRAWING_POLICY = _policy({**_DIRECTIVES, "style-src": "'self' 'unsafe-inline'"})
"""The same for drawings: opened by its own address, one keeps the style that it brings along."""
SECURITY = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What holds for every answer. Subdomains are not bound to HTTPS: the site may be a folder of somebody's domain."""

_POLICED = {"Content-Security-Policy": POLICY}
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_BRIEF = {"Cache-Control": "public, max-age=60, must-revalidate"}
_LIVE = {"Cache-Control": "public, max-age=0, must-revalidate"}
_OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
"""For scripts of other sites; that a file can be read without cookies makes it safe."""

Rule = tuple[str, Mapping[str, str]]


def outputs(edition: Edition) -> Iterator[Output]:
    """Yield the two files."""
    for path, lines in (("_headers", _headers(edition)), ("_redirects", _redirects(edition))):
        yield Output(path=path, inputs=edition.inputs(path), render=partial(_written, lines))


def _written(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _headers(edition: Edition) -> list[str]:
    """Return the lines of _headers: a pattern each, and below it its headers."""
    lines = ["# For Netlify and Cloudflare Pages; `*` stands for anything, `:name` for one part of a path."]
    for pattern, headers in _rules(edition.languages):
        lines += [edition.addresses.rooted(pattern), *(f"  {name}: {value}" for name, value in headers.items())]
    return lines


def _rules(languages: Iterable[str]) -> Iterator[Rule]:
    """Yield the patterns below the root of the site, at most 100 of them for up to 50 languages (Cloudflare's limit).

    The sources that say how patterns match: netlify/build, packages/headers-parser/src/for_regexp.ts, and
    cloudflare/workers-sdk, packages/pages-shared/asset-server/rulesEngine.ts.
    """
    yield "*", SECURITY
    yield from _pages(languages)
    yield from _data()
    yield "assets/*", _KEPT


def _pages(languages: Iterable[str]) -> Iterator[Rule]:
    """Yield the policies of pages, also of 404.html where it stands in for an address at the top."""
    yield "", {**_POLICED, **_BRIEF}
    yield ":page", _POLICED
    yield "favicon.ico", _BRIEF
    for code in languages:
        yield f"{code}/*", {**_POLICED, **_BRIEF}
    yield "embed/*", {"Content-Security-Policy": EMBED_POLICY, **_BRIEF}


def _data() -> Iterator[Rule]:
    """Yield what programs read: for how long, of what type, and that any site's scripts may."""
    for pattern in ("api/*", "badges/*", "schema/*", "status.json", "openapi.json"):
        yield pattern, _BRIEF
    yield "heartbeat.json", _LIVE
    yield "metrics.txt", {**_LIVE, **_OPEN, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    yield "*.json", _OPEN
    yield "*/feed.json", {"Content-Type": "application/feed+json"}
    yield "*.rss", {**_OPEN, "Content-Type": "application/rss+xml"}
    yield "*.atom", {**_OPEN, "Content-Type": "application/atom+xml"}
    yield "*.ics", {**_OPEN, "Content-Type": "text/calendar; charset=utf-8"}
    yield "badges/*.svg", {**_OPEN, "Content-Security-Policy": DRAWING_POLICY}
    yield "assets/*.svg", {"Content-Security-Policy": DRAWING_POLICY}
    yield "embed/*.js", _OPEN
    for document in DOCUMENTS:
        yield f"api/v2/{document}", _OPEN
        yield f":language/api/v2/{document}", _OPEN


def _redirects(edition: Edition) -> list[str]:
    """Return the lines of _redirects: from where, to where, how.

    The API's documents are named one by one, for Cloudflare rewrites also what is a file already, and a pattern for
    `summary` would turn `summary.json` into `summary.json.json`. The lines with a condition are Netlify's alone; its
    `!` is needed because there is a page at the root. The others pass them over: they have too many words.
    """
    rooted = edition.addresses.rooted
    lines = ["# For Netlify, Cloudflare Pages and GitLab Pages: the API without its suffix."]
    for folder in ("", *(f"{code}/" for code in edition.languages)):
        for document in DOCUMENTS:
            path = rooted(f"{folder}api/v2/{document}")
            lines.append(f"{path} {path}.json 200")
    lines.append("# For Netlify: the root by the language that the browser prefers.")
    overviews = {code: rooted(edition.addresses.overview(code)) for code in edition.languages}
    lines += [f"{rooted('')} {path} 302! Language={code}" for code, path in overviews.items()]
    return lines
