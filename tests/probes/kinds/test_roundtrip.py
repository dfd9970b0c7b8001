"""The kind `roundtrip`, against a real mail service; the prober's clock is the tests'."""

from __future__ import annotations

import asyncio
import os
import shutil
import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from probes.hysteresis import State, advance
from probes.kind import ProbeContext, Token
from probes.kinds import KINDS
from probes.loop.look import look as look_once
from probes.memory.store import opened
from probes.model import Check, Outcome, Reason, Result
from probes.spec import parse
from tests.probes.conftest import NotesInMemory, TokensInMemory, now
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import hang, serving
from tests.probes.lab.mail import GONE, GREYLISTED, USER, Mail
from tests.probes.lab.mailboxes import holding
from tests.probes.lab.plans import check_of, look
from tests.probes.lab.processes import free_ports
from tests.probes.lab.scripted import smtp

CASES = yaml.safe_load(Path(__file__).with_name("roundtrip.yaml").read_text("utf-8"))
KIND = KINDS["roundtrip"]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


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


@dataclass(kw_only=True)
class Trip:
    """A check of the mail service, with a mailbox and a clock of its own."""

    mail: Mail
    ca_file: Path
    password_env: str
    context: ProbeContext
    clock: Clock
    box: str
    submit: dict[str, object] = field(default_factory=dict)
    fetch: dict[str, object] = field(default_factory=dict)
    options: dict[str, object] = field(default_factory=dict)

    @property
    def check(self) -> Check:
        """Return the check as it would be read."""
        both = {
            "host": "127.0.0.1",
            "ca_file": self.ca_file,
            "username": self.box,
            "password_env": self.password_env,
        }
        return check_of(
            "roundtrip",
            submit={**both, "port": self.mail.submission, "from": self.box, "to": self.box, **self.submit},
            fetch={**both, "port": self.mail.imaps, **self.fetch},
            **{"timeout": "30s", **self.options},
        )

    @property
    def pending(self) -> Sequence[Token]:
        """Return what is under way."""
        return self.context.tokens.pending("it")

    def look(self) -> Sequence[Result]:
        """Look once."""
        return look(self.check, self.context)

    def arrive(self, count: int = 1) -> None:
        """Let the queue deliver, and wait for it."""
        self.mail.release()
        self.mail.wait(self.box, count)


@pytest.fixture
def trip(mail: Mail, certificates: Certificates, password: str, tmp_path: Path) -> Trip:
    """Return a check whose messages stay in the queue until a test releases them."""
    clock = Clock()
    return Trip(
        mail=mail,
        ca_file=certificates.ca_file,
        password_env=password,
        context=ProbeContext(now=clock, prober="zrh1", state=tmp_path, tokens=TokensInMemory(), notes=NotesInMemory()),
        clock=clock,
        box=mail.held_box(),
    )


def said(result: Result) -> str:
    """Return a result as roundtrip.yaml writes it."""
    return " ".join(filter(None, (result.outcome, result.reason, "certain" if result.certain else "")))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_cases(case: Mapping[str, Any], trip: Trip) -> None:
    """Every case of roundtrip.yaml says what stands there."""
    closed, addresses = free_ports(1)[0], {"gone": GONE, "grey": GREYLISTED, "mailbox": trip.box}
    trip.options = {"send_every": f"{case['every']}m" if "every" in case else "31d"}
    trip.options |= {"expect": case["expect"]} if "expect" in case else {}
    trip.submit["to"] = addresses[case.get("to", "mailbox")]
    actions: dict[str, Callable[[], object]] = {
        "release": trip.arrive,
        "junk": lambda: trip.mail.to_junk(trip.box),
        "close": lambda: trip.fetch.update(port=closed),
        "open": trip.fetch.clear,
    }

    for step in case["steps"]:
        if "do" in step:
            actions[step["do"]]()
        elif "to" in step:
            trip.submit["to"] = addresses[step["to"]]
        else:
            trip.clock.ahead = timedelta(minutes=step["at"] - case["now"])
            assert [said(result) for result in trip.look()] == step["says"], f"minute {step['at']}"

    assert list(trip.pending) == []
    assert trip.mail.mailbox(trip.box) + trip.mail.mailbox(trip.box, "Junk") == []


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_ways_there_and_back(mail: Mail, trip: Trip, protocol: str, tls: str) -> None:
    """A message goes out and is fetched over every protocol, is timed, and is gone from the mailbox."""
    implicit = tls == "implicit"
    ports = {"imap": (mail.imap, mail.imaps), "pop3": (mail.pop3, mail.pop3s)}
    trip.submit = {"tls": tls, "port": mail.submissions if implicit else mail.submission}
    trip.fetch = {"protocol": protocol, "tls": tls, "port": ports[protocol][implicit]}

    assert list(trip.look()) == []
    trip.arrive()
    (found,) = trip.look()

    assert (found.outcome, found.reason) == (Outcome.OPERATIONAL, None), found.note
    assert found.took_seconds == found.figures["delay_seconds"]
    assert 0 <= found.took_seconds < 60
    if mail.etc:  # aiosmtpd leaves no trace
        assert 0 <= found.figures["hop_max_seconds"] < 60
        assert found.note.startswith("longest at mx.mail.test: ")
    assert mail.mailbox(trip.box) == []
    assert list(trip.pending) == []


