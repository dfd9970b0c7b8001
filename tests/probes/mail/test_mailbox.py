"""What is found in a mailbox, and what is deleted there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import imapclient
import pytest

from probes.kind import ProbeError
from probes.mail.letter import compose
from probes.mail.mailbox import Mailbox, Protocol, Visit, find, remove
from probes.net.blocking import Sockets
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target
from probes.secret import SecretSource
from tests.probes.conftest import now
from tests.probes.lab.certificates import Certificates
from tests.probes.lab.faulty import serving
from tests.probes.lab.mail import PASSWORD, Mail
from tests.probes.lab.mailboxes import holding

pytestmark = pytest.mark.slow

NEW, SETTLED, OLD, OTHERS, AWAY = "1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32
DAY = timedelta(days=1)


def visit(port: int, user: str, password: str, protocol: Protocol = Protocol.IMAP, *tokens: str) -> Visit:
    """Return a visit to a mailbox by the check `zrh1/it`, without TLS."""
    login = Login(username=user, password=SecretSource(env=password))
    return Visit(
        mailbox=Mailbox(
            protocol=protocol,
            target=Target(host="127.0.0.1", port=port),
            login=login,
            junk=("Junk", "No Such Folder"),
        ),
        address=Address(family=2, ip="127.0.0.1", port=port),
        owner="zrh1/it",
        tokens=frozenset(tokens),
        now=now(),
        timeout_seconds=10,
    )


@contextmanager
def person(mail: Mail, user: str) -> Iterator[imapclient.IMAPClient]:
    """Log in as the one whose mailbox it is."""
    with imapclient.IMAPClient("127.0.0.1", mail.imap, ssl=False) as client:
        client.login(user, PASSWORD)
        yield client


def put(client: imapclient.IMAPClient, owner: str, token: str, at: datetime, folder: str = "INBOX") -> None:
    """Put a message into a folder as if it had come then."""
    message = compose(owner, token, "probe@customer.test", "box@mail.test", at)
    message["Received"] = f"by mx.mail.test; {at:%d %b %Y %H:%M:%S} +0000"
    client.append(folder, message.as_bytes(), (), at)


def left(client: imapclient.IMAPClient, folder: str = "INBOX") -> list[str]:
    """Return the subjects in a folder."""
    client.select_folder(folder, readonly=True)
    data = client.fetch(client.search("ALL"), ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
    return sorted(line.decode().split()[-1] for one in data.values() for key, line in one.items() if b"BODY" in key)


@pytest.mark.parametrize("protocol", Protocol)
def test_own_alone(mail: Mail, password: str, protocol: Protocol) -> None:
    """Its own messages are deleted once they are found or too old; what others have sent stays, marked or not."""
    box, today = mail.box(), now().astimezone(UTC)
    port = mail.imap if protocol is Protocol.IMAP else mail.pop3
    going = visit(port, box, password, protocol, NEW, AWAY)
    with person(mail, box) as client:
        put(client, "zrh1/it", NEW, today)
        put(client, "zrh1/it", SETTLED, today - 2 * DAY)
        put(client, "zrh1/it", OLD, today - 9 * DAY)
        put(client, "zrh1/other", OTHERS, today - 9 * DAY)
        put(client, "azrh1/it", OTHERS, today - 9 * DAY)
        client.append("INBOX", b"Subject: lunch\r\n\r\nx\r\n", (imapclient.DELETED,), today - 9 * DAY)
    before = len(mail.mailbox(box))

    found = find(going, Sockets())
    after_finding = len(mail.mailbox(box))
    remove(going, Sockets())

    (arrival,) = found.values()
    assert (arrival.token, arrival.junk) == (NEW, False)
    assert abs(arrival.arrived_at - today) < timedelta(seconds=2)
    assert after_finding == before == 6
    with person(mail, box) as client:
        assert left(client) == [SETTLED[:8], OTHERS[:8], OTHERS[:8], "lunch"]


def test_junk(mail: Mail, password: str) -> None:
    """The folders for spam are searched too, as far as there are such; the inbox goes first."""
    box, today = mail.box(), now()
    going = visit(mail.imap, box, password, Protocol.IMAP, NEW, SETTLED)
    with person(mail, box) as client:
        put(client, "zrh1/it", NEW, today, "Junk")
        put(client, "zrh1/it", SETTLED, today, "Junk")
        put(client, "zrh1/it", SETTLED, today)

    found = find(going, Sockets())
    remove(going, Sockets())

    assert {token: arrival.junk for token, arrival in found.items()} == {NEW: True, SETTLED: False}
    assert mail.mailbox(box) + mail.mailbox(box, "Junk") == []


def test_nothing_becomes_read(mail: Mail, password: str) -> None:
    """What others have sent is as unread as before, though it has been looked at."""
    box = mail.box()
    with person(mail, box) as client:
        client.append("INBOX", b"Subject: lunch\r\n\r\nx\r\n")

    going = visit(mail.imap, box, password, Protocol.IMAP, NEW)

    found = find(going, Sockets())
    remove(going, Sockets())

    assert found == {}
    with person(mail, box) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == [1]


def test_index_that_lags(certificates: Certificates, password: str) -> None:
    """A message that the server's search does not find yet is found among the newest."""
    with serving(holding(certificates.valid, f"zrh1/it/{NEW}", [(b"HEADER", b""), (b"SEARCH UID 1:*", b"7")])) as port:
        found = find(visit(port, "box", password, Protocol.IMAP, NEW), Sockets())

    assert found[NEW].arrived_at == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_search_that_finds_too_much(certificates: Certificates, password: str) -> None:
    """What the server's search finds is looked at: only what bears the mark is its own."""
    going = visit(0, "box", password, Protocol.IMAP, OTHERS)
    server = holding(certificates.valid, f"zrh1/it/{NEW}", [(b"HEADER", b"7")], b"UIDPLUS")

    with serving(server) as port:
        there = replace(going, address=replace(going.address, port=port), tokens=frozenset([OTHERS]))
        found = find(there, Sockets())
        remove(replace(there, owner="zrh1/other"), Sockets())

    assert found == {}
    assert not [said for said, _ in server.heard if b"STORE" in said or b"EXPUNGE" in said]


