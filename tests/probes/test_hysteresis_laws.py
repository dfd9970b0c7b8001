"""Laws of the hysteresis, held against every run of results that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from probes.events import EventKind
from probes.hysteresis import State, Step, advance
from probes.memory.states import state_from, state_to
from probes.model import Outcome, Policy, Reason, Result

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
POLICY = Policy()
GAPS = (1.0, 5.0, 20.0, 20.0, 20.0, 60.0, 60.0, 300.0, 1200.0, 7 * 3600.0)
BEGUN = (EventKind.OPEN, EventKind.REOPEN)


@dataclass(frozen=True, kw_only=True)
class Move:
    """A result, whether it was held, and what came of it."""

    result: Result
    hold: bool
    before: State
    after: State
    steps: tuple[Step, ...]


@st.composite
def looks(draw: st.DrawFn) -> list[tuple[Result, bool]]:
    """Draw results in stretches, since chance alone hardly ever opens anything; some are held, some are certain."""
    found: list[tuple[Result, bool]] = []
    at = START
    for _ in range(draw(st.integers(1, 8))):
        mood = draw(st.sampled_from(["bad", "good", "mixed", "mild", "silent"]))
        gap = draw(st.sampled_from(GAPS))
        for _ in range(draw(st.integers(1, 25))):
            at += timedelta(seconds=gap if draw(st.integers(0, 9)) else draw(st.sampled_from(GAPS)))
            found.append((draw(_result(at, mood)), draw(st.integers(0, 30)) == 0))
    return found


_MOODS = {
    "bad": (*[Outcome.OUTAGE] * 5, Outcome.PARTIAL, Outcome.OPERATIONAL, Outcome.UNKNOWN),
    "good": (*[Outcome.OPERATIONAL] * 8, Outcome.OUTAGE),
    "mixed": tuple(Outcome),
    "mild": (*[Outcome.DEGRADED] * 5, Outcome.OUTAGE),
    "silent": (*[Outcome.UNKNOWN] * 5, Outcome.OPERATIONAL),
}


@st.composite
def _result(draw: st.DrawFn, at: datetime, mood: str) -> Result:
    outcome = draw(st.sampled_from(_MOODS[mood]))
    return Result(
        at=at,
        outcome=outcome,
        reason=draw(st.sampled_from([Reason.TIMEOUT, Reason.SLOW])) if outcome.bad else None,
        certain=outcome.bad and draw(st.integers(0, 40)) == 0,
    )


def played(results: list[tuple[Result, bool]], state: State | None = None) -> list[Move]:
    """Return what comes of each result."""
    state, moves = state or State(), []
    for result, hold in results:
        after, steps = advance(state, result, result.at, POLICY, hold=hold)
        moves.append(Move(result=result, hold=hold, before=state, after=after, steps=steps))
        state = after
    return moves


@dataclass
class Oracle:
    """The rules once more, as DESIGN words them, over everything that was ever seen."""

    seen: list[Result] = field(default_factory=list)
    """Since the last end, or since the prober returned."""
    good: list[Result] = field(default_factory=list)
    opens: list[datetime] = field(default_factory=list)
    open: bool = False

    def see(self, result: Result) -> None:
        """Take note of a result that says something."""
        if not self.open and self.seen and (result.at - self.seen[-1].at).total_seconds() > 6 * 3600:
            self.seen = []
        self.seen.append(result)
        self.good = [] if result.outcome.bad else [*self.good, result]

    def first_bad(self) -> datetime:
        """Return when the run began: after the last two good results in a row."""
        pairs = [n for n, (a, b) in enumerate(pairwise(self.seen)) if not a.outcome.bad and not b.outcome.bad]
        run = self.seen[pairs[-1] + 2 if pairs else 0 :]
        return next(result.at for result in run if result.outcome.bad)

    def must_open(self) -> bool:
        """Return whether what was seen is enough."""
        last = self.seen[-1]
        if not last.outcome.bad:
            return False
        five = [result for result in self.seen[-5:] if result.outcome.bad]
        twenty = [result for result in self.seen[-20:] if result.outcome.bad]
        three = all(result.outcome.bad for result in self.seen[-3:])
        steady = len(five) >= 4 and three and last.at - self.first_bad() >= timedelta(seconds=60)
        often = len(twenty) >= 8 and last.at - twenty[0].at >= timedelta(seconds=300)
        return last.certain or steady or often

    def must_close(self) -> bool:
        """Return whether it has been good for long enough."""
        if len(self.good) < 3:
            return False
        lately = [at for at in self.opens if self.good[0].at - at <= timedelta(hours=1)]
        needed = timedelta(seconds=900 if len(lately) >= 3 else 120)
        return self.good[-1].at - self.good[0].at >= needed


@given(looks())
def test_opens_and_closes_exactly_when_the_rules_say(results: list[tuple[Result, bool]]) -> None:
    """It opens on 4 of 5 over 60 s (the last 3 bad), 8 of 20 over 300 s, or proof; it closes on 3 good over 120 s."""
    oracle = Oracle()
    for move in played(results):
        events = [step.event for step in move.steps]
        if move.result.outcome is Outcome.UNKNOWN:
            assert events == []
            continue

        oracle.see(move.result)

        begins = not oracle.open and not move.hold and oracle.must_open()
        ends = oracle.open and oracle.must_close()
        assert any(event in BEGUN for event in events) == begins
        assert (EventKind.CLOSE in events) == ends
        if begins:
            oracle.open, oracle.opens = True, [*oracle.opens, move.result.at]
        if ends:
            oracle.open, oracle.seen = False, []


@given(looks())
def test_status_is_never_lowered_before_the_end(results: list[tuple[Result, bool]]) -> None:
    """From its opening to its end an episode only becomes worse, and an escalation makes it worse indeed."""
    for move in played(results):
        if move.before.open and move.after.open:
            assert move.after.status.severity >= move.before.status.severity
        for step in move.steps:
            if step.event is EventKind.ESCALATE:
                assert step.status.severity > move.before.status.severity
            assert step.status.bad is (step.event is not EventKind.CLOSE)
            assert (step.reason is None) is (step.event is EventKind.CLOSE)


@given(looks())
def test_public_times_are_those_of_results(results: list[tuple[Result, bool]]) -> None:
    """An episode begins with a bad result and ends with a good one; no event says more than has been seen."""
    bad = {result.at for result, _ in results if result.outcome.bad}
    good = {result.at for result, _ in results if result.outcome is Outcome.OPERATIONAL}

    for move in played(results):
        for step in move.steps:
            assert step.since in (good if step.event is EventKind.CLOSE else bad)
            assert step.episode in bad
            assert step.episode <= step.since <= move.result.at


@given(looks())
def test_same_id_comes_back_within_half_an_hour_only(results: list[tuple[Result, bool]]) -> None:
    """An episode reopens up to thirty minutes after its end; what fails later has an id that was never used."""
    used: list[datetime] = []
    closed = None
    for move in played(results):
        for step in move.steps:
            if step.event in BEGUN:
                soon = closed is not None and move.result.at - closed <= timedelta(minutes=30)
                assert step.event is (EventKind.REOPEN if soon else EventKind.OPEN)
                assert step.episode == used[-1] if soon else step.episode not in used
                used.append(step.episode)
            elif step.event is EventKind.CLOSE:
                closed = move.result.at
            assert step.episode == used[-1]


@given(looks())
def test_open_episode_is_confirmed_every_three_hours(results: list[tuple[Result, bool]]) -> None:
    """At a bad result an open episode has been told of within the last three hours, and not without need."""
    told = None
    for move in played(results):
        for step in move.steps:
            if step.event is EventKind.STILL:
                assert told is not None
                assert move.result.at - told >= timedelta(hours=3)
            told = move.result.at
        if move.after.open and move.result.outcome.bad:
            assert told is not None
            assert move.result.at - told < timedelta(hours=3)


@given(looks())
def test_unknown_and_late_results_change_nothing(results: list[tuple[Result, bool]]) -> None:
    """Without the unknown results, and with every result told twice, the same is concluded."""
    doubled = [look for look in results for _ in range(2)]
    said = [look for look in results if look[0].outcome is not Outcome.UNKNOWN]

    concluded = [step for move in played(results) for step in move.steps]

    assert concluded == [step for move in played(doubled) for step in move.steps]
    assert concluded == [step for move in played(said) for step in move.steps]


@given(looks())
def test_memory_is_bounded(results: list[tuple[Result, bool]]) -> None:
    """However long it goes on, no more is remembered than twenty results and three openings."""
    for move in played(results):
        assert len(move.after.recent) <= 20
        assert len(move.after.opened) <= 3


@given(looks(), st.integers(0, 200))
def test_state_survives_json_and_is_all_there_is(results: list[tuple[Result, bool]], place: int) -> None:
    """Stopped anywhere and taken up from JSON, the same is concluded: nothing counts but the state and the result."""
    whole = played(results)
    until = played(results[:place])
    state = until[-1].after if until else State()

    kept = state_from(state_to(state))
    rest = played(results[place:], kept)

    assert kept == state
    assert [*until, *rest] == whole