def test_late_since_it_was_sent(trip: Trip) -> None:
    """What is late is late since it was sent, however late that is noticed."""
    trip.options = {"send_every": "31d"}
    trip.look()
    (token,) = trip.pending

    trip.clock.forward(6)
    (late,) = trip.look()
    trip.clock.forward(60)
    (missing,) = trip.look()

    assert late.since == missing.since == token.sent_at
    assert 360 <= late.figures["delay_seconds"] < 3600 < missing.figures["delay_seconds"]


@pytest.mark.parametrize(
    ("outcomes", "events"),
    [
        (["late"], []),
        (["late", "unknown", "late"], [("open", Outcome.DEGRADED)]),
        (["late", "good", "late"], [("open", Outcome.DEGRADED)]),
        (["late", "good", "good", "late"], []),
        (["good", "missing"], [("open", Outcome.OUTAGE)]),
        (["late", "late", "missing"], [("open", Outcome.DEGRADED), ("escalate", Outcome.OUTAGE)]),
        (["refused"], []),
        (["refused", "refused", "refused"], [("open", Outcome.OUTAGE)]),
        (["late", "late", "good", "good"], [("open", Outcome.DEGRADED), ("close", Outcome.OPERATIONAL)]),
        (["late", "late", "good", "late", "good"], [("open", Outcome.DEGRADED)]),
        (["good", "good", "late"] * 40, []),
    ],
)
def test_policy(outcomes: Sequence[str], events: Sequence[tuple[str, Outcome]]) -> None:
    """It opens on two of three, or on one that is missing, as of when it was sent; it closes on two good ones."""
    known = {
        "good": {"outcome": Outcome.OPERATIONAL},
        "unknown": {"outcome": Outcome.UNKNOWN},
        "late": {"outcome": Outcome.DEGRADED, "reason": Reason.DELAYED},
        "missing": {"outcome": Outcome.OUTAGE, "reason": Reason.MISSING, "certain": True},
        "refused": {"outcome": Outcome.OUTAGE, "reason": Reason.SUBMISSION_REFUSED},
    }
    state, found = State(), []

    for number, name in enumerate(outcomes):
        at = NOON + number * timedelta(minutes=5)
        state, steps = advance(state, Result(at=at, **known[name]), at, KIND.policy)  # type: ignore[arg-type]
        found += [(step.event.value, step.status) for step in steps]

    assert found == list(events)


@pytest.mark.parametrize("port", ["nobody", "not now", "no mail"])
def test_cannot_be_sent(trip: Trip, certificates: Certificates, port: str) -> None:
    """Who is turned away at the door cannot send: for good, or if the server says so, for now."""
    busy, broken = smtp(certificates.valid), smtp(certificates.valid)
    busy = busy.but(GREETING=b"421 4.3.2 too many connections\r\n")
    broken = broken.but(GREETING=b"554 5.3.2 no mail here\r\n")
    expected = Outcome.UNKNOWN if port == "not now" else Outcome.OUTAGE

    with serving(busy) as not_now, serving(broken) as no_mail:
        trip.submit["port"] = {"nobody": free_ports(1)[0], "not now": not_now, "no mail": no_mail}[port]
        (found,) = trip.look()

    assert found.outcome is expected, found.note
    assert found.reason is (Reason.SUBMISSION_REFUSED if expected.bad else None)
    assert list(trip.pending) == []


def test_submission_hangs(trip: Trip) -> None:
    """A server that takes mail but never answers does not hide what has arrived."""
    trip.options = {"send_every": "2m", "timeout": "10s"}
    trip.look()
    trip.arrive()
    trip.clock.forward(3)

    with serving(hang) as port:
        trip.submit["port"] = port
        found = trip.look()

    assert [said(result) for result in found] == ["major_outage submission-refused", "operational"]
    assert found[0].at < found[1].at