@pytest.mark.parametrize(("capabilities", "expunged"), [(b"UIDPLUS", [b"UID EXPUNGE 7"]), (b"", [])])
def test_expunge(certificates: Certificates, password: str, capabilities: bytes, expunged: list[bytes]) -> None:
    """Messages are expunged by their number, or not at all: others may have marked theirs."""
    server = holding(certificates.valid, f"zrh1/it/{NEW}", [(b"BEFORE", b""), (b"HEADER", b"7")], capabilities)

    with serving(server) as port:
        remove(visit(port, "box", password, Protocol.IMAP, NEW), Sockets())

    commands = [said.partition(b" ")[2] for said, _ in server.heard]
    assert [said for said in commands if b"STORE" in said] == [rb"UID STORE 7 +FLAGS (\Deleted)"]
    assert [said for said in commands if b"EXPUNGE" in said] == expunged


def test_folder_that_does_not_open(certificates: Certificates, password: str) -> None:
    """An inbox that does not open is no empty one."""
    server = holding(certificates.valid, f"zrh1/it/{NEW}", []).but(EXAMINE=b"%t NO go away\r\n")

    with serving(server) as port, pytest.raises(ProbeError):
        find(visit(port, "box", password, Protocol.IMAP, NEW), Sockets())


@pytest.mark.parametrize("flag", [rb"\Noselect", rb"\NonExistent"])
def test_folder_for_spam_that_cannot_open(certificates: Certificates, password: str, flag: bytes) -> None:
    """A name that holds other folders only is no folder for spam."""
    server = holding(certificates.valid, f"zrh1/it/{NEW}", [(b"HEADER", b"7")])
    server = server.but(LIST=b"* LIST (" + flag + b') "." Junk\r\n%t OK done\r\n')

    with serving(server) as port:
        find(visit(port, "box", password, Protocol.IMAP, NEW), Sockets())

    assert sum(b"EXAMINE" in said for said, _ in server.heard) == 1


def test_backlog(certificates: Certificates, password: str) -> None:
    """Of many messages that are too old, only some are looked at in one visit, which hears no more than it can hold."""
    old = b" ".join(b"%d" % number for number in range(1, 2_001))
    server = holding(certificates.valid, f"zrh1/it/{OLD}", [(b"BEFORE", old)])

    with serving(server) as port:
        remove(visit(port, "box", password, Protocol.IMAP), Sockets())

    (asked,) = [said.split()[3] for said, _ in server.heard if b"UID FETCH" in said]
    assert asked.split(b",") == old.split()[:500]
