"""The kinds `imap` and `pop3`, against a real Dovecot and servers that do one thing wrong."""

from __future__ import annotations

import os
import ssl
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace

import pytest

from probes.kind import ProbeContext, ProbeError
from probes.mail.imap import imap_session
from probes.mail.pop3 import pop3_session
from probes.model import Outcome, Reason
from probes.net.blocking import Sockets
from probes.net.handshake import connected
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target, Tls
from probes.secret import SecretSource
from probes.spec import parse
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.families import NAME, look_over_both
from tests.probes.lab.faulty import Serve, drip, hang, reset, serving
from tests.probes.lab.mail import USER, Mail
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.scripted import (
    DRIP,
    HANG,
    RESET,
    Answer,
    after,
    begin_tls,
    dripped_handshake,
    echo,
    imap,
    pop3,
    says_then,
    smtp,
)

CANARY = "c4nary-Pa55word"
BRIEF = {"timeout": "1s"}
OPERATIONAL, DEGRADED, OUTAGE, UNKNOWN = Outcome.OPERATIONAL, Outcome.DEGRADED, Outcome.OUTAGE, Outcome.UNKNOWN
SCRIPTED = {"imap": imap, "pop3": pop3}

Wrong = Mapping[str, Answer]
Written = Mapping[str, object]
Row = tuple[Wrong, Written, Outcome, Reason | None]
NO_OFFER = b"* CAPABILITY IMAP4rev1\r\n%t OK done\r\n"

