"""Reach: looks at a host over each version of IP by itself, and makes one result of the findings."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from probes.kind import ProbeContext, ProbeError
from probes.model import Check, Outcome, Reason, Result, worse
from probes.net.target import IpProtocol, Target

__all__ = ["Address", "Finding", "each_family", "no_route", "one_line", "over_each_family", "reason_of", "resolve"]

_FAMILIES = {
    IpProtocol.BOTH: (socket.AF_INET, socket.AF_INET6),
    IpProtocol.IP4: (socket.AF_INET,),
    IpProtocol.IP6: (socket.AF_INET6,),
}
_ONE_FAILED = {socket.AF_INET: Reason.IPV4_FAILED, socket.AF_INET6: Reason.IPV6_FAILED}
_NO_ROUTE = (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""The prober itself has no way into that version of IP."""
_SHARE = 0.95
"""Share of the check's timeout for one family: what hangs must not hide what the other one found."""
NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a host."""

    family: int
    """`socket.AF_INET` or `socket.AF_INET6`."""
    ip: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found at one address that answered."""

    took_seconds: float | None = None
    outcome: Outcome = Outcome.OPERATIONAL
    reason: Reason | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    warnings: tuple[str, ...] = ()


class _HasTarget(Protocol):
    @property
    def target(self) -> Target: ...


Own = TypeVar("Own", bound=_HasTarget)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    reason: Reason
    note: str
    outcome: Outcome | None = None


def over_each_family(
    look: Callable[[Check, Own, Address, ProbeContext], Awaitable[Finding]],
) -> Callable[[Check, Own, ProbeContext], Awaitable[Sequence[Result]]]:
    """Return the probe of a kind that looks at its `target` over each version of IP: see `each_family`."""

    async def probe(check: Check, options: Own, context: ProbeContext) -> Sequence[Result]:
        async def at(address: Address) -> Finding:
            return await look(check, options, address, context)

        return (await each_family(check, options.target, context, at),)

    return probe


async def each_family(
    check: Check,
    target: Target,
    context: ProbeContext,
    look: Callable[[Address], Awaitable[Finding]],
    *,
    resolved: Callable[[Target], Awaitable[list[Address]]] | None = None,
) -> Result:
    """Return what `look` finds at one address of each family, as one result.

    If it fails everywhere the result has the check's `status`; if it fails over one version of IP alone, the service is
    degraded. A version of IP that the prober itself has no route into is left out, with a warning. What answers later
    than `degraded_above` is degraded. `resolved` finds the addresses (default: `resolve`).
    """
    addresses = await (resolved or resolve)(target)
    answers = await asyncio.gather(*(_look(check, address, look) for address in addresses))
    return _judged(check, context, list(zip(addresses, answers, strict=True)))


def one_line(text: str) -> str:
    """Return what a server said as a note that can be shown and stored: short, and without what a terminal obeys."""
    shown = "".join(character if character.isprintable() else " " for character in text[: 4 * NOTE_LENGTH])
    return " ".join(shown.split())[:NOTE_LENGTH]


def no_route(error: OSError) -> bool:
    """Return whether an error means that the prober itself has no way into that version of IP."""
    return error.errno in _NO_ROUTE


