"""The kind `http`: status, content and certificate of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from probes.kind import Ground, Kind, ProbeError
from probes.model import Check, Outcome, Reason, Result
from probes.options import Options
from probes.reach import Address, Found, each_family
from probes.secret import SecretError, SecretSource
from probes.target import Target, Tls, certificate_warnings, context, read_target

if TYPE_CHECKING:
    import httpx

__all__ = ["KIND"]

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """Named as in blackbox_exporter where it has the like."""

    url: str
    target: Target
    method: str
    headers: Mapping[str, str]
    valid_status_codes: tuple[int, ...]
    """Empty: any from 200 to 299."""
    fail_if_body_matches: re.Pattern[str] | None
    fail_if_body_not_matches: re.Pattern[str] | None
    fail_if_not_ssl: bool
    follow_redirects: bool
    max_redirects: int
    body_size_limit: int
    username: str
    password: SecretSource | None
    bearer_token: SecretSource | None


def _read(options: Options) -> _Options:
    url = options.text("url", required=True)
    target = _target(options, url)
    method = options.text("method", "GET").upper()
    if method not in _METHODS:
        options.fault("method", "unknown-value", f'"{method}" is no method', allowed=_METHODS)
    return _Options(
        url=url,
        target=target,
        method=method,
        headers=_headers(options),
        valid_status_codes=_codes(options),
        fail_if_body_matches=options.pattern("fail_if_body_matches_regexp"),
        fail_if_body_not_matches=options.pattern("fail_if_body_not_matches_regexp"),
        fail_if_not_ssl=options.flag("fail_if_not_ssl", default=False),
        follow_redirects=options.flag("follow_redirects", default=True),
        max_redirects=options.whole("max_redirects", 5, low=0, high=20),
        body_size_limit=options.whole("body_size_limit", 1_000_000, low=0, high=50_000_000),
        username=options.text("username"),
        password=options.secret("password"),
        bearer_token=options.secret("bearer_token"),
    )


def _target(options: Options, url: str) -> Target:
    """Return the target that an address names; host, port and kind of TLS are not options of their own."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if url and (parts.scheme not in ("http", "https") or not host):
        options.fault("url", "bad-url", f'"{url}" is no web address', 'e.g. "https://www.example.ch/"')
    if parts.username or parts.password:
        options.fault(
            "url", "plain-secret", "a name or password must not stand in url", "use username and password_env"
        )
    tls = Tls.IMPLICIT if parts.scheme == "https" else Tls.NONE
    default = port or (443 if tls is Tls.IMPLICIT else 80)
    return read_target(options, port=default, tls=tls, host=host)


def _headers(options: Options) -> dict[str, str]:
    part = options.part("headers", "headers")
    return part.all_texts() if part else {}


def _codes(options: Options) -> tuple[int, ...]:
    texts = options.texts("valid_status_codes")
    if not all(re.fullmatch(r"[1-5]\d\d", text) for text in texts):
        options.fault("valid_status_codes", "wrong-type", "valid_status_codes must be a list of codes such as 200")
        return ()
    return tuple(int(text) for text in texts)


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind

    async def look(address: Address) -> Found:
        return await _look(options, address, ground)

    return (await each_family(check, options.target, ground, look),)


async def _look(options: _Options, address: Address, ground: Ground) -> Found:
    import httpx

    _quiet()
    trusted = context(options.target.ca_file) if options.target.tls is Tls.IMPLICIT else False
    # A new client each time: a pooled connection would hide a certificate that has become bad.
    transport = httpx.AsyncHTTPTransport(verify=trusted, trust_env=False, retries=0)
    started = monotonic()
    try:
        async with transport:
            return await _follow(options, address, ground, transport, started)
    except httpx.HTTPError as error:
        cause = _cause(error)
        if cause is not None:
            raise cause from None
        reason = Reason.TIMEOUT if isinstance(error, httpx.TimeoutException) else Reason.PROTOCOL
        if isinstance(error, httpx.NetworkError):
            reason = Reason.RESET
        raise ProbeError(reason, type(error).__name__) from None


