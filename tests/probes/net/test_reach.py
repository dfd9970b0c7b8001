"""Each version of IP is judged by itself."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probes.kind import ProbeContext, ProbeError
from probes.model import Outcome, Reason, Result
from probes.net.reach import Address, Finding, each_family, no_route, one_line, reason_of, resolve
from probes.net.target import IpProtocol, Target
from tests.probes.lab.plans import check_of

FOUR = Address(family=socket.AF_INET, ip="127.0.0.1", port=25)
SIX = Address(family=socket.AF_INET6, ip="::1", port=25)
WELL = Finding(took_seconds=0.1)
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
NO_ROUTE = OSError(errno.ENETUNREACH, "no route")
OWN_FAULT = ProbeError(Reason.LOGIN_REFUSED, "the login was refused", outcome=Outcome.UNKNOWN)
SLOW = Finding(took_seconds=3.0)


def refused_certificate(code: int) -> ssl.SSLCertVerificationError:
    """Return the error of a handshake that ends with a verdict of OpenSSL."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def find(context: ProbeContext, answers: dict[Address, Finding | Exception], **options: object) -> Result:
    """Return the result of what is found at each address."""
    check = check_of("tcp", host="mx.test", port=25, **options)

    async def look(address: Address) -> Finding:
        answer = answers[address]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def resolved(_: Target) -> list[Address]:
        return list(answers)

    return asyncio.run(each_family(check, Target(host="mx.test", port=25), context, look, resolved=resolved))


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
        (Finding(outcome=Outcome.DEGRADED, reason=Reason.RECIPIENT_DEFERRED), WELL, Outcome.DEGRADED, None),
    ],
)
def test_families(
    context: ProbeContext, four: Finding | Exception, six: Finding | Exception, outcome: Outcome, reason: Reason | None
) -> None:
    """A failure everywhere is one of the service, over one version of IP it degrades it, without a route it is ours."""
    found = find(context, {FOUR: four, SIX: six})

    assert found.outcome is outcome
    assert found.reason is (reason if outcome is not Outcome.DEGRADED or reason else Reason.RECIPIENT_DEFERRED)


def test_no_route_is_said(context: ProbeContext) -> None:
    """Operators are told that the prober cannot see a version of IP."""
    assert find(context, {FOUR: WELL, SIX: NO_ROUTE}).warnings == ("no route to ::1 from here",)


def test_slow(context: ProbeContext) -> None:
    """The slower of two answers counts against the limit."""
    found = find(context, {FOUR: WELL, SIX: SLOW}, degraded_above="2s")

    assert (found.outcome, found.reason, found.took_seconds) == (Outcome.DEGRADED, Reason.SLOW, 3.0)


def test_hang_over_one_version(context: ProbeContext) -> None:
    """What hangs over one version of IP does not hide what the other one found."""

    async def look(address: Address) -> Finding:
        if address is SIX:
            await asyncio.sleep(60)
        return WELL

    async def resolved(_: Target) -> list[Address]:
        return [FOUR, SIX]

    check = check_of("tcp", host="mx.test", port=25, timeout="500ms")
    found = asyncio.run(each_family(check, Target(host="mx.test", port=25), context, look, resolved=resolved))

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)


@pytest.mark.parametrize("seconds", [60, 0])
def test_hang_over_all_versions(context: ProbeContext, seconds: int) -> None:
    """What hangs everywhere is out when the time of the check is up, and says so."""

    async def look(_: Address) -> Finding:
        await asyncio.sleep(seconds)
        raise TimeoutError

    async def resolved(_: Target) -> list[Address]:
        return [FOUR, SIX]

    check = check_of("tcp", host="mx.test", port=25, timeout="500ms")
    found = asyncio.run(each_family(check, Target(host="mx.test", port=25), context, look, resolved=resolved))

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.TIMEOUT)


def test_notes_and_warnings(context: ProbeContext) -> None:
    """The notes of what failed are told, each warning once."""
    warned = Finding(took_seconds=0.1, note="well", warnings=("soon", "soon"))

    failing = find(context, {FOUR: warned, SIX: ProbeError(Reason.STATUS, "status 500")})
    well = find(context, {FOUR: warned, SIX: warned})

    assert (failing.note, failing.warnings) == ("status 500", ("soon",))
    assert (well.note, well.warnings) == ("well; well", ("soon",))


