"""What the Received headers of a message tell."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from probes.mail.hops import Hop, hops, received_at
from probes.mail.letter import read_headers

WAY = b"""\
Received: from gateway.test (gateway.test [192.0.2.2])
\tby store.mail.test with LMTP id aBc; Tue, 24 Nov 2026 14:10:00 +0100 (CET)
Received: from scanner.test by gateway.test (Postfix) with ESMTPS id 1
\tfor <box@mail.test>; Tue, 24 Nov 2026 12:10:30 -0100
Received: from probe.invalid (unknown [192.0.2.1])
\tby scanner.test (Postfix) with ESMTPSA; Tue, 24 Nov 2026 12:00:00 +0000
Subject: x

"""


def test_way_of_a_message() -> None:
    """Each server is told with how long the message stayed there; one whose clock is behind has taken no time."""
    assert hops(read_headers(WAY)) == [Hop(by="scanner.test", seconds=4230), Hop(by="gateway.test", seconds=0)]


def test_last_server() -> None:
    """The topmost header is the last server's."""
    assert received_at(read_headers(WAY)) == datetime(2026, 11, 24, 13, 10, tzinfo=UTC)


def test_one_server() -> None:
    """A message that met one server alone has stayed nowhere else."""
    headers = read_headers(b"Received: by a.test; Tue, 24 Nov 2026 12:00:00 +0000\n\n")

    assert hops(headers) == []


def test_unreadable() -> None:
    """A header without a time is left out, and one that names no server remains without a name."""
    headers = read_headers(
        b"Received: by c.test; Tue, 24 Nov 2026 12:00:09 +0000\n"
        b"Received: by b.test; yesterday\n"
        b"Received: from nowhere; Tue, 24 Nov 2026 12:00:00 +0000\n\n"
    )

    assert hops(headers) == [Hop(by="", seconds=9)]
    assert received_at(read_headers(b"Received: by b.test; yesterday\n\n")) is None
    assert received_at(read_headers(b"Subject: x\n\n")) is None


DATES = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"(Tue, )?\d{1,3} (Jan|Nov) \d{1,6} \d{1,3}:\d\d(:\d\d)? [+-]?\d{1,9}", fullmatch=True),
)


@given(st.lists(DATES, max_size=5))
def test_any_headers(dates: list[str]) -> None:
    """Whatever servers write, no stay is shorter than nothing, and nothing raises."""
    data = "".join(f"Received: by x.test; {date}\n" for date in dates).encode("utf-8", "replace")

    headers = read_headers(data + b"\n")

    assert all(hop.seconds >= 0 for hop in hops(headers))
    received_at(headers)
