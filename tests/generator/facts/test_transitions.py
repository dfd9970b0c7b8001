"""The laws that hold for every site, all incidents and any `now`."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.facts import Facts, ServiceFacts, derive, service_years
from generator.facts.calendar import midnight
from generator.facts.stretches import sum_of
from generator.model import (
    Action,
    Incident,
    Kind,
    MailFate,
    Moment,
    Precision,
    Retraction,
    ServiceStatus,
    Update,
    UpdateStatus,
    Window,
)
from tests.laws import examples

# Around the 23-hour day and the 25-hour day of Europe/Zurich in 2024.
BASES = [datetime(2024, 3, 31, 6, tzinfo=UTC), datetime(2024, 10, 27, 6, tzinfo=UTC)]
Situation = tuple[list[Incident], datetime]
SERVICES = ["mail", "archive", "upstream"]
DISTURBED = [UpdateStatus(s) for s in ("investigating", "identified", "monitoring", "resolved")]
PLANNED = [None, *(UpdateStatus(s) for s in ("scheduled", "in_progress", "verifying", "completed"))]


def after(base: datetime, most: int = 24) -> st.SearchStrategy[datetime]:
    """Draw a time at most so many half hours from a base, before or after it."""
    return st.integers(-most, most).map(lambda halves: base + timedelta(minutes=30 * halves))


def moments(base: datetime) -> st.SearchStrategy[Moment]:
    """Draw a moment, exact or vague."""

    def build(first: datetime, precision: Precision, about: bool) -> Moment:
        if precision is Precision.UNKNOWN:
            return Moment(precision=precision, first=None, last=None)
        length = {Precision.MINUTE: 0, Precision.EVENING: 4, Precision.DAY: 24}[precision]
        return Moment(precision=precision, about=about, first=first, last=first + timedelta(hours=length))

    kinds = [Precision.MINUTE, Precision.MINUTE, Precision.EVENING, Precision.DAY, Precision.UNKNOWN]
    return st.builds(build, after(base), st.sampled_from(kinds), st.booleans())


def windows(base: datetime) -> st.SearchStrategy[Window]:
    """Draw a window of up to a day."""
    return st.builds(
        lambda start, halves: Window(start=start, end=start + timedelta(minutes=30 * halves)),
        after(base),
        st.integers(1, 24),
    )


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw something or None."""
    return st.none() | strategy


@st.composite
def histories(draw: Callable[..., Any], base: datetime, kind: Kind) -> tuple[Update, ...]:
    """Draw the updates of an incident, oldest first."""
    told = base - timedelta(minutes=30 * draw(st.integers(0, 24)))
    statuses = {Kind.INCIDENT: DISTURBED, Kind.MAINTENANCE: PLANNED, Kind.NOTICE: [None]}[kind]
    changes = st.dictionaries(st.sampled_from(SERVICES), st.sampled_from(ServiceStatus), max_size=2)
    updates = []
    for number in range(draw(st.integers(1, 3))):
        told += timedelta(minutes=30 * draw(st.integers(0, 12))) if number else timedelta()
        at = Moment(precision=Precision.MINUTE, first=told, last=told)
        updates.append(
            Update(
                key=str(number),
                at=at,
                told=told,
                status=draw(st.sampled_from(statuses)),
                services=draw(changes) if kind is not Kind.NOTICE else {},
                effective=draw(st.just(at) | moments(base)),
                mail=draw(maybe(st.sampled_from(MailFate))),
                action=draw(maybe(st.sampled_from(Action))),
                next_update=draw(maybe(moments(base))),
                window=draw(maybe(windows(base))) if kind is Kind.MAINTENANCE else None,
            )
        )
    return tuple(updates)


@st.composite
def incidents(draw: Callable[..., Any], base: datetime, id_: str) -> Incident:
    """Draw a disturbance, planned work or an advisory."""
    kind = draw(st.sampled_from(Kind))
    planned = kind is Kind.MAINTENANCE
    retracted = draw(after(base)) if draw(st.integers(0, 3)) == 0 else None
    return Incident(
        id=id_,
        kind=kind,
        path=f"incidents/{id_}.yaml",
        services=draw(st.dictionaries(st.sampled_from(SERVICES), st.sampled_from(ServiceStatus), min_size=1)),
        started=draw(moments(base)),
        ended=draw(maybe(moments(base))) if kind is not Kind.NOTICE else None,
        window=draw(windows(base)) if planned else None,
        ends=draw(maybe(moments(base))) if kind is Kind.NOTICE else None,
        cancelled=draw(maybe(after(base))) if planned else None,
        retracted=Retraction(at=retracted, reason={}) if retracted else None,
        updates=draw(histories(base, kind)),
    )


