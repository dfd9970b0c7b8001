"""The kind `smtp`, against a real mail service and servers that do one thing wrong."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from probes.hysteresis import State, advance
from probes.kind import ProbeContext
from probes.model import Outcome, Policy, Reason
from probes.spec import parse
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.families import NAME, look_over_both
from tests.probes.lab.faulty import Serve, hang, says, serving
from tests.probes.lab.mail import GONE, GREYLISTED, USER, Mail
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
    in_turn,
    says_then,
    smtp,
)

CANARY = "c4nary-Pa55word"
GOOD, BAD = {"rcpt_good": USER}, {"rcpt_bad": GONE}
NO_LOGIN = {"username": "", "password_env": ""}
BRIEF = {"timeout": "1s"}
OPERATIONAL, DEGRADED, OUTAGE, UNKNOWN = Outcome.OPERATIONAL, Outcome.DEGRADED, Outcome.OUTAGE, Outcome.UNKNOWN

REAL = [
    ({"rcpt_good": USER, "rcpt_bad": GONE, "mail_from": USER}, OPERATIONAL, None),
    ({"rcpt_good": GONE}, OUTAGE, Reason.RECIPIENT_REFUSED),
    ({"rcpt_good": GREYLISTED}, DEGRADED, Reason.RECIPIENT_DEFERRED),
    ({"rcpt_bad": USER}, DEGRADED, Reason.RECIPIENT_ACCEPTED),
    ({"degraded_above": "1ms"}, DEGRADED, Reason.SLOW),
]

Wrong = Mapping[str, Answer]
Written = Mapping[str, object]
FAULTS: Mapping[str, tuple[Wrong, Written, Outcome, Reason | None]] = {
    "none: STARTTLS stands in the last line": ({}, {}, OPERATIONAL, None),
    "none: both addresses": ({}, {**GOOD, **BAD}, OPERATIONAL, None),
    "STARTTLS stripped": ({"EHLO": b"250-mx\r\n250 AUTH PLAIN\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "STARTTLS refused": ({"STARTTLS": b"454 4.7.0 not now\r\n"}, {}, OUTAGE, Reason.STARTTLS_MISSING),
    "answer injected": (
        {"STARTTLS": begin_tls(b"220 go ahead\r\n250-mx\r\n250 AUTH PLAIN\r\n")},
        {},
        OUTAGE,
        Reason.STARTTLS_INJECTED,
    ),
    "answer injected, no handshake": (
        {"STARTTLS": says_then(b"220-go\r\n220 ahead\r\n235 welcome\r\n", hang)},
        BRIEF,
        OUTAGE,
        Reason.STARTTLS_INJECTED,
    ),
    "no handshake": ({"STARTTLS": says_then(b"220 go\r\n", hang)}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other": ({"GREETING": DRIP}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "one byte after the other in TLS": (
        {"STARTTLS": says_then(b"220 go\r\n", dripped_handshake)},
        BRIEF,
        OUTAGE,
        Reason.TIMEOUT,
    ),
    "one byte after the other to RCPT": ({"RCPT": DRIP}, {**GOOD, **BRIEF}, OUTAGE, Reason.TIMEOUT),
    "greeting held back": ({"GREETING": after(0.5, b"220 mx ESMTP\r\n")}, {}, OPERATIONAL, None),
    "greeting too late": ({"GREETING": after(2, b"220 mx ESMTP\r\n")}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "greeting held back for long": (
        {"GREETING": after(0.5, b"220 mx ESMTP\r\n")},
        {"degraded_above": "300ms"},
        DEGRADED,
        Reason.SLOW,
    ),
    "greylisting": ({"RCPT": b"450 4.7.1 later\r\n"}, GOOD, DEGRADED, Reason.RECIPIENT_DEFERRED),
    "sender turned away for now": ({"MAIL": b"452 4.3.1 disk full\r\n"}, GOOD, DEGRADED, Reason.RECIPIENT_DEFERRED),
    "sender refused": ({"MAIL": b"550 5.7.1 no\r\n"}, GOOD, OUTAGE, Reason.STATUS),
    "sent away amid": ({"RCPT": b"421 4.3.2 bye\r\n"}, GOOD, DEGRADED, Reason.RECIPIENT_DEFERRED),
    "good address refused": ({"RCPT": b"550 5.1.1 unknown\r\n"}, GOOD, OUTAGE, Reason.RECIPIENT_REFUSED),
    "bad address accepted": ({"RCPT": b"250 ok\r\n"}, BAD, DEGRADED, Reason.RECIPIENT_ACCEPTED),
    "bad address turned away for now": ({"RCPT": b"450 later\r\n"}, BAD, OPERATIONAL, None),
    "silent": ({"GREETING": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent to EHLO": ({"EHLO": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent to AUTH": ({"AUTH": HANG}, BRIEF, OUTAGE, Reason.TIMEOUT),
    "silent to RSET": ({"RSET": HANG}, GOOD, OPERATIONAL, None),
    "silent to QUIT": ({"QUIT": HANG}, GOOD, OPERATIONAL, None),
    "reset": ({"GREETING": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at EHLO": ({"EHLO": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at STARTTLS": ({"STARTTLS": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at AUTH": ({"AUTH": RESET}, {}, OUTAGE, Reason.RESET),
    "reset at RCPT": ({"RCPT": RESET}, GOOD, OUTAGE, Reason.RESET),
    "gone at RCPT": ({"RCPT": says_then(b"", lambda _: None)}, GOOD, OUTAGE, Reason.RESET),
    "garbage": ({"GREETING": b"\x00\xff \x1b[31m garbage\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to EHLO": ({"EHLO": b"\xff\xff\xff\r\n"}, {}, OUTAGE, Reason.PROTOCOL),
    "garbage to RCPT": ({"RCPT": b"what?\r\n"}, GOOD, OUTAGE, Reason.PROTOCOL),
    "endless line": ({"GREETING": b"220 " + b"x" * 99_999}, {}, OUTAGE, Reason.PROTOCOL),
    "nobody served": ({"GREETING": b"554 no\xff\r\n"}, {}, OUTAGE, Reason.STATUS),
    "nobody served for now": ({"GREETING": b"421 busy\r\n"}, NO_LOGIN, DEGRADED, Reason.STATUS),
    "no customer served for now": ({"GREETING": b"421 busy\r\n"}, {}, OUTAGE, Reason.STATUS),
    "login refused": ({"AUTH": b"535 5.7.8 no\r\n"}, {}, UNKNOWN, None),
    "login refused, which is an outage": (
        {"AUTH": b"535 5.7.8 no\r\n"},
        {"auth_is_outage": True},
        OUTAGE,
        Reason.LOGIN_REFUSED,
    ),
    "no login can be checked": ({"AUTH": b"454 4.7.0 later\r\n"}, {}, OUTAGE, Reason.LOGIN_REFUSED),
    "no login offered": ({"EHLO": b"250-mx\r\n250 STARTTLS\r\n"}, {}, OUTAGE, Reason.LOGIN_REFUSED),
    "password repeated in a refusal": ({"AUTH": echo(b"535")}, {}, UNKNOWN, None),
    "password repeated in a farewell": ({"AUTH": echo(b"421")}, {}, OUTAGE, Reason.LOGIN_REFUSED),
    "password repeated in garbage": ({"AUTH": echo(b"\xff")}, {}, OUTAGE, Reason.PROTOCOL),
    "password repeated later": ({"RCPT": b"550 " + CANARY.encode() + b"\r\n"}, GOOD, OUTAGE, Reason.RECIPIENT_REFUSED),
    "password repeated by MAIL": ({"MAIL": CANARY.encode() + b"\r\n"}, GOOD, OUTAGE, Reason.PROTOCOL),
}


@pytest.mark.parametrize(("options", "outcome", "reason"), REAL)
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_real_server(
    mail: Mail,
    certificates: Certificates,
    context: ProbeContext,
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

    (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert len(mail.mailbox(USER)) == before


@pytest.mark.parametrize(
    ("is_outage", "outcome", "reason"), [(False, UNKNOWN, None), (True, OUTAGE, Reason.LOGIN_REFUSED)]
)
def test_real_refusal(
    mail: Mail,
    certificates: Certificates,
    context: ProbeContext,
    monkeypatch: pytest.MonkeyPatch,
    is_outage: bool,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """A refused login is a warning for the operators unless the plan says otherwise, and the password is never told."""
    monkeypatch.setitem(os.environ, "WRONG", CANARY)
    named = {"host": "127.0.0.1", "port": mail.submission, "ca_file": certificates.ca_file, "tls": "starttls"}
    check = check_of("smtp", **named, username=USER, password_env="WRONG", auth_is_outage=is_outage, timeout="60s")

    (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.note == f"the login of {USER} was refused"
    assert found.warnings == (() if is_outage else (found.note,))
    assert CANARY not in repr(found)


@pytest.mark.parametrize(("wrong", "options", "outcome", "reason"), FAULTS.values(), ids=FAULTS)
def test_faults(
    certificates: Certificates,
    context: ProbeContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    wrong: Wrong,
    options: Written,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    """One fault has one outcome, the password is told to nobody, nobody hears it in plain text, and nothing is sent."""
    monkeypatch.setitem(os.environ, "CANARY", CANARY)
    caplog.set_level(0)
    server = smtp(certificates.valid).but(**wrong)
    named = {"host": "127.0.0.1", "tls": "starttls", "ca_file": certificates.ca_file}
    login = {"username": USER, "password_env": "CANARY"}

    with serving(server) as port:
        written = {key: value for key, value in {**named, **login, **options}.items() if value != ""}
        (found,) = look(check_of("smtp", port=port, **written), context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert found.note.isprintable()
    told = repr(found) + caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in _forms() if secret in told]
    in_plain_text = b"\n".join(line for line, encrypted in server.heard if not encrypted)
    assert not [secret for secret in _forms() if secret.encode() in in_plain_text]
    assert not [line for line, _ in server.heard if line.upper().startswith((b"DATA", b"BDAT"))]


def _forms() -> list[str]:
    """Return how a password may be written on the wire."""
    return [CANARY, *(base64.b64encode(text.encode()).decode() for text in (CANARY, f"\0{USER}\0{CANARY}"))]


def test_everything_is_taken_back(certificates: Certificates, context: ProbeContext) -> None:
    """What was begun with MAIL is taken back with RSET, also when an address is refused."""
    server = smtp(certificates.valid)

    with serving(server) as port:
        named = {"host": "127.0.0.1", "port": port, "tls": "starttls", "ca_file": certificates.ca_file}
        look(check_of("smtp", **named, rcpt_good=GONE, mail_from=USER, helo="probe.example"), context)

    said = [line.decode() for line, _ in server.heard]
    expected = ["MAIL FROM:<probe@mail.test>", "RCPT TO:<gone@mail.test>", "RSET", "QUIT"]
    assert said == ["EHLO probe.example", "STARTTLS", "EHLO probe.example", *expected]


def test_greylisting_never_opens(certificates: Certificates, context: ProbeContext) -> None:
    """Who is turned away at first and accepted from then on opens no episode."""
    server = smtp(certificates.valid).but(RCPT=in_turn(b"450 later\r\n", b"450 later\r\n", b"250 ok\r\n"))
    began, state, policy = context.now(), State(), Policy()
    found = []

    with serving(server) as port:
        check = check_of("smtp", host="127.0.0.1", port=port, ca_file=certificates.ca_file, tls="starttls", **GOOD)
        for place in range(12):
            (result,) = look(check, context)
            result = replace(result, at=began + timedelta(seconds=20 * place))
            state, steps = advance(state, result, result.at, policy)
            found.append((result.outcome, steps))

    assert found == [(DEGRADED, ())] * 2 + [(OPERATIONAL, ())] * 10


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
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
    certificates: Certificates, context: ProbeContext, name: str, outcome: Outcome, reason: Reason | None, tls: str
) -> None:
    """A certificate that cannot be trusted is an outage, one that expires soon a warning for the operators alone."""
    server = replace(smtp(getattr(certificates, name)), implicit=tls == "implicit")
    with serving(server) as port:
        check = check_of("smtp", host="127.0.0.1", port=port, tls=tls, ca_file=certificates.ca_file)
        (found,) = look(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note
    assert len(found.warnings) == (name == "expiring")


@pytest.mark.parametrize(
    ("six", "outcome", "reason"), [(says(b"554 no\r\n"), DEGRADED, Reason.IPV6_FAILED), (None, OPERATIONAL, None)]
)
def test_only_ipv6_is_broken(
    certificates: Certificates, context: ProbeContext, six: Serve | None, outcome: Outcome, reason: Reason | None
) -> None:
    """A server that answers over IPv4 alone is degraded; the certificate is that of its name."""
    four = smtp(certificates.valid)
    with serving(four) as port, serving(six or four, host="::1", port=port):
        check = check_of("smtp", host=NAME, port=port, ca_file=certificates.ca_file, tls="starttls", **GOOD)
        (found,) = look_over_both(check, context)

    assert (found.outcome, found.reason) == (outcome, reason), found.note


@pytest.mark.parametrize(
    ("options", "port", "tls"),
    [
        ({}, 25, "starttls"),
        ({"port": "587"}, 587, "starttls"),
        ({"port": "465"}, 465, "implicit"),
        ({"tls": "implicit"}, 465, "implicit"),
        ({"tls": "none"}, 25, "none"),
        ({"tls": "implicit", "port": "2525"}, 2525, "implicit"),
    ],
)
def test_defaults(options: dict[str, str], port: int, tls: str) -> None:
    """The port says how to encrypt, and the other way round; a greeting that is held back is waited for."""
    plan, faults = parse(
        {
            "probers": ["zrh1"],
            "checks": [{"name": "it", "kind": "smtp", "service": "mx", "host": "mx.test", **options}],
        },
        {"mx": ()},
    )

    (check,) = plan.checks
    target = check.options.target  # type: ignore[attr-defined]
    assert (faults, target.port, target.tls, check.timeout_seconds) == ([], port, tls, 30)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"rcpt_good": "nobody"}, "wrong-type"),
        ({"rcpt_bad": "<a@b>"}, "wrong-type"),
        ({"mail_from": "a@b@c"}, "wrong-type"),
        ({"helo": "two words"}, "wrong-type"),
        ({"username": "probe"}, "missing-key"),
        ({"password_env": "PASSWORD"}, "missing-key"),
        ({"username": "probe", "password": "oops"}, "plain-secret"),
    ],
)
def test_mistakes(options: dict[str, str], code: str) -> None:
    """What cannot be said to a server is found before anything is said."""
    _, faults = parse(
        {
            "probers": ["zrh1"],
            "checks": [{"name": "it", "kind": "smtp", "service": "mx", "host": "mx.test", **options}],
        },
        {"mx": ()},
    )

    assert code in [fault.code for fault in faults]
