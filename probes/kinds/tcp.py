"""The kind `tcp`: connects to a port, and compares what the server says with what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from time import monotonic

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.model import Check, Reason
from probes.net.connection import connected
from probes.net.dialogue import Dialogue
from probes.net.matching import in_time
from probes.net.reach import Address, Finding, over_each_family
from probes.net.target import Target, Tls, certificate_warnings, read_target, tls_context
from probes.options import Options
from probes.pattern import Pattern

__all__ = ["KIND"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A line of the conversation (`query_response` of blackbox_exporter)."""

    expect: Pattern | None
    send: str
    starttls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    steps: tuple[_Step, ...]


def _read(options: Options) -> _Options:
    target = read_target(options, port=0)
    if target.tls is Tls.STARTTLS:
        hint = "write a step of query_response with starttls: true, or use the kind tls"
        options.fault("tls", "unknown-value", 'a check of this kind knows "none" and "implicit"', hint)
    steps = tuple(_step(part) for part in options.parts("query_response", "a step"))
    if sum(step.starttls for step in steps) + (target.tls is Tls.IMPLICIT) > 1:
        hint = "keep one of: tls: implicit, and one step with starttls: true"
        options.fault("query_response", "wrong-type", "TLS can begin only once", hint)
    return _Options(target=target, steps=steps)


def _step(part: Options) -> _Step:
    step = _Step(expect=part.pattern("expect"), send=part.text("send"), starttls=part.flag("starttls", default=False))
    part.finish()
    return step


async def _look(check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    target, started = options.target, monotonic()
    tls = tls_context(target.ca_file) if target.tls is Tls.IMPLICIT else None
    async with connected(address.ip, address.port, tls=tls, name=target.name) as (reader, writer):
        dialogue = Dialogue(reader, writer)
        for step in options.steps:
            await _take(dialogue, step, check.timeout_seconds)
            if step.starttls:
                await dialogue.start_tls(tls_context(target.ca_file), target.name)
        took, encrypted = monotonic() - started, dialogue.tls()
        warnings = tuple(certificate_warnings(encrypted, target, context.now())) if encrypted else ()
    return Finding(took_seconds=took, warnings=warnings)


async def _take(dialogue: Dialogue, step: _Step, timeout_seconds: float) -> None:
    """Wait for the line that is expected, whatever comes before it, then answer."""
    expect = step.expect
    while expect is not None:
        try:
            line = await dialogue.line()
        except ProbeError as error:
            raise ProbeError(Reason.CONTENT, f"the server ended without {expect.text!r}") from error
        if await in_time(partial(expect.found_in, line), timeout_seconds):
            break
    if step.send:
        await dialogue.say(step.send)


KIND = Kind(measures=N_("Connection"), read=_read, probe=over_each_family(_look))
