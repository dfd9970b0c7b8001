"""Looks for the messages of a round trip in a mailbox, and deletes those alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from probes.blocking import Sockets
from probes.letter import HEADER, Arrival, mark_of, read_headers
from probes.login import Login
from probes.pop3 import pop3_session
from probes.reach import Address
from probes.target import Target

if TYPE_CHECKING:
    import imapclient

__all__ = ["Mailbox", "Protocol", "collect"]

KEPT_FOR = timedelta(days=7)
"""What is its own and older is deleted whenever it is seen."""
_NEWEST = 50
"""So many of the newest messages are looked through where the server's search does not find a message (yet)."""


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


def collect(
    mailbox: Mailbox,
    address: Address,
    sockets: Sockets,
    owner: str,
    tokens: Collection[str],
    now: datetime,
    timeout_seconds: float,
) -> list[Arrival]:
    """Return which of the messages have arrived, and delete them; `owner` is `<prober>/<check>`.

    Raises:
        ProbeError, OSError: The mailbox cannot be read.
    """
    session = (mailbox.target, address, sockets, mailbox.login, timeout_seconds)
    if mailbox.protocol is Protocol.POP3:
        with pop3_session(*session) as client:
            return [
                arrival
                for number in range(1, client.stat()[0] + 1)[-_NEWEST:]
                if (arrival := _popped(client, number, owner, tokens, now))
            ]
    from probes.imap import imap_session

    with imap_session(*session) as client:
        client.normalise_times = False
        found = list(_folder(client, mailbox.inbox, owner, tokens, now, junk=False))
        for folder in mailbox.junk:
            if client.folder_exists(folder):
                found += _folder(client, folder, owner, tokens, now, junk=True)
        return found


def _folder(
    client: imapclient.IMAPClient, folder: str, owner: str, tokens: Collection[str], now: datetime, *, junk: bool
) -> Iterator[Arrival]:
    client.select_folder(folder)
    old = (now - KEPT_FOR).date()
    uids = {uid for token in tokens for uid in client.search(["HEADER", HEADER, token])}
    if len(uids) < len(tokens):  # some servers search in an index that lags behind
        uids.update(sorted(client.search(["ALL"]))[-_NEWEST:])
    outdated = set(client.search(["HEADER", HEADER, owner, "BEFORE", old]))
    if not uids | outdated:
        return
    own: list[int] = []
    for uid, data in client.fetch(sorted(uids | outdated), ["INTERNALDATE", "BODY.PEEK[HEADER]"]).items():
        headers = read_headers(data.get(b"BODY[HEADER]", b""))
        token = mark_of(headers, owner)
        if token is None or (token not in tokens and uid not in outdated):
            continue
        own.append(uid)
        if token in tokens:
            arrived_at = data[b"INTERNALDATE"]
            yield Arrival(token=token, arrived_at=_aware(arrived_at), junk=junk, headers=headers)
    if own:
        client.delete_messages(own)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(own)  # a plain EXPUNGE would delete what others have marked


def _popped(client: object, number: int, owner: str, tokens: Collection[str], now: datetime) -> Arrival | None:
    import poplib

    assert isinstance(client, poplib.POP3)  # noqa: S101 - by its only caller
    headers = read_headers(b"\r\n".join(client.top(number, 0)[1]))
    token = mark_of(headers, owner)
    if token is None or token not in tokens:
        return None
    client.dele(number)
    return Arrival(token=token, arrived_at=_received_at(headers, now), junk=False, headers=headers)


def _received_at(headers: object, now: datetime) -> datetime:
    """Return when the last server received a message; POP3 does not say when it arrived."""
    from email.message import Message
    from email.utils import parsedate_to_datetime

    assert isinstance(headers, Message)  # noqa: S101 - by its only caller
    try:
        return _aware(parsedate_to_datetime(str(headers.get("Received", "")).rpartition(";")[2].strip()))
    except (ValueError, TypeError, IndexError):
        return now


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
