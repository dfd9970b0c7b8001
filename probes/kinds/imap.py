"""The kind `imap`: reads the greeting, encrypts, logs in and opens a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from probes.kind import N_, Kind, ProbeContext
from probes.model import Check
from probes.net.blocking import Sockets, in_a_thread
from probes.net.login import Login, read_login
from probes.net.reach import Address, Finding, over_each_family
from probes.net.target import Target, Tls, certificate_warnings, read_mail_target
from probes.options import Options

__all__ = ["KIND"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    target: Target
    login: Login | None
    folder: str


def _read(options: Options) -> _Options:
    return _Options(
        target=read_mail_target(options, implicit=993, plain=143, tls=Tls.IMPLICIT),
        login=read_login(options),
        folder=options.text("folder", "INBOX"),
    )


def _look(sockets: Sockets, check: Check, options: _Options, address: Address, context: ProbeContext) -> Finding:
    from probes.mail.imap import imap_session

    target, started = options.target, monotonic()
    with imap_session(target, address, sockets, options.login, check.timeout_seconds) as client:
        client.capabilities()
        if options.login:
            client.select_folder(options.folder, readonly=True)
        client.noop()
        took = monotonic() - started
        tls = client.socket() if target.tls is not Tls.NONE else None
        warnings = tuple(certificate_warnings(tls, target, context.now())) if tls else ()
    return Finding(took_seconds=took, warnings=warnings)


# Servers let whoever failed to log in wait, some for longer than the usual ten seconds: that is no outage.
KIND = Kind(
    measures=N_("Mailbox access (IMAP)"), read=_read, probe=over_each_family(in_a_thread(_look)), timeout_seconds=30
)
