"""Asks a monitoring system for JSON over HTTP; whatever it does not answer says nothing of any service."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.authorization import Authorization, read_authorization
from probes.net.reach import one_line
from probes.net.target import tls_context
from probes.net.web_address import names_somebody
from probes.options import Options
from probes.secret import SecretError

if TYPE_CHECKING:
    import httpx

__all__ = ["Source", "ask", "read_source", "unknown"]

MOST_BYTES = 3 * 1024 * 1024
_MOST_VALUES = 100_000
"""So many values, more than two thousand alerts have: each takes far more memory than the byte or two it is sent in."""
_ERROR = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a monitoring system answers, and as whom it is asked."""

    url: str
    """Without a trailing slash."""
    authorization: Authorization
    ca_file: str


def read_source(options: Options) -> Source:
    """Read the address of a monitoring system, and how to log in there."""
    source = Source(
        url=options.text("url", required=True).rstrip("/"),
        authorization=read_authorization(options),
        ca_file=options.file("ca_file"),
    )
    if source.url:
        _judge(options, source.url)
    return source


def _judge(options: Options, url: str) -> None:
    hint = 'e.g. "http://127.0.0.1:9090"'
    if names_somebody(url):
        message = "a name or password does not belong in url"
        options.fault("url", "plain-secret", message, "use username and password_env")
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        options.fault("url", "bad-url", "url is not a web address", hint)
        return
    if not sound or parts.query or parts.fragment:
        options.fault("url", "bad-url", "url is not the address of a monitoring system", hint)


def unknown(note: str) -> ProbeError:
    """Return the finding that nothing is known."""
    return ProbeError(Reason.PROTOCOL, note, outcome=Outcome.UNKNOWN)


async def ask(
    source: Source, path: str, parameters: Mapping[str, str | Sequence[str]], timeout_seconds: float
) -> object:
    """Return what is answered within a time, read as JSON.

    Raises:
        ProbeError: With the outcome unknown, whatever the reason.
    """
    import httpx

    headers = _headers(source)
    verify = tls_context(source.ca_file, "http/1.1") if source.url.startswith("https:") else False
    try:
        async with (
            asyncio.timeout(timeout_seconds),
            httpx.AsyncClient(verify=verify, trust_env=False, timeout=timeout_seconds) as client,
            client.stream("GET", f"{source.url}{path}", params=dict(parameters), headers=headers) as answer,
        ):
            body, status = await _body(answer), answer.status_code
    except (TimeoutError, httpx.TimeoutException):
        raise unknown(f"the monitoring gives no complete answer within {timeout_seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise unknown(f"the monitoring cannot be queried: {_cause(error)}") from None
    if status != 200:
        raise unknown(f"the monitoring answers {status}{_error_type(body)}")
    return _read(body)


async def _body(answer: httpx.Response) -> bytes:
    data = bytearray()
    if answer.headers.get("content-encoding", "identity") != "identity":  # a few bytes can unpack to gigabytes
        raise unknown("the monitoring compresses its answer, which it was not asked for")
    async for chunk in answer.aiter_raw():
        data += chunk
        if len(data) > MOST_BYTES:
            raise unknown(f"the monitoring answers with more than {MOST_BYTES} bytes")
    return bytes(data)


def _read(body: bytes) -> object:
    try:
        found: object = _parsed(body)
    except (ValueError, RecursionError):
        raise unknown("the monitoring does not answer in JSON") from None
    return found


def _parsed(body: bytes) -> object:
    if sum(body.count(mark) for mark in (b",", b"{", b"[")) > _MOST_VALUES:
        raise unknown(f"the monitoring answers with more than {_MOST_VALUES} values")
    return json.loads(body)


def _error_type(body: bytes) -> str:
    """Return the kind of error that Prometheus names, such as `bad_data`; what else it says might repeat secrets."""
    try:
        said = _parsed(body)
    except (ValueError, RecursionError):
        return ""
    kind = said.get("errorType") if isinstance(said, dict) else None
    return f" ({kind})" if isinstance(kind, str) and _ERROR.fullmatch(kind) else ""


def _headers(source: Source) -> dict[bytes, bytes]:
    try:
        login = source.authorization.headers()
    except SecretError as error:
        raise unknown(str(error)) from None
    always = {b"User-Agent": b"lagebild-probe", b"Accept": b"application/json", b"Accept-Encoding": b"identity"}
    return always | {name.encode(): value for name, value in login.items()}


def _cause(error: Exception) -> str:
    """Say what failed; in the library's words only where they are those of the machine, for others repeat headers."""
    import httpx

    name = type(error).__name__
    return f"{name}: {one_line(str(error))}" if isinstance(error, httpx.NetworkError | OSError) else name
