"""The kind `http`: judges status, content and certificate of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.model import Check, Outcome, Reason
from probes.net.authorization import Authorization, read_authorization
from probes.net.matching import in_time
from probes.net.page import Page, Question, ask
from probes.net.reach import Address, Finding, over_each_family
from probes.net.target import Target, Tls, certificate_warnings, read_target, tls_context
from probes.net.web_address import WebAddress, read_web_address
from probes.options import Options
from probes.pattern import Pattern
from probes.secret import SecretError

__all__ = ["KIND"]

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONFIDENTIAL = ("authorization", "proxy-authorization")
_ALWAYS = {"User-Agent": b"lagebild-probe", "Accept": b"*/*", "Accept-Encoding": b"identity"}
_SPOKEN = "http/1.1"
_MOST_BYTES = 4_000_000
"""A page takes several times its length in memory while it is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """Named as in blackbox_exporter where it has the like."""

    address: WebAddress
    target: Target
    method: str
    headers: Mapping[str, bytes]
    valid_status_codes: tuple[int, ...]
    """Empty: any from 200 to 299."""
    fail_if_body_matches: tuple[Pattern, ...]
    fail_if_body_not_matches: tuple[Pattern, ...]
    fail_if_not_ssl: bool
    follow_redirects: bool
    max_redirects: int
    body_size_limit: int
    authorization: Authorization


def _read(options: Options) -> _Options:
    address = read_web_address(options, "https://www.example.ch/")
    method = options.text("method", "GET").upper()
    if method not in _METHODS:
        options.fault("method", "unknown-value", f'"{method}" is not a method', allowed=_METHODS)
    tls = Tls.IMPLICIT if address.encrypted else Tls.NONE
    return _Options(
        address=address,
        target=read_target(options, port=address.port, tls=tls, host=address.host),
        method=method,
        headers=_headers(options),
        valid_status_codes=_codes(options),
        fail_if_body_matches=options.patterns("fail_if_body_matches_regexp"),
        fail_if_body_not_matches=options.patterns("fail_if_body_not_matches_regexp"),
        fail_if_not_ssl=options.flag("fail_if_not_ssl", default=False),
        follow_redirects=options.flag("follow_redirects", default=True),
        max_redirects=options.whole("max_redirects", 5, low=0, high=20),
        body_size_limit=options.whole("body_size_limit", 1_000_000, low=0, high=_MOST_BYTES),
        authorization=read_authorization(options),
    )


def _headers(options: Options) -> dict[str, bytes]:
    part = options.part("headers", "headers")
    texts = part.all_texts() if part else {}
    for name in texts:
        if part and name.lower() in _CONFIDENTIAL:
            hint = "use bearer_token_env, or username and password_env"
            part.fault(name, "plain-secret", f"{name} must not be written here", hint)
        elif part and not _HEADER.fullmatch(name):
            part.fault(name, "wrong-type", f'"{name}" is not a header name', 'letters and hyphens, e.g. "Accept"')
    return {name.title(): text.encode() for name, text in texts.items()}


def _codes(options: Options) -> tuple[int, ...]:
    texts = options.texts("valid_status_codes")
    if not all(re.fullmatch(r"[1-5][0-9][0-9]", text) for text in texts):
        message, hint = "valid_status_codes must be a list of three-digit codes", "e.g. [200, 401]"
        options.fault("valid_status_codes", "wrong-type", message, hint)
        return ()
    return tuple(int(text) for text in texts)


async def _look(check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    """Ask, and follow where the answer leads, at the same address of IP as long as it stays with the host."""
    started, place, method = monotonic(), options.address, options.method
    for _ in range(options.max_redirects + 1):
        page = await _ask(options, place, method, address)
        if not (page.location and options.follow_redirects):
            _judge(options, place, page)
            await in_time(partial(_judge_text, options, page.body), check.timeout_seconds)
            there = replace(_target(options, place), port=place.port)
            warnings = tuple(certificate_warnings(page.tls, there, context.now())) if page.tls else ()
            return Finding(took_seconds=monotonic() - started, warnings=warnings)
        method = _next_method(method, page.status)
        try:
            place = place.leads_to(page.location)
        except ValueError:
            raise ProbeError(Reason.STATUS, "it leads to something else than a web address") from None
    raise ProbeError(Reason.STATUS, f"more than {options.max_redirects} redirects")


async def _ask(options: _Options, place: WebAddress, method: str, address: Address) -> Page:
    headers = {"Host": place.authority.encode(), **_ALWAYS}
    if options.address.trusts(place):
        headers |= {**options.headers, **_authorization(options)}
    question = Question(
        method=method,
        path=place.path,
        headers=headers,
        most_bytes=options.body_size_limit,
        follows=options.follow_redirects,
    )
    target = _target(options, place)
    tls = tls_context(target.ca_file, _SPOKEN) if place.encrypted else None
    host = address.ip if place.host == options.address.host else place.host
    return await ask(question, host, place.port, tls=tls, name=target.name)


def _target(options: _Options, place: WebAddress) -> Target:
    """Return the host whose certificate is checked: after a redirect to another host, that host under its own name."""
    own = place.host == options.address.host
    return options.target if own else replace(options.target, host=place.host, server_name="")


def _next_method(method: str, status: int) -> str:
    """Return how to ask where a redirect leads, as browsers do (RFC 9110, 15.4)."""
    turns = method == "POST" if status in (301, 302) else status == 303 and method != "HEAD"
    return "GET" if turns else method


def _judge(options: _Options, place: WebAddress, page: Page) -> None:
    """Raise a `ProbeError` if a page is not as it should be."""
    if page.status not in (options.valid_status_codes or range(200, 300)):
        raise ProbeError(Reason.STATUS, f"status {page.status}")
    if options.fail_if_not_ssl and not place.encrypted:
        raise ProbeError(Reason.CONTENT, "the page is not encrypted")


def _judge_text(options: _Options, body: bytes) -> None:
    """Raise a `ProbeError` if a page does not say what it should."""
    wrong, right = options.fail_if_body_matches, options.fail_if_body_not_matches
    text = body.decode("utf-8", "replace")
    if any(one.found_in(text) for one in wrong) or not all(one.found_in(text) for one in right):
        raise ProbeError(Reason.CONTENT, "the page does not say what it should")


def _authorization(options: _Options) -> dict[str, bytes]:
    try:
        return options.authorization.headers()
    except SecretError as error:
        raise ProbeError(Reason.LOGIN_REFUSED, str(error), outcome=Outcome.UNKNOWN) from None


KIND = Kind(measures=N_("Website"), read=_read, probe=over_each_family(_look))
