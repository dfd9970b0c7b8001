"""A run of results becomes an episode by numbers that stand in the policy, and an episode ends by others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from probes.events import EventKind
from probes.hysteresis import State, Step, advance, reseeded
from probes.model import Outcome, Policy, Reason, Result

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OUTCOMES = {
    "g": Outcome.OPERATIONAL,
    "d": Outcome.DEGRADED,
    "p": Outcome.PARTIAL,
    "o": Outcome.OUTAGE,
    "u": Outcome.UNKNOWN,
}
REASONS = {Outcome.DEGRADED: Reason.SLOW, Outcome.PARTIAL: Reason.STATUS, Outcome.OUTAGE: Reason.TIMEOUT}
Told = tuple[EventKind, float, float]
"""An event, when it was concluded, and since when it says that it is so; seconds from `START`."""


def at(seconds: float) -> datetime:
    """Return an instant so many seconds after the start."""
    return START + timedelta(seconds=seconds)


def result(seconds: float, letter: str, *, since: float | None = None, certain: bool = False) -> Result:
    """Return a result: g good, d degraded, p partial, o outage, u unknown."""
    outcome = OUTCOMES[letter]
    known = None if since is None else at(since)
    return Result(at=at(seconds), outcome=outcome, reason=REASONS.get(outcome), since=known, certain=certain)


def every(seconds: float, letters: str, *, begin: float = 0) -> list[Result]:
    """Return results at a steady pace."""
    return [result(begin + place * seconds, letter) for place, letter in enumerate(letters)]


def play(
    results: Sequence[Result], state: State | None = None, policy: Policy | None = None
) -> tuple[State, list[Step]]:
    """Return the last state, and all steps."""
    steps: list[Step] = []
    state = state or State()
    for one in results:
        state, new = advance(state, one, one.at, policy or Policy())
        steps += new
    return state, steps


def told(results: Sequence[Result], state: State | None = None, policy: Policy | None = None) -> list[Told]:
    """Return what is concluded, when, and since when."""
    found: list[Told] = []
    state = state or State()
    for one in results:
        state, steps = advance(state, one, one.at, policy or Policy())
        found += [(s.event, (one.at - START).total_seconds(), (s.since - START).total_seconds()) for s in steps]
    return found


def opened(*, closed: float | None = None) -> State:
    """Return a state with an episode that was opened at 60 s, and perhaps closed."""
    state, _ = play(every(20, "oooo"))
    if closed is not None:
        state, _ = play([result(closed - 120, "g"), result(closed - 60, "g"), result(closed, "g")], state)
        assert not state.open
    return state


# Opening


def test_four_bad_over_a_minute_open_at_the_first_of_them() -> None:
    """Four bad results over sixty seconds open an episode; it began with the first of them."""
    assert told(every(20, "goooo")) == [(EventKind.OPEN, 80, 20)]


def test_one_good_result_amid_the_bad_ones_does_not_count_against_it() -> None:
    """Four of the last five are enough if three failed since; the run began with its first bad result."""
    assert told(every(20, "ogooo")) == [(EventKind.OPEN, 80, 0)]
    assert told(every(20, "oogooo")) == [(EventKind.OPEN, 100, 0)]
    assert told(every(20, "ooogooo")) == [(EventKind.OPEN, 120, 0)]


@pytest.mark.parametrize("letters", ["ooo", "oogoo", "ooogo", "ooogoo", "ooggoo", "ogogogog", "oooggooo"])
def test_less_than_four_of_five_do_not_open(letters: str) -> None:
    """Three bad results in a row, two good ones between, or less than three since a good one open nothing."""
    assert told(every(20, letters)) == []


def test_bad_for_less_than_a_minute_does_not_open() -> None:
    """However many bad results there are, they open nothing before a minute is over."""
    assert told(every(5, "oooooooooooo")) == []
    assert told(every(5, "ooooooooooooo")) == [(EventKind.OPEN, 60, 0)]


def test_good_result_does_not_open() -> None:
    """What is open is opened by a bad result, though the four before would have been enough a little later."""
    assert told([*every(15, "oooo"), result(60, "g")]) == []


def test_two_good_results_end_a_run() -> None:
    """After two good results in a row nothing before them is part of what comes then."""
    assert told([*every(20, "ogg"), *every(20, "oooo", begin=600)]) == [(EventKind.OPEN, 660, 600)]


@pytest.mark.parametrize(
    ("letters", "status", "reason"),
    [
        ("oooo", Outcome.OUTAGE, Reason.TIMEOUT),
        ("dddo", Outcome.DEGRADED, Reason.SLOW),
        ("ddoo", Outcome.DEGRADED, Reason.SLOW),
        ("oood", Outcome.OUTAGE, Reason.TIMEOUT),
        ("dppo", Outcome.PARTIAL, Reason.STATUS),
    ],
)
def test_status_is_the_lower_median_with_its_own_reason(letters: str, status: Outcome, reason: Reason) -> None:
    """An episode is called as bad as at least half of its results were, and why is told by one of those."""
    _, (step,) = play(every(20, letters))

    assert (step.status, step.reason) == (status, reason)


def test_what_fails_again_and_again_opens_as_intermittent() -> None:
    """Eight bad of twenty over five minutes open as degraded performance, though never four of five were bad."""
    results = [result(seconds, letter) for seconds, letter in zip(range(0, 900, 45), "og" * 10, strict=True)]

    _, (step,) = play(results)

    assert (step.event, step.status, step.reason) == (EventKind.OPEN, Outcome.DEGRADED, Reason.INTERMITTENT)
    assert told(results) == [(EventKind.OPEN, 630, 0)]


def test_eight_bad_within_less_than_five_minutes_are_not_yet_intermittent() -> None:
    """What fails again and again for less than five minutes is not called intermittent."""
    assert told(every(20, "og" * 8)) == []


def test_certain_result_opens_alone() -> None:
    """A result that is proof by itself opens at once, since when it says."""
    state, (step,) = play([result(0, "g"), result(3700, "o", since=100, certain=True)])

    assert (step.event, step.status, step.since) == (EventKind.OPEN, Outcome.OUTAGE, at(100))
    assert state.open


def test_policy_of_one_opens_on_one() -> None:
    """A kind whose results are proof each, such as a heartbeat, says so by its policy."""
    policy = Policy(window=1, bad=1, bad_for_seconds=0, good=1, good_for_seconds=0)

    events = told([result(0, "g"), result(60, "o", since=40), result(120, "g", since=110)], policy=policy)

    assert events == [(EventKind.OPEN, 60, 40), (EventKind.CLOSE, 120, 110)]


def test_two_of_three_may_have_a_good_one_between() -> None:
    """Where the policy is two of three, one bad result after a good one is enough."""
    policy = Policy(window=3, bad=2, bad_for_seconds=0)

    assert told(every(300, "ogo"), policy=policy) == [(EventKind.OPEN, 600, 0)]


def test_held_result_opens_nothing_but_counts() -> None:
    """While what it depends on is suspected nothing is opened; then what was counted meanwhile is known."""
    state = State()
    for one in every(20, "oooooo"):
        state, steps = advance(state, one, one.at, Policy(), hold=True)
        assert steps == ()

    assert told([result(120, "o")], state) == [(EventKind.OPEN, 120, 0)]


def test_what_was_seen_long_ago_takes_no_part() -> None:
    """A prober that returns after more than six hours opens nothing by what it saw before."""
    returned = 80 + 6 * 3600

    assert told([*every(20, "gooo"), result(returned - 20, "o")]) == [(EventKind.OPEN, returned - 20, 20)]
    assert told([*every(20, "gooo"), result(returned, "o")]) == []


# While it is open


def test_episode_that_becomes_worse_says_so_once() -> None:
    """Once the median of the last five is worse, the episode is; since the first of those that was so bad."""
    state, steps = play([*every(20, "dddd"), *every(20, "oooooo", begin=80)])

    assert [(step.event, step.status, step.since) for step in steps] == [
        (EventKind.OPEN, Outcome.DEGRADED, at(0)),
        (EventKind.ESCALATE, Outcome.OUTAGE, at(80)),
    ]
    assert steps[1].reason is Reason.TIMEOUT
    assert state.status is Outcome.OUTAGE


def test_episode_is_not_called_better_before_it_is_over() -> None:
    """Milder results lower nothing, and are no event."""
    state, steps = play([*every(20, "oooo"), *every(20, "dddddddddd", begin=80)])

    assert [step.event for step in steps] == [EventKind.OPEN]
    assert state.status is Outcome.OUTAGE


def test_certain_result_makes_it_worse_alone() -> None:
    """A degraded episode becomes an outage by one result that is proof by itself."""
    _, steps = play([*every(20, "dddd"), result(80, "o", certain=True)])

    assert [(step.event, step.since) for step in steps] == [(EventKind.OPEN, at(0)), (EventKind.ESCALATE, at(80))]


def test_good_result_makes_nothing_worse() -> None:
    """A result that is good raises nothing, whatever the window holds then."""
    state, _ = play(every(20, "dddd"))
    state = replace(state, recent=tuple((at(n * 20), Outcome.OUTAGE, Reason.TIMEOUT) for n in range(5)), last=at(80))

    assert told([result(100, "g")], state) == []


def test_intermittent_episode_that_fails_for_good_dates_that_by_its_own_run() -> None:
    """When what failed now and then fails for good, the outage begins with that run, not with the first failure."""
    results = [*every(45, "og" * 8 + "g"), *every(20, "oooo", begin=1000)]

    assert told(results)[-1] == (EventKind.ESCALATE, 1060, 1000)


def test_episode_that_goes_on_says_so_every_three_hours() -> None:
    """A bad result three hours after the last word is told of, and since when it has been so."""
    hours = [result(hour * 3600 + 60, "o") for hour in range(1, 8)]

    assert told(hours, opened()) == [
        (EventKind.STILL, 3 * 3600 + 60, 0),
        (EventKind.STILL, 6 * 3600 + 60, 0),
    ]


def test_good_result_says_nothing_of_going_on() -> None:
    """Only a bad result confirms that an episode goes on."""
    assert told([result(4 * 3600, "g")], opened()) == []


# Closing


def test_three_good_results_over_two_minutes_close_at_the_first_of_them() -> None:
    """Three good results over a hundred and twenty seconds close; it ended with the first of them."""
    assert told(every(60, "ggg", begin=100), opened()) == [(EventKind.CLOSE, 220, 100)]


def test_three_good_results_within_less_than_two_minutes_do_not_close() -> None:
    """Good results close nothing before two minutes are over."""
    assert told(every(10, "g" * 12, begin=100), opened()) == []
    assert told(every(10, "g" * 13, begin=100), opened()) == [(EventKind.CLOSE, 220, 100)]


def test_two_good_results_do_not_close() -> None:
    """Two good results close nothing however long they are apart, and a bad one begins the count anew."""
    assert told([result(100, "g"), result(4000, "g")], opened()) == []
    assert told(every(60, "ggoggg", begin=100), opened()) == [(EventKind.CLOSE, 400, 280)]


def test_episode_does_not_end_before_it_began() -> None:
    """A good result that says "since long ago" does not turn an episode inside out."""
    policy = Policy(window=1, bad=1, bad_for_seconds=0, good=1, good_for_seconds=0)

    events = told([result(60, "o"), result(120, "g", since=0)], policy=policy)

    assert events == [(EventKind.OPEN, 60, 60), (EventKind.CLOSE, 120, 60)]


def test_what_led_to_an_episode_does_not_lead_to_the_next() -> None:
    """After its end an episode's results count for nothing: four new bad ones are needed."""
    assert told(every(20, "ooo", begin=420), opened(closed=400)) == []


