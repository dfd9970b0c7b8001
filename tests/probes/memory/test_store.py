"""What a prober remembers survives whatever happens to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.events import Event, EventKind, path_of, serialize
from probes.hysteresis import State, advance
from probes.kind import Token
from probes.memory.database import open_for_writing
from probes.memory.states import state_from, state_to
from probes.memory.store import VERSION, Conclusion, DamagedError, GoneError, Store, StoreError, opened, set_aside
from probes.model import Outcome, Policy, Reason, Result
from tests.conftest import CHECKOUT
from tests.probes.lab.prober import NOON, at, bad, good, unknown

MX = ("mx", "gateway")
EVENT = Event(event=EventKind.BLIND, id="0" * 16, prober="zrh1", at=NOON, since=NOON)
TOKEN = Token(check="rt", token="1" * 32, sent_at=NOON)
LATE = Token(check="rt", token="1" * 32, sent_at=NOON, counted=Outcome.DEGRADED)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a store may be."""
    return tmp_path / "state" / "store.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """Return a new store."""
    with opened(file) as kept:
        yield kept


def keep(store: Store, *results: Result, check: str = "mx", **more: object) -> None:
    """Keep results that have led to nothing else."""
    store.conclude(check, [Conclusion(service="gateway", result=one, state=State(), **more) for one in results])  # type: ignore[arg-type]


def test_a_conclusion_is_remembered(file: Path) -> None:
    """State, result and events of a conclusion are there when the store is opened again."""
    result = bad(0, note="no answer")
    state, _ = advance(State(), result, NOON, Policy())
    with opened(file) as store:
        store.conclude("mx", [Conclusion(service="gateway", result=result, state=state, events=(EVENT,))])

    with opened(file) as store:
        last = store.last(*MX)
        assert store.state(*MX) == state
        assert last
        assert (last.at, last.outcome, last.reason, last.note) == (NOON, Outcome.OUTAGE, "refused", "no answer")
        assert store.outbox() == {path_of(EVENT): serialize(EVENT)}


def test_all_of_a_look_or_nothing(store: Store) -> None:
    """Of a look whose last result cannot be kept nothing is kept, nor is its event."""
    unfit = Result(at=NOON, outcome=Outcome.OUTAGE, note=object())  # type: ignore[arg-type]

    with pytest.raises(sqlite3.Error):
        keep(store, bad(0), unfit, events=(EVENT,))

    assert store.state(*MX) is None
    assert store.last(*MX) is None
    assert store.outbox() == {}


def test_the_outbox_keeps_its_order(store: Store) -> None:
    """What is out is forgotten, and the rest comes in the order in which it was concluded."""
    for name in "cab":
        store.note("turn", name, {f"{name}.json": b"{}"})
    store.sent_out(["a.json"])

    assert list(store.outbox()) == ["c.json", "b.json"]
    assert list(store.outbox(most=1)) == ["c.json"]
    assert store.waiting() == 2


@pytest.mark.parametrize("where", ["header", "page"])
def test_a_damaged_store_is_known_as_such(file: Path, where: str) -> None:
    """Whether its beginning or a page within is damaged, it is called so."""
    with opened(file) as store:
        keep(store, *(good(second, note="x" * 2000) for second in range(100)))
    with file.open("r+b") as opened_file:
        opened_file.seek(0 if where == "header" else 4096)
        opened_file.write(b"\xff" * 60_000)

    with pytest.raises(DamagedError, match=r"store\.sqlite: "), opened(file) as store:
        keep(store, *(good(1000 + second) for second in range(100)))


def test_a_damaged_store_is_set_aside(file: Path) -> None:
    """It keeps its content under another name, with what belongs to it, and makes room for a new one."""
    file.parent.mkdir()
    file.write_bytes(b"what was a database")
    file.with_name("store.sqlite-wal").write_bytes(b"and its log")

    place = set_aside(file, NOON)

    assert place == file.with_name("store.sqlite.broken-20261124T120000Z")
    assert place.read_bytes() == b"what was a database"
    assert place.with_name(place.name + "-wal").read_bytes() == b"and its log"
    with opened(file) as store:
        assert store.outbox() == {}


@pytest.mark.parametrize("gone", ["store.sqlite", "store.sqlite.lock"])
def test_a_store_that_is_taken_away(file: Path, gone: str) -> None:
    """Nothing is written to a file that nobody sees, nor while another may write beside."""
    with opened(file) as store:
        keep(store, good(0))
        file.with_name(gone).unlink()

        for write in (lambda: keep(store, good(20)), store.stand):
            with pytest.raises(GoneError, match=f"{gone} was removed or replaced"):
                write()


def test_a_store_that_is_replaced(file: Path) -> None:
    """Whoever had the former one leaves the new one alone, with its log, also at the end."""
    with contextlib.ExitStack() as stack:
        with opened(file) as store:
            keep(store, good(0))
            for each in file.parent.iterdir():
                each.unlink()
            other = stack.enter_context(opened(file))
            keep(other, good(20))
        left = {each.name for each in file.parent.iterdir()}
        keep(other, good(40))

    with opened(file, read_only=True) as again:
        last = again.last(*MX)
        assert left >= {"store.sqlite", "store.sqlite-wal", "store.sqlite-shm"}
        assert last
        assert last.at == at(40)


@pytest.mark.parametrize("ended", [True, False])
def test_a_folder_that_cannot_be_written(tmp_path: Path, *, ended: bool) -> None:
    """A store in it can be read as it was left; one that was not closed says what to do."""
    folder, elsewhere = tmp_path / "read-only", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    with opened(elsewhere / "store.sqlite") as store:
        keep(store, good(0))
        if not ended:
            for name in ("store.sqlite", "store.sqlite-wal"):
                shutil.copy(elsewhere / name, tmp_path / name)
    if not ended:
        for name in ("store.sqlite", "store.sqlite-wal"):
            (tmp_path / name).replace(elsewhere / name)
    mounting = ["mount", "--bind", "-o", "ro", str(elsewhere), str(folder)]
    if os.getuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("needs root, to mount a folder that cannot be written")
    try:
        if ended:
            with opened(folder / "store.sqlite", read_only=True) as store:
                assert store.last(*MX)
        else:
            hint = "its folder cannot be written; ask as the user of the prober"
            with pytest.raises(StoreError, match=hint), opened(folder / "store.sqlite", read_only=True):
                pass
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_later_version_is_left_alone(file: Path) -> None:
    """A store that a later version has written is neither read nor called damaged."""
    with opened(file):
        pass
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()

    for read_only in (False, True):
        with pytest.raises(StoreError, match="later version") as raised, opened(file, read_only=read_only):
            pass
        assert not isinstance(raised.value, DamagedError)


def test_a_full_disk_is_no_damage(file: Path) -> None:
    """A disk that refuses is said to, and what could not be kept has left no trace."""
    results = [good(second, note="x" * 2000) for second in range(100)]
    with open_for_writing(file) as database:
        database.ask("PRAGMA max_page_count=1")  # as many as there are

        with pytest.raises(sqlite3.OperationalError, match="full") as raised:
            keep(Store(database), *results)

    with pytest.raises(StoreError, match="full") as blamed, open_for_writing(file):
        raise raised.value
    assert not isinstance(blamed.value, DamagedError)
    with opened(file) as store:
        assert store.last(*MX) is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where the disk has no place for it, the error says which."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"file/state: Not a directory"), opened(tmp_path / "file/state/store.sqlite"):
        pass


def test_one_process_at_a_time(file: Path) -> None:
    """A second prober with the same store is refused, and told who has it; reading is for everybody."""
    with opened(file) as store:
        keep(store, bad(0))

        said = rf"process {os.getpid()}\) works with .* --state"
        with pytest.raises(StoreError, match=said), opened(file, wait_seconds=0.1):
            pass
        with opened(file, read_only=True) as reader:
            assert reader.last(*MX)


def test_a_killed_process_lets_go(file: Path) -> None:
    """Whoever was killed has let go of the store, and left all that it had concluded."""
    code = "import os,sys;from pathlib import Path;from probes.memory.store import opened\n"
    code += "with opened(Path(sys.argv[1])) as store:\n store.note('a','b',{'x.json':b'{}'})\n os.kill(os.getpid(), 9)"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run([sys.executable, "-c", code, file], env=environment, check=False)

    with opened(file) as store:
        assert ended.returncode == -9
        assert store.noted("a") == "b"
        assert store.waiting() == 1


def test_reading_what_is_not_there(file: Path) -> None:
    """Who reads before anything was looked at finds nothing, and leaves nothing."""
    with opened(file, read_only=True) as store:
        assert (store.last(*MX), store.state(*MX), store.noted("a"), store.waiting()) == (None, None, "", 0)
        assert list(store.tokens.pending("rt")) == []

    assert not file.parent.exists()


def test_others_cannot_read_it(file: Path) -> None:
    """Notes may say what servers answered, so the file and its folder are their owner's alone."""
    with opened(file) as store:
        keep(store, bad(0))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("store.sqlite*")}

    assert {name: mode for name, mode in modes.items() if not name.endswith(".lock")} == {
        "store.sqlite": 0o600,
        "store.sqlite-wal": 0o600,
        "store.sqlite-shm": 0o600,
    }
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "[]", '{"recent": 1}', '{"unheard": "of"}'])
def test_a_state_that_cannot_be_read_is_none(file: Path, text: str) -> None:
    """A state of another version counts as none: counting starts again."""
    with opened(file):
        pass
    connection = sqlite3.connect(file)
    connection.execute("INSERT INTO states VALUES ('mx', 'gateway', ?)", (text,))
    connection.commit()
    connection.close()

    with opened(file) as store:
        assert store.state(*MX) is None


