"""The kind `http`, against a real nginx and servers that do one thing wrong."""

from __future__ import annotations

import logging
import os
import random
import re
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from probes.kind import ProbeContext
from probes.model import Outcome, Reason
from probes.options import Fault
from probes.spec import parse
from tests.probes.lab.certificates import Certificates, Pair
from tests.probes.lab.families import NAME, look_over_both
from tests.probes.lab.faulty import Serve, drip, hang, reset, says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.scripted import dripped_handshake
from tests.probes.lab.web import Web, nginx


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Web]:
    """Serve pages."""
    with nginx(tmp_path_factory.mktemp("nginx"), certificates) as running:
        yield running


WELL, OUT = Outcome.OPERATIONAL, Outcome.OUTAGE
RIGHT, WRONG = "fail_if_body_not_matches_regexp", "fail_if_body_matches_regexp"
FOUND = [
    ("plain", "/", {}, WELL, None),
    ("plain", "/error", {}, OUT, Reason.STATUS),
    ("plain", "/error", {"status": "partial_outage"}, Outcome.PARTIAL, Reason.STATUS),
    ("plain", "/error", {"valid_status_codes": [200, 500]}, WELL, None),
    ("plain", "/teapot", {}, OUT, Reason.STATUS),
    ("plain", "/", {"valid_status_codes": [418]}, OUT, Reason.STATUS),
    ("plain", "/", {"method": "HEAD"}, WELL, None),
    ("plain", "/moved", {}, WELL, None),
    ("plain", "/moved", {"max_redirects": 0}, OUT, Reason.STATUS),
    ("plain", "/moved", {"follow_redirects": False}, OUT, Reason.STATUS),
    ("plain", "/moved", {"follow_redirects": False, "valid_status_codes": [302]}, WELL, None),
    ("plain", "/round", {}, OUT, Reason.STATUS),
    ("plain", "/gone-wild", {}, OUT, Reason.STATUS),
    ("plain", "/to-valid", {}, WELL, None),
    ("plain", "/to-valid", {"fail_if_not_ssl": True}, WELL, None),
    ("plain", "/to-expired", {}, OUT, Reason.CERTIFICATE_EXPIRED),
    ("plain", "/", {"fail_if_not_ssl": True}, OUT, Reason.CONTENT),
    ("plain", "/", {WRONG: "all is"}, OUT, Reason.CONTENT),
    ("plain", "/", {WRONG: ["sold out", "is well"]}, OUT, Reason.CONTENT),
    ("plain", "/", {WRONG: ["sold out"]}, WELL, None),
    ("plain", "/", {RIGHT: "all is"}, WELL, None),
    ("plain", "/", {RIGHT: ["all is", "sold out"]}, OUT, Reason.CONTENT),
    ("plain", "/", {RIGHT: "well", "body_size_limit": 5}, OUT, Reason.CONTENT),
    ("plain", "/seen-other", {"method": "POST", RIGHT: "^GET "}, WELL, None),
    ("plain", "/moved", {"method": "POST", RIGHT: "all is"}, WELL, None),
    ("plain", "/kept", {"method": "POST", RIGHT: "^POST "}, WELL, None),
    ("plain", "/agent", {"headers": {"x-test": "ä"}, RIGHT: " ä 127"}, WELL, None),
    ("valid", "/", {}, WELL, None),
    ("expired", "/", {}, OUT, Reason.CERTIFICATE_EXPIRED),
    ("wrong_name", "/", {}, OUT, Reason.CERTIFICATE_NAME),
    ("wrong_name", "/", {"server_name": "other.test"}, WELL, None),
    ("untrusted", "/", {}, OUT, Reason.CERTIFICATE_UNTRUSTED),
    ("valid", "/", {"ca_file": "/no/such/file"}, Outcome.UNKNOWN, None),
]


