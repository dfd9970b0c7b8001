"""How long disturbances lasted, taken together."""

from __future__ import annotations

from typing import Any

from generator.facts import Durations, durations_of

HOUR = 3600
NOTHING = Durations(count=0, known=0, rough=0, median_seconds=None, longest=None, longest_seconds=None)


def outage(make: Any, id_: str, hours: int, **more: Any) -> Any:
    """Return an outage that was over after so many hours."""
    end = make.update(f"2024-02-01 {hours:02}:00", "resolved")
    return make.incident(
        {"mail": "major_outage"}, make.update("2024-02-01 00:00", "investigating"), end, id_=id_, **more
    )


def found(make: Any, *incidents: Any) -> Durations:
    """Return the durations of some incidents, some weeks later."""
    return durations_of(make.facts("2024-02-19 12:00", *incidents).incidents)


def test_nothing_has_no_median() -> None:
    """Without a disturbance there is no length to speak of."""
    assert durations_of(()) == NOTHING


def test_half_are_no_longer_than_the_median(make: Any) -> None:
    """The median is the middle length, or lies half-way between the two in the middle."""
    odd = found(make, outage(make, "a", 1), outage(make, "b", 2), outage(make, "c", 9))
    even = found(make, outage(make, "a", 1), outage(make, "b", 2), outage(make, "c", 4), outage(make, "d", 9))

    assert (odd.median_seconds, even.median_seconds) == (2 * HOUR, 3 * HOUR)
    assert (odd.longest, odd.longest_seconds) == ("c", 9 * HOUR)


def test_only_known_lengths_count(make: Any) -> None:
    """What goes on, or whose beginning or end nobody knows, is counted but has no length."""
    going_on = make.incident({"mail": "major_outage"}, make.update("2024-02-01 00:00", "investigating"), id_="open")
    durations = found(
        make,
        outage(make, "a", 3),
        outage(make, "no-beginning", 5, started=make.unknown()),
        outage(make, "no-end", 7, ended=make.unknown()),
        going_on,
    )

    assert durations == Durations(
        count=4, known=1, rough=0, median_seconds=3 * HOUR, longest="a", longest_seconds=3 * HOUR
    )


def test_vague_lengths_are_counted(make: Any) -> None:
    """A length that rests on a vague time counts at its fullest, and is told apart."""
    durations = found(make, outage(make, "a", 3), outage(make, "b", 12, started=make.day("2024-02-01")))

    assert (durations.known, durations.rough, durations.longest_seconds) == (2, 1, 13 * HOUR)


def test_only_disturbances_count(make: Any) -> None:
    """Planned work, advisories and what was taken back are no disturbances."""
    work = make.maintenance("2024-02-01 08:00", "2024-02-01 10:00", make.update("2024-01-20 08:00", "scheduled"))
    advice = make.notice(make.update("2024-02-01 08:00"))
    alarm = outage(make, "alarm", 2, retracted=make.retraction("2024-02-01 03:00"))

    assert found(make, work, advice, alarm) == NOTHING