def test_a_message_is_remembered_at_once(file: Path) -> None:
    """A message is there after a restart, and when the last was sent outlives it."""
    with opened(file) as store:
        store.tokens.put(TOKEN)

    with opened(file) as store:
        assert list(store.tokens.pending("rt")) == [TOKEN]
        store.tokens.drop(TOKEN)
        assert list(store.tokens.pending("rt")) == []

    with opened(file) as store:
        assert list(store.tokens.pending("rt")) == []
        assert store.tokens.last_sent("rt") == NOON
        assert store.tokens.last_sent("other") is None


def test_messages_are_in_their_order(store: Store) -> None:
    """The oldest message comes first, and only those of the check that asks."""
    for name, check, seconds in (("a", "rt", 60), ("b", "rt", 0), ("c", "other", 30)):
        store.tokens.put(Token(check=check, token=name, sent_at=at(seconds)))

    assert [token.token for token in store.tokens.pending("rt")] == ["b", "a"]
    assert store.tokens.last_sent("rt") == at(60)


def test_a_late_message_counts_with_its_result(store: Store) -> None:
    """That a message was counted is kept together with the result that says so, and not without it."""
    store.tokens.put(TOKEN)
    store.tokens.put(LATE)
    seen = list(store.tokens.pending("rt"))
    store.tokens.reload()
    cut_short = list(store.tokens.pending("rt"))
    store.tokens.put(LATE)
    keep(store, bad(0), check="rt")
    store.tokens.reload()

    assert (seen, cut_short) == ([LATE], [TOKEN])
    assert list(store.tokens.pending("rt")) == [LATE]


