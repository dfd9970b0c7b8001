"""Mailbox: finds the messages of a round trip, and deletes no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from enum import StrEnum
from typing import TYPE_CHECKING

from probes.mail.hops import received_at
from probes.mail.letter import HEADER, Arrival, mark_of, read_headers
from probes.mail.pop3 import pop3_session
from probes.net.blocking import Sockets
from probes.net.login import Login
from probes.net.reach import Address
from probes.net.target import Target

if TYPE_CHECKING:
    import poplib

    import imapclient

__all__ = ["KEPT_FOR", "Mailbox", "Protocol", "Visit", "find", "remove"]

KEPT_FOR = timedelta(days=7)
"""A message of its own that is older is waited for no more, and deleted when one is deleted anyway."""
_NEWEST = 50
"""Number of newest messages to look through where the server's search does not find one (yet)."""
_MOST = 500
"""Number of old messages to delete at a time, and of newest ones that POP3, without search, looks through."""
_CLOSED = {b"\\noselect", b"\\nonexistent"}


class Protocol(StrEnum):
    """How the mailbox is read."""

    IMAP = "imap"
    POP3 = "pop3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox, and the folders in which messages may arrive."""

    protocol: Protocol
    target: Target
    login: Login | None
    inbox: str = "INBOX"
    junk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks for what."""

    mailbox: Mailbox
    address: Address
    owner: str
    """`<prober>/<check>`; what others have sent is not even read."""
    tokens: frozenset[str]
    now: datetime
    timeout_seconds: float
    """For each step of the conversation."""


def find(visit: Visit, sockets: Sockets) -> Mapping[str, Arrival]:
    """Return the messages that have arrived, by token; nothing in the mailbox changes.

    Raises:
        ProbeError, OSError: The mailbox cannot be read.
    """
    search = _find_by_pop3 if visit.mailbox.protocol is Protocol.POP3 else _find_by_imap
    found: dict[str, Arrival] = {}
    for arrival in search(visit, sockets):
        found.setdefault(arrival.token, arrival)
    return found


def remove(visit: Visit, sockets: Sockets) -> None:
    """Delete these messages, and what else of its own is older than `KEPT_FOR`.

    A visit by itself, after their arrival has been noted: a message that is deleted but not noted would be missing.

    Raises:
        ProbeError, OSError: They cannot be deleted.
    """
    if visit.mailbox.protocol is Protocol.POP3:
        return _remove_by_pop3(visit, sockets)
    return _remove_by_imap(visit, sockets)


def _find_by_imap(visit: Visit, sockets: Sockets) -> list[Arrival]:
    from probes.mail.imap import imap_session

    found: list[Arrival] = []
    mailbox = visit.mailbox
    with imap_session(mailbox.target, visit.address, sockets, mailbox.login, visit.timeout_seconds) as client:
        client.normalise_times = False
        for folder in _folders(client, mailbox):
            opened = client.select_folder(folder, readonly=True)
            own = {uid: token for uid, token in _own(client, visit, opened).items() if token in visit.tokens}
            for uid, data in client.fetch(list(own), ["INTERNALDATE", "BODY.PEEK[HEADER]"]).items():
                headers, at = read_headers(data.get(b"BODY[HEADER]", b"")), _aware(data.get(b"INTERNALDATE"), visit)
                junk = folder != mailbox.inbox
                found.append(Arrival(token=own[uid], arrived_at=at, junk=junk, headers=headers))
    return found


def _remove_by_imap(visit: Visit, sockets: Sockets) -> None:
    from probes.mail.imap import imap_session

    mailbox = visit.mailbox
    before = (visit.now - KEPT_FOR).date()
    with imap_session(mailbox.target, visit.address, sockets, mailbox.login, visit.timeout_seconds) as client:
        for folder in _folders(client, mailbox):
            opened = client.select_folder(folder)
            old = client.search(["UNDELETED", "HEADER", HEADER, f"{visit.owner}/", "BEFORE", before])[:_MOST]
            own = _own(client, visit, opened, also=old)
            gone = [uid for uid, token in own.items() if token in visit.tokens or uid in old]
            if gone:
                client.delete_messages(gone)
                if client.has_capability("UIDPLUS"):
                    client.uid_expunge(gone)  # a plain EXPUNGE would delete what others have marked


def _folders(client: imapclient.IMAPClient, mailbox: Mailbox) -> Iterator[str]:
    """Yield the inbox, and those of the other folders that there are."""
    yield mailbox.inbox
    for folder in mailbox.junk:
        if any(not _CLOSED & {flag.lower() for flag in flags} for flags, _, _ in client.list_folders("", folder)):
            yield folder


def _own(
    client: imapclient.IMAPClient, visit: Visit, opened: Mapping[bytes, int], also: Collection[int] = ()
) -> dict[int, str]:
    """Return its own messages in the open folder by their UIDs, each with its token."""
    uids = {uid for token in visit.tokens for uid in client.search(["HEADER", HEADER, token])} | set(also)
    found = _marked(client, visit.owner, sorted(uids))
    if not visit.tokens <= set(found.values()) and b"UIDNEXT" in opened:
        # Some servers search in an index that lags behind.
        newest = client.search(["UID", f"{max(1, opened[b'UIDNEXT'] - _NEWEST)}:*"])
        found |= _marked(client, visit.owner, newest)
    return found


def _marked(client: imapclient.IMAPClient, owner: str, uids: Sequence[int]) -> dict[int, str]:
    found = {}
    for uid, data in client.fetch(uids, [f"BODY.PEEK[HEADER.FIELDS ({HEADER})]"]).items():
        lines = next((value for key, value in data.items() if key.startswith(b"BODY[HEADER.FIELDS")), b"")
        if token := mark_of(read_headers(lines), owner):
            found[uid] = token
    return found


def _find_by_pop3(visit: Visit, sockets: Sockets) -> list[Arrival]:
    mailbox, found = visit.mailbox, list[Arrival]()
    with pop3_session(mailbox.target, visit.address, sockets, mailbox.login, visit.timeout_seconds) as client:
        for _, token, headers in _popped(client, visit.owner, _NEWEST):
            if token in visit.tokens:
                at = _aware(received_at(headers), visit)
                found.append(Arrival(token=token, arrived_at=at, junk=False, headers=headers))
                if len(found) == len(visit.tokens):
                    break
    return found


def _remove_by_pop3(visit: Visit, sockets: Sockets) -> None:
    mailbox = visit.mailbox
    with pop3_session(mailbox.target, visit.address, sockets, mailbox.login, visit.timeout_seconds) as client:
        for number, token, headers in _popped(client, visit.owner, _MOST):
            if token in visit.tokens or visit.now - _aware(received_at(headers), visit) > KEPT_FOR:
                client.dele(number)


def _popped(client: poplib.POP3, owner: str, most: int) -> Iterator[tuple[int, str, Message]]:
    """Yield its own messages, the newest first."""
    for number in reversed(range(1, client.stat()[0] + 1)[-most:]):
        headers = read_headers(b"\r\n".join(client.top(number, 0)[1]))
        if token := mark_of(headers, owner):
            yield number, token, headers


def _aware(at: datetime | None, visit: Visit) -> datetime:
    if at is None:
        return visit.now
    return at if at.tzinfo else at.replace(tzinfo=UTC)
