"""A provider on loopback, whose hops break as they are told: SMTP servers before a real Dovecot, pages, a job."""

from __future__ import annotations

import contextlib
import logging
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path
from random import Random

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from bench.replay.pages import Page, queue_length
from bench.replay.scripts import Fault
from probes.memory.beats import beat
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.mail import Mail, mail_lab
from tests.probes.lab.processes import free_ports

RELAYS = ("outbound-scanner", "sign-encrypt-v1", "exchangeincloud")
"""Customers log in there."""
GATES = ("domain-gateway", "microsoft-365")
"""Strangers write to them."""
PAGES = ("mail-archive", "hexadmin", "quar-portal", "metrics")
DIGESTS = "quarantine-digests"
LINK = "exchangeincloud-to-sign-encrypt"
FILTER = "recipient-filter"
FILTERED = "filtered@mail.test"
"""Whose existence the recipient filter has asked Microsoft."""
PLAYED = frozenset({*RELAYS, *GATES, *PAGES, DIGESTS, LINK, FILTER})
"""The hops whose faults make a difference here."""
DIGEST_HOUR = 5
"""UTC; when the job runs, every day."""


@dataclass(kw_only=True)
class _Message:
    envelope: Envelope
    at: datetime
    """When it was accepted."""
    unlucky: bool
    """Whether it is of the part that a fault hits."""


@dataclass(kw_only=True)
class Town:
    """Where everything is, and what is broken at the moment."""

    mail: Mail
    ports: Mapping[str, int]
    pages: Mapping[str, Page]
    beats: Path
    """The prober's own folder."""
    now: datetime
    faults: Sequence[Fault] = ()
    """All of the script; which of them hold, the time says."""
    dice: Random
    queues: dict[str, list[_Message]] = field(default_factory=dict)
    digest_at: datetime

    def begin(self, faults: Sequence[Fault], now: datetime) -> None:
        """Start over with another script."""
        self.faults, self.now = faults, now
        self.dice.seed(repr(faults))
        self.queues = {hop: [] for hop in (*RELAYS, *GATES)}
        first = now.replace(hour=DIGEST_HOUR, minute=0, second=0)
        self.digest_at = first - timedelta(days=1) if first > now else first
        self.turn(now)

    def turn(self, now: datetime) -> None:
        """Let it be so late: jobs run, pages break or work again, and what is due leaves the queues."""
        self.now = now
        while self.digest_at <= now:
            if not self._of(DIGESTS, self.digest_at):
                beat(self.beats, "quarantine-digest", self.digest_at)
            self.digest_at += timedelta(days=1)
        mended = [fault.end for fault in self.faults if fault.hop == DIGESTS and fault.end <= now]
        if mended and not self._of(DIGESTS, now) and self.digest_at - timedelta(days=1) < mended[-1]:
            beat(self.beats, "quarantine-digest", mended[-1])
        for name, page in self.pages.items():
            fault = self._of(name, now)
            page.turn(fault.manner if fault else "")
        self.pages["metrics"].says = partial(queue_length, self._waiting(now))
        for hop in self.queues:
            self.pass_on(hop)

    def pass_on(self, hop: str) -> None:
        """Deliver what is due."""
        due = [message for message in self.queues[hop] if self._is_due(hop, message)]
        self.queues[hop] = [message for message in self.queues[hop] if message not in due]
        for message in due:
            with smtplib.LMTP("127.0.0.1", self.mail.lmtp) as client:
                envelope = message.envelope
                client.sendmail(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b"")

    def answer_recipient(self, hop: str, address: str) -> str:
        """Return what a hop says to RCPT."""
        fault = self._of(hop, self.now)
        if hop == "domain-gateway" and address == FILTERED:
            fault = self._of(FILTER, self.now) or fault
        if hop == "exchangeincloud":
            fault = self._of(LINK, self.now) or fault
        if fault and fault.manner == "defers":
            return "451 4.3.2 try again later"
        if fault and fault.manner == "refuses":
            return "550 5.1.1 no such address"
        return "250 OK"

    def answer_message(self, hop: str, envelope: Envelope) -> str:
        """Return what a hop says to a message; what is accepted is passed on, or waits."""
        fault = self._of(hop, self.now)
        if fault and fault.manner == "defers-data":
            return "451 4.3.2 try again later"
        if hop == "sign-encrypt-v1":
            envelope.original_content = _signed(envelope.original_content or b"")
        unlucky = self.dice.random() < (fault.share if fault else 1.0)
        self.queues[hop].append(_Message(envelope=envelope, at=self.now, unlucky=unlucky))
        self.pass_on(hop)
        return "250 queued"

    def _is_due(self, hop: str, message: _Message) -> bool:
        fault = self._of(hop, self.now)
        if fault is None or (fault.manner == "holds" and not message.unlucky):
            return True
        if fault.manner == "late":
            return self.now >= message.at + timedelta(minutes=fault.minutes)
        if fault.manner != "drains":
            return fault.manner != "holds"
        # The queue is empty at the end, and worked off evenly: what came half-way leaves half-way.
        began = next((one.start for one in self.faults if one.hop == hop and one.end == fault.start), fault.start)
        return self.now - fault.start >= (message.at - began) * ((fault.end - fault.start) / (fault.end - began))

    def _waiting(self, now: datetime) -> int:
        """Return how much waits for Sign+Encrypt at Exchange, where customers send a message a minute."""
        fault = self._of(LINK, now)
        return int((now - fault.start).total_seconds() / 60) if fault and fault.manner == "holds" else 0

    def _of(self, hop: str, at: datetime) -> Fault | None:
        return next((one for one in self.faults if one.hop == hop and one.start <= at < one.end), None)


