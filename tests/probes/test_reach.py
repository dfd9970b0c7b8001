"""Each version of IP is judged by itself."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from probes.kind import Ground, ProbeError
from probes.model import Outcome, Reason, Result
from probes.reach import Address, Found, each_family
from probes.target import Target
from tests.probes.lab.plans import check_of

FOUR = Address(family=socket.AF_INET, ip="127.0.0.1", port=25)
SIX = Address(family=socket.AF_INET6, ip="::1", port=25)
WELL = Found(took_seconds=0.1)
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
NO_ROUTE = OSError(errno.ENETUNREACH, "no route")
OWN_FAULT = ProbeError(Reason.LOGIN_REFUSED, "the login was refused", outcome=Outcome.UNKNOWN)
SLOW = Found(took_seconds=3.0)


def find(ground: Ground, answers: dict[Address, Found | Exception], **options: object) -> Result:
    """Return the result of what is found at each address."""
    check = check_of("tcp", host="mx.test", port=25, **options)

    async def look(address: Address) -> Found:
        answer = answers[address]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def resolved(_: Target) -> list[Address]:
        return list(answers)

    return asyncio.run(each_family(check, Target(host="mx.test", port=25), ground, look, resolved=resolved))


@pytest.mark.parametrize(
    ("four", "six", "outcome", "reason"),
    [
        (WELL, WELL, Outcome.OPERATIONAL, None),
        (WELL, REFUSED, Outcome.DEGRADED, Reason.IPV6_FAILED),
        (REFUSED, WELL, Outcome.DEGRADED, Reason.IPV4_FAILED),
        (REFUSED, REFUSED, Outcome.OUTAGE, Reason.REFUSED),
        (WELL, NO_ROUTE, Outcome.OPERATIONAL, None),
        (REFUSED, NO_ROUTE, Outcome.OUTAGE, Reason.REFUSED),
        (NO_ROUTE, NO_ROUTE, Outcome.UNKNOWN, None),
        (WELL, OWN_FAULT, Outcome.OPERATIONAL, None),
        (OWN_FAULT, OWN_FAULT, Outcome.UNKNOWN, None),
        (ProbeError(Reason.STARTTLS_MISSING), REFUSED, Outcome.OUTAGE, Reason.STARTTLS_MISSING),
        (Found(outcome=Outcome.DEGRADED, reason=Reason.RECIPIENT_DEFERRED), WELL, Outcome.DEGRADED, None),
    ],
)
def test_families(
    ground: Ground, four: Found | Exception, six: Found | Exception, outcome: Outcome, reason: Reason | None
) -> None:
    """A failure everywhere is one of the service, over one version of IP it degrades it, without a route it is ours."""
    found = find(ground, {FOUR: four, SIX: six})

    assert found.outcome is outcome
    assert found.reason is (reason if outcome is not Outcome.DEGRADED or reason else Reason.RECIPIENT_DEFERRED)


def test_no_route_is_said(ground: Ground) -> None:
    """Operators are told that the prober cannot see a version of IP."""
    assert find(ground, {FOUR: WELL, SIX: NO_ROUTE}).warnings == ("no route to ::1 from here",)


def test_slow(ground: Ground) -> None:
    """The slower of two answers counts against the limit."""
    found = find(ground, {FOUR: WELL, SIX: SLOW}, degraded_above="2s")

    assert (found.outcome, found.reason, found.took_seconds) == (Outcome.DEGRADED, Reason.SLOW, 3.0)


def test_hang_over_one_version(ground: Ground) -> None:
    """What hangs over one version of IP does not hide what the other one found."""

    async def look(address: Address) -> Found:
        if address is SIX:
            await asyncio.sleep(60)
        return WELL

    async def resolved(_: Target) -> list[Address]:
        return [FOUR, SIX]

    check = check_of("tcp", host="mx.test", port=25, timeout="500ms")
    found = asyncio.run(each_family(check, Target(host="mx.test", port=25), ground, look, resolved=resolved))

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)
