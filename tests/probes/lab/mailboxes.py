"""A scripted mailbox that holds one message, for what no real server does on demand."""

from __future__ import annotations

from collections.abc import Sequence

from tests.probes.lab.certificates import Pair
from tests.probes.lab.scripted import Answer, Scripted, Talk, imap


def holding(pair: Pair, mark: str, searches: Sequence[tuple[bytes, bytes]], capabilities: bytes = b"") -> Scripted:
    """Return a mailbox whose only message, number 7, bears a mark and came at noon of 24 November 2026.

    Searches are answered by the first whose criterion fits, none by nothing.
    """
    headers = f"X-Lagebild-Probe: {mark}\r\n\r\n".encode()

    def by_number(talk: Talk) -> None:
        command = talk.said.split(b" ", 2)[2].upper()
        if command.startswith(b"SEARCH"):
            numbers = next((numbers for criterion, numbers in searches if criterion in command), b"")
            talk.say(b" ".join(filter(None, (b"* SEARCH", numbers))) + b"\r\n")
        elif command.startswith(b"FETCH"):
            wanted = command.partition(b"(")[2].rpartition(b")")[0].replace(b".PEEK", b"")
            wanted, date = wanted.replace(b"INTERNALDATE ", b""), b'INTERNALDATE "24-Nov-2026 12:00:00 +0000"'
            talk.say(b"* 1 FETCH (UID 7 %b %b {%d}\r\n%b)\r\n" % (date, wanted, len(headers), headers))
        talk.say(b"%t OK done\r\n")

    opened = b"* 1 EXISTS\r\n* OK [UIDNEXT 8] next\r\n%t OK done\r\n"
    answers: dict[str, Answer] = {
        "GREETING": b"* OK ready\r\n",
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 " + capabilities + b"\r\n%t OK done\r\n",
        "LIST": b"%t OK done\r\n",
        "EXAMINE": opened,
        "SELECT": opened,
        "UID": by_number,
    }
    return imap(pair).but(**answers)