async def _follow(
    options: _Options, address: Address, ground: Ground, transport: httpx.AsyncHTTPTransport, started: float
) -> Found:
    """Ask, and follow where the answer leads, at the same address as long as it stays with the host."""
    import httpx

    url = httpx.URL(options.url)
    for _ in range(options.max_redirects + 1):
        answer = await transport.handle_async_request(_request(options, url, address))
        try:
            leads_on = options.follow_redirects and answer.status_code in (301, 302, 303, 307, 308)
            location = answer.headers.get("location") if leads_on else None
            if not location:
                return await _judged(options, url, answer, ground, started)
            url = url.join(location)
        finally:
            await answer.aclose()
        if url.scheme not in ("http", "https"):
            raise ProbeError(Reason.STATUS, "it leads to something else than a web address")
    raise ProbeError(Reason.STATUS, f"more than {options.max_redirects} redirects")


def _request(options: _Options, url: httpx.URL, address: Address) -> httpx.Request:
    import httpx

    own = url.host == httpx.URL(options.url).host
    headers = {"Host": url.netloc.decode(), "User-Agent": "lagebild-probe", "Accept": "*/*", "Connection": "close"}
    headers |= {**options.headers, **_credentials(options)} if own else {}
    place = url.copy_with(host=address.ip) if own else url
    name = options.target.name if own else url.host
    return httpx.Request(options.method, place, headers=headers, extensions={"sni_hostname": name})


async def _judged(options: _Options, url: httpx.URL, answer: httpx.Response, ground: Ground, started: float) -> Found:
    valid = options.valid_status_codes or range(200, 300)
    if answer.status_code not in valid:
        raise ProbeError(Reason.STATUS, f"status {answer.status_code}")
    if options.fail_if_not_ssl and url.scheme != "https":
        raise ProbeError(Reason.CONTENT, "the page is not encrypted")
    body = await _body(answer, options.body_size_limit)
    wrong, right = options.fail_if_body_matches, options.fail_if_body_not_matches
    if (wrong and wrong.search(body)) or (right and not right.search(body)):
        raise ProbeError(Reason.CONTENT, "the page does not say what it should")
    stream = answer.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    warnings = tuple(certificate_warnings(tls, options.target, ground.now())) if tls else ()
    return Found(took_seconds=monotonic() - started, warnings=warnings)


async def _body(answer: httpx.Response, limit: int) -> str:
    """Return the beginning of a page, at most `limit` bytes of it."""
    data = bytearray()
    async for chunk in answer.aiter_bytes():
        data += chunk
        if len(data) >= limit:
            break
    return bytes(data[:limit]).decode("utf-8", "replace")


def _credentials(options: _Options) -> dict[str, str]:
    import httpx

    try:
        if options.bearer_token:
            return {"Authorization": f"Bearer {options.bearer_token.read().reveal()}"}
        if options.username and options.password:
            auth = httpx.BasicAuth(options.username, options.password.read().reveal())
            request = next(auth.auth_flow(httpx.Request("GET", "http://x")))
            return {"Authorization": request.headers["Authorization"]}
    except SecretError as error:
        raise ProbeError(Reason.LOGIN_REFUSED, str(error), outcome=Outcome.UNKNOWN) from None
    return {}


def _cause(error: BaseException) -> OSError | None:
    """Return the error of the network at the bottom of those of the libraries."""
    lowest: OSError | None = None
    found: BaseException | None = error
    while found is not None:
        lowest = found if isinstance(found, OSError) else lowest
        found = found.__cause__ or found.__context__
    return lowest


@lru_cache(maxsize=1)
def _quiet() -> None:
    """Keep the libraries from writing addresses, which may hold secrets, to a log."""
    import logging

    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


KIND = Kind(read=_read, probe=_probe)