@st.composite
def situations(draw: Callable[..., Any]) -> Situation:
    """Draw some incidents, and a `now` among them or some weeks later."""
    base = draw(st.sampled_from(BASES))
    some = [draw(incidents(base, f"n{number}")) for number in range(draw(st.integers(0, 2)))]
    later = timedelta(days=draw(st.sampled_from([0, 0, 0, 0, 1, 14])))
    return some, draw(after(base)) + later + timedelta(minutes=draw(st.integers(0, 29)))


laws = examples(200)


@laws
@given(situation=situations(), share=st.integers(0, 999))
def test_facts_hold_until_the_next_transition(make: Any, situation: Situation, share: int) -> None:
    """For every instant from `now` to the next transition the facts are the same but for their `now`."""
    some, now = situation
    site = make.site()

    facts = derive(site, some, now)
    between = derive(site, some, now + (facts.next_transition - now) * share // 1000)
    at_last = derive(site, some, facts.next_transition - timedelta(microseconds=1))

    assert facts.next_transition > now
    assert replace(between, now=now) == facts
    assert replace(at_last, now=now) == facts


@laws
@given(situation=situations(), seed=st.integers())
def test_order_of_the_incidents_is_irrelevant(make: Any, situation: Situation, seed: int) -> None:
    """The facts do not depend on the order in which the files were read."""
    some, now = situation
    shuffled = list(some)
    random.Random(seed).shuffle(shuffled)  # noqa: S311

    facts = derive(make.site(), shuffled, now)

    assert facts == derive(make.site(), some, now)


@laws
@given(situation=situations())
def test_figures_are_whole_and_bounded(make: Any, situation: Situation) -> None:
    """Each day's seconds sum to its length, a figure is the sum of its days, and uptime lies between 0 and 1."""
    some, now = situation
    lengths = {"2024-03-31": 23, "2024-10-27": 25}

    facts = derive(make.site(), some, now)

    for service in facts.services:
        whole = service.days[:-1]
        assert [day.seconds.recorded for day in whole] == [
            3600 * lengths.get(day.date.isoformat(), 24) for day in whole
        ]
        for figure in service.figures[:4]:
            assert figure.seconds == sum_of(day.seconds for day in whole[-figure.days :])
        assert all(figure.uptime_ppm is not None and 0 <= figure.uptime_ppm <= 1_000_000 for figure in service.figures)


@laws
@given(situation=situations(), share=st.integers(0, 999))
def test_a_year_holds_until_the_next_transition(make: Any, situation: Situation, share: int) -> None:
    """For every instant from `now` to the next transition a year is the same for each service."""
    some, now = situation
    site = make.site()

    facts = derive(site, some, now)
    between = derive(site, some, now + (facts.next_transition - now) * share // 1000)

    assert service_years(between, 2024) == service_years(facts, 2024)


@laws
@given(situation=situations())
def test_a_year_is_the_sum_of_its_days(make: Any, situation: Situation) -> None:
    """A year has each of its days once, its seconds are theirs, and they fill what has passed of it, no more."""
    some, now = situation

    facts = derive(make.site(), some, now)

    first, last = midnight(date(2024, 1, 1), "Europe/Zurich"), midnight(facts.today, "Europe/Zurich")
    for year in service_years(facts, 2024):
        assert [day.date for day in year.days] == [
            date(2024, 1, 1) + timedelta(days=n) for n in range((facts.today - date(2024, 1, 1)).days + 1)
        ]
        assert year.seconds == sum_of(day.seconds for day in year.days)
        assert year.seconds.recorded == (last - first).total_seconds()
        assert year.days[-91:] == facts_of(facts, year.service.id).days[-len(year.days) :]


def facts_of(facts: Facts, id_: str) -> ServiceFacts:
    """Return how a service stands."""
    return next(service for service in facts.services if service.service.id == id_)


@laws
@given(situation=situations())
def test_state_agrees_with_the_incidents(make: Any, situation: Situation) -> None:
    """What is over affects nothing, spans do not lie ahead, and one that goes on is what the service shows."""
    some, now = situation

    facts = derive(make.site(), some, now)

    for story in facts.incidents:
        assert story.open or not story.statuses
        assert all(span.start <= now and (span.end is None or span.start < span.end) for span in story.spans)
        assert sum(span.end is None for span in story.spans) == len(story.statuses)


def test_next_transition_is_at_the_latest_local_midnight(make: Any) -> None:
    """Where nothing is to come, the day's end is the next transition."""
    facts = make.facts("2024-06-01 12:00")

    assert facts.next_transition == make.at("2024-06-01 22:00")


def test_window_edges_are_transitions(make: Any) -> None:
    """Planned work changes the facts when its window begins and ends."""
    work = make.maintenance("2024-06-01 13:00", "2024-06-01 14:00", make.update("2024-05-01 08:00", "scheduled"))

    before = make.facts("2024-06-01 12:00", work)
    within = make.facts("2024-06-01 13:00", work)

    assert before.next_transition == make.at("2024-06-01 13:00")
    assert within.next_transition == make.at("2024-06-01 14:00")