ANSWERS = st.sampled_from([WELL, SLOW, REFUSED, NO_ROUTE, OWN_FAULT, ProbeError(Reason.STATUS)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(four=ANSWERS, six=ANSWERS)
def test_reasons(context: ProbeContext, four: Finding | Exception, six: Finding | Exception) -> None:
    """A bad result has a reason, and none other has; it is never better than the better of the two addresses."""
    found = find(context, {FOUR: four, SIX: six}, degraded_above="2s")

    assert (found.reason is not None) is found.outcome.bad
    assert found.outcome is not Outcome.OPERATIONAL or WELL in (four, six)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Reason.REFUSED),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Reason.RESET),
        (BrokenPipeError(errno.EPIPE, "pipe"), Reason.RESET),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), Reason.TIMEOUT),
        (OSError(errno.EHOSTUNREACH, "no route to host"), Reason.UNREACHABLE),
        (OSError(errno.ENETUNREACH, "no network"), Reason.UNREACHABLE),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Reason.NAME_NOT_FOUND),
        (OSError(errno.EINVAL, "what"), Reason.PROTOCOL),
        (ssl.SSLError(1, "handshake failure"), Reason.TLS_FAILED),
        (ssl.SSLEOFError(8, "end of file"), Reason.TLS_FAILED),
        (refused_certificate(9), Reason.CERTIFICATE_EXPIRED),
        (refused_certificate(10), Reason.CERTIFICATE_EXPIRED),
        (refused_certificate(62), Reason.CERTIFICATE_NAME),
        (refused_certificate(64), Reason.CERTIFICATE_NAME),
        (refused_certificate(18), Reason.CERTIFICATE_UNTRUSTED),
        (refused_certificate(20), Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_reason_of(error: OSError, reason: Reason) -> None:
    """Each error of the network and of TLS has a reason of the closed list."""
    assert reason_of(error) is reason


@pytest.mark.parametrize(
    ("number", "own"),
    [
        (errno.ENETUNREACH, True),
        (errno.EADDRNOTAVAIL, True),
        (errno.EAFNOSUPPORT, True),
        (errno.EHOSTUNREACH, False),
        (errno.ECONNREFUSED, False),
    ],
)
def test_no_route_is_our_own(number: int, own: bool) -> None:
    """A network that the prober has no way into is its own lack; a host that nobody answers for is not."""
    assert no_route(OSError(number, "it failed")) is own


class ManyAddresses(asyncio.SelectorEventLoop):
    """A loop that finds two addresses of each version of IP for every name, IPv6 first."""

    async def getaddrinfo(self, _host, port, **_):  # type: ignore[no-untyped-def]
        """Return what the system's resolver would."""
        of = {"2001:db8::1": socket.AF_INET6, "192.0.2.1": socket.AF_INET, "192.0.2.2": socket.AF_INET}
        return [(family, socket.SOCK_STREAM, 6, "", (ip, port)) for ip, family in of.items()]


@pytest.mark.parametrize(
    ("ip_protocol", "found"),
    [
        (IpProtocol.BOTH, ["192.0.2.1", "2001:db8::1"]),
        (IpProtocol.IP4, ["192.0.2.1"]),
        (IpProtocol.IP6, ["2001:db8::1"]),
    ],
)
def test_resolve(ip_protocol: IpProtocol, found: list[str]) -> None:
    """A name gives the first address of each version of IP that is wanted."""
    target = Target(host="mx.test", port=25, ip_protocol=ip_protocol)

    with asyncio.Runner(loop_factory=ManyAddresses) as runner:
        addresses = runner.run(resolve(target))

    assert [(address.ip, address.port) for address in addresses] == [(ip, 25) for ip in found]


@pytest.mark.parametrize(("host", "ip_protocol"), [("127.0.0.1", IpProtocol.IP6), ("::1", IpProtocol.IP4)])
def test_no_address_of_that_version(host: str, ip_protocol: IpProtocol) -> None:
    """A host without an address of the version that is wanted is not found."""
    with pytest.raises(ProbeError) as raised:
        asyncio.run(resolve(Target(host=host, port=25, ip_protocol=ip_protocol)))

    assert raised.value.reason is Reason.NAME_NOT_FOUND


@pytest.mark.parametrize(("code", "outcome"), [(socket.EAI_AGAIN, Outcome.UNKNOWN), (socket.EAI_NONAME, None)])
def test_resolver_that_fails(code: int, outcome: Outcome | None) -> None:
    """A name that does not exist is a fault of the service; a resolver that cannot tell just now is none."""

    class Failing(asyncio.SelectorEventLoop):
        """Finds no address."""

        async def getaddrinfo(self, *_arguments: object, **_named: object) -> NoReturn:
            raise socket.gaierror(code, "no answer")

    with asyncio.Runner(loop_factory=Failing) as runner, pytest.raises(ProbeError) as raised:
        runner.run(resolve(Target(host="mx.test", port=25)))

    assert (raised.value.reason, raised.value.outcome) == (Reason.NAME_NOT_FOUND, outcome)


@given(st.text(max_size=2000))
def test_one_line(text: str) -> None:
    """Whatever a server says, its note is one short line of what can be shown."""
    note = one_line(text)

    assert len(note) <= 200
    assert note.isprintable()
    assert "  " not in note
    assert one_line(note) == note.strip()
