"""Mail servers that do all as they should, until one of their answers is replaced by a wrong one."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.probes.lab.certificates import Pair
from tests.probes.lab.faulty import drip, hang, reset


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """A server by its answers; call it with a connection."""

    pair: Pair
    answers: Mapping[str, Answer]
    """By command, and to a connection: `GREETING`. `%t` stands for the tag."""
    tagged: bool = False
    """Whether commands are preceded by a tag, as in IMAP."""
    implicit: bool = False
    """Whether TLS comes first."""
    heard: list[Heard] = field(default_factory=list)
    """What clients have said."""

    def but(self, **wrong: Answer) -> Scripted:
        """Return a server that answers otherwise."""
        return replace(self, answers={**self.answers, **wrong})

    def __call__(self, connection: socket.socket) -> None:
        """Answer until the client leaves."""
        talk = Talk(server=self, connection=connection)
        try:
            if self.implicit:
                talk.encrypt()
            talk.answer("GREETING")
            while talk.listen():
                talk.answer(talk.command)
        finally:
            talk.connection.close()


@dataclass(kw_only=True)
class Talk:
    """A conversation with a client."""

    server: Scripted
    connection: socket.socket
    said: bytes = b""
    """The client's last line."""

    def listen(self) -> bool:
        """Wait for the client's next line; returns whether there is one."""
        line = b""
        while not line.endswith(b"\n"):
            byte = self.connection.recv(1)
            if not byte:
                return False
            line += byte
        self.said = line.strip()
        self.server.heard.append((self.said, isinstance(self.connection, ssl.SSLSocket)))
        return True

    @property
    def command(self) -> str:
        """Return what the client wants."""
        words = self.said.decode().upper().split()[self.server.tagged :]
        return words[0] if words else ""

    def say(self, text: bytes) -> None:
        """Send something."""
        self.connection.sendall(text.replace(b"%t", self.said.split(b" ")[0]))

    def answer(self, command: str) -> None:
        """Do what is to be done about a command."""
        answer = self.server.answers.get(command, b"%t BAD what?\r\n" if self.server.tagged else b"500 what?\r\n")
        if isinstance(answer, bytes):
            self.say(answer)
        else:
            answer(self)

    def encrypt(self) -> None:
        """Let TLS begin."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.pair.certificate, self.server.pair.key)
        self.connection = context.wrap_socket(self.connection, server_side=True)


Answer = bytes | Callable[[Talk], None]
Heard = tuple[bytes, bool]
"""A line, and whether it came encrypted."""


def begin_tls(said: bytes) -> Answer:
    """Say that TLS may begin, and begin it."""

    def act(talk: Talk) -> None:
        talk.say(said)
        talk.encrypt()

    return act


def in_turn(*answers: bytes) -> Answer:
    """Give one answer after the other, the last one for ever, whoever asks."""
    left = list(answers)

    def act(talk: Talk) -> None:
        talk.say(left.pop(0) if len(left) > 1 else left[0])

    return act


def after(seconds: float, said: bytes) -> Answer:
    """Answer late."""

    def act(talk: Talk) -> None:
        time.sleep(seconds)
        talk.say(said)

    return act


def echo(before: bytes) -> Answer:
    """Repeat what the client said, which may be a password."""

    def act(talk: Talk) -> None:
        talk.say(before + b" " + talk.said + b"\r\n")

    return act


def by_address(**answers: bytes) -> Answer:
    """Answer by the first part of the address that the client names."""

    def act(talk: Talk) -> None:
        talk.say(next(said for name, said in answers.items() if b"<" + name.encode() + b"@" in talk.said))

    return act


def says_then(said: bytes, then: Callable[[socket.socket], None]) -> Answer:
    """Say something, then do something worse, which ends the conversation."""

    def act(talk: Talk) -> None:
        talk.say(said)
        then(talk.connection)
        talk.connection.close()

    return act


def dripped_handshake(connection: socket.socket) -> None:
    """Begin a record of TLS that never ends."""
    connection.sendall(b"\x16\x03\x03\x40\x00")
    drip(connection)


HANG, DRIP, RESET = says_then(b"", hang), says_then(b"", drip), says_then(b"", reset)


def smtp(pair: Pair) -> Scripted:
    """Return a mail server that knows all addresses but gone@."""
    answers: dict[str, Answer] = {
        "GREETING": b"220 mx.mail.test ESMTP\r\n",
        "EHLO": b"250-mx.mail.test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n",
        "STARTTLS": begin_tls(b"220 go ahead\r\n"),
        "AUTH": b"235 2.7.0 welcome\r\n",
        "MAIL": b"250 2.1.0 ok\r\n",
        "RCPT": by_address(probe=b"250 2.1.5 ok\r\n", gone=b"550 5.1.1 unknown\r\n"),
        "RSET": b"250 2.0.0 ok\r\n",
        "QUIT": b"221 2.0.0 bye\r\n",
    }
    return Scripted(pair=pair, answers=answers)


def imap(pair: Pair) -> Scripted:
    """Return a mailbox with nothing in it."""

    def authenticate(talk: Talk) -> None:
        tag = talk.said.split()[0]
        talk.say(b"+ \r\n")
        talk.listen()
        talk.say(tag + b" OK in\r\n")

    answers: dict[str, Answer] = {
        "GREETING": b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n",
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n%t OK done\r\n",
        "STARTTLS": begin_tls(b"%t OK begin\r\n"),
        "LOGIN": b"%t OK in\r\n",
        "AUTHENTICATE": authenticate,
        "EXAMINE": b"* 0 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] it is\r\n%t OK [READ-ONLY] done\r\n",
        "NOOP": b"%t OK done\r\n",
        "LOGOUT": b"* BYE bye\r\n%t OK done\r\n",
    }
    return Scripted(pair=pair, answers=answers, tagged=True)


def pop3(pair: Pair) -> Scripted:
    """Return a mailbox with two messages in it."""
    answers: dict[str, Answer] = {
        "GREETING": b"+OK ready\r\n",
        "CAPA": b"+OK\r\nUSER\r\nSTLS\r\n.\r\n",
        "STLS": begin_tls(b"+OK begin\r\n"),
        "USER": b"+OK\r\n",
        "PASS": b"+OK in\r\n",
        "STAT": b"+OK 2 320\r\n",
        "QUIT": b"+OK bye\r\n",
    }
    return Scripted(pair=pair, answers=answers)
