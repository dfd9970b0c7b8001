"""What a prober last saw: what is written is read back, and what no prober writes is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from probes.model import Outcome
from probes.observations import Hour, Observation, ObservationError, Observations, parse, serialize

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = Hour(start=NOON - timedelta(hours=1), looks=60, bad=2, median_seconds=0.25, p95_seconds=0.9)
CHECK = Observation(
    check="mx",
    kind="smtp",
    service="gateway",
    outcome=Outcome.OPERATIONAL,
    open=False,
    last_result_at=NOON,
    stale_after=NOON + timedelta(minutes=5),
    hours=(HOUR,),
)
SEEN = Observations(prober="zrh1", at=NOON, blind=False, checks=(CHECK,))


def written(**changes: object) -> bytes:
    """Return the file with other values in its only check."""
    said = json.loads(serialize(SEEN))
    said["checks"][0] |= changes
    return json.dumps(said).encode()


def hour(*figures: object) -> dict[str, object]:
    """Return an hour with other figures."""
    return {"hours": [["2026-11-24T11:00:00Z", *figures]]}


def test_identity() -> None:
    """What is written is read back."""
    assert parse(serialize(SEEN)) == SEEN


BOUNDS: dict[str, dict[str, object]] = {
    "no looks": hour(0, 0, None, None),
    "all bad": hour(60, 60, None, None),
    "all alike": hour(60, 0, 0.5, 0.5),
    "a look a second": hour(3_600, 0, 0, 0),
    "a year": hour(1, 0, 366 * 86400, 366 * 86400),
    "three times a month": {"stale_after": "2027-02-25T12:00:00Z"},
    "stale": {"stale_after": "2020-01-01T00:00:00Z"},
    "a long name": {"check": "a" * 100},
}
BEYOND: dict[str, dict[str, object]] = {
    "looks of 401 digits": hour(10**400, 0, 0.1, 0.2),
    "more looks than seconds": hour(100_001, 0, 0.1, 0.2),
    "fewer looks than none": hour(-1, -2, 0.1, 0.2),
    "fewer bad ones than none": hour(1, -1, 0.1, 0.2),
    "more bad ones than looks": hour(1, 2, 0.1, 0.2),
    "half a look": hour(1.5, 1, 0.1, 0.2),
    "looks as a text": hour("60", 0, 0.1, 0.2),
    "looks that are true": hour(True, 0, 0.1, 0.2),
    "looks that are none": hour(float("nan"), 0, 0.1, 0.2),
    "a median above the 95th percentile": hour(1, 0, 0.3, 0.2),
    "a median alone": hour(1, 0, 0.3, None),
    "no median": hour(1, 0, None, 0.3),
    "a negative time": hour(1, 0, -0.1, 0.2),
    "an infinite time": hour(1, 0, 0.1, float("inf")),
    "a time that is none": hour(1, 0, float("nan"), 0.2),
    "a time of 401 digits": hour(1, 0, 0.1, 10**400),
    "more than a year": hour(1, 0, 0.1, 366 * 86400 + 1),
    "figures that lack": hour(1, 0),
    "figures that nobody knows": hour(1, 0, 0.1, 0.2, 0.3),
    "believed for ever": {"stale_after": "2027-02-27T12:00:00Z"},
    "a name longer than any": {"check": "a" * 101},
    "a path for a name": {"service": "../../etc"},
    "markup for a name": {"kind": "<b>"},
}


@pytest.mark.parametrize("changes", BOUNDS.values(), ids=BOUNDS)
def test_within_bounds(changes: dict[str, object]) -> None:
    """What a prober may have seen is read, up to the bounds themselves."""
    assert len(parse(written(**changes)).checks) == 1


@pytest.mark.parametrize("changes", BEYOND.values(), ids=BEYOND)
def test_beyond_bounds(changes: dict[str, object]) -> None:
    """What no prober can have seen is refused with a word, so that no page has to reckon with it."""
    with pytest.raises(ObservationError):
        parse(written(**changes))


def test_name_of_the_prober() -> None:
    """A prober is named as in status.yaml."""
    data = serialize(SEEN).replace(b"zrh1", b"Zrh 1")

    with pytest.raises(ObservationError):
        parse(data)
