"""The message of a round trip."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.mail.letter import HEADER, compose, is_signed, mark_of, read_headers

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "0123456789abcdef" * 2
NAMES = st.from_regex(r"[0-9a-z]+(-[0-9a-z]+)*", fullmatch=True).filter(lambda name: len(name) < 100)


def test_composed() -> None:
    """The message says what it is, to programs and to people."""
    message = compose("zrh1/inbound", TOKEN, "probe@customer.test", "box@mail.test", NOON)

    assert message.as_string() == (
        "From: probe@customer.test\n"
        "To: box@mail.test\n"
        "Subject: Probe 01234567\n"
        "Date: Tue, 24 Nov 2026 12:00:00 +0000\n"
        f"Message-ID: <{TOKEN}@customer.test>\n"
        "Auto-Submitted: auto-generated\n"
        f"X-Lagebild-Probe: zrh1/inbound/{TOKEN}\n"
        'Content-Type: text/plain; charset="utf-8"\n'
        "Content-Transfer-Encoding: 7bit\n"
        "MIME-Version: 1.0\n"
        "\n"
        "This message measures how long mail takes. It is deleted when it arrives.\n"
    )


@given(NAMES, NAMES, NAMES)
def test_known_again(prober: str, check: str, other: str) -> None:
    """A message is known again by who has sent it, and by nobody else."""
    token = secrets.token_hex(16)
    sent = compose(f"{prober}/{check}", token, "a@b.test", "c@d.test", NOON).as_bytes()

    headers = read_headers(sent)

    assert mark_of(headers, f"{prober}/{check}") == token
    if other != check:
        assert mark_of(headers, f"{prober}/{other}") is None
    if other != prober:
        assert mark_of(headers, f"{other}/{check}") is None


@pytest.mark.parametrize(
    "mark",
    [
        "",
        TOKEN,
        f"zrh1/it/{TOKEN[1:]}",
        f"it/{TOKEN}",
        f"zrh1/it/{TOKEN}0",
        f"zrh1/it/{TOKEN.upper()}",
        f"zrh1/it/{TOKEN} zrh1/it/{TOKEN}",
    ],
)
def test_not_its_own(mark: str) -> None:
    """What only looks like its own message is anybody's."""
    assert mark_of(read_headers(f"{HEADER}: {mark}\r\n\r\n".encode()), "zrh1/it") is None


@pytest.mark.parametrize(
    ("content_type", "signed"),
    [
        ('multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=x', True),
        ("Multipart/Signed; Protocol=Application/X-PKCS7-Signature; boundary=x", True),
        ("application/pkcs7-mime; smime-type=signed-data", True),
        ("application/x-pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", True),
        ('multipart/signed; protocol="application/pgp-signature"; boundary=x', False),
        ("multipart/signed; boundary=x", False),
        ("multipart/mixed; boundary=x", False),
        ("text/plain", False),
    ],
)
def test_signed(content_type: str, signed: bool) -> None:
    """A message is signed if it has the structure of S/MIME (RFC 8551)."""
    assert is_signed(read_headers(f"Content-Type: {content_type}\r\n\r\n".encode())) is signed


def test_signed_without_type() -> None:
    """A message that does not say what it is, is not signed."""
    assert not is_signed(read_headers(b"Subject: x\r\n\r\n"))
