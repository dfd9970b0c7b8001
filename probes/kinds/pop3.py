"""The kind `pop3`: reads the greeting, encrypts, logs in and counts the messages; it deletes nothing."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from time import monotonic

from probes.kind import N_, Kind, ProbeContext, ProbeError
from probes.mail.pop3 import pop3_session
from probes.model import Check
from probes.net.blocking import Sockets, in_a_thread
from probes.net.login import Login, read_login
from probes.net.reach import Address, Finding, over_each_family
from probes.net.target import Target, Tls, certificate_warnings, read_mail_target
from probes.options import Options

__all__ = ["KIND"]

_GOODBYE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    login: Login | None


def _read(options: Options) -> _Options:
    return _Options(
        target=read_mail_target(options, implicit=995, plain=110, tls=Tls.IMPLICIT), login=read_login(options)
    )


def _look(sockets: Sockets, check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    target, started = options.target, monotonic()
    found: Finding | None = None
    try:
        with pop3_session(target, address, sockets, options.login, check.timeout_seconds) as client:
            if options.login:
                client.stat()
            took = monotonic() - started
            tls = client.sock if isinstance(client.sock, ssl.SSLSocket) else None
            warnings = tuple(certificate_warnings(tls, target, context.now())) if tls else ()
            found = Finding(took_seconds=took, warnings=warnings)
            client.sock.settimeout(_GOODBYE_SECONDS)
    except (ProbeError, OSError):
        if found is None:
            raise
    return found


# Servers let whoever failed to log in wait, some for longer than the usual ten seconds: that is no outage.
KIND = Kind(
    measures=N_("Mailbox access (POP3)"), read=_read, probe=over_each_family(in_a_thread(_look)), timeout_seconds=30
)
