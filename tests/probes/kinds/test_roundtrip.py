"""The kind `roundtrip`, against a real mail service whose time the tests set."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from probes.kind import Ground, Token
from probes.kinds import KINDS
from probes.model import Check, Outcome, Reason
from probes.spec import parse
from tests.probes.conftest import TokensInMemory, now
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.mail import GONE, GREYLISTED, USER, Mail
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports

Round = Callable[..., Check]


class Clock:
    """A clock that is real, but ahead by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        return now() + self.ahead

    def forward(self, minutes: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    """Return a clock to set."""
    return Clock()


@pytest.fixture
def ground(clock: Clock, tmp_path: Path) -> Ground:
    """Return what a probe may use."""
    return Ground(now=clock, prober="zrh1", state=tmp_path, tokens=TokensInMemory())


@pytest.fixture
def box(mail: Mail) -> str:
    """Return the address of a mailbox of the test's own."""
    return mail.box()


@pytest.fixture
def round_trip(mail: Mail, certificates: Certificates, password: str, box: str) -> Iterator[Round]:
    """Return a function that makes a check of the mail service."""

    def make(
        *, fetch: dict[str, object] | None = None, submit: dict[str, object] | None = None, **more: object
    ) -> Check:
        both = {"host": "127.0.0.1", "ca_file": certificates.ca_file, "username": box, "password_env": password}
        return check_of(
            "roundtrip",
            submit={**both, "port": mail.submission, "from": box, "to": box, **(submit or {})},
            fetch={**both, "port": mail.imaps, **(fetch or {})},
            timeout="20s",
            **more,
        )

    yield make
    if mail.holding:
        mail.release()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_in_time(mail: Mail, round_trip: Round, box: str, ground: Ground, protocol: str, tls: str) -> None:
    """A message that arrives in time is well, timed, and gone from the mailbox."""
    ports = {"imap": (mail.imaps, mail.imap), "pop3": (mail.pop3s, mail.pop3)}[protocol]
    submit = {"tls": tls, "port": mail.submission if tls == "starttls" else mail.submissions}
    fetch = {"protocol": protocol, "tls": tls, "port": ports[tls == "starttls"]}
    check = round_trip(fetch=fetch, submit=submit)

    results = look(check, ground)
    if not results:
        if ground.tokens.pending(check.name):
            mail.wait(box)
        results = look(check, ground)

    (found,) = results
    assert (found.outcome, found.reason) == (Outcome.OPERATIONAL, None), found.note
    assert found.took_seconds is not None
    assert 0 <= found.took_seconds < 60
    assert mail.mailbox(box) == []
    assert ground.tokens.pending(check.name) == []


def test_held(mail: Mail, round_trip: Round, box: str, ground: Ground, clock: Clock) -> None:
    """A message in the queue is late once, missing once, and neither bad nor good when it arrives after all."""
    check = round_trip(send_every="24h")
    mail.hold()

    sent_at = clock()
    assert look(check, ground) == []
    clock.forward(4)
    assert look(check, ground) == []
    clock.forward(2)
    (late,) = look(check, ground)
    assert (late.outcome, late.reason, late.certain) == (Outcome.DEGRADED, Reason.DELAYED, False)
    assert late.since is not None
    assert abs(late.since - sent_at) < timedelta(seconds=30)
    assert late.figures["delay_seconds"] >= 360
    assert look(check, ground) == []
    clock.forward(60)
    (missing,) = look(check, ground)
    assert (missing.outcome, missing.reason, missing.certain) == (Outcome.OUTAGE, Reason.MISSING, True)
    assert look(check, ground) == []
    mail.release()
    mail.wait(box)
    clock.forward(1)
    # It arrived at the real time, so on the clock of this test it was not late; what was counted stays counted.
    look(check, ground)
    assert ground.tokens.pending(check.name) == []
    assert mail.mailbox(box) == []


def test_late_arrival_is_not_counted_twice(
    mail: Mail, round_trip: Round, box: str, ground: Ground, clock: Clock
) -> None:
    """What was called late already says nothing more when it comes in late."""
    check = round_trip(send_every="24h")
    mail.hold()
    clock.forward(-20)
    assert look(check, ground) == []
    clock.forward(20)
    (late,) = look(check, ground)
    assert late.reason is Reason.DELAYED

    mail.release()
    mail.wait(box)

    assert look(check, ground) == []
    assert ground.tokens.pending(check.name) == []


def test_late_arrival(mail: Mail, round_trip: Round, box: str, ground: Ground, clock: Clock) -> None:
    """What comes in late, and was not seen to be late before, is late."""
    check = round_trip(send_every="24h")
    clock.forward(-20)

    (token,) = _sent(mail, check, ground)
    mail.wait(box)
    clock.forward(20)
    (found,) = look(check, ground)

    assert (found.outcome, found.reason, found.since) == (Outcome.DEGRADED, Reason.DELAYED, token.sent_at)


def _sent(mail: Mail, check: Check, ground: Ground) -> Sequence[Token]:
    """Send a message, and return what is under way; it is delivered after the look, not during it."""
    mail.hold()
    assert look(check, ground) == []
    mail.release()
    return ground.tokens.pending(check.name)


def test_junk(mail: Mail, round_trip: Round, box: str, ground: Ground) -> None:
    """A message that was filed as spam is found there, and said to be."""
    check = round_trip()
    _sent(mail, check, ground)
    mail.wait(box)
    mail.to_junk(box)

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.MISFILED)
    assert mail.mailbox(box, "Junk") == []