def test_failing_again_within_half_an_hour_is_the_same_episode() -> None:
    """What fails again up to thirty minutes after the end is reopened under the same id."""
    state, steps = play(every(20, "oooo", begin=400 + 1740), opened(closed=400))

    assert [(step.event, step.episode, step.since) for step in steps] == [(EventKind.REOPEN, at(0), at(2140))]
    assert state.episode == at(0)


def test_failing_again_later_is_another_episode() -> None:
    """What fails again more than thirty minutes after the end has an id of its own."""
    _, steps = play(every(20, "oooo", begin=400 + 1760), opened(closed=400))

    assert [(step.event, step.episode) for step in steps] == [(EventKind.OPEN, at(2160))]


def test_what_dates_itself_back_does_not_undo_an_end() -> None:
    """A result that says "since long ago" does not reach back behind what was found good."""
    policy = Policy(window=1, bad=1, bad_for_seconds=0, good=1, good_for_seconds=0)
    alert = result(0, "o", since=-100)

    events = told([alert, result(60, "g"), result(120, "o", since=-100)], policy=policy)

    assert events == [(EventKind.OPEN, 0, -100), (EventKind.CLOSE, 60, 60), (EventKind.REOPEN, 120, 60)]


def test_half_hour_counts_from_the_moment_it_was_told() -> None:
    """An end that was concluded late reopens until thirty minutes after it was concluded."""
    state = opened()
    for one in every(60, "ggg", begin=100):
        state, _ = advance(state, one, one.at + timedelta(seconds=50), Policy())

    events = told(every(20, "oooo", begin=220 + 50 + 1740), state)

    assert [event for event, _, _ in events] == [EventKind.REOPEN]


