"""The kind `tls`, against a real nginx, mail servers with each certificate, and servers that do one thing wrong."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from probes.kind import ProbeContext
from probes.loop.look import look as look_once
from probes.model import Outcome, Reason, Result
from probes.net.certificates import described
from probes.spec import parse
from tests.probes.lab.certificates import Certificates, Pair
from tests.probes.lab.families import NAME, look_over_both
from tests.probes.lab.faulty import Serve, dialogue, drip, hang, reset, says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.scripted import Scripted, dripped_handshake, imap, pop3, smtp
from tests.probes.lab.web import Web, nginx

WELL, OUT = Outcome.OPERATIONAL, Outcome.OUTAGE


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Web]:
    """Serve certificates."""
    with nginx(tmp_path_factory.mktemp("nginx"), certificates) as running:
        yield running


CERTIFICATES = [
    ("valid", WELL, None, ""),
    ("expiring", WELL, None, ""),
    (
        "expired",
        OUT,
        Reason.CERTIFICATE_EXPIRED,
        "certificate has expired; the certificate is for localhost, 127.0.0.1, ::1, mail.test, mx.mail.test"
        " and expired 1.0 days ago",
    ),
    ("wrong_name", OUT, Reason.CERTIFICATE_NAME, "the certificate is for other.test and expires in "),
    (
        "untrusted",
        OUT,
        Reason.CERTIFICATE_UNTRUSTED,
        "unable to get local issuer certificate; the certificate is for localhost,",
    ),
]


def judge(found: Result, name: str, outcome: Outcome, reason: Reason | None, note: str) -> None:
    """Hold a result against what is expected of a certificate."""
    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert note in found.note
    assert bool(found.warnings) is (name == "expiring")


@pytest.mark.parametrize(("name", "outcome", "reason", "note"), CERTIFICATES)
def test_certificates(
    web: Web,
    certificates: Certificates,
    context: ProbeContext,
    name: str,
    outcome: Outcome,
    reason: Reason | None,
    note: str,
) -> None:
    """Each certificate is found as it is, and the operators are told what it says of itself."""
    check = check_of("tls", host="127.0.0.1", port=getattr(web, name), ca_file=certificates.ca_file)

    (found,) = look(check, context)

    judge(found, name, outcome, reason, note)


@pytest.mark.parametrize(("protocol", "server"), [("smtp", smtp), ("imap", imap), ("pop3", pop3)])
@pytest.mark.parametrize(("name", "outcome", "reason", "note"), CERTIFICATES)
def test_certificates_after_starttls(
    certificates: Certificates,
    context: ProbeContext,
    protocol: str,
    server: Callable[[Pair], Scripted],
    name: str,
    outcome: Outcome,
    reason: Reason | None,
    note: str,
) -> None:
    """The same is found where TLS begins later, by the rules of each protocol."""
    with serving(server(getattr(certificates, name))) as port:
        options = {"tls": "starttls", "protocol": protocol, "ca_file": certificates.ca_file}
        (found,) = look(check_of("tls", host="127.0.0.1", port=port, **options), context)

    judge(found, name, outcome, reason, note)


def test_server_name(web: Web, certificates: Certificates, context: ProbeContext) -> None:
    """`server_name` is what the certificate must bear instead of the host's name."""
    options = {"host": "127.0.0.1", "port": web.wrong_name, "ca_file": certificates.ca_file}

    (found,) = look(check_of("tls", server_name="other.test", **options), context)

    assert found.outcome is WELL, found.note


@pytest.mark.parametrize(("days", "warning"), [(9, None), (21, "the certificate"), (3650, "the certificate")])
def test_warning_in_time(
    web: Web, certificates: Certificates, context: ProbeContext, days: int, warning: str | None
) -> None:
    """Ten days before its end a certificate is a warning to who wants to know that early, and to no one else."""
    options = {"host": "127.0.0.1", "port": web.expiring, "ca_file": certificates.ca_file}

    (found,) = look(check_of("tls", cert_warn_days=days, **options), context)

    assert (found.outcome, found.reason) == (WELL, None)
    assert [line[: len("the certificate")] for line in found.warnings] == ([warning] if warning else [])