def test_mailbox_hangs(trip: Trip) -> None:
    """A mailbox that never answers says nothing of the message."""
    trip.options = {"timeout": "5s"}
    trip.look()
    trip.clock.forward(2)

    with serving(hang) as port:
        trip.fetch["port"] = port
        (found,) = trip.look()

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "the mailbox cannot be read: timeout")
    assert len(trip.pending) == 1


def test_no_flood(trip: Trip) -> None:
    """Messages are sent at their interval, and no more than twelve are under way as long as they may come."""
    trip.options = {"send_every": "2m", "outage_above": "24h"}
    for _ in range(3):
        trip.look()
    first = len(trip.pending)

    for _ in range(20):
        trip.clock.forward(2.1)
        trip.look()
    twelve = [token.token for token in trip.pending]
    trip.clock.forward(60)
    trip.look()

    assert (first, len(twelve)) == (1, 12)
    assert [token.token for token in trip.pending] == twelve


def test_several_at_once(trip: Trip) -> None:
    """Of several results at the same look each one counts."""
    trip.options = {"send_every": "31d"}
    trip.look()
    noon = trip.clock()
    trip.context = replace(trip.context, now=lambda: noon)
    for number in (3, 1, 2):
        token = Token(check="it", token=f"{number:032x}", sent_at=noon - timedelta(minutes=20 - number))
        trip.context.tokens.put(token)

    found = trip.look()

    times = [result.at for result in found]
    assert times == sorted(set(times))
    assert [result.since for result in found] == [noon - timedelta(minutes=minutes) for minutes in (19, 18, 17)]


def test_scout(trip: Trip) -> None:
    """With twelve missing, one message in half an hour looks whether mail flows again; if so all is as before."""
    trip.options = {"send_every": "2m"}
    lost = [Token(check="it", token=f"{number:032x}", sent_at=trip.clock()) for number in range(12)]
    for token in lost:
        trip.context.tokens.put(replace(token, counted=Outcome.OUTAGE))

    sent = []
    for _ in range(35):
        trip.clock.forward(1)
        before = {token.token for token in trip.pending}
        trip.look()
        sent.append(len({token.token for token in trip.pending} - before))
    scouting = sum(sent)
    trip.arrive()
    (good,) = trip.look()
    trip.clock.forward(3)
    trip.look()

    assert (scouting, sent.index(1)) == (1, 29)
    assert lost[0].token not in {token.token for token in trip.pending}
    assert good.outcome is Outcome.OPERATIONAL
    assert trip.clock() - trip.pending[-1].sent_at < timedelta(minutes=1)


def test_ended_while_sending(trip: Trip) -> None:
    """A prober that is ended while it sends does not wait for the message afterwards, nor send another at once."""

    async def end_it() -> None:
        looking = asyncio.create_task(look_once(trip.check, trip.context))
        while trip.context.tokens.last_sent("it") is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    with serving(hang) as port:
        trip.submit["port"] = port
        asyncio.run(end_it())

    assert list(trip.pending) == []
    assert list(trip.look()) == []


def test_restarted(trip: Trip, tmp_path: Path) -> None:
    """A prober that is started anew waits for what it had sent before."""
    with opened(tmp_path / "store.sqlite3") as store:
        trip.context = replace(trip.context, tokens=store.tokens)
        trip.look()
    trip.arrive()

    with opened(tmp_path / "store.sqlite3") as store:
        trip.context = replace(trip.context, tokens=store.tokens)
        (found,) = trip.look()

    assert found.outcome is Outcome.OPERATIONAL
    assert trip.mail.mailbox(trip.box) == []


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_others_are_left_alone(mail: Mail, trip: Trip, protocol: str) -> None:
    """Two checks share a mailbox with a person, and each deletes its own message alone."""
    trip.fetch = {"protocol": protocol, "port": mail.imaps if protocol == "imap" else mail.pop3s}
    one, other = trip.check, replace(trip.check, name="second")
    look(one, trip.context)
    look(other, trip.context)
    with smtplib.LMTP("127.0.0.1", mail.lmtp) as client:
        client.sendmail(USER, [trip.box], b"Subject: lunch?\r\n\r\nAt noon.\r\n")
    trip.arrive(3)

    look(one, trip.context)
    left_by_one = len(mail.mailbox(trip.box))
    waited_for = len(trip.context.tokens.pending("second"))
    look(other, trip.context)

    assert (left_by_one, waited_for) == (2, 1)
    (left,) = mail.mailbox(trip.box)
    assert b"lunch" in left.read_bytes()