IMAP_FAULTS: Mapping[str, Row] = {
    "none": ({}, {}, OPERATIONAL, None),
    "none: AUTH=PLAIN alone": (
        {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN\r\n%t OK done\r\n"},
        {},
        OPERATIONAL,
        None,
    ),
    "STARTTLS stripped": ({"CAPABILITY": NO_OFFER}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "STARTTLS refused": ({"STARTTLS": b"%t NO not now\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "logged in already": ({"GREETING": b"* PREAUTH welcome\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "answer injected": (
        {"STARTTLS": begin_tls(b"%t OK begin\r\n* OK injected\r\n")},
        {},
        OUTAGE,
        Reason.STARTTLS_INJECTED,
    ),
    "no handshake": ({"STARTTLS": says_then(b"%t OK begin\r\n", hang)}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other": ({"GREETING": DRIP}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other in TLS": (
        {"STARTTLS": says_then(b"%t OK begin\r\n", dripped_handshake)},
        BRIEF,
        OUTAGE,
        Reason.TIMEOUT,
    ),
    "one byte after the other to EXAMINE": ({"EXAMINE": DRIP}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "greeting held back": ({"GREETING": after(0.5, b"* OK ready\r\n")}, {}, OPERATIONAL, None),
    "greeting too late": ({"GREETING": after(2, b"* OK ready\r\n")}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent": ({"GREETING": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent to LOGIN": ({"LOGIN": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent at the end": ({"LOGOUT": HANG}, {}, OPERATIONAL, None),
    "reset": ({"GREETING": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at LOGIN": ({"LOGIN": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at EXAMINE": ({"EXAMINE": RESET}, {}, OUTAGE, Reason.RESET),
    "gone at LOGIN": ({"LOGIN": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "gone amid a line": ({"EXAMINE": says_then(b"* 0 EX", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "farewell as a greeting": ({"GREETING": b"* BYE no\xff\r\n"}, {}, OUTAGE, Reason.STATUS),
    "farewell at LOGIN": ({"LOGIN": b"* BYE no\r\n"}, {}, OUTAGE, Reason.STATUS),
    "garbage": ({"GREETING": b"\x00\xff \x1b[31m garbage\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "greeting of another protocol": ({"GREETING": b"220 mx ESMTP\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to CAPABILITY": ({"CAPABILITY": b"* CAPABILITY \xff\r\n%t OK\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to EXAMINE": ({"EXAMINE": b"* OK [UIDVALIDITY ?] \xff\r\n%t what\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "endless line": ({"GREETING": b"* OK " + b"x" * 2_000_000}, {}, OUTAGE, Reason.PROTOCOL),
    "folder does not open": ({"EXAMINE": b"%t NO [SERVERBUG] no\r\n"}, {}, OUTAGE, Reason.STATUS),
    "NOOP fails": ({"NOOP": b"%t BAD no\r\n"}, {}, OUTAGE, Reason.STATUS),
    "login refused": ({"LOGIN": b"%t NO [AUTHENTICATIONFAILED] no\r\n"}, {}, UNKNOWN, None),
    "login refused, which is an outage": (
        {"LOGIN": b"%t NO [AUTHENTICATIONFAILED] no\r\n"},
        {"auth_is_outage": True},
        OUTAGE,
        Reason.LOGIN_REFUSED,
    ),
    "no login can be checked": ({"LOGIN": b"%t NO [UNAVAILABLE] later\r\n"}, {}, OUTAGE, Reason.LOGIN_REFUSED),
    "password repeated in a refusal": ({"LOGIN": echo(b"%t NO")}, {}, UNKNOWN, None),
    "password repeated in an error": ({"LOGIN": echo(b"%t BAD")}, {}, UNKNOWN, None),
    "password repeated in a farewell": ({"LOGIN": echo(b"* BYE")}, {}, OUTAGE, Reason.STATUS),
    "password repeated in garbage": ({"LOGIN": echo(b"what?")}, {}, OUTAGE, Reason.PROTOCOL),
    "password repeated later": ({"EXAMINE": b"%t NO " + CANARY.encode() + b"\r\n"}, {}, OUTAGE, Reason.STATUS),
    "password repeated in garbage later": ({"NOOP": CANARY.encode() + b"\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
}
POP3_FAULTS: Mapping[str, Row] = {
    "none": ({}, {}, OPERATIONAL, None),
    "STARTTLS stripped": ({"CAPA": b"+OK\r\nUSER\r\n.\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "CAPA unknown": ({"CAPA": b"-ERR what?\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "STARTTLS refused": ({"STLS": b"-ERR not now\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "answer injected": ({"STLS": begin_tls(b"+OK begin\r\n+OK injected\r\n")}, {}, OUTAGE, Reason.STARTTLS_INJECTED),
    "no handshake": ({"STLS": says_then(b"+OK begin\r\n", hang)}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other": ({"GREETING": DRIP}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other in TLS": (
        {"STLS": says_then(b"+OK begin\r\n", dripped_handshake)},
        BRIEF,
        OUTAGE,
        Reason.TIMEOUT,
    ),
    "one byte after the other to STAT": ({"STAT": DRIP}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "greeting held back": ({"GREETING": after(0.5, b"+OK ready\r\n")}, {}, OPERATIONAL, None),
    "greeting too late": ({"GREETING": after(2, b"+OK ready\r\n")}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent": ({"GREETING": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent to PASS": ({"PASS": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent at the end": ({"QUIT": HANG}, {}, OPERATIONAL, None),
    "refusal at the end": ({"QUIT": b"-ERR no\r\n"}, {}, OPERATIONAL, None),
    "reset": ({"GREETING": RESET}, {}, OUTAGE, Reason.RESET),
    "gone at CAPA": ({"CAPA": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "gone at STLS": ({"STLS": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "gone at USER": ({"USER": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "reset at PASS": ({"PASS": RESET}, {}, OUTAGE, Reason.RESET),
    "gone at PASS": ({"PASS": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "gone at STAT": ({"STAT": says_then(b"", lambda _: None)}, {}, OUTAGE, Reason.RESET),
    "nobody served": ({"GREETING": b"-ERR no\xff\r\n"}, {}, OUTAGE, Reason.STATUS),
    "garbage": ({"GREETING": b"\x00\xff \x1b[31m garbage\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to CAPA": ({"CAPA": b"+OK\r\n\r\n\xff\r\n.\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to STAT": ({"STAT": b"+OK how much?\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "endless line": ({"GREETING": b"+OK " + b"x" * 99_999}, {}, OUTAGE, Reason.PROTOCOL),
    "mailbox does not open": ({"STAT": b"-ERR [SYS/TEMP] no\r\n"}, {}, OUTAGE, Reason.STATUS),
    "login refused": ({"PASS": b"-ERR [AUTH] no\r\n"}, {}, UNKNOWN, None),
    "name refused": ({"USER": b"-ERR [AUTH] no\r\n"}, {}, UNKNOWN, None),
    "login refused, which is an outage": (
        {"PASS": b"-ERR [AUTH] no\r\n"},
        {"auth_is_outage": True},
        OUTAGE,
        Reason.LOGIN_REFUSED,
    ),
    "somebody else is in": ({"PASS": b"-ERR [IN-USE] no\r\n"}, {}, UNKNOWN, None),
    "no login can be checked": ({"PASS": b"-ERR [SYS/TEMP] later\r\n"}, {}, OUTAGE, Reason.LOGIN_REFUSED),
    "password repeated in a refusal": ({"PASS": echo(b"-ERR")}, {}, UNKNOWN, None),
    "password repeated in garbage": ({"PASS": echo(b"what?")}, {}, OUTAGE, Reason.PROTOCOL),
    "password repeated later": ({"STAT": b"-ERR " + CANARY.encode() + b"\r\n"}, {}, OUTAGE, Reason.STATUS),
    "password repeated in garbage later": (
        {"STAT": b"+OK " + CANARY.encode() + b" 1\r\n"},
        {},
        OUTAGE,
        Reason.PROTOCOL,
    ),
}
FAULTS = {
    f"{kind}: {name}": (kind, *row)
    for kind, rows in (("imap", IMAP_FAULTS), ("pop3", POP3_FAULTS))
    for name, row in rows.items()
}


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_real_server(
    mail: Mail, certificates: Certificates, context: ProbeContext, password: str, kind: str, tls: str
) -> None:
    """A mailbox that opens is well."""
    port = {"imap": (mail.imaps, mail.imap), "pop3": (mail.pop3s, mail.pop3)}[kind][tls == "starttls"]
    named = {"host": "127.0.0.1", "port": port, "tls": tls, "ca_file": certificates.ca_file}

    (found,) = look(check_of(kind, **named, username=USER, password_env=password), context)

    assert (found.outcome, found.reason, found.note) == (OPERATIONAL, None, "")
    assert found.took_seconds is not None


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_without_login(mail: Mail, certificates: Certificates, context: ProbeContext, kind: str) -> None:
    """Without a name the greeting and the encryption are looked at alone."""
    port = mail.imaps if kind == "imap" else mail.pop3s

    (found,) = look(check_of(kind, host="127.0.0.1", port=port, ca_file=certificates.ca_file), context)

    assert found.outcome is OPERATIONAL


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("is_outage", "outcome", "reason"), [(False, UNKNOWN, None), (True, OUTAGE, Reason.LOGIN_REFUSED)]
)
def test_real_refusal(
    mail: Mail,
    certificates: Certificates,
    context: ProbeContext,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    is_outage: bool,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A refused login is a warning for the operators unless the plan says otherwise, and the password is never told."""
    monkeypatch.setitem(os.environ, "WRONG", CANARY)
    port = mail.imaps if kind == "imap" else mail.pop3s
    named = {"host": "127.0.0.1", "port": port, "tls": "implicit", "ca_file": certificates.ca_file, "timeout": "60s"}

    (found,) = look(check_of(kind, **named, username=USER, password_env="WRONG", auth_is_outage=is_outage), context)

    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.note == f"the login of {USER} was refused"
    assert found.warnings == (() if is_outage else (found.note,))
    assert CANARY not in repr(found)


def test_real_folder_is_missing(mail: Mail, certificates: Certificates, context: ProbeContext, password: str) -> None:
    """A folder that does not open is a fault."""
    named = {"host": "127.0.0.1", "port": mail.imaps, "tls": "implicit", "ca_file": certificates.ca_file}

    (found,) = look(check_of("imap", **named, folder="Nowhere", username=USER, password_env=password), context)

    assert (found.outcome, found.reason, found.note) == (OUTAGE, Reason.STATUS, "SELECT was refused")


@pytest.mark.parametrize(("kind", "wrong", "options", "outcome", "reason"), FAULTS.values(), ids=FAULTS)
def test_faults(
    certificates: Certificates,
    context: ProbeContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    kind: str,
    wrong: Wrong,
    options: Written,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """One fault has one outcome, the password is told to nobody, nobody hears it in plain text, nothing is changed."""
    monkeypatch.setitem(os.environ, "CANARY", CANARY)
    caplog.set_level(0)
    server = SCRIPTED[kind](certificates.valid).but(**wrong)
    named = {"host": "127.0.0.1", "tls": "starttls", "ca_file": certificates.ca_file}

    with serving(server) as port:
        check = check_of(kind, port=port, **{**named, "username": USER, "password_env": "CANARY", **options})
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert found.note.isprintable()
    assert CANARY not in repr(found) + caplog.text + "".join(capfd.readouterr())
    assert not [line for line, encrypted in server.heard if CANARY.encode() in line and not encrypted]
    assert not [line for line, _ in server.heard if {b"SELECT", b"STORE", b"DELE", b"RETR"} & set(line.split())]


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_password_is_in_no_traceback(certificates: Certificates, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """What a session raises, and what that came from, is silent about the password that a server repeats."""
    monkeypatch.setitem(os.environ, "CANARY", CANARY)
    wrong = {"imap": {"LOGIN": echo(b"* BYE")}, "pop3": {"PASS": echo(b"what?")}}[kind]
    session = {"imap": imap_session, "pop3": pop3_session}[kind]
    login = Login(username=USER, password=SecretSource(env="CANARY"))

    with serving(SCRIPTED[kind](certificates.valid).but(**wrong)) as port:
        address = Address(family=2, ip="127.0.0.1", port=port)
        target = Target(host="127.0.0.1", port=port)
        sockets = Sockets()
        with pytest.raises(ProbeError) as caught, session(target, address, sockets, login, 5):
            pytest.fail("there is no session")
        sockets.close()

    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_password_of_any_letters(
    certificates: Certificates, context: ProbeContext, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A password need not be in English."""
    monkeypatch.setitem(os.environ, "PASSWORD", 'Zür"ich\\ ¿')
    server = SCRIPTED[kind](certificates.valid)

    with serving(server) as port:
        named = {"host": "127.0.0.1", "port": port, "tls": "starttls", "ca_file": certificates.ca_file}
        (found,) = look(check_of(kind, **named, username=USER, password_env="PASSWORD"), context)

    assert found.outcome is OPERATIONAL, found.note


@pytest.mark.parametrize("kind", ["smtp", "imap", "pop3"])
@pytest.mark.parametrize("secret", ["", "a\x00b", "a\tb"], ids=repr)
def test_password_that_cannot_be(certificates: Certificates, context: ProbeContext, kind: str, secret: str) -> None:
    """A password that is missing, or could end a command, is the prober's own fault."""
    file = context.state / "password"
    file.write_text(secret)
    file.chmod(0o600)

    with serving({**SCRIPTED, "smtp": smtp}[kind](certificates.valid)) as port:
        named = {"host": "127.0.0.1", "port": port, "tls": "starttls", "ca_file": certificates.ca_file}
        (found,) = look(check_of(kind, **named, username=USER, password_file=file), context)

    assert (found.outcome, found.reason) == (UNKNOWN, None)
    assert found.warnings == (found.note,)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("name", "outcome", "reason"),
    [
        ("valid", OPERATIONAL, None),
        ("expiring", OPERATIONAL, None),
        ("expired", OUTAGE, Reason.CERTIFICATE_EXPIRED),
        ("wrong_name", OUTAGE, Reason.CERTIFICATE_NAME),
        ("untrusted", OUTAGE, Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_certificates(
    certificates: Certificates,
    context: ProbeContext,
    kind: str,
    tls: str,
    name: str,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A certificate that cannot be trusted is an outage, one that expires soon a warning for the operators alone."""
    server = replace(SCRIPTED[kind](getattr(certificates, name)), implicit=tls == "implicit")
    with serving(server) as port:
        check = check_of(kind, host="127.0.0.1", port=port, tls=tls, ca_file=certificates.ca_file)
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert len(found.warnings) == (name == "expiring")


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("six", "outcome", "reason"), [(reset, DEGRADED, Reason.IPV6_FAILED), (None, OPERATIONAL, None)]
)
def test_only_ipv6_is_broken(
    certificates: Certificates,
    context: ProbeContext,
    kind: str,
    six: Serve | None,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A server that answers over IPv4 alone is degraded; the certificate is that of its name."""
    four = SCRIPTED[kind](certificates.valid)
    with serving(four) as port, serving(six or four, host="::1", port=port):
        check = check_of(kind, host=NAME, port=port, ca_file=certificates.ca_file, tls="starttls")
        (found,) = look_over_both(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize("fault", ["hang", "drip", "handshake", "implicit handshake"])
def test_threads_end(certificates: Certificates, context: ProbeContext, kind: str, fault: str) -> None:
    """A server that hangs, or is slow without end, holds no thread beyond the time of the check."""
    begun = {
        "STARTTLS": says_then(b"%t OK begin\r\n", dripped_handshake),
        "STLS": says_then(b"+OK begin\r\n", dripped_handshake),
    }
    serves: Mapping[str, Serve] = {
        "hang": hang,
        "drip": drip,
        "handshake": SCRIPTED[kind](certificates.valid).but(**begun),
        "implicit handshake": dripped_handshake,
    }
    tls = {"handshake": "starttls", "implicit handshake": "implicit"}.get(fault, "none")
    with serving(serves[fault]) as port:
        # Longer than it takes for the next byte: no timeout of the socket ends it.
        look(check_of(kind, host="127.0.0.1", port=port, tls=tls, timeout="800ms"), context)
        until = time.monotonic() + 10
        while _busy() and time.monotonic() < until:
            time.sleep(0.05)

        assert _busy() == 0


def _busy() -> int:
    from probes.net.blocking import _POOL

    idle = _POOL._idle_semaphore._value
    return len([thread for thread in threading.enumerate() if thread.name.startswith("probe_")]) - idle


def test_ending_forgets_no_encryption(certificates: Certificates) -> None:
    """A connection that is ended from outside does not go on in plain text, whatever its thread is about to send."""
    sockets = Sockets()

    with serving(replace(imap(certificates.valid), implicit=True)) as port:
        target = Target(host="127.0.0.1", port=port, tls=Tls.IMPLICIT, ca_file=str(certificates.ca_file))
        connection = connected(target, Address(family=2, ip="127.0.0.1", port=port), sockets, 5)
        sockets.end()

        assert isinstance(connection, ssl.SSLSocket)
        assert connection.version() is not None
        sockets.close()


@pytest.mark.parametrize(
    ("kind", "options", "port", "tls"),
    [
        ("imap", {}, 993, "implicit"),
        ("imap", {"port": "143"}, 143, "starttls"),
        ("imap", {"tls": "starttls"}, 143, "starttls"),
        ("imap", {"port": "1993"}, 1993, "implicit"),
        ("pop3", {}, 995, "implicit"),
        ("pop3", {"port": "110"}, 110, "starttls"),
        ("pop3", {"tls": "none"}, 110, "none"),
    ],
)
def test_defaults(kind: str, options: dict[str, str], port: int, tls: str) -> None:
    """The port says how to encrypt, and the other way round; a login that is held back is waited for."""
    plan, faults = parse(
        {"probers": ["zrh1"], "checks": [{"name": "it", "kind": kind, "service": "mx", "host": "mx.test", **options}]},
        {"mx": ()},
    )

    (check,) = plan.checks
    target = check.options.target  # type: ignore[attr-defined]
    assert (faults, target.port, target.tls, check.timeout_seconds) == ([], port, tls, 30)
