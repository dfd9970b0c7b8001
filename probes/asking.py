"""Asks a monitoring system for JSON over HTTP; whatever it does not answer says nothing of any service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.options import Options
from probes.secret import SecretError, SecretSource
from probes.target import context

__all__ = ["Source", "ask", "read_source", "unknown"]

_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a monitoring system answers, and as whom it is asked."""

    url: str
    """Without a trailing slash."""
    username: str
    password: SecretSource | None
    bearer_token: SecretSource | None
    ca_file: str


def read_source(options: Options) -> Source:
    """Read the address of a monitoring system, and how to log in there."""
    url = options.text("url", required=True)
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        secret = bool(parts.username or parts.password)
    except ValueError:
        sound, secret = False, False
    if url and not sound:
        options.fault("url", "bad-url", f'"{url}" is no web address', 'e.g. "http://127.0.0.1:9090"')
    if secret:
        options.fault(
            "url", "plain-secret", "a name or password must not stand in url", "use username and password_env"
        )
    return Source(
        url=url.rstrip("/"),
        username=options.text("username"),
        password=options.secret("password"),
        bearer_token=options.secret("bearer_token"),
        ca_file=options.text("ca_file"),
    )


def unknown(note: str) -> ProbeError:
    """Return the finding that nothing is known."""
    return ProbeError(Reason.PROTOCOL, note, outcome=Outcome.UNKNOWN)


async def ask(source: Source, path: str, parameters: Mapping[str, str], timeout_seconds: float) -> object:
    """Return what is answered, read as JSON.

    Raises:
        ProbeError: With the outcome unknown, whatever the reason.
    """
    import httpx

    headers, auth = _credentials(source)
    verify = context(source.ca_file) if source.url.startswith("https:") else False
    try:
        async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=timeout_seconds, auth=auth) as client:
            answer = await client.get(f"{source.url}{path}", params=parameters, headers=headers)
    except httpx.HTTPError as error:
        raise unknown(f"the monitoring cannot be asked: {type(error).__name__}") from None
    if answer.status_code != 200:
        raise unknown(f"the monitoring answers {answer.status_code}")
    if len(answer.content) > _MOST_BYTES:
        raise unknown("the monitoring answers at too great length")
    try:
        found: object = answer.json()
    except (ValueError, RecursionError):
        raise unknown("the monitoring does not answer in JSON") from None
    return found


def _credentials(source: Source) -> tuple[dict[str, str], tuple[str, str] | None]:
    try:
        if source.bearer_token:
            return {"Authorization": f"Bearer {source.bearer_token.read().reveal()}"}, None
        if source.username and source.password:
            return {}, (source.username, source.password.read().reveal())
    except SecretError as error:
        raise unknown(str(error)) from None
    return {}, None
