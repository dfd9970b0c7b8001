"""Certificates: describes one that no handshake accepts; what it says is reported, never believed."""

from __future__ import annotations

import ssl
import warnings
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["described", "unverified"]

_DAY = 86400.0
_MOST_NAMES = 5


def unverified() -> ssl.SSLContext:
    """Return a context for a second look at a server, which accepts any certificate; nothing is said to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def described(der: bytes, now: datetime) -> str:
    """Return a certificate's names and its end in a line, for the operators."""
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is odd about a certificate: it is only looked at
            certificate = x509.load_der_x509_certificate(der)
            begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            names = _names(certificate)
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return "the certificate cannot be read"
    told = ", ".join(names[:_MOST_NAMES]) or "nobody"
    return f"the certificate is for {told}{' and others' * (len(names) > _MOST_NAMES)} and {_when(begins, ends, now)}"


def _when(begins: datetime, ends: datetime, now: datetime) -> str:
    if now < begins:
        return f"begins in {(begins - now).total_seconds() / _DAY:.1f} days"
    days = (ends - now).total_seconds() / _DAY
    return f"expires in {days:.1f} days" if days >= 0 else f"expired {-days:.1f} days ago"


def _names(certificate: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in extension.value]