def test_critical(web: Web, certificates: Certificates, context: ProbeContext) -> None:
    """A certificate that is about to expire is urgent to the operators; the public hears nothing of it."""
    options = {"host": "127.0.0.1", "port": web.expiring, "ca_file": certificates.ca_file}

    (found,) = look(check_of("tls", cert_crit_days=11, **options), context)

    assert found.outcome is WELL
    assert found.warnings[0].startswith("critical: ")


OFFERS = b"250-mx\r\n250-STARTTLS\r\n250 X\r\n"
STARTTLS = [
    ("smtp", dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250-mx\r\n250 PIPELINING\r\n")), Reason.STARTTLS_MISSING),
    ("smtp", dialogue((b"", b"220 mx\r\n"), (b"EHLO", OFFERS), (b"STARTTLS", b"454 no\r\n")), Reason.STARTTLS_MISSING),
    (
        "smtp",
        dialogue((b"", b"220 mx\r\n"), (b"EHLO", OFFERS), (b"STARTTLS", b"220 go\r\n250 injected\r\n")),
        Reason.STARTTLS_INJECTED,
    ),
    ("smtp", dialogue((b"", b"220 mx\r\n"), (b"EHLO", OFFERS), (b"STARTTLS", b"220 go\r\n")), Reason.TIMEOUT),
    ("smtp", says(b"554 go away\r\n"), Reason.PROTOCOL),
    ("smtp", says(b"220-and so on\r\n" * 1000), Reason.PROTOCOL),
    ("smtp", says(b"2" * 100_000), Reason.PROTOCOL),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"a1 NO\r\n")), Reason.STARTTLS_MISSING),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"a1 BAD\r\n")), Reason.STARTTLS_MISSING),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"a1 OK\r\n* OK injected\r\n")), Reason.STARTTLS_INJECTED),
    ("imap", dialogue((b"", b"* OK\r\n"), (b"STARTTLS", b"* and so on\r\n" * 1000)), Reason.PROTOCOL),
    ("imap", says(b"* PREAUTH welcome\r\n"), Reason.PROTOCOL),
    ("pop3", dialogue((b"", b"+OK\r\n"), (b"STLS", b"-ERR\r\n")), Reason.STARTTLS_MISSING),
    ("pop3", dialogue((b"", b"+OK\r\n"), (b"STLS", b"+OK\r\n+OK injected\r\n")), Reason.STARTTLS_INJECTED),
    ("pop3", says(b"220 not pop3\r\n"), Reason.PROTOCOL),
    ("smtp", reset, Reason.RESET),
    ("smtp", drip, Reason.TIMEOUT),
    ("imap", hang, Reason.TIMEOUT),
]


@pytest.mark.parametrize(("protocol", "serve", "reason"), STARTTLS)
def test_starttls(context: ProbeContext, protocol: str, serve: Serve, reason: Reason) -> None:
    """What comes before TLS is judged by the rules of each protocol, and nothing of it is believed afterwards."""
    with serving(serve) as port:
        check = check_of("tls", host="127.0.0.1", port=port, tls="starttls", protocol=protocol, timeout="1s")
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (OUT, reason), found.note


@pytest.mark.parametrize("offers", [b"250-mx\r\n250 STARTTLS\r\n", b"250-mx\r\n250-starttls\r\n250 X\r\n"])
def test_starttls_is_offered_on_any_line(certificates: Certificates, context: ProbeContext, offers: bytes) -> None:
    """An offer counts on the last line as well as before it, in capitals or not."""
    with serving(smtp(certificates.valid).but(EHLO=offers)) as port:
        options = {"tls": "starttls", "ca_file": certificates.ca_file}
        (found,) = look(check_of("tls", host="127.0.0.1", port=port, **options), context)

    assert found.outcome is WELL, found.note


