"""An authority of the tests' own, and certificates that are right or wrong in one way each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1", "::1", "mail.test", "mx.mail.test")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A certificate with its chain, and its key; files in PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """Where everything lies."""

    ca_file: Path
    valid: Pair
    expired: Pair
    expiring: Pair
    """Ten days are left."""
    wrong_name: Pair
    untrusted: Pair
    """By an authority that `ca_file` does not hold."""


def issue(folder: Path, now: datetime | None = None) -> Certificates:
    """Write an authority and its certificates into a folder."""
    now = now or datetime.now(UTC)  # noqa: TID251 - certificates are judged by the real clock
    authority, stranger = trustme.CA(), trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    day = timedelta(days=1)
    return Certificates(
        ca_file=ca_file,
        valid=_write(folder / "valid", authority.issue_cert(*NAMES)),
        expired=_write(folder / "expired", authority.issue_cert(*NAMES, not_before=now - 9 * day, not_after=now - day)),
        expiring=_write(folder / "expiring", authority.issue_cert(*NAMES, not_after=now + 10 * day)),
        wrong_name=_write(folder / "wrong-name", authority.issue_cert("other.test")),
        untrusted=_write(folder / "untrusted", stranger.issue_cert(*NAMES)),
    )


def _write(stem: Path, leaf: trustme.LeafCert) -> Pair:
    pair = Pair(certificate=stem.with_suffix(".pem"), key=stem.with_suffix(".key"))
    for place, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(pair.certificate, append=place > 0)
    leaf.private_key_pem.write_to_path(pair.key)
    return pair