@pytest.mark.parametrize(("server", "path", "options", "outcome", "reason"), FOUND)
def test_pages(
    web: Web,
    certificates: Certificates,
    context: ProbeContext,
    server: str,
    path: str,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """Each page is found as it is."""
    scheme = "http" if server == "plain" else "https"
    url = f"{scheme}://127.0.0.1:{getattr(web, server)}{path}"
    check = check_of("http", url=url, **{"ca_file": certificates.ca_file, **options})

    (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


OK = b"HTTP/1.1 200 OK\r\n"


def answers(text: bytes) -> Serve:
    """Listen, answer, and close."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(text)

    return serve


def drips_after(text: bytes) -> Serve:
    """Answer at once, and go on a byte at a time for ever."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(text)
        drip(connection)

    return serve


def waits_open(text: bytes) -> Serve:
    """Answer, and neither say more nor close."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(text)
        hang(connection)

    return serve


FAULTS = [
    (hang, OUT, Reason.TIMEOUT),
    (drip, OUT, Reason.TIMEOUT),
    (drips_after(OK + b"X-A: "), OUT, Reason.TIMEOUT),
    (drips_after(OK + b"\r\n"), OUT, Reason.TIMEOUT),
    (waits_open(OK + b"Content-Length: 9\r\n\r\nhalf"), OUT, Reason.TIMEOUT),
    (reset, OUT, Reason.RESET),
    (answers(b""), OUT, Reason.RESET),
    (answers(OK), OUT, Reason.PROTOCOL),
    (answers(OK + b"Content-Length: 9\r\n\r\nhalf"), OUT, Reason.PROTOCOL),
    (answers(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), OUT, Reason.PROTOCOL),
    (answers(OK + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"), OUT, Reason.PROTOCOL),
    (says(b"SSH-2.0\r\n\r\n"), OUT, Reason.PROTOCOL),
    (answers(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n"), WELL, None),
    (answers(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), WELL, None),
    (answers(b"HTTP/1.0 200 OK\r\n\r\nuntil the end"), WELL, None),
    (waits_open(OK + b"Content-Length: 2000000\r\n\r\n" + b"x" * 1_000_000), WELL, None),
]


@pytest.mark.parametrize(("serve", "outcome", "reason"), FAULTS)
def test_faulty(context: ProbeContext, serve: Serve, outcome: Outcome, reason: Reason | None) -> None:
    """A server that does not speak properly is out, at the latest when the time of the check is up."""
    with serving(serve) as port:
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", timeout="1s"), context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


@pytest.mark.parametrize(
    ("serve", "reason"),
    [
        (hang, Reason.TIMEOUT),
        (dripped_handshake, Reason.TIMEOUT),
        (reset, Reason.RESET),
        (says(b"220 mx\r\n"), Reason.TLS_FAILED),
    ],
)
def test_faulty_handshake(context: ProbeContext, serve: Serve, reason: Reason) -> None:
    """What goes wrong before TLS stands is told apart."""
    with serving(serve) as port:
        (found,) = look(check_of("http", url=f"https://127.0.0.1:{port}/", timeout="1s"), context)

    assert (found.outcome, found.reason) == (OUT, reason), found.note


ROW = b"a" * 5_000 + b"!"


def test_pattern_that_explodes(context: ProbeContext) -> None:
    """A page that is made to hold a pattern up is judged like any other."""
    page = OK + f"Content-Length: {len(ROW)}\r\n\r\n".encode() + ROW

    with serving(answers(page)) as port:
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", **{WRONG: "^(a+)+$"}), context)

    assert found.outcome is WELL


def test_pattern_that_takes_too_long(context: ProbeContext) -> None:
    """A pattern that is too slow for a page says nothing of the service, and warns the operators."""
    row = bytes(random.Random(1).choices(b"ab", k=100_000))  # noqa: S311 - any text with many beginnings
    page = OK + f"Content-Length: {len(row)}\r\n\r\n".encode() + row

    with serving(answers(page)) as port:
        options = {WRONG: "[ab]*a[ab]{900}c", "timeout": "500ms"}
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", **options), context)

    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, None)
    assert found.note.startswith("a regular expression takes longer than 0.125 s")
    assert found.warnings == (found.note,)


def test_nobody_listens(context: ProbeContext) -> None:
    """A refused connection is called one."""
    (found,) = look(check_of("http", url=f"http://127.0.0.1:{free_ports(1)[0]}/"), context)

    assert found.reason is Reason.REFUSED


def test_slow(context: ProbeContext) -> None:
    """A page that comes late is degraded, and its time is told."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        time.sleep(0.3)
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with serving(serve) as port:
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", degraded_above="200ms"), context)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.SLOW)
    assert found.took_seconds is not None
    assert found.took_seconds >= 0.3


def test_redirect_that_stays_open(web: Web, context: ProbeContext) -> None:
    """A redirect is followed without waiting for the rest of its page, as browsers do."""
    location = f"HTTP/1.1 302 Finding\r\nLocation: http://127.0.0.1:{web.plain}/\r\n\r\n".encode()

    with serving(waits_open(location)) as port:
        (found,) = look(check_of("http", url=f"http://127.0.0.1:{port}/", timeout="3s"), context)

    assert found.outcome is WELL


@pytest.mark.parametrize("path", ["/", "/to-expiring"])
def test_expiring(web: Web, certificates: Certificates, context: ProbeContext, path: str) -> None:
    """A certificate that is about to expire is a word to the operators with the host that has it, and nothing else."""
    address = f"https://127.0.0.1:{web.expiring}/" if path == "/" else f"http://127.0.0.1:{web.plain}{path}"

    (found,) = look(check_of("http", url=address, ca_file=certificates.ca_file), context)

    host = "127.0.0.1" if path == "/" else "localhost"
    assert found.outcome is WELL
    assert re.fullmatch(
        rf"the certificate of {host}:{web.expiring} expires in (9\.9|10\.0) days", "".join(found.warnings)
    )


def test_ipv6_is_broken(web: Web, context: ProbeContext) -> None:
    """A page that only IPv4 shows is degraded; one that is wanted over IPv4 alone is well."""
    check = check_of("http", url=f"http://{NAME}:{web.plain}/")

    (both,) = look_over_both(check, context)
    (four,) = look_over_both(check_of("http", url=f"http://{NAME}:{web.plain}/", ip_protocol="ip4"), context)

    assert (both.outcome, both.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)
    assert four.outcome is WELL


def test_name(web: Web, certificates: Certificates, context: ProbeContext) -> None:
    """The address is connected, but the name is what the server hears, in the handshake and in the request."""
    check = check_of(
        "http",
        url=f"https://{NAME}:{web.valid}/agent?a=b c#d",
        ip_protocol="ip4",
        ca_file=certificates.ca_file,
        **{RIGHT: rf"{re.escape(NAME)}:{web.valid} /agent\?a=b%20c sni={re.escape(NAME)}$"},
    )

    (found,) = look_over_both(check, context)

    assert found.outcome is WELL, found.note


def test_what_is_sent(context: ProbeContext) -> None:
    """A request says what it must, once, and that nothing follows; what staff write goes before what is usual."""
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with serving(serve) as port:
        options = {"method": "post", "headers": {"user-agent": "we", "X-Test": "1"}}
        look(check_of("http", url=f"http://127.0.0.1:{port}/a", **options), context)

    first, *headers = heard[0].decode().rstrip().split("\r\n")
    assert first == "POST /a HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: */*",
        "Connection: close",
        "Content-Length: 0",
        f"Host: 127.0.0.1:{port}",
        "User-Agent: we",
        "X-Test: 1",
    ]


def test_certificate_that_becomes_bad(certificates: Certificates, context: ProbeContext) -> None:
    """Every look has a connection of its own, which sees today's certificate."""
    shown: list[Pair] = [certificates.valid, certificates.expired]

    def serve(connection: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        pair = shown.pop(0)
        context.load_cert_chain(pair.certificate, pair.key)
        with context.wrap_socket(connection, server_side=True) as encrypted:
            while encrypted.recv(4096):
                encrypted.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with serving(serve) as port:
        check = check_of("http", url=f"https://127.0.0.1:{port}/", ca_file=certificates.ca_file)
        before, after = look(check, context) + look(check, context)  # type: ignore[operator]

    assert before.outcome is WELL
    assert after.reason is Reason.CERTIFICATE_EXPIRED


SECRET = "s3cret-canary"
UNSENDABLE = "PROBE_SECRET: a token holds no spaces, line ends or letters beyond ASCII"


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"bearer_token_env": "PROBE_SECRET"}, "Bearer s3cret-canary"),
        ({"username": "probe", "password_env": "PROBE_SECRET"}, "Basic cHJvYmU6czNjcmV0LWNhbmFyeQ=="),
    ],
)
def test_secret(
    web: Web,
    context: ProbeContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    options: dict[str, str],
    sent: str,
) -> None:
    """A password reaches the server alone: no result holds it and no library writes it to a log."""
    monkeypatch.setitem(os.environ, "PROBE_SECRET", SECRET)
    url = f"http://127.0.0.1:{web.plain}/agent?token={SECRET}"
    well = check_of("http", url=url, **options, **{RIGHT: f"GET {sent} "})
    bad = check_of("http", url=url, **options, **{WRONG: "s3cret"})

    with caplog.at_level(logging.DEBUG):
        found = [*look(well, context), *look(bad, context)]

    assert [one.outcome for one in found] == [WELL, OUT]
    assert SECRET not in repr(found) + caplog.text