@pytest.mark.parametrize(
    ("serve", "reason"),
    [
        (says(b"220 mx ESMTP\r\n"), Reason.TLS_FAILED),
        (hang, Reason.TIMEOUT),
        (drip, Reason.TIMEOUT),
        (dripped_handshake, Reason.TIMEOUT),
        (reset, Reason.RESET),
    ],
)
def test_faulty_handshake(context: ProbeContext, serve: Serve, reason: Reason) -> None:
    """A server without TLS is out, at the latest when the time of the check is up."""
    with serving(serve) as port:
        (found,) = look(check_of("tls", host="127.0.0.1", port=port, timeout="1s"), context)

    assert (found.outcome, found.reason) == (OUT, reason), found.note


def test_second_look_that_hangs(certificates: Certificates, context: ProbeContext) -> None:
    """What the first look found stands, whatever becomes of the second."""
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificates.expired.certificate, certificates.expired.key)
    looks: list[int] = []

    def serve(connection: socket.socket) -> None:
        looks.append(1)
        if len(looks) > 1:
            hang(connection)
        else:
            server_tls.wrap_socket(connection, server_side=True).close()

    with serving(serve) as port:
        options = {"ca_file": certificates.ca_file, "timeout": "1s"}
        (found,) = look(check_of("tls", host="127.0.0.1", port=port, **options), context)

    assert len(looks) == 2
    assert (found.reason, found.note) == (Reason.CERTIFICATE_EXPIRED, "certificate has expired")


def test_other_kinds_announce_nothing(certificates: Certificates, context: ProbeContext) -> None:
    """A look at a page leaves no trace in the handshakes of other kinds, which share its authorities."""
    heard: list[str | None] = []
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificates.valid.certificate, certificates.valid.key)
    server_tls.set_alpn_protocols(["http/1.1"])

    def serve(connection: socket.socket) -> None:
        with server_tls.wrap_socket(connection, server_side=True) as encrypted:
            heard.append(encrypted.selected_alpn_protocol())
            if encrypted.recv(4096):
                encrypted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(serve) as port:
        page = check_of("http", url=f"https://127.0.0.1:{port}/", ca_file=certificates.ca_file)
        certificate = check_of("tls", host="127.0.0.1", port=port, ca_file=certificates.ca_file)
        found = [*look(page, context), *look(certificate, context)]

    assert [one.outcome for one in found] == [WELL, WELL]
    assert heard == ["http/1.1", None]


LOOKS = [
    ("valid", {}),
    ("expired", {}),
    ("plain", {}),
    ("hanging", {"timeout": "300ms"}),
    ("mail", {"tls": "starttls"}),
    ("untrusted_mail", {"tls": "starttls"}),
    ("injecting", {"tls": "starttls"}),
]


@pytest.mark.parametrize(("server", "options"), LOOKS)
def test_nothing_is_left(
    web: Web, certificates: Certificates, context: ProbeContext, server: str, options: dict[str, str]
) -> None:
    """When a look is over, whatever it found, its connections are closed and nothing goes on."""
    servers: dict[str, Serve] = {
        "hanging": hang,
        "mail": smtp(certificates.valid),
        "untrusted_mail": smtp(certificates.untrusted),
        "injecting": dialogue((b"", b"220 mx\r\n"), (b"EHLO", OFFERS), (b"STARTTLS", b"220 go\r\n250 more\r\n")),
    }

    def connections() -> list[str]:
        fds = Path("/proc/self/fd")
        return sorted(target for fd in fds.iterdir() if (target := _target(fd)).startswith("socket:"))

    async def left(port: int) -> tuple[int, int]:
        check = check_of("tls", host="127.0.0.1", port=port, ca_file=certificates.ca_file, **options)
        before = connections()
        await look_once(check, context)
        mine = [one for one in connections() if one not in before and one not in theirs]
        return len(mine), len(asyncio.all_tasks()) - 1

    theirs: list[str] = []
    with contextlib.ExitStack() as stack:
        serve = servers.get(server)
        port = stack.enter_context(serving(_noting(serve, theirs))) if serve else getattr(web, server)
        assert asyncio.run(left(port)) == (0, 0)


def _noting(serve: Serve, connections: list[str]) -> Serve:
    """Return a server that notes its own ends of the connections, which are of this process too."""

    def noting(connection: socket.socket) -> None:
        connections.append(_target(Path(f"/proc/self/fd/{connection.fileno()}")))
        serve(connection)

    return noting