async def resolve(target: Target) -> list[Address]:
    """Return the first address of each family that is asked for.

    Raises:
        ProbeError: The name has none; with the outcome unknown where the resolver that was asked could not tell.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        # A resolver that fails for the moment says nothing of the service; zones are judged by the kind `dns`.
        ours = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        outcome = Outcome.UNKNOWN if ours else None
        raise ProbeError(Reason.NAME_NOT_FOUND, f"{target.host}: {error}", outcome=outcome) from None
    first: dict[int, Address] = {}
    for family, _, _, _, place in found:
        first.setdefault(family, Address(family=family, ip=str(place[0]), port=target.port))
    addresses = [first[family] for family in _FAMILIES[target.ip_protocol] if family in first]
    if not addresses:
        raise ProbeError(Reason.NAME_NOT_FOUND, f"{target.host} has no address of the wanted version of IP")
    return addresses


def reason_of(error: OSError) -> Reason:
    """Return what an error of the network or of TLS means (verify codes: X509_STORE_CTX_get_error(3))."""
    import ssl

    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERDICTS.get(error.verify_code, Reason.CERTIFICATE_UNTRUSTED)
    if isinstance(error, ssl.SSLError):
        return Reason.TLS_FAILED
    for kind, reason in _ERRORS:
        if isinstance(error, kind):
            return reason
    return Reason.UNREACHABLE if error.errno in (*_NO_ROUTE, errno.EHOSTUNREACH) else Reason.PROTOCOL


_VERDICTS = {
    9: Reason.CERTIFICATE_EXPIRED,
    10: Reason.CERTIFICATE_EXPIRED,
    62: Reason.CERTIFICATE_NAME,
    64: Reason.CERTIFICATE_NAME,
}
_ERRORS: tuple[tuple[type[OSError], Reason], ...] = (
    (TimeoutError, Reason.TIMEOUT),
    (socket.gaierror, Reason.NAME_NOT_FOUND),
    (ConnectionRefusedError, Reason.REFUSED),
    (ConnectionError, Reason.RESET),
)


async def _look(
    check: Check, address: Address, look: Callable[[Address], Awaitable[Finding]]
) -> Finding | _Failure | None:
    """Return what is found at an address; None if the prober has no way there."""
    try:
        async with asyncio.timeout(check.timeout_seconds * _SHARE):
            return await look(address)
    except ProbeError as error:
        if error.outcome is Outcome.UNKNOWN:  # not the service's fault: neither does it count as a failure over one IP
            return Finding(outcome=Outcome.UNKNOWN, note=error.note, warnings=(one_line(error.note),))
        return _Failure(reason=error.reason, note=error.note, outcome=error.outcome)
    except OSError as error:
        if no_route(error):
            return None
        return _Failure(reason=reason_of(error), note=str(error))


def _judged(check: Check, context: ProbeContext, answers: list[tuple[Address, Finding | _Failure | None]]) -> Result:
    found = [answer for _, answer in answers if isinstance(answer, Finding)]
    failed = [(address, answer) for address, answer in answers if isinstance(answer, _Failure)]
    warnings = [f"no route to {address.ip} from here" for address, answer in answers if answer is None]
    warnings += [warning for answer in found for warning in answer.warnings]
    note = "; ".join([answer.note for _, answer in failed if answer.note] or [one.note for one in found if one.note])
    took = max((one.took_seconds for one in found if one.took_seconds is not None), default=None)
    outcome, reason = _verdict(check, found, failed, took)
    return Result(
        at=context.now(),
        outcome=outcome,
        reason=reason,
        took_seconds=took,
        figures={key: value for one in found for key, value in one.figures.items()},
        note=one_line(note),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _verdict(
    check: Check, found: list[Finding], failed: list[tuple[Address, _Failure]], took: float | None
) -> tuple[Outcome, Reason | None]:
    if not found and not failed:
        return Outcome.UNKNOWN, None
    if not found:
        first = failed[0][1]
        return first.outcome or check.status, first.reason
    worst = max(found, key=lambda one: one.outcome.severity)
    outcome, reason = worst.outcome, worst.reason
    limit = check.degraded_above_seconds
    if outcome is Outcome.OPERATIONAL and limit is not None and took is not None and took > limit:
        outcome, reason = Outcome.DEGRADED, Reason.SLOW
    if failed and outcome.severity <= Outcome.DEGRADED.severity:
        outcome, reason = worse(outcome, Outcome.DEGRADED), _ONE_FAILED[socket.AddressFamily(failed[0][0].family)]
    return outcome, reason