@pytest.mark.parametrize(
    ("variable", "value", "note"),
    [
        ("NO_SUCH_VARIABLE", None, "the environment has no NO_SUCH_VARIABLE"),
        ("PROBE_SECRET", "s3cret\r\nX-Evil: 1", UNSENDABLE),
        ("PROBE_SECRET", "s3cret ", UNSENDABLE),
        ("PROBE_SECRET", "s3cret\udcff", "PROBE_SECRET in the environment is not UTF-8; set it again as UTF-8"),
    ],
)
def test_secret_cannot_be_used(
    web: Web, context: ProbeContext, monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, note: str
) -> None:
    """A prober that lacks its password, or has none that can be sent, knows nothing of the service."""
    if value:
        monkeypatch.setitem(os.environ, variable, value)
    check = check_of("http", url=f"http://127.0.0.1:{web.plain}/", bearer_token_env=variable)

    (found,) = look(check, context)

    assert (found.outcome, found.reason, found.note) == (Outcome.UNKNOWN, None, note)


REPEATED = f"Authorization : Bearer {SECRET}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (OK + REPEATED, "illegal header line"),
        (OK + b"X-A: \x00" + REPEATED, "illegal header line"),
        (REPEATED, "illegal status line"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + REPEATED, "illegal chunk header"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx" + REPEATED, "malformed chunk footer"),
    ],
)
def test_secret_that_is_repeated(
    context: ProbeContext, monkeypatch: pytest.MonkeyPatch, answer: bytes, note: str
) -> None:
    """A server that repeats what it was told, in a form that is none, is not quoted."""
    monkeypatch.setitem(os.environ, "PROBE_SECRET", SECRET)

    with serving(answers(answer)) as port:
        check = check_of("http", url=f"http://127.0.0.1:{port}/", bearer_token_env="PROBE_SECRET")
        (found,) = look(check, context)

    assert (found.outcome, found.reason, found.note) == (OUT, Reason.PROTOCOL, note)


