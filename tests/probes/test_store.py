"""What a prober remembers survives whatever happens to it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.hysteresis import State, advance
from probes.kind import Token
from probes.model import Outcome, Policy, Reason, Result
from probes.remembering import state_from, state_to
from probes.store import VERSION, Store, StoreError, opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BAD = Result(at=NOON, outcome=Outcome.OUTAGE, reason=Reason.TIMEOUT, note="no answer")


def good(minutes: float, took: float | None = None) -> Result:
    """Return a good result."""
    return Result(at=NOON + timedelta(minutes=minutes), outcome=Outcome.OPERATIONAL, took_seconds=took)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a store may be."""
    return tmp_path / "state" / "store.sqlite"


def test_remembers(file: Path) -> None:
    """State, result and events of a conclusion are there after the store was closed."""
    state, _ = advance(State(), BAD, NOON, Policy())
    with opened(file) as store:
        store.conclude("mx", "gateway", state, BAD, {"a.json": b"{}"})

    with opened(file) as store:
        assert store.state("mx", "gateway") == state
        last = store.last("mx", "gateway")
        assert last is not None
        assert (last.at, last.outcome, last.reason, last.note) == (NOON, Outcome.OUTAGE, "timeout", "no answer")
        assert store.outbox() == {"a.json": b"{}"}


def test_all_or_nothing(file: Path) -> None:
    """A conclusion that cannot be kept as a whole leaves nothing of itself."""
    with opened(file) as store:
        with pytest.raises(sqlite3.Error):
            store.conclude("mx", "gateway", State(last=NOON), BAD, {"a.json": object()})  # type: ignore[dict-item]

        assert store.state("mx", "gateway") is None
        assert store.last("mx", "gateway") is None


def test_outbox(file: Path) -> None:
    """What is out is forgotten, the rest stays in its order."""
    with opened(file) as store:
        for place in range(3):
            store.conclude("mx", "gateway", State(), good(place), {f"{place}.json": b"{}"})
        store.sent_out(["1.json"])

        assert list(store.outbox()) == ["0.json", "2.json"]
        assert list(store.outbox(most=1)) == ["0.json"]


@pytest.mark.parametrize("damage", [b"not a database, but long enough to be read as one" * 100])
def test_damaged(file: Path, damage: bytes) -> None:
    """A damaged store is named, with what to do."""
    file.parent.mkdir()
    file.write_bytes(damage)

    with pytest.raises(StoreError, match=r"move it away.*counting starts again"), opened(file):
        pass


def test_later_version(file: Path) -> None:
    """A store of a later version is left alone."""
    with opened(file):
        pass
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()

    with pytest.raises(StoreError, match="later version"), opened(file):
        pass


def test_unreadable_state(file: Path) -> None:
    """A state that cannot be read counts as none: counting starts again."""
    with opened(file) as store:
        store.note("x", "y")
    connection = sqlite3.connect(file)
    connection.execute("INSERT INTO states VALUES ('mx', 'gateway', '{\"recent\": 1}')")
    connection.commit()
    connection.close()

    with opened(file) as store:
        assert store.state("mx", "gateway") is None


def test_tokens(file: Path) -> None:
    """Messages under way are there after a restart, and when the last was sent outlives them."""
    token = Token(check="rt", token="0" * 32, sent_at=NOON)
    with opened(file) as store:
        store.put(token)
        store.put(Token(check="rt", token="0" * 32, sent_at=NOON, counted=Outcome.DEGRADED))

    with opened(file) as store:
        (pending,) = store.pending("rt")
        assert pending.counted is Outcome.DEGRADED
        store.drop(token)
        assert store.pending("rt") == []
        assert store.last_sent("rt") == NOON
        assert store.last_sent("other") is None


def test_hours(file: Path) -> None:
    """Results become figures by the hour once the hour is over; unknown ones do not count."""
    with opened(file) as store:
        for minute in range(60):
            store.conclude("mx", "gateway", State(), good(minute, took=(minute + 1) / 100), {})
        store.conclude("mx", "gateway", State(), Result(at=NOON + timedelta(minutes=60.5), outcome=Outcome.UNKNOWN), {})
        store.conclude("mx", "gateway", State(), good(61, took=9), {})

        assert store.hours("mx", "gateway", NOON + timedelta(minutes=59)) == ()
        (hour,) = store.hours("mx", "gateway", NOON + timedelta(minutes=62))

    assert (hour.start, hour.looks, hour.bad, hour.median_seconds, hour.p95_seconds) == (NOON, 60, 0, 0.3, 0.57)


def test_tidy(file: Path) -> None:
    """After thirty days the hours are left of the results."""
    later = NOON + timedelta(days=40)
    with opened(file) as store:
        store.conclude("mx", "gateway", State(), good(0, took=1), {})
        store.tidy(later)

        assert store.last("mx", "gateway") is None
        assert store.hours("mx", "gateway", NOON + timedelta(days=2))[0].looks == 1
        assert store.hours("mx", "gateway", later) == ()


def test_last_known(file: Path) -> None:
    """A result that says nothing does not count as the last that said something."""
    with opened(file) as store:
        store.conclude("mx", "gateway", State(), good(0), {})
        store.conclude("mx", "gateway", State(), Result(at=NOON + timedelta(minutes=5), outcome=Outcome.UNKNOWN), {})

        assert store.last_known("mx", "gateway") == NOON


results = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from(list(Outcome)), st.booleans()), min_size=1, max_size=60
)


@given(results)
def test_state_is_written_and_read(story: list[tuple[int, Outcome, bool]]) -> None:
    """Whatever a state has become, reading what was written gives it back."""
    state, at = State(), NOON
    for seconds, outcome, certain in story:
        at += timedelta(seconds=seconds)
        reason = Reason.TIMEOUT if outcome.bad else None
        result = Result(at=at, outcome=outcome, reason=reason, certain=certain and outcome.bad)
        state, _ = advance(state, result, at, Policy())

        assert state_from(state_to(state)) == state


def test_store_is_tokens(file: Path) -> None:
    """The store is what probes may use for their messages."""
    with opened(file) as store:
        assert isinstance(store, Store)