@pytest.mark.parametrize(
    ("recipient", "outcome"), [(GONE, Outcome.OUTAGE), (GREYLISTED, Outcome.UNKNOWN)], ids=["refused", "greylisted"]
)
def test_refused(round_trip: Round, ground: Ground, recipient: str, outcome: Outcome) -> None:
    """A refusal for good is bad; one for the time being says nothing."""
    (found,) = look(round_trip(submit={"to": recipient}), ground)

    assert (found.outcome, found.reason) == (outcome, Reason.SUBMISSION_REFUSED)
    assert ground.tokens.pending("it") == []


def test_nobody_takes_mail(round_trip: Round, ground: Ground) -> None:
    """A server that does not answer cannot be sent through."""
    (found,) = look(round_trip(submit={"port": free_ports(1)[0]}), ground)

    assert (found.outcome, found.reason) == (Outcome.OUTAGE, Reason.SUBMISSION_REFUSED)


def test_no_flood(mail: Mail, round_trip: Round, ground: Ground, clock: Clock) -> None:
    """Messages are sent at their interval, refused ones no sooner, and no more once twelve are under way."""
    check = round_trip(send_every="2m")
    mail.hold()
    for _ in range(3):
        look(check, ground)
    first = len(ground.tokens.pending(check.name))

    for _ in range(20):
        clock.forward(2.1)
        look(check, ground)

    assert first == 1
    assert len(ground.tokens.pending(check.name)) == 12


def test_refused_message_is_not_sent_again_at_once(round_trip: Round, ground: Ground) -> None:
    """A refused message waits for its turn like any other."""
    check = round_trip(submit={"to": GONE})

    assert len(look(check, ground)) == 1
    assert look(check, ground) == []


def test_mailbox_cannot_be_read(mail: Mail, round_trip: Round, ground: Ground, clock: Clock) -> None:
    """While the mailbox cannot be read nothing is called late."""
    check = round_trip(fetch={"port": free_ports(1)[0]})
    mail.hold()
    look(check, ground)
    clock.forward(90)

    (found,) = [result for result in look(check, ground) if result.outcome is not Outcome.OPERATIONAL]

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "the mailbox cannot be read: refused")


def test_others_are_left_alone(mail: Mail, round_trip: Round, box: str, ground: Ground) -> None:
    """Two checks share a mailbox with a person, and each deletes its own message alone."""
    with smtplib.LMTP("127.0.0.1", mail.lmtp) as client:
        client.sendmail(USER, [box], b"Subject: lunch?\r\n\r\nAt noon.\r\n")
    one = round_trip()
    other = replace(round_trip(), name="second")
    _sent(mail, one, ground)
    _sent(mail, other, ground)
    mail.wait(box, 3)

    look(one, ground)

    assert len(mail.mailbox(box)) == 2
    assert len(ground.tokens.pending("second")) == 1
    look(other, ground)
    (left,) = mail.mailbox(box)
    assert b"lunch" in left.read_bytes()


def test_restarted(mail: Mail, round_trip: Round, box: str, ground: Ground) -> None:
    """A prober that is started anew waits for what it had sent before."""
    check = round_trip()
    _sent(mail, check, ground)
    mail.wait(box)

    (found,) = look(check, replace(ground, state=ground.state / "elsewhere"))

    assert found.outcome is Outcome.OPERATIONAL


@pytest.mark.parametrize("expect", [{"signed": True}, {"headers": {"X-Filter": "^clean"}}])
def test_altered(mail: Mail, round_trip: Round, box: str, ground: Ground, expect: dict[str, object]) -> None:
    """A message that does not arrive as it should is degraded, however fast it was."""
    check = round_trip(expect=expect)
    _sent(mail, check, ground)
    mail.wait(box)

    (found,) = look(check, ground)

    assert (found.outcome, found.reason) == (Outcome.DEGRADED, Reason.ALTERED)


def test_password_is_never_told(mail: Mail, round_trip: Round, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password is our own fault, and stays secret."""
    monkeypatch.setitem(os.environ, "WRONG", "wr0ng-canary")
    check = round_trip(fetch={"password_env": "WRONG"})
    mail.hold()

    results = [*look(check, ground), *look(check, ground)]

    assert {result.outcome for result in results} == {Outcome.UNKNOWN}
    assert "canary" not in repr(results)


def test_pace(ground: Ground, clock: Clock) -> None:
    """The mailbox is looked at often after sending, and seldom while a message is late."""
    pace = KINDS["roundtrip"].pace
    assert pace is not None
    check = replace(check_of("tcp", host="x.test", port=1), name="it")

    before = pace(check, ground)
    ground.tokens.put(Token(check="it", token="0" * 32, sent_at=clock()))
    soon = pace(check, ground)
    clock.forward(2)

    assert (before, soon, pace(check, ground)) == (15, 5, 30)


def test_no_faster_than_every_two_minutes() -> None:
    """A plan cannot have more than one message every two minutes."""
    part = {"host": "mx.test", "from": "a@b.test", "to": "a@b.test", "username": "a", "password_env": "P"}
    fetch = {key: value for key, value in part.items() if key not in ("from", "to")}
    checks = [{"name": "it", "kind": "roundtrip", "service": "gateway", "submit": part, "fetch": fetch}]
    plan = {"probers": ["zrh1"], "checks": [{**checks[0], "send_every": "1m"}]}

    _, faults = parse(plan, {"gateway": ()})  # type: ignore[arg-type]

    assert [(fault.code, fault.path) for fault in faults] == [("bad-interval", ("checks", 0, "send_every"))]
