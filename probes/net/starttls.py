"""STARTTLS: asks for TLS in each protocol (RFC 3207, RFC 2595, RFC 3501)."""

from __future__ import annotations

from enum import StrEnum

from probes.kind import ProbeError
from probes.model import Reason
from probes.net.dialogue import Dialogue

__all__ = ["PORTS", "Protocol", "ask_for_tls"]

_MOST_LINES = 64


class Protocol(StrEnum):
    """What is spoken before TLS."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"


PORTS = {Protocol.SMTP: 25, Protocol.IMAP: 143, Protocol.POP3: 110}
"""Where each is spoken."""


async def ask_for_tls(dialogue: Dialogue, protocol: Protocol) -> None:
    """Bring a conversation to where the handshake begins.

    Raises:
        ProbeError: The server offers no TLS, or does not speak the protocol.
    """
    await {Protocol.SMTP: _smtp, Protocol.IMAP: _imap, Protocol.POP3: _pop3}[protocol](dialogue)


async def _smtp(dialogue: Dialogue) -> None:
    await _smtp_answer(dialogue, "220")
    await dialogue.say("EHLO probe.invalid")
    offers = await _smtp_answer(dialogue, "250")
    if not any(offer.upper().strip() == "STARTTLS" for offer in offers):
        raise ProbeError(Reason.STARTTLS_MISSING, "STARTTLS is not offered")
    await dialogue.say("STARTTLS")
    await _smtp_answer(dialogue, "220", Reason.STARTTLS_MISSING)


async def _smtp_answer(dialogue: Dialogue, code: str, reason: Reason = Reason.PROTOCOL) -> list[str]:
    """Return the texts of an answer of one or more lines."""
    texts = []
    for _ in range(_MOST_LINES):
        line = await dialogue.line()
        if line[:3] != code:
            raise ProbeError(reason, line)
        texts.append(line[4:])
        if line[3:4] != "-":
            return texts
    raise ProbeError(Reason.PROTOCOL, "an answer without an end")


async def _imap(dialogue: Dialogue) -> None:
    if not (await dialogue.line()).startswith("* OK"):
        raise ProbeError(Reason.PROTOCOL, "the greeting is not one of IMAP")
    await dialogue.say("a1 STARTTLS")
    for _ in range(_MOST_LINES):
        line = await dialogue.line()
        if line.startswith("a1 "):
            if not line.upper().startswith("A1 OK"):
                raise ProbeError(Reason.STARTTLS_MISSING, line)
            return
    raise ProbeError(Reason.PROTOCOL, "an answer without an end")


async def _pop3(dialogue: Dialogue) -> None:
    if not (await dialogue.line()).startswith("+OK"):
        raise ProbeError(Reason.PROTOCOL, "the greeting is not one of POP3")
    await dialogue.say("STLS")
    line = await dialogue.line()
    if not line.startswith("+OK"):
        raise ProbeError(Reason.STARTTLS_MISSING, line)