def test_hours_are_summed_up(store: Store) -> None:
    """Results become figures by the hour once the hour is over; what says nothing does not count."""
    hour = timedelta(hours=1)
    keep(store, *(good(60 * minute, took_seconds=(minute + 1) / 100) for minute in range(59)))
    keep(store, bad(59 * 60), unknown(59.5 * 60), good(61 * 60, took_seconds=9))

    early = store.hours.of(*MX, NOON + hour - timedelta(seconds=1))
    (told,) = store.hours.of(*MX, NOON + hour)
    again = store.hours.of(*MX, NOON + hour + timedelta(minutes=5))

    assert early == ()
    assert (told.start, told.looks, told.bad, told.median_seconds, told.p95_seconds) == (NOON, 60, 1, 0.3, 0.57)
    assert again == (told,)


def test_an_hour_without_an_answer(store: Store) -> None:
    """Where nothing was answered there is no response time."""
    keep(store, bad(0), bad(20))

    (told,) = store.hours.of(*MX, NOON + timedelta(hours=1))

    assert (told.looks, told.bad, told.median_seconds, told.p95_seconds) == (2, 2, None, None)


def test_the_latest_hours_are_told(store: Store) -> None:
    """Of more hours than may be told the latest ones are, oldest first."""
    keep(store, *(good(3600 * hour) for hour in range(5)))

    told = store.hours.of(*MX, NOON + timedelta(hours=5), 2)

    assert [one.start for one in told] == [NOON + timedelta(hours=3), NOON + timedelta(hours=4)]