def _target(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except FileNotFoundError:
        return ""


def test_ipv6_is_broken(web: Web, certificates: Certificates, context: ProbeContext) -> None:
    """A certificate that only IPv4 shows is degraded."""
    check = check_of("tls", host=NAME, port=web.valid, ca_file=certificates.ca_file)

    (found,) = look_over_both(check, context)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)


def test_refused(context: ProbeContext) -> None:
    """A port that nobody listens on is refused."""
    (found,) = look(check_of("tls", host="127.0.0.1", port=free_ports(1)[0]), context)

    assert (found.outcome, found.reason) == (OUT, Reason.REFUSED)


@pytest.mark.parametrize(
    ("options", "port"),
    [
        ({}, 443),
        ({"tls": "starttls"}, 25),
        ({"tls": "starttls", "protocol": "imap"}, 143),
        ({"tls": "starttls", "protocol": "pop3"}, 110),
        ({"tls": "starttls", "port": 587}, 587),
    ],
)
def test_default_port(options: dict[str, object], port: int) -> None:
    """The port is that of what is spoken, unless another is written."""
    check = check_of("tls", host="mx.test", **options)

    assert check.options.target.port == port  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, ["missing-key"]),
        ({"host": "mx.test", "tls": "none"}, ["unknown-value"]),
        ({"host": "mx.test", "tls": "starttls", "protocol": "ftp"}, ["unknown-value"]),
        ({"host": "mx.test", "cert_warn_days": "-1"}, ["wrong-type"]),
    ],
)
def test_options(options: dict[str, object], codes: list[str]) -> None:
    """What cannot be used is said."""
    checks = [{"name": "it", "kind": "tls", "service": "gateway", **options}]

    _, faults = parse({"probers": ["zrh1"], "checks": checks}, {"gateway": ()})  # type: ignore[dict-item]

    assert [fault.code for fault in faults] == codes


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def der(not_before: datetime, not_after: datetime, *names: str) -> bytes:
    """Return a certificate for names, within a time."""
    leaf = trustme.CA().issue_cert(*names, not_before=not_before, not_after=not_after)
    return ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())


@pytest.mark.parametrize(
    ("begins", "ends", "names", "said"),
    [
        (-9, 30, ["a.test"], "the certificate is for a.test and expires in 30.0 days"),
        (-9, -2, ["a.test", "b.test"], "the certificate is for a.test, b.test and expired 2.0 days ago"),
        (2, 30, ["a.test"], "the certificate is for a.test and begins in 2.0 days"),
        (
            -9,
            30,
            [f"{letter}.test" for letter in "abcdefg"],
            "the certificate is for a.test, b.test, c.test, d.test, e.test and others and expires in 30.0 days",
        ),
    ],
)
def test_description(begins: int, ends: int, names: list[str], said: str) -> None:
    """A certificate is described by its names and by what its days say now."""
    assert described(der(NOW + timedelta(begins), NOW + timedelta(ends), *names), NOW) == said


SOUND = der(NOW - timedelta(9), NOW + timedelta(9), "a.test")


@given(st.binary(max_size=40))
def test_any_certificate(data: bytes) -> None:
    """Whatever a server shows as a certificate, something is said of it and nothing raises."""
    assert described(data, NOW) == "the certificate cannot be read"


def test_damaged_certificates() -> None:
    """A certificate that is damaged anywhere is described, or called unreadable."""
    said = [
        described(SOUND[:place] + bytes([SOUND[place] ^ (1 << bit)]) + SOUND[place + 1 :], NOW)
        for place in range(len(SOUND))
        for bit in range(8)
    ]

    assert {line.partition(" for ")[0] for line in said} == {"the certificate is", "the certificate cannot be read"}


@pytest.mark.parametrize("tag", [b"\xa3", b"\xa5"])
def test_names_of_other_sorts(tag: bytes) -> None:
    """A name of a sort that nobody uses makes a certificate unreadable, no more."""
    place = SOUND.rindex(b"\x82\x06a.test")

    said = described(SOUND[:place] + tag + SOUND[place + 1 :], NOW)

    assert said == "the certificate cannot be read"
