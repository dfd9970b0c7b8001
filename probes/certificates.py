"""What is wrong with a certificate that no handshake accepts: a second look, only reported, which trusts nobody."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime

from probes.reach import Address
from probes.target import Target

__all__ = ["described", "second_look"]


async def second_look(target: Target, address: Address, now: datetime) -> str:
    """Return what the certificate of a server says of itself, for the operators; empty if there is none to be had."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        _, writer = await asyncio.open_connection(address.ip, address.port, ssl=context, server_hostname=target.name)
    except OSError:
        return ""
    try:
        connection = writer.get_extra_info("ssl_object")
        return described(connection.getpeercert(binary_form=True) or b"", now)
    finally:
        writer.close()


def described(der: bytes, now: datetime) -> str:
    """Return a certificate's names and its end in a line."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        names = _names(certificate)
    except ValueError:
        return "the certificate cannot be read"
    days = (certificate.not_valid_after_utc - now).total_seconds() / 86400
    end = f"expires in {days:.1f} days" if days >= 0 else f"expired {-days:.1f} days ago"
    return f"the certificate is for {', '.join(names[:5]) or 'nobody'} and {end}"


def _names(certificate: object) -> list[str]:
    from cryptography import x509

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - by its only caller
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in extension.value]
