"""Where checks connect to, and whom they trust there."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.target import IpProtocol, Target, Tls, certificate_warnings, read_mail_target, read_target, tls_context
from probes.options import Fault, Options
from tests.probes.lab.certificates import Certificates, Pair

DAY = 86400.0


def options(raw: dict[str, str]) -> tuple[Options, list[Fault]]:
    """Return options, and where their faults go."""
    faults: list[Fault] = []
    return Options(raw, (), faults, "a check"), faults


def test_defaults() -> None:
    """A host alone is enough where the kind knows the rest."""
    read, faults = options({"host": "mx.test"})

    target = read_target(read, port=25, tls=Tls.STARTTLS)

    assert target == Target(
        host="mx.test",
        port=25,
        ip_protocol=IpProtocol.BOTH,
        tls=Tls.STARTTLS,
        cert_warn_seconds=21 * DAY,
        cert_crit_seconds=3 * DAY,
    )
    assert target.name == "mx.test"
    assert faults == []


def test_everything_written() -> None:
    """What is written goes before what the kind would take."""
    written = {
        "host": "192.0.2.1",
        "port": "2525",
        "ip_protocol": "ip4",
        "tls": "none",
        "ca_file": "/etc/ca.pem",
        "server_name": "mx.test",
        "cert_warn_days": "30",
        "cert_crit_days": "0",
    }
    read, faults = options(written)

    target = read_target(read, port=25, tls=Tls.STARTTLS)
    read.finish()

    assert target == Target(
        host="192.0.2.1",
        port=2525,
        ip_protocol=IpProtocol.IP4,
        tls=Tls.NONE,
        ca_file="/etc/ca.pem",
        server_name="mx.test",
        cert_warn_seconds=30 * DAY,
        cert_crit_seconds=0.0,
    )
    assert target.name == "mx.test"
    assert faults == []


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("mx.test", "mx.test"),
        ("MX_1.test.", "MX_1.test."),
        ("faß.ch", "xn--fa-hia.ch"),
        ("zürich.example.ch", "xn--zrich-kva.example.ch"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_hosts(written: str, host: str) -> None:
    """A host is a name, which is written as browsers write it (IDNA 2008), or an address."""
    read, faults = options({"host": written})

    assert read_target(read, port=25).host == host
    assert faults == []


@pytest.mark.parametrize("key", ["host", "server_name"])
@pytest.mark.parametrize(
    "written", ["m x", ".".join(["x" * 60] * 5), "a..b", "x" * 64, "mx.test:25", "http://mx.test", "​", "日\U000f0000"]
)
def test_no_hosts(key: str, written: str) -> None:
    """What is not a host name is said where it stands."""
    read, faults = options({"host": "mx.test", key: written})

    read_target(read, port=25)

    assert [(fault.path, fault.code) for fault in faults] == [((key,), "wrong-type")]


def test_no_host_with_a_password() -> None:
    """What stands before an @ in a host is not repeated: it may be a password."""
    read, faults = options({"host": "probe:geheim@mx.test"})

    read_target(read, port=25)

    assert [fault.message for fault in faults] == ["host is not a host name"]


def test_no_host_is_one_fault() -> None:
    """A host that is missing is missing, and nothing else is wrong with it."""
    read, faults = options({})

    read_target(read, port=25)

    assert [fault.code for fault in faults] == ["missing-key"]


def test_port_must_be_written() -> None:
    """A kind without a port of its own needs one."""
    read, faults = options({"host": "mx.test"})

    read_target(read, port=0)

    assert [(fault.code, fault.message) for fault in faults] == [
        ("missing-key", 'a check of this kind needs "port"'),
    ]


def test_named_by_an_address() -> None:
    """Where an address has named host and port they are no keys of their own."""
    read, faults = options({"host": "other.test", "port": "1", "tls": "none"})

    target = read_target(read, port=443, tls=Tls.IMPLICIT, host="page.test")
    read.finish()

    assert (target.host, target.port, target.tls) == ("page.test", 443, Tls.IMPLICIT)
    assert [fault.code for fault in faults] == ["unknown-key"] * 3


@pytest.mark.parametrize(
    ("written", "port", "tls"),
    [
        ({}, 993, Tls.IMPLICIT),
        ({"port": "143"}, 143, Tls.STARTTLS),
        ({"port": "1993"}, 1993, Tls.IMPLICIT),
        ({"tls": "starttls"}, 143, Tls.STARTTLS),
        ({"tls": "none"}, 143, Tls.NONE),
        ({"tls": "starttls", "port": "993"}, 993, Tls.STARTTLS),
    ],
)
def test_mail_ports(written: dict[str, str], port: int, tls: Tls) -> None:
    """A port says how mail is encrypted, and the other way round; what is written counts."""
    read, _ = options({"host": "imap.test", **written})

    target = read_mail_target(read, implicit=993, plain=143, tls=Tls.IMPLICIT)

    assert (target.port, target.tls) == (port, tls)


def test_context_is_made_once(certificates: Certificates) -> None:
    """Reading authorities takes long: all who trust the same share them, and what is announced sets them apart."""
    ca_file = str(certificates.ca_file)

    assert tls_context(ca_file) is tls_context(ca_file)
    assert tls_context(ca_file) is not tls_context(ca_file, "http/1.1")
    assert tls_context(ca_file, "http/1.1") is tls_context(ca_file, "http/1.1")


def test_context_is_strict(certificates: Certificates) -> None:
    """Chain and name are verified, and nothing older than TLS 1.2 is spoken."""
    trusted = tls_context(str(certificates.ca_file))

    assert (trusted.verify_mode, trusted.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert trusted.minimum_version is ssl.TLSVersion.TLSv1_2
    assert [entry["subject"] for entry in trusted.get_ca_certs()] != []


@pytest.mark.parametrize(
    ("text", "said"), [(None, "No such file or directory"), ("nothing", "no certificate or crl found")]
)
def test_no_authorities(tmp_path: Path, text: str | None, said: str) -> None:
    """Authorities that cannot be read are the prober's own fault, and say nothing of the service."""
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)

    with pytest.raises(ProbeError) as raised:
        tls_context(str(file))

    assert (raised.value.outcome, raised.value.reason) == (Outcome.UNKNOWN, Reason.TLS_FAILED)
    assert raised.value.note.startswith(f"ca_file {file}: ")
    assert said in raised.value.note


def shaken(pair: Pair, ca_file: Path) -> ssl.SSLObject:
    """Return the client's side of a handshake in memory."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pair.certificate, pair.key)
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    client = tls_context(str(ca_file)).wrap_bio(to_client, to_server, server_hostname="mx.mail.test")
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return client


@pytest.mark.parametrize(
    ("days_before", "warning"),
    [
        (22, ""),
        (20, "the certificate of mx.test:25 expires in 20.0 days"),
        (2, "critical: the certificate of mx.test:25 expires in 2.0 days"),
        (-1, "critical: the certificate of mx.test:25 expires in -1.0 days"),
    ],
)
def test_warnings(certificates: Certificates, days_before: int, warning: str) -> None:
    """Three weeks before its end a certificate is a warning, three days before it an urgent one."""
    client = shaken(certificates.expiring, certificates.ca_file)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((client.getpeercert() or {})["notAfter"])), UTC)

    lines = certificate_warnings(client, Target(host="mx.test", port=25), ends - timedelta(days=days_before))

    assert list(lines) == ([warning] if warning else [])
