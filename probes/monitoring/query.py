"""Query: asks a monitoring system for JSON; whatever it does not answer says nothing of any service."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net import page
from probes.net.authorization import Authorization, read_authorization
from probes.net.reach import one_line
from probes.net.target import tls_context
from probes.net.web_address import WebAddress, read_web_address
from probes.options import Options
from probes.secret import SecretError

__all__ = ["Source", "ask", "read_source", "unknown"]

MOST_BYTES = 3 * 1024 * 1024
_MOST_VALUES = 100_000
"""Largest number of values, more than 2,000 alerts have: each takes far more memory than its byte or two."""
_ERROR = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A monitoring system, and the login there."""

    address: WebAddress
    authorization: Authorization
    ca_file: str


def read_source(options: Options) -> Source:
    """Read the address of a monitoring system, and how to log in there."""
    url, example = options.text("url", required=True), "http://127.0.0.1:9090"
    address = read_web_address(options, example)
    if "?" in address.path or "#" in url:
        options.fault("url", "bad-url", "url is not the address of a monitoring system", f'e.g. "{example}"')
    return Source(address=address, authorization=read_authorization(options), ca_file=options.file("ca_file"))


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
    address, query = source.address, urlencode(parameters, doseq=True)
    question = page.Question(
        method="GET",
        path=f"{address.path.rstrip('/')}{path}{'?' if query else ''}{query}",
        headers=_headers(source),
        most_bytes=MOST_BYTES + 1,
        follows=False,
    )
    tls = tls_context(source.ca_file, "http/1.1") if address.encrypted else None
    try:
        async with asyncio.timeout(timeout_seconds):
            answer = await page.ask(question, address.host, address.port, tls=tls, name=address.host)
    except TimeoutError:
        raise unknown(f"the monitoring gives no complete answer within {timeout_seconds:g} s") from None
    except ProbeError as error:
        raise unknown(f"the monitoring cannot be queried: {error.note}") from None
    except OSError as error:
        raise unknown(f"the monitoring cannot be queried: {one_line(str(error))}") from None
    if len(answer.body) > MOST_BYTES:
        raise unknown(f"the monitoring answers with more than {MOST_BYTES} bytes")
    if answer.status != 200:
        raise unknown(f"the monitoring answers {answer.status}{_error_type(answer.body)}")
    return _read(answer.body)


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


def _headers(source: Source) -> dict[str, bytes]:
    try:
        login = source.authorization.headers()
    except SecretError as error:
        raise unknown(str(error)) from None
    always = {"User-Agent": b"lagebild-probe", "Accept": b"application/json", "Accept-Encoding": b"identity"}
    return {"Host": source.address.authority.encode(), **always, **login}