def test_delivered_twice(trip: Trip) -> None:
    """A message that comes twice has arrived once, and both are deleted."""
    trip.look()
    trip.arrive()
    (first,) = trip.mail.mailbox(trip.box)
    second = Path(shutil.copy2(first, first.with_name(f"copy.{first.name.partition(':')[0]}")))
    shutil.chown(second, first.stat().st_uid, first.stat().st_gid)

    (found,) = trip.look()

    assert found.outcome is Outcome.OPERATIONAL
    assert trip.mail.mailbox(trip.box) == []


def test_cannot_be_deleted(trip: Trip, certificates: Certificates) -> None:
    """A message that cannot be deleted has arrived nevertheless; the operators hear of it."""
    trip.look()
    server = holding(certificates.valid, f"zrh1/it/{trip.pending[0].token}", [(b"HEADER", b"7")])

    with serving(server.but(SELECT=b"%t NO look, do not touch\r\n")) as port:
        trip.fetch |= {"port": port, "tls": "none"}
        (found,) = trip.look()

    assert found.outcome is Outcome.OPERATIONAL
    assert found.warnings == ("its own messages cannot be deleted: status: SELECT was refused",)
    assert list(trip.pending) == []


def test_password_is_never_told(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password is our own fault, says nothing of the service, and stays secret."""
    monkeypatch.setitem(os.environ, "WRONG", "wr0ng-canary")
    trip.options = {"send_every": "2m"}
    trip.fetch["password_env"] = "WRONG"

    fetched = trip.look()
    trip.fetch.clear()
    trip.submit["password_env"] = "WRONG"
    trip.clock.forward(3)
    sent = trip.look()

    assert fetched
    assert sent
    assert {result.outcome for result in (*fetched, *sent)} == {Outcome.UNKNOWN}
    assert "canary" not in repr((fetched, sent))


def test_pace() -> None:
    """The mailbox is looked at often after sending, and seldom while a message is late."""
    pace, clock, tokens = KIND.pace, Clock(), TokensInMemory()
    assert pace is not None
    context = ProbeContext(now=clock, prober="zrh1", state=Path(), tokens=tokens, notes=NotesInMemory())
    check = check_of("tcp", host="x.test", port=1)

    before = pace(check, context)
    tokens.put(Token(check="it", token="0" * 32, sent_at=clock()))
    soon = pace(check, context)
    clock.forward(2)

    assert (before, soon, pace(check, context)) == (15, 5, 30)


FETCH = {"host": "mx.test", "username": "a", "password_env": "P"}
SUBMIT = {**FETCH, "from": "a@b.test", "to": "a@b.test"}


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({}, []),
        ({"send_every": "1m"}, [("bad-interval", "send_every")]),
        ({"outage_above": "4m"}, [("bad-interval", "outage_above")]),
        ({"degraded_above": "2h"}, [("bad-interval", "degraded_above")]),
        ({"submit": {**SUBMIT, "to": "nobody"}}, [("wrong-type", "to")]),
        ({"submit": {**SUBMIT, "from": "a@b.test, c@b.test"}}, [("wrong-type", "from")]),
        ({"submit": {**SUBMIT, "password": "x"}}, [("plain-secret", "password")]),
        ({"fetch": {**FETCH, "protocol": "pop3", "junk": "Spam"}}, [("wrong-type", "junk")]),
        ({"fetch": {"host": "mx.test"}}, [("missing-key", "fetch")]),
        ({"expect": {"headers": {"X": "("}}}, [("wrong-type", "X")]),
        ({"expect": {"encrypted": "true"}}, [("unknown-key", "encrypted")]),
    ],
)
def test_options(options: Mapping[str, object], faults: Sequence[tuple[str, str]]) -> None:
    """What is wrong with a plan is said with its place."""
    check = {"name": "it", "kind": "roundtrip", "service": "gateway", "submit": SUBMIT, "fetch": FETCH, **options}

    _, found = parse({"probers": ["zrh1"], "checks": [check]}, {"gateway": ()})  # type: ignore[dict-item]

    assert [(fault.code, fault.path[-1]) for fault in found] == list(faults)


@pytest.mark.parametrize("key", ["submit", "fetch"])
def test_both_ends_are_needed(key: str) -> None:
    """A round trip has two ends, and where one is missing this alone is said."""
    check = {"name": "it", "kind": "roundtrip", "service": "gateway", "submit": SUBMIT, "fetch": FETCH}
    del check[key]

    _, found = parse({"probers": ["zrh1"], "checks": [check]}, {"gateway": ()})  # type: ignore[dict-item]

    assert [(fault.code, fault.path) for fault in found] == [("missing-key", ("checks", 0))]
