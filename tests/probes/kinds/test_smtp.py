"""The kind `smtp`, against a real mail service and servers that do one thing wrong."""

from __future__ import annotations

import os

import pytest

from probes.kind import Ground
from probes.model import Outcome, Reason
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import Serve, dialogue, drip, hang, reset, says, serving, with_tls
from tests.probes.lab.mail import GONE, GREYLISTED, USER, Mail
from tests.probes.lab.plans import check_of, look

GREETING = (b"", b"220 mx.mail.test ESMTP\r\n")
PLAIN_OFFER = (b"EHLO", b"250-mx.mail.test\r\n250 PIPELINING\r\n")
OFFER = (b"EHLO", b"250-mx.mail.test\r\n250 STARTTLS\r\n")

FOUND = [
    ({"rcpt_good": USER, "rcpt_bad": GONE, "mail_from": USER}, Outcome.OPERATIONAL, None),
    ({"rcpt_good": GONE}, Outcome.OUTAGE, Reason.RECIPIENT_REFUSED),
    ({"rcpt_good": GREYLISTED}, Outcome.DEGRADED, Reason.RECIPIENT_DEFERRED),
    ({"rcpt_bad": USER}, Outcome.DEGRADED, Reason.RECIPIENT_ACCEPTED),
    ({"degraded_above": "1ms"}, Outcome.DEGRADED, Reason.SLOW),
]


@pytest.mark.parametrize(("options", "outcome", "reason"), FOUND)
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_real_server(
    mail: Mail,
    certificates: Certificates,
    ground: Ground,
    password: str,
    tls: str,
    options: dict[str, object],
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A server that demands encryption and a login is found as it is, and no message is sent."""
    before = len(mail.mailbox(USER))
    port = mail.submission if tls == "starttls" else mail.submissions
    named = {"host": "127.0.0.1", "port": port, "tls": tls, "ca_file": certificates.ca_file, **options}
    check = check_of("smtp", **named, username=USER, password_env=password)

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert len(mail.mailbox(USER)) == before


FAULTS = [
    (dialogue(GREETING, PLAIN_OFFER), Reason.STARTTLS_MISSING),
    (dialogue(GREETING, OFFER, (b"STARTTLS", b"454 not now\r\n")), Reason.STARTTLS_MISSING),
    (dialogue(GREETING, OFFER, (b"STARTTLS", b"220 go\r\nplain text\r\n")), Reason.TLS_FAILED),
    (says(b"554 no\r\n"), Reason.PROTOCOL),
    (says(b"421 busy\r\n"), Reason.PROTOCOL),
    (says(b"\x00\xff garbage\r\n"), Reason.PROTOCOL),
    (dialogue(GREETING), Reason.TIMEOUT),
    (hang, Reason.TIMEOUT),
    (drip, Reason.TIMEOUT),
    (reset, Reason.RESET),
]


@pytest.mark.parametrize(("serve", "reason"), FAULTS)
def test_faulty(ground: Ground, serve: Serve, reason: Reason) -> None:
    """A server that does one thing wrong is out, for that reason, at the latest when the time of the check is up."""
    with serving(serve) as port:
        (found,) = look(check_of("smtp", host="127.0.0.1", port=port, timeout="1s"), ground)

    assert found.outcome is Outcome.OUTAGE
    # What is injected is dropped; the handshake that follows it then fails, or never comes to an end.
    assert found.reason in ((reason, Reason.TIMEOUT, Reason.RESET) if reason is Reason.TLS_FAILED else (reason,))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("expired", Reason.CERTIFICATE_EXPIRED),
        ("wrong_name", Reason.CERTIFICATE_NAME),
        ("untrusted", Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_certificates(certificates: Certificates, ground: Ground, name: str, reason: Reason) -> None:
    """A certificate that cannot be trusted is an outage, for its own reason."""
    pair = getattr(certificates, name)
    serve = with_tls(str(pair.certificate), str(pair.key), dialogue(GREETING, PLAIN_OFFER))
    with serving(serve) as port:
        check = check_of("smtp", host="127.0.0.1", port=port, tls="implicit", ca_file=certificates.ca_file)
        (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, reason), found.note


@pytest.mark.parametrize(("is_outage", "outcome"), [(False, Outcome.UNKNOWN), (True, Outcome.OUTAGE)])
def test_login_refused(
    mail: Mail,
    certificates: Certificates,
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    is_outage: bool,
    outcome: Outcome,
) -> None:
    """A refused login is our own fault unless the plan says otherwise, and the password is never told."""
    monkeypatch.setitem(os.environ, "WRONG", "wr0ng-canary")
    named = {"host": "127.0.0.1", "port": mail.submission, "ca_file": certificates.ca_file}
    check = check_of("smtp", **named, username=USER, password_env="WRONG", auth_is_outage=is_outage, timeout="60s")

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (outcome, Reason.LOGIN_REFUSED)
    assert "canary" not in repr(found)


def test_slow_banner(ground: Ground) -> None:
    """A banner that is held back, as some servers do against spammers, is waited for."""

    def serve(connection: object) -> None:
        import time

        time.sleep(0.5)
        dialogue(GREETING, PLAIN_OFFER, (b"QUIT", b"221 bye\r\n"))(connection)  # type: ignore[arg-type]

    with serving(serve) as port:
        (found,) = look(check_of("smtp", host="127.0.0.1", port=port, tls="none"), ground)

    assert found.outcome is Outcome.OPERATIONAL
    assert found.took_seconds is not None
    assert found.took_seconds >= 0.5


def test_last_line_offers_starttls(ground: Ground) -> None:
    """STARTTLS is seen wherever it stands in the answer."""
    with serving(dialogue(GREETING, OFFER, (b"STARTTLS", b"220 go\r\n"))) as port:
        (found,) = look(check_of("smtp", host="127.0.0.1", port=port, timeout="1s"), ground)

    assert found.reason is not Reason.STARTTLS_MISSING
