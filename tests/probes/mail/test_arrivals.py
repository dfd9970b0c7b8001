"""What it means that a message has arrived, by what stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from probes.kind import Token
from probes.mail.arrivals import Expected, arrived, awaited
from probes.mail.letter import Arrival, read_headers
from probes.model import Outcome, Reason
from probes.pattern import pattern

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = Token(check="it", token="0" * 32, sent_at=NOON)
EXPECTED = Expected(late_above_seconds=300, missing_above_seconds=3600, status=Outcome.PARTIAL)
SECOND = timedelta(seconds=1)


def arrival(seconds: float, headers: bytes = b"") -> Arrival:
    """Return an arrival so long after sending, by the clock of the server."""
    message = read_headers(headers + b"\r\n")
    return Arrival(token=TOKEN.token, arrived_at=NOON + seconds * SECOND, junk=False, headers=message)


@pytest.mark.parametrize(
    ("arrived_after", "found_after", "delay"),
    [(90, 100, 90), (-3600, 100, 0), (3600, 100, 100), (90, -3600, 0)],
    ids=["clocks agree", "server behind", "server ahead", "prober put back"],
)
def test_clocks_that_differ(arrived_after: float, found_after: float, delay: float) -> None:
    """Nothing arrives before it was sent, or after it was found."""
    found = arrived(EXPECTED, TOKEN, arrival(arrived_after), NOON + found_after * SECOND)

    assert found is not None
    assert (found.outcome, found.took_seconds) == (Outcome.OPERATIONAL, delay)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (b"X-Filter: clean by filter\r\n", None),
        (b"x-filter: dirty\r\nX-Filter: clean\r\n\tby filter\r\n", None),
        (b"X-Filter: dirty by filter\r\n", Reason.ALTERED),
        (b"Subject: clean by filter\r\n", Reason.ALTERED),
    ],
    ids=["as expected", "folded, and one of two", "another value", "another header"],
)
def test_headers(headers: bytes, reason: Reason | None) -> None:
    """One header of the name must match, unfolded."""
    expected = Expected(
        late_above_seconds=300,
        missing_above_seconds=3600,
        status=Outcome.OUTAGE,
        headers={"X-Filter": pattern("^clean by")},
    )

    found = arrived(expected, TOKEN, arrival(1, headers), NOON + SECOND)

    assert found is not None
    assert found.reason is reason


@pytest.mark.parametrize("seconds", [300, 301, 3600, 3601])
def test_limits(seconds: float) -> None:
    """What takes as long as it may is in time, whether it is awaited or has arrived."""
    there = arrived(EXPECTED, TOKEN, arrival(seconds), NOON + seconds * SECOND)
    away = awaited(EXPECTED, TOKEN, NOON + seconds * SECOND)

    assert there is not None
    assert there.outcome.bad is (seconds > 300)
    assert (away is not None) is (seconds > 300)


def test_missing_has_the_status_of_the_check() -> None:
    """A missing message is as bad as a failure of the check is."""
    late = awaited(EXPECTED, TOKEN, NOON + 3601 * SECOND)
    assert late is not None

    missing = awaited(EXPECTED, late[0], NOON + 3602 * SECOND)

    assert missing is not None
    assert (missing[1].outcome, missing[1].certain) == (Outcome.PARTIAL, True)
    assert awaited(EXPECTED, missing[0], NOON + 9999 * SECOND) is None
