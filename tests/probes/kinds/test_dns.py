"""The kind `dns`, against real name servers and a real resolver."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import dns.flags
import dns.message
import dns.rrset
import pytest

from probes.kind import ProbeContext
from probes.model import Outcome, Reason
from probes.spec import parse
from probes.zone.answers import Asked, ask
from probes.zone.servers import Server
from tests.probes.lab.names import name_servers, resolver
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.prober import Clock
from tests.probes.lab.processes import free_ports

ONE, TWO, DEAD = "127.0.0.1", "127.0.0.2", "127.0.0.9"
WELL, DEGRADED, OUT = Outcome.OPERATIONAL, Outcome.DEGRADED, Outcome.OUTAGE


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Serve a zone that is the same everywhere, one with two serials, one with two answers."""
    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(name_servers(tmp_path_factory.mktemp(name), zones))
            for name, zones in {
                "same": [(1, "192.0.2.1"), (1, "192.0.2.1")],
                "serials": [(1, "192.0.2.1"), (2, "192.0.2.1")],
                "answers": [(1, "192.0.2.1"), (1, "192.0.2.2")],
            }.items()
        }


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run a resolver."""
    with resolver(tmp_path_factory.mktemp("unbound")) as port:
        yield port


def rules(**patterns: object) -> dict[str, object]:
    """Return options that say what records must be like."""
    return {"validate_answer_rrs": {f"fail_if_{name}_regexp": pattern for name, pattern in patterns.items()}}


MX = {"query_name": "mx.example.test"}
FOUND = [
    ("same", MX, WELL, None),
    ("same", {**MX, "authoritative": True, "serial": True}, WELL, None),
    ("same", {"query_name": "example.test", "query_type": "MX"}, WELL, None),
    ("same", {"query_name": "big.example.test", "query_type": "TXT"}, WELL, None),
    ("same", {**MX, "degraded_above": "1900ms"}, WELL, None),
    ("same", {**MX, **rules(not_matches=r"^mx\.example\.test\.\t60\tIN\tA\t192\.0\.2\.1$")}, WELL, None),
    ("same", {**MX, **rules(not_matches=r"\t10\.")}, OUT, Reason.CONTENT),
    ("same", {**MX, **rules(matches=r"\t192\.")}, OUT, Reason.CONTENT),
    ("same", {**MX, "query_type": "AAAA"}, OUT, Reason.CONTENT),
    ("same", {"query_name": "no.example.test"}, OUT, Reason.STATUS),
    ("same", {"query_name": "no.example.test", "valid_rcodes": ["nxdomain"]}, WELL, None),
    ("same", {"query_name": "no.example.test", "valid_rcodes": ["NOERROR", "NXDOMAIN"]}, WELL, None),
    ("same", {"query_name": "example.org"}, OUT, Reason.STATUS),
    ("same", {"query_name": "example.org", "valid_rcodes": "REFUSED", "authoritative": True}, OUT, Reason.PROTOCOL),
    ("same", {"query_name": "www.broken.test"}, OUT, Reason.STATUS),
    ("same", {"query_name": "www.broken.test", "status": "partial_outage"}, Outcome.PARTIAL, Reason.STATUS),
    ("same", {**MX, "host": [ONE, DEAD]}, DEGRADED, Reason.TIMEOUT),
    ("same", {**MX, "host": [ONE, DEAD], "serial": True}, DEGRADED, Reason.TIMEOUT),
    ("same", {**MX, "host": DEAD}, OUT, Reason.TIMEOUT),
    ("serials", MX, WELL, None),
    ("serials", {**MX, "serial": True}, DEGRADED, Reason.ZONE_DIFFERS),
    ("serials", {**MX, "serial": True, "host": [ONE, TWO, DEAD]}, DEGRADED, Reason.ZONE_DIFFERS),
    ("serials", {"query_name": "example.test", "query_type": "SOA"}, DEGRADED, Reason.ZONE_DIFFERS),
    ("answers", MX, DEGRADED, Reason.ZONE_DIFFERS),
    ("answers", {"query_name": "example.test", "query_type": "MX", "serial": True}, WELL, None),
]


@pytest.mark.parametrize(("zone", "options", "outcome", "reason"), FOUND)
def test_zones(
    servers: dict[str, int],
    context: ProbeContext,
    zone: str,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A zone is out if no server answers rightly, and degraded if some do not or if they differ."""
    check = check_of("dns", port=servers[zone], **{"timeout": "2s", "host": [ONE, TWO], **options})

    (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert (found.took_seconds is None) is (outcome not in (WELL, DEGRADED))


def test_note(servers: dict[str, int], context: ProbeContext) -> None:
    """Operators are told which server answers what."""
    check = check_of("dns", host=[ONE, DEAD], port=servers["same"], query_name="example.org", timeout="2s")

    (found,) = look(check, context)

    assert found.note == "127.0.0.1: it answers REFUSED; 127.0.0.9: no answer"


@pytest.mark.parametrize(
    ("options", "outcome", "reason"),
    [
        (MX, WELL, None),
        ({**MX, "host": ["ns1.example.test", TWO]}, WELL, None),
        ({**MX, "host": ["ns1.example.test", "nowhere.test"]}, DEGRADED, Reason.NAME_NOT_FOUND),
        ({**MX, "host": ["nowhere.test"]}, OUT, Reason.NAME_NOT_FOUND),
        ({**MX, "host": ["only6.example.test"], "ip_protocol": "ip4"}, OUT, Reason.NAME_NOT_FOUND),
        ({**MX, "host": ["ns1.example.test", "only6.example.test"]}, DEGRADED, Reason.TIMEOUT),
        ({**MX, "host": ["ns1.example.test", "only6.example.test"], "ip_protocol": "ip6"}, OUT, Reason.NAME_NOT_FOUND),
    ],
)
def test_servers_are_found(
    servers: dict[str, int],
    finder: int,
    context: ProbeContext,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """Without `host` the servers that the zone names are asked; every address of a server is one of its own."""
    helped = {"resolver": ONE, "resolver_port": finder, "port": servers["same"], "timeout": "3s"}

    (found,) = look(check_of("dns", **helped, **options), context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


def test_zone_names_servers_that_differ(servers: dict[str, int], finder: int, context: ProbeContext) -> None:
    """All servers of the zone are asked, not only the first."""
    helped = {"resolver": ONE, "resolver_port": finder, "port": servers["answers"], "timeout": "3s"}

    (found,) = look(check_of("dns", **helped, **MX), context)

    assert (found.outcome, found.reason) == (DEGRADED, Reason.ZONE_DIFFERS)


def test_resolver_fails(servers: dict[str, int], context: ProbeContext) -> None:
    """A resolver that fails says nothing of a zone whose servers are not known."""
    check = check_of("dns", resolver=ONE, resolver_port=free_ports(1)[0], port=servers["same"], timeout="1s", **MX)

    (found,) = look(check, context)

    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, Reason.NAME_NOT_FOUND)
    assert found.note.startswith("resolver: ")


def test_resolver_fails_later(
    tmp_path_factory: pytest.TempPathFactory, servers: dict[str, int], context: ProbeContext
) -> None:
    """While the resolver fails the servers that it named are asked, so that a zone that is out is still found out."""
    with resolver(tmp_path_factory.mktemp("unbound")) as port:
        check = check_of("dns", resolver=ONE, resolver_port=port, port=servers["same"], timeout="2s", **MX)
        (before,) = look(check, context)
    dead = check_of("dns", resolver=ONE, resolver_port=port, port=free_ports(1)[0], timeout="2s", **MX)

    (alive,) = look(check, context)
    (gone,) = look(dead, context)

    assert [one.outcome for one in (before, alive, gone)] == [WELL, WELL, OUT]
    assert before.warnings == ()
    assert alive.warnings[0].startswith("the resolver fails: ")
    assert gone.reason is Reason.TIMEOUT


def test_memory_is_of_one_zone(
    tmp_path_factory: pytest.TempPathFactory, servers: dict[str, int], context: ProbeContext
) -> None:
    """What was kept of another zone, or is damaged, is forgotten."""
    with resolver(tmp_path_factory.mktemp("unbound")) as port:
        check = check_of("dns", resolver=ONE, resolver_port=port, port=servers["same"], timeout="2s", **MX)
        look(check, context)
    other = check_of("dns", resolver=ONE, resolver_port=port, query_name="example.org", timeout="1s")

    (of_another,) = look(other, context)
    context.notes.note(f"zone/{check.name}", context.notes.noted(f"zone/{check.name}")[:20])
    (damaged,) = look(replace(check, timeout_seconds=1), context)

    assert [of_another.outcome, damaged.outcome] == [Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_serial_grace(servers: dict[str, int], context: ProbeContext) -> None:
    """Servers may differ for a while, since a change takes its time; the while begins anew once they agree."""
    clock = Clock()
    timed = replace(context, now=clock)
    options = {"host": [ONE, TWO], "serial": True, "serial_grace": "10m", **MX}
    differ, agree = (check_of("dns", port=servers[zone], **options) for zone in ("serials", "same"))

    outcomes = []
    for check, seconds in ((differ, 0), (differ, 590), (differ, 20), (agree, 60), (differ, 60)):
        clock.forward(seconds)
        outcomes += [one.outcome for one in look(check, timed)]

    assert outcomes == [WELL, WELL, DEGRADED, WELL, WELL]


def test_serial_grace_warns(servers: dict[str, int], context: ProbeContext) -> None:
    """What is forgiven for the time being is told to the operators."""
    options = {"host": [ONE, TWO], "serial": True, "serial_grace": "10m", **MX}
    clock = Clock()

    (found,) = look(check_of("dns", port=servers["serials"], **options), replace(context, now=clock))

    assert found.warnings == ("serials 1, 2 since 2026-11-24T12:00:00Z",)


@contextlib.contextmanager
def datagrams(answer: Callable[[dns.message.Message], bytes], *, late_seconds: float = 0.0) -> Iterator[int]:
    """Answer each query over UDP alone, in one way; yields the port."""
    over = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((ONE, 0))
        listener.settimeout(0.05)

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    data, peer = listener.recvfrom(4096)
                    time.sleep(late_seconds)
                    listener.sendto(answer(dns.message.from_wire(data)), peer)

        server = threading.Thread(target=serve)
        server.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            server.join()


def right(query: dns.message.Message) -> bytes:
    """Answer as one should."""
    answer = dns.message.make_response(query)
    answer.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "A", "192.0.2.1"))
    return answer.to_wire()


def of_another(query: dns.message.Message) -> bytes:
    """Answer what nobody has asked."""
    return right(dns.message.make_query("another.test", "A", id=query.id))


def truncated(query: dns.message.Message) -> bytes:
    """Ask for TCP, which nobody answers."""
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.TC
    return answer.to_wire()


@pytest.mark.parametrize(
    ("answer", "late_seconds", "outcome", "reason"),
    [
        (right, 0.0, WELL, None),
        (right, 0.3, DEGRADED, Reason.SLOW),
        (right, 1.0, OUT, Reason.TIMEOUT),
        (lambda _: b"junk", 0.0, OUT, Reason.PROTOCOL),
        (lambda query: right(query)[:-3], 0.0, OUT, Reason.PROTOCOL),
        (of_another, 0.0, OUT, Reason.PROTOCOL),
        (truncated, 0.0, OUT, Reason.REFUSED),
    ],
)
def test_faulty(
    context: ProbeContext,
    answer: Callable[[dns.message.Message], bytes],
    late_seconds: float,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A server that does not speak properly, or in time, is out; one that is slow is degraded."""
    with datagrams(answer, late_seconds=late_seconds) as port:
        limit = "200ms" if late_seconds else "900ms"
        check = check_of("dns", host=ONE, port=port, query_name="a.test", degraded_above=limit, timeout="1s")
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_no_way(number: int) -> None:
    """A server that cannot be reached from here is not asked, nor called silent."""

    def no_way(_ip: str, _port: int) -> None:
        raise OSError(number, os.strerror(number))

    server, asked = Server(name=ONE, ip=ONE), Asked(name="a.test.", type="A", port=9, serial=False)

    answer = asyncio.run(ask(server, asked, 1, find_way=no_way))

    assert (answer.away, answer.trouble) == (True, None)


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, ["missing-key"]),
        ({"query_name": "a..b"}, ["wrong-type"]),
        ({"query_name": "x" * 64 + ".test"}, ["wrong-type"]),
        ({"query_name": ".".join(["x" * 60] * 5)}, ["wrong-type"]),
        ({"query_name": "a.test", "query_type": "B"}, ["unknown-value"]),
        ({"query_name": "a.test", "valid_rcodes": ["NOERROR", "FINE"]}, ["unknown-value"]),
        ({"query_name": "a.test", "host": ["n s"]}, ["wrong-type"]),
        ({"query_name": "a.test", "resolver": "ns.test"}, ["wrong-type"]),
        ({"query_name": "a.test", "serial_grace": "soon"}, ["bad-interval"]),
        ({"query_name": "a.test", "validate_answer_rrs": {"fail_if_matches_regexp": ["("]}}, ["wrong-type"]),
        ({"query_name": "a.test", "validate_answer_rrs": {"fail_if_matches": ["x"]}}, ["unknown-key"]),
    ],
)
def test_options(options: dict[str, object], codes: list[str]) -> None:
    """What cannot be asked is said before it is asked."""
    checks = [{"name": "it", "kind": "dns", "service": "gateway", **options}]

    _, faults = parse({"probers": ["zrh1"], "checks": checks}, {"gateway": ()})  # type: ignore[dict-item]

    assert [fault.code for fault in faults] == codes


@pytest.mark.parametrize("name", ["_dmarc.example.test", "*.example.test", "0/25.2.0.192.in-addr.arpa", "faß.test"])
def test_names_of_dns(servers: dict[str, int], context: ProbeContext, name: str) -> None:
    """More can be asked for than names of hosts."""
    options = {"host": ONE, "port": servers["same"], "valid_rcodes": ["NOERROR", "NXDOMAIN", "REFUSED"]}

    (found,) = look(check_of("dns", query_name=name, **options), context)

    assert found.reason in (None, Reason.CONTENT)
    assert found.outcome is not Outcome.UNKNOWN
