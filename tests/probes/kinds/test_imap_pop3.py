"""The kinds `imap` and `pop3`, against a real Dovecot and servers that do one thing wrong."""

from __future__ import annotations

import os
import threading
import time

import pytest

from probes.kind import Ground
from probes.model import Outcome, Reason
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import Serve, dialogue, drip, hang, reset, says, serving, with_tls
from tests.probes.lab.mail import USER, Mail
from tests.probes.lab.plans import check_of, look

IMAP_HELLO = (b"", b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
POP3_HELLO = (b"", b"+OK hello\r\n")


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_real_server(
    mail: Mail, certificates: Certificates, ground: Ground, password: str, kind: str, tls: str
) -> None:
    """A mailbox that opens is well."""
    port = {"imap": (mail.imaps, mail.imap), "pop3": (mail.pop3s, mail.pop3)}[kind][tls == "starttls"]
    named = {"host": "127.0.0.1", "port": port, "tls": tls, "ca_file": certificates.ca_file}

    (found,) = look(check_of(kind, **named, username=USER, password_env=password), ground)

    assert (found.outcome, found.reason, found.note) == (Outcome.OPERATIONAL, None, "")
    assert found.took_seconds is not None


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_without_login(mail: Mail, certificates: Certificates, ground: Ground, kind: str) -> None:
    """Without a name the greeting and the encryption are looked at alone."""
    port = mail.imaps if kind == "imap" else mail.pop3s

    (found,) = look(check_of(kind, host="127.0.0.1", port=port, ca_file=certificates.ca_file), ground)

    assert found.outcome is Outcome.OPERATIONAL


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize(("is_outage", "outcome"), [(False, Outcome.UNKNOWN), (True, Outcome.OUTAGE)])
def test_login_refused(
    mail: Mail,
    certificates: Certificates,
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    is_outage: bool,
    outcome: Outcome,
) -> None:
    """A refused login is our own fault unless the plan says otherwise, and the password is never told."""
    monkeypatch.setitem(os.environ, "WRONG", "wr0ng-canary")
    port = mail.imaps if kind == "imap" else mail.pop3s
    named = {"host": "127.0.0.1", "port": port, "ca_file": certificates.ca_file}

    (found,) = look(check_of(kind, **named, username=USER, password_env="WRONG", auth_is_outage=is_outage), ground)

    assert (found.outcome, found.reason) == (outcome, Reason.LOGIN_REFUSED)
    assert "canary" not in repr(found)


def test_folder_is_missing(mail: Mail, certificates: Certificates, ground: Ground, password: str) -> None:
    """A folder that does not open is a fault."""
    named = {"host": "127.0.0.1", "port": mail.imaps, "ca_file": certificates.ca_file, "folder": "Nowhere"}

    (found,) = look(check_of("imap", **named, username=USER, password_env=password), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.PROTOCOL)


FAULTS = [
    ("imap", dialogue(IMAP_HELLO, (b"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\nX OK\r\n")), Reason.PROTOCOL),
    ("imap", says(b"220 not imap\r\n"), Reason.PROTOCOL),
    ("imap", says(b"* BYE no\r\n"), Reason.PROTOCOL),
    ("imap", hang, Reason.TIMEOUT),
    ("imap", drip, Reason.TIMEOUT),
    ("imap", reset, Reason.RESET),
    ("pop3", dialogue(POP3_HELLO, (b"CAPA", b"+OK\r\nUSER\r\n.\r\n")), Reason.STARTTLS_MISSING),
    ("pop3", dialogue(POP3_HELLO, (b"CAPA", b"+OK\r\nSTLS\r\n.\r\n"), (b"STLS", b"-ERR\r\n")), Reason.STARTTLS_MISSING),
    ("pop3", says(b"220 not pop3\r\n"), Reason.PROTOCOL),
    ("pop3", hang, Reason.TIMEOUT),
    ("pop3", drip, Reason.TIMEOUT),
    ("pop3", reset, Reason.RESET),
]


@pytest.mark.parametrize(("kind", "serve", "reason"), FAULTS)
def test_faulty(ground: Ground, kind: str, serve: Serve, reason: Reason) -> None:
    """A server that does one thing wrong is out, for that reason, at the latest when the time of the check is up."""
    with serving(serve) as port:
        (found,) = look(check_of(kind, host="127.0.0.1", port=port, tls="starttls", timeout="1s"), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, reason), found.note


def imap_without_starttls(connection: object) -> None:
    """Answer CAPABILITY with the tag that was sent, and offer no STARTTLS."""
    file = connection.makefile("rwb")  # type: ignore[attr-defined]
    file.write(IMAP_HELLO[1])
    file.flush()
    for line in file:
        tag = line.split()[0]
        file.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
        file.flush()


def test_imap_starttls_stripped(ground: Ground) -> None:
    """An IMAP server that no longer offers STARTTLS is out."""
    with serving(imap_without_starttls) as port:
        (found,) = look(check_of("imap", host="127.0.0.1", port=port, tls="starttls", timeout="2s"), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.STARTTLS_MISSING)


@pytest.mark.parametrize("kind", ["imap", "pop3"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("expired", Reason.CERTIFICATE_EXPIRED),
        ("wrong_name", Reason.CERTIFICATE_NAME),
        ("untrusted", Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_certificates(certificates: Certificates, ground: Ground, kind: str, name: str, reason: Reason) -> None:
    """A certificate that cannot be trusted is an outage, for its own reason."""
    pair = getattr(certificates, name)
    with serving(with_tls(str(pair.certificate), str(pair.key), hang)) as port:
        check = check_of(kind, host="127.0.0.1", port=port, ca_file=certificates.ca_file)
        (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, reason), found.note


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_threads_end(ground: Ground, kind: str) -> None:
    """A server that hangs holds no thread beyond the time of the check."""
    with serving(hang) as port:
        for _ in range(3):
            look(check_of(kind, host="127.0.0.1", port=port, tls="none", timeout="200ms"), ground)
        until = time.monotonic() + 10
        while _busy() and time.monotonic() < until:
            time.sleep(0.05)

    assert _busy() == 0


def _busy() -> int:
    from probes.blocking import _POOL

    idle = _POOL._idle_semaphore._value
    return len([thread for thread in threading.enumerate() if thread.name.startswith("probe_")]) - idle