def test_after_thirty_days_the_hours_are_left(store: Store) -> None:
    """Single results go after 30 days; their hours stay for good, and those of the last 30 days are told."""
    keep(store, good(0, took_seconds=1), good(29.5 * 86400))
    later = NOON + timedelta(days=31)

    store.hours.forget_raw(later)

    last = store.last(*MX)
    assert last
    assert last.at == NOON + timedelta(days=29.5)
    assert [one.start for one in store.hours.of(*MX, later)] == [NOON + timedelta(days=29, hours=12)]
    assert [one.start for one in store.hours.of(*MX, NOON + timedelta(days=30))] == [
        NOON,
        NOON + timedelta(days=29, hours=12),
    ]


def test_the_last_that_said_something(store: Store) -> None:
    """The last result and the last that said something of the service are kept apart."""
    keep(store, good(0), unknown(60))

    last, known = store.last(*MX), store.last(*MX, known=True)

    assert last
    assert known
    assert (last.outcome, last.at) == (Outcome.UNKNOWN, at(60))
    assert (known.outcome, known.at) == (Outcome.OPERATIONAL, NOON)


def test_a_clock_that_was_put_back(store: Store) -> None:
    """What was found at a time that never came is forgotten."""
    keep(store, bad(0))
    keep(store, good(7200))

    store.start_again({}, (), NOON)

    last = store.last(*MX)

    assert last
    assert last.at == NOON


def test_threads_may_share_it(store: Store) -> None:
    """What one thread has not finished, and then takes back, no other thread ever sees."""
    unfit = Result(at=NOON, outcome=Outcome.OUTAGE, note=object())  # type: ignore[arg-type]
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(store.waiting())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(200):
        with pytest.raises(sqlite3.Error):
            keep(store, *(good(second) for second in range(20)), unfit, events=(EVENT,))
    done.set()
    reader.join()

    assert seen == {0}


results = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from(list(Outcome)), st.booleans()), min_size=1, max_size=60
)


@given(results)
def test_state_is_written_and_read(story: list[tuple[int, Outcome, bool]]) -> None:
    """Whatever a state has become, reading what was written gives it back."""
    state, now = State(), NOON
    for seconds, outcome, certain in story:
        now += timedelta(seconds=seconds)
        reason = Reason.TIMEOUT if outcome.bad else None
        result = Result(at=now, outcome=outcome, reason=reason, certain=certain and outcome.bad)
        state, _ = advance(state, result, now, Policy())

        assert state_from(state_to(state)) == state
