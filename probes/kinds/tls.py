"""The kind `tls`: chain, name and age of a certificate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from probes.certificates import second_look
from probes.dialogue import Dialogue
from probes.kind import Ground, Kind, ProbeError
from probes.model import Check, Result
from probes.options import Options
from probes.reach import Address, Found, each_family, reason_of
from probes.starttls import Protocol, ask_for_tls
from probes.target import Target, Tls, certificate_warnings, context, read_target

__all__ = ["KIND"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    protocol: Protocol
    """What is spoken before TLS, with `tls: starttls`."""


def _read(options: Options) -> _Options:
    target = read_target(options, port=443, tls=Tls.IMPLICIT)
    if target.tls is Tls.NONE:
        options.fault("tls", "unknown-value", 'a check of this kind needs "implicit" or "starttls"')
    return _Options(target=target, protocol=options.choice("protocol", Protocol, Protocol.SMTP))


async def _probe(check: Check, ground: Ground) -> Sequence[Result]:
    options = check.options
    assert isinstance(options, _Options)  # noqa: S101 - read by this kind

    async def look(address: Address) -> Found:
        return await _look(options, address, ground)

    return (await each_family(check, options.target, ground, look),)


async def _look(options: _Options, address: Address, ground: Ground) -> Found:
    target, started = options.target, monotonic()
    trusted = context(target.ca_file)
    reader, writer = await asyncio.open_connection(address.ip, address.port)
    dialogue = Dialogue(reader, writer)
    try:
        if target.tls is Tls.STARTTLS:
            await ask_for_tls(dialogue, options.protocol)
        await dialogue.start_tls(trusted, target.name)
        took = monotonic() - started
        warnings = tuple(certificate_warnings(dialogue.tls(), target, ground.now()))
    except OSError as error:
        note = await second_look(target, address, ground.now()) if target.tls is Tls.IMPLICIT else ""
        raise ProbeError(reason_of(error), note or str(error)) from None
    finally:
        await dialogue.close()
    return Found(took_seconds=took, warnings=warnings)


KIND = Kind(read=_read, probe=_probe, interval_seconds=300)