class _Hop:
    """What aiosmtpd asks of a server."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.town: Town | None = None

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        assert self.town is not None  # noqa: S101 - set before it is started
        answer = self.town.answer_recipient(self.name, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert self.town is not None  # noqa: S101 - set before it is started
        return self.town.answer_message(self.name, envelope)


@contextlib.contextmanager
def town(folder: Path, certificates: Certificates, now: datetime) -> Iterator[Town]:
    """Run the servers until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.valid.certificate, certificates.valid.key)
    hops = {name: _Hop(name) for name in (*RELAYS, *GATES)}
    (folder / "mail").mkdir()
    with mail_lab(folder / "mail", certificates) as mail, contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        ports = dict(zip((*hops, *PAGES), free_ports(len(hops) + len(PAGES)), strict=True))
        pages = {name: stack.enter_context(Page(ports[name])) for name in PAGES}
        built = Town(
            mail=mail,
            ports={**ports, "mailbox": mail.imaps},
            pages=pages,
            beats=folder / "prober",
            now=now,
            dice=Random(1),  # noqa: S311 - repeatable, nothing secret
            digest_at=now,
        )
        for name, hop in hops.items():
            hop.town = built
            relay = name in RELAYS
            server = Controller(
                hop,
                hostname="127.0.0.1",
                port=ports[name],
                tls_context=context,
                require_starttls=True,
                authenticator=_anybody if relay else None,
                auth_required=relay,
            )
            server.start()
            stack.callback(server.stop)
        yield built


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Do not let aiosmtpd warn, at every login, of what it does itself."""
    logger = logging.getLogger("mail.log")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def _anybody(_server: object, _session: object, _envelope: object, _mechanism: str, _data: object) -> AuthResult:
    return AuthResult(success=True)


def _signed(message: bytes) -> bytes:
    """Return a message in the form of a signed one (RFC 8551); that it is signed rightly nobody looks at."""
    parsed = message_from_bytes(message)
    del parsed["Content-Type"]
    parsed["Content-Type"] = 'multipart/signed; protocol="application/pkcs7-signature"; boundary=none'
    return parsed.as_bytes()
