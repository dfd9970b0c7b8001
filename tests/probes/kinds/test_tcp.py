"""The kind `tcp`, against servers that do one thing right or wrong."""

from __future__ import annotations

import socket
import ssl

import pytest

from probes.kind import ProbeContext
from probes.model import Outcome, Reason
from probes.spec import parse
from tests.probes.lab.certificates import Certificates, Pair
from tests.probes.lab.families import NAME, look_over_both
from tests.probes.lab.faulty import Serve, dialogue, drip, hang, reset, says, serving
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.scripted import dripped_handshake, smtp

SSH = [{"expect": "^SSH-2"}]
ECHO = [{"expect": "^220"}, {"send": "EHLO x"}, {"expect": "^250 "}]
WELL, OUT = Outcome.OPERATIONAL, Outcome.OUTAGE


def quits(connection: socket.socket) -> None:
    """Say one thing and close."""
    connection.sendall(b"hello\r\n")


@pytest.mark.parametrize(
    ("serve", "steps", "outcome", "reason"),
    [
        (hang, [], WELL, None),
        (says(b"SSH-2.0-x\r\n"), SSH, WELL, None),
        (says(b"hello\r\nSSH-2.0-x\r\n"), SSH, WELL, None),
        (says(b"SSH-1\r\n"), SSH, OUT, Reason.TIMEOUT),
        (says(b"x" * 100_000), SSH, OUT, Reason.CONTENT),
        (quits, SSH, OUT, Reason.CONTENT),
        (hang, SSH, OUT, Reason.TIMEOUT),
        (drip, SSH, OUT, Reason.TIMEOUT),
        (reset, SSH, OUT, Reason.RESET),
        (dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250-mx\r\n250 X\r\n")), ECHO, WELL, None),
        (dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"500 what\r\n")), ECHO, OUT, Reason.TIMEOUT),
    ],
)
def test_conversation(
    context: ProbeContext, serve: Serve, steps: list[dict[str, str]], outcome: Outcome, reason: Reason | None
) -> None:
    """A port is well if it answers, and says what is expected of it if anything is."""
    with serving(serve) as port:
        check = check_of("tcp", host="127.0.0.1", port=port, query_response=steps, timeout="1s")
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


STARTTLS = [
    {"expect": "^220", "send": "EHLO x"},
    {"expect": "^250 STARTTLS", "send": "STARTTLS"},
    {"expect": "^220", "starttls": True},
    {"send": "EHLO x"},
    {"expect": "^250 "},
]


@pytest.mark.parametrize(
    ("pair", "outcome", "reason"),
    [
        ("valid", WELL, None),
        ("expiring", WELL, None),
        ("expired", OUT, Reason.CERTIFICATE_EXPIRED),
        ("wrong_name", OUT, Reason.CERTIFICATE_NAME),
        ("untrusted", OUT, Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_starttls(
    certificates: Certificates, context: ProbeContext, pair: str, outcome: Outcome, reason: Reason | None
) -> None:
    """TLS begins where the conversation says so, and the certificate is judged."""
    shown: Pair = getattr(certificates, pair)
    options = {"ca_file": certificates.ca_file, "query_response": STARTTLS}

    with serving(smtp(shown)) as port:
        (found,) = look(check_of("tcp", host="127.0.0.1", port=port, **options), context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert bool(found.warnings) is (pair == "expiring")


def test_injected(context: ProbeContext) -> None:
    """What a server says before it is encrypted is never taken for what it says afterwards."""
    said = dialogue((b"", b"220 mx\r\n"), (b"EHLO", b"250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n250 injected\r\n"))

    with serving(said) as port:
        (found,) = look(check_of("tcp", host="127.0.0.1", port=port, query_response=STARTTLS), context)

    assert (found.outcome, found.reason) == (OUT, Reason.STARTTLS_INJECTED)


def greets_encrypted(pair: Pair) -> Serve:
    """Speak TLS from the beginning, and then first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            encrypted.sendall(b"SSH-2.0-x\r\n")
            hang(encrypted)

    return serve


def test_implicit_tls(certificates: Certificates, context: ProbeContext) -> None:
    """With `tls: implicit` everything is said encrypted."""
    with serving(greets_encrypted(certificates.valid)) as port:
        options = {"tls": "implicit", "ca_file": certificates.ca_file, "query_response": SSH}
        (found,) = look(check_of("tcp", host="127.0.0.1", port=port, **options), context)

    assert found.outcome is WELL, found.note


@pytest.mark.parametrize(
    ("serve", "reason"),
    [
        (says(b"220 mx\r\n"), Reason.TLS_FAILED),
        (hang, Reason.TIMEOUT),
        (dripped_handshake, Reason.TIMEOUT),
        (reset, Reason.RESET),
    ],
)
def test_no_tls_there(context: ProbeContext, serve: Serve, reason: Reason) -> None:
    """With `tls: implicit` a server that speaks plain text has no TLS, whatever it says."""
    with serving(serve) as port:
        (found,) = look(check_of("tcp", host="127.0.0.1", port=port, tls="implicit", timeout="1s"), context)

    assert (found.outcome, found.reason) == (OUT, reason), found.note


def test_ipv6_is_broken(context: ProbeContext) -> None:
    """A port that only IPv4 reaches is degraded."""
    with serving(hang) as port:
        (found,) = look_over_both(check_of("tcp", host=NAME, port=port), context)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)


def test_ipv6_hangs(context: ProbeContext) -> None:
    """What hangs over one version of IP alone is judged by itself, before the time of the check is up."""
    with serving(says(b"SSH-2.0-x\r\n")) as port, serving(hang, host="::1", port=port):
        (found,) = look_over_both(check_of("tcp", host=NAME, port=port, query_response=SSH, timeout="2s"), context)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.IPV6_FAILED)


def test_refused(context: ProbeContext) -> None:
    """A port that nobody listens on is refused."""
    (found,) = look(check_of("tcp", host="127.0.0.1", port=free_ports(1)[0]), context)

    assert (found.outcome, found.reason) == (OUT, Reason.REFUSED)


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"host": "mx.test"}, ["missing-key"]),
        ({"port": "25"}, ["missing-key"]),
        ({"host": "m x", "port": "25"}, ["wrong-type"]),
        ({"host": "mx.test", "port": "25", "tls": "starttls"}, ["unknown-value"]),
        (
            {"host": "mx.test", "port": "25", "tls": "implicit", "query_response": [{"starttls": "true"}]},
            ["wrong-type"],
        ),
        ({"host": "mx.test", "port": "25", "query_response": [{"expect": "("}]}, ["wrong-type"]),
        ({"host": "mx.test", "port": "25", "query_response": [{"expct": "x"}]}, ["unknown-key"]),
    ],
)
def test_options(options: dict[str, object], codes: list[str]) -> None:
    """What cannot be used is said, above all what would leave a connection in plain text."""
    checks = [{"name": "it", "kind": "tcp", "service": "gateway", **options}]

    _, faults = parse({"probers": ["zrh1"], "checks": checks}, {"gateway": ()})  # type: ignore[dict-item]

    assert [fault.code for fault in faults] == codes


def test_pattern_that_explodes(context: ProbeContext) -> None:
    """A line that is made to hold a pattern up is passed over like any other."""
    steps = [{"expect": "^(a+)+$"}, {"expect": "^(b+)+$"}]

    with serving(says(b"a" * 5_000 + b"!\r\naaa\r\n" + b"b" * 5_000 + b"\r\n")) as port:
        (found,) = look(check_of("tcp", host="127.0.0.1", port=port, query_response=steps), context)

    assert found.outcome is Outcome.OPERATIONAL
