"""Fetching: fetch a document only if it has changed, from nobody else, and no more than is sensible."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx

from generator import __version__
from generator.polling.address import Address, PollError

LIMIT_BYTES = 1_000_000
REDIRECTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A document, and how to ask whether it has changed."""

    body: str
    etag: str = ""
    last_modified: str = ""


def client(site: Address, timeout_seconds: float, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a new client for one poll of a site; `transport` takes the place of the network."""
    for name in ("httpx", "httpcore"):  # they log addresses and headers
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.Client(
        auth=site.auth,
        headers={"User-Agent": f"lagebild/{__version__}", "Accept": "application/json"},
        timeout=timeout_seconds,
        transport=transport,
    )


def fetch(asker: httpx.Client, site: Address, name: str, known: Response | None) -> Response:
    """Return a document of a site: the known one if the server says that it has not changed.

    Raises:
        PollError: The server cannot be reached, or does not answer with the document.
    """
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    headers = {header: value for header, value in headers.items() if value}
    target = httpx.URL(f"{site.base}/{name}")
    try:
        for _ in range(REDIRECTS):
            with asker.stream("GET", target, headers=headers) as response:
                if response.next_request is None:
                    return _answer(response, name, known if headers else None)
                target = _followed(target, response.next_request.url, name)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise PollError(f"{name}: {error or type(error).__name__}") from error
    raise PollError(f"{name}: more than {REDIRECTS} redirections")


def _followed(origin: httpx.URL, target: httpx.URL, name: str) -> httpx.URL:
    """Return where a redirection leads, if that is the same server, or the same host by https."""
    same = (origin.scheme, origin.host, origin.port) == (target.scheme, target.host, target.port)
    safer = (origin.scheme, target.scheme) == ("http", "https") and origin.host == target.host
    if not same and not safer:
        raise PollError(f"{name}: redirected elsewhere, to {target.scheme}://{target.netloc.decode()}")
    return target.copy_with(username=None, password=None)


def _answer(response: httpx.Response, name: str, known: Response | None) -> Response:
    if known and response.status_code == httpx.codes.NOT_MODIFIED:
        return known
    if response.status_code != httpx.codes.OK:
        raise PollError(f"{name}: HTTP {response.status_code}")
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > LIMIT_BYTES:
            raise PollError(f"{name}: larger than {LIMIT_BYTES:,} bytes")
    return Response(
        body=body.decode(),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )
