"""The kind `tls`: checks chain, name and age of a certificate."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.model import Check
from probes.net.certificates import described, unverified
from probes.net.connection import connected
from probes.net.dialogue import Dialogue
from probes.net.reach import Address, Finding, over_each_family, reason_of
from probes.net.starttls import PORTS, Protocol, ask_for_tls
from probes.net.target import Target, Tls, certificate_warnings, read_target, tls_context
from probes.options import Options

__all__ = ["KIND"]

_SECOND_LOOK_SECONDS = 2.0
_LEFT = 0.9
"""The part of the check's timeout within which the second look must be over, or the first would be forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    protocol: Protocol
    """What is spoken before TLS, with `tls: starttls`."""


def _read(options: Options) -> _Options:
    protocol = options.choice("protocol", Protocol, Protocol.SMTP)
    starttls = options.text("tls") == Tls.STARTTLS
    target = read_target(options, port=PORTS[protocol] if starttls else 443, tls=Tls.IMPLICIT)
    if target.tls is Tls.NONE:
        message, hint = 'a check of this kind needs "implicit" or "starttls"', "a check without TLS is of kind tcp"
        options.fault("tls", "unknown-value", message, hint)
    return _Options(target=target, protocol=protocol)


async def _look(check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    target, started = options.target, monotonic()
    try:
        async with _encrypted(options, address, tls_context(target.ca_file)) as connection:
            took = monotonic() - started
            return Finding(took_seconds=took, warnings=tuple(certificate_warnings(connection, target, context.now())))
    except ssl.SSLCertVerificationError as error:
        left = check.timeout_seconds * _LEFT - (monotonic() - started)
        seen = await _second_look(options, address, context, min(left, _SECOND_LOOK_SECONDS))
        note = "; ".join(filter(None, (error.verify_message, seen)))
        raise ProbeError(reason_of(error), note) from None


@asynccontextmanager
async def _encrypted(options: _Options, address: Address, trusted: ssl.SSLContext) -> AsyncIterator[ssl.SSLObject]:
    """Yield a connection whose handshake is over."""
    target = options.target
    tls = trusted if target.tls is Tls.IMPLICIT else None
    async with connected(address.ip, address.port, tls=tls, name=target.name) as (reader, writer):
        dialogue = Dialogue(reader, writer)
        if tls is None:
            await ask_for_tls(dialogue, options.protocol)
            await dialogue.start_tls(trusted, target.name)
        connection = dialogue.tls()
        assert connection is not None  # noqa: S101 - the handshake is over
        yield connection


async def _second_look(options: _Options, address: Address, context: ProbeContext, seconds: float) -> str:
    """Return what a certificate that is not accepted says of itself; empty if it cannot be had once more."""
    try:
        async with asyncio.timeout(seconds), _encrypted(options, address, unverified()) as connection:
            return described(connection.getpeercert(binary_form=True) or b"", context.now())
    except (OSError, ProbeError):
        return ""


KIND = Kind(measures=N_("Encrypted connection"), read=_read, probe=over_each_family(_look), interval_seconds=300)