# Flapping


def flapping() -> State:
    """Return a state that has been opened three times: at 60, 460 and 860 s."""
    state = State()
    for begin in (0, 400, 800):
        state, _ = play(every(20, "oooo", begin=begin), state)
        if begin < 800:
            state, _ = play(every(60, "ggg", begin=begin + 80), state)
            assert not state.open
    return state


def test_third_opening_within_an_hour_closes_only_after_fifteen_minutes() -> None:
    """What has opened three times in an hour must be good for nine hundred seconds."""
    assert told(every(60, "g" * 15, begin=900), flapping()) == []
    assert told(every(60, "g" * 16, begin=900), flapping()) == [(EventKind.CLOSE, 1800, 900)]


def test_good_streak_that_is_longer_than_what_is_remembered_closes_too() -> None:
    """Ninety good results in a row are more than the twenty that are remembered; the length of the streak is not."""
    assert told(every(10, "g" * 90, begin=900), flapping()) == []
    assert told(every(10, "g" * 91, begin=900), flapping()) == [(EventKind.CLOSE, 1800, 900)]


def test_flapping_does_not_end_while_it_is_watched_for_its_end() -> None:
    """That the first opening is more than an hour ago when it has been good for a while changes nothing."""
    results = [result(3640, "o"), *every(60, "g" * 16, begin=3650)]

    assert told(results, flapping()) == [(EventKind.CLOSE, 3650 + 900, 3650)]