def test_secret_stays_at_home(context: ProbeContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a redirect leads to another origin, neither password nor headers go along."""
    monkeypatch.setitem(os.environ, "PROBE_SECRET", SECRET)
    heard: list[bytes] = []

    def stranger(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with serving(stranger) as there:
        redirect = f"HTTP/1.1 302 Finding\r\nLocation: http://127.0.0.1:{there}/\r\nContent-Length: 0\r\n\r\n".encode()
        with serving(answers(redirect)) as port:
            url = f"http://127.0.0.1:{port}/"
            check = check_of("http", url=url, bearer_token_env="PROBE_SECRET", headers={"X-Test": "inside"})
            (found,) = look(check, context)

    assert found.outcome is WELL
    assert len(heard) == 1
    assert b"canary" not in heard[0]
    assert b"inside" not in heard[0]


HERE = "https://example.ch/"


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"url": "ftp://example.ch"}, ["bad-url"]),
        ({"url": "https://[::1"}, ["bad-url"]),
        ({"url": "https://a b/"}, ["bad-url"]),
        ({"url": "https://example.ch:0/"}, ["bad-url"]),
        ({"url": "https://user:word@example.ch/"}, ["plain-secret"]),
        ({"url": "ftp://user:word@[example.ch/"}, ["plain-secret"]),
        ({"url": "user:word@example.ch/"}, ["plain-secret"]),
        ({"url": "https:/user:word@example.ch"}, ["plain-secret"]),
        ({"url": "https:\\\\user:word@example.ch"}, ["plain-secret"]),
        ({"url": "//user:word@example.ch/"}, ["plain-secret"]),
        ({"url": "https://user:wo/rd@example.ch/word"}, ["plain-secret"]),
        ({"url": "htps://example.ch/?token=word"}, ["bad-url"]),
        ({"url": HERE, "server_name": "user:word@example.ch"}, ["wrong-type"]),
        ({"url": HERE, "password": "word"}, ["plain-secret"]),
        ({"url": HERE, "headers": {"authorization": "Bearer word"}}, ["plain-secret"]),
        ({"url": HERE, "headers": {"Proxy-Authorization": "Basic word"}}, ["plain-secret"]),
        ({"url": HERE, "headers": {"a b": "c"}}, ["wrong-type"]),
        ({"url": HERE, "username": "probe"}, ["missing-key"]),
        ({"url": HERE, "password_env": "A"}, ["missing-key"]),
        ({"url": HERE, "username": "probe", "password_env": "A", "bearer_token_env": "B"}, ["wrong-type"]),
        ({"url": HERE, "method": "BREW"}, ["unknown-value"]),
        ({"url": HERE, "valid_status_codes": ["2xx"]}, ["wrong-type"]),
        ({"url": HERE, WRONG: "("}, ["wrong-type"]),
        ({"url": HERE, RIGHT: ["(", ")", "fine"]}, ["wrong-type", "wrong-type"]),
        ({"url": HERE, "methd": "GET"}, ["unknown-key"]),
        ({"url": HERE, "host": "example.ch", "port": "443", "tls": "none"}, ["unknown-key"] * 3),
        ({}, ["missing-key"]),
    ],
)
def test_options(options: dict[str, object], codes: list[str]) -> None:
    """What cannot be used is said where it stands, and a secret is not repeated."""
    checks = [{"name": "it", "kind": "http", "service": "gateway", **options}]

    _, faults = parse({"probers": ["zrh1"], "checks": checks}, {"gateway": ()})  # type: ignore[dict-item]

    assert [fault.code for fault in faults] == codes
    assert all(isinstance(fault, Fault) and fault.path[:2] == ("checks", 0) for fault in faults)
    assert not any("word" in fault.message.replace("password", "") for fault in faults)
