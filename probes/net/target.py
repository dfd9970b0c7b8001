"""Target: reads where a check connects to, and how it encrypts."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from probes.kind import ProbeError
from probes.model import Outcome, Reason
from probes.net.host_names import host_name
from probes.options import Options

__all__ = [
    "IpProtocol",
    "Target",
    "Tls",
    "certificate_warnings",
    "read_host",
    "read_mail_target",
    "read_target",
    "tls_context",
]

_DAY = 86400.0


class Tls(StrEnum):
    """How a connection is encrypted."""

    NONE = "none"
    IMPLICIT = "implicit"
    STARTTLS = "starttls"


class IpProtocol(StrEnum):
    """Over which version of IP (the words are those of blackbox_exporter)."""

    BOTH = "both"
    """Over each that the name has an address for, one after the other judged by itself."""
    IP4 = "ip4"
    IP6 = "ip6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A host, a port and the way there."""

    host: str
    port: int
    ip_protocol: IpProtocol = IpProtocol.BOTH
    tls: Tls = Tls.NONE
    ca_file: str = ""
    """Certificates (PEM) to trust instead of the system's."""
    server_name: str = ""
    """The name that the certificate must bear; empty: `host`."""
    cert_warn_seconds: float = 21 * _DAY
    cert_crit_seconds: float = 3 * _DAY

    @property
    def name(self) -> str:
        """Return the name that the certificate must bear."""
        return self.server_name or self.host


def read_target(options: Options, *, port: int, tls: Tls = Tls.NONE, host: str | None = None) -> Target:
    """Read the options of a target.

    `port` and `tls` are its kind's defaults, 0 for a port that must be written. With `host` an address has named these
    three already, and they are no options.
    """
    named = host is not None
    if port == 0 and "port" not in options:
        options.fault("port", "missing-key", 'a check of this kind needs "port"', "e.g. port: 443")
    return Target(
        host=_host(options, "url", host) if host is not None else read_host(options),
        port=port if named else options.whole("port", port, low=1, high=65535),
        ip_protocol=options.choice("ip_protocol", IpProtocol, IpProtocol.BOTH),
        tls=tls if named else options.choice("tls", Tls, tls),
        ca_file=options.file("ca_file"),
        server_name=_host(options, "server_name", options.text("server_name")),
        cert_warn_seconds=_days(options, "cert_warn_days", 21),
        cert_crit_seconds=_days(options, "cert_crit_days", 3),
    )


def read_host(options: Options) -> str:
    """Read a host: its name as the network writes it, or its address; empty, with a fault, if it is neither."""
    return _host(options, "host", options.text("host", required=True))


def read_mail_target(options: Options, *, implicit: int, plain: int, tls: Tls) -> Target:
    """Read the options of a target whose protocol has two ports: one for TLS from the beginning, one for STARTTLS.

    A port that is written says how to encrypt, and the other way round; `tls` is the default where neither is.
    """
    target = read_target(options, port=implicit if tls is Tls.IMPLICIT else plain, tls=tls)
    if "tls" not in options:
        return replace(target, tls={implicit: Tls.IMPLICIT, plain: Tls.STARTTLS}.get(target.port, tls))
    if "port" not in options:
        return replace(target, port=implicit if target.tls is Tls.IMPLICIT else plain)
    return target


@lru_cache(maxsize=64)
def tls_context(ca_file: str = "", spoken: str = "") -> ssl.SSLContext:
    """Return the shared context of all checks that trust the same authorities; it verifies chain and name.

    `spoken` is the protocol that is announced in the handshake (RFC 7301), `http/1.1` say; mail announces none.

    Raises:
        ProbeError: The file of authorities cannot be used; that says nothing of the service.
    """
    try:
        made = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        note = f"ca_file {ca_file}: {error.strerror or 'no certificate in it'}"
        raise ProbeError(Reason.TLS_FAILED, note, outcome=Outcome.UNKNOWN) from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if spoken:
        made.set_alpn_protocols([spoken])
    return made


def certificate_warnings(connection: ssl.SSLObject | ssl.SSLSocket, target: Target, now: datetime) -> Iterator[str]:
    """Yield a line for the operators if the verified certificate of a connection expires soon."""
    certificate = connection.getpeercert()
    if not certificate:
        return
    left = ssl.cert_time_to_seconds(str(certificate["notAfter"])) - now.timestamp()
    if left < target.cert_warn_seconds:
        urgent = "critical: " if left < target.cert_crit_seconds else ""
        yield f"{urgent}the certificate of {target.name}:{target.port} expires in {left / _DAY:.1f} days"


def _days(options: Options, key: str, default: int) -> float:
    return options.whole(key, default, low=0, high=3650) * _DAY


def _host(options: Options, key: str, host: str) -> str:
    """Return a host's name as the network writes it; empty, with a fault, if it is none."""
    try:
        return host_name(host) if host else ""
    except ValueError:
        said = f'{key}: "{host}"' if "@" not in host else key  # before an @ a password may stand
        hint = "without http:// and the like, and without a port"
        options.fault(key, "wrong-type", f"{said} is not a host name", hint)
        return ""