def test_openings_of_more_than_an_hour_ago_do_not_count() -> None:
    """What opened three times, but not within an hour, closes after two minutes."""
    results = [result(3700, "o"), *every(60, "ggg", begin=3720)]

    assert told(results, flapping()) == [(EventKind.CLOSE, 3840, 3720)]


def test_openings_are_not_heaped_up() -> None:
    """However often it opens, no more openings are remembered than it takes to call it flapping."""
    policy = Policy(window=1, bad=1, bad_for_seconds=0, good=1, good_for_seconds=0, flapping_good_for_seconds=0)

    state, steps = play(every(20, "og" * 20), policy=policy)

    assert len(steps) == 40
    assert len(state.opened) == 3


# What moves nothing, and a lost state


def test_unknown_result_moves_nothing() -> None:
    """Unknown results neither open nor close, break no run, and are no part of the window."""
    assert told(every(20, "oouuuuuuoo")) == [(EventKind.OPEN, 180, 0)]
    assert told([*every(60, "gg", begin=100), *every(60, "uuuu", begin=220), result(460, "g")], opened()) == [
        (EventKind.CLOSE, 460, 100)
    ]


def test_result_that_is_not_later_than_the_last_is_ignored() -> None:
    """What comes late or twice changes nothing, not even after an unknown one."""
    state, _ = play([*every(20, "oo"), result(40, "u")])

    for seconds in (40, 39, 0):
        assert advance(state, result(seconds, "o"), at(100), Policy()) == (state, ())


def test_prober_that_lost_its_state_goes_on_with_what_it_published() -> None:
    """From its own last event an open episode is taken up: it closes, escalates and confirms as it would have."""
    _, (step,) = play(every(20, "dddd"))
    state = reseeded(step, at(60))

    assert told(every(60, "ggg", begin=300), state) == [(EventKind.CLOSE, 420, 300)]
    assert told(every(20, "oooo", begin=300), state) == [(EventKind.ESCALATE, 360, 300)]
    assert told([result(3 * 3600 + 60, "d")], state) == [(EventKind.STILL, 3 * 3600 + 60, 0)]
    _, (closed,) = play(every(60, "ggg", begin=300), state)
    assert closed.episode == step.episode
