"""How uptime is counted, by local day and over some days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.facts import Seconds, Span, severity
from generator.facts.stretches import measure, sum_of
from generator.facts.uptime import uptime_ppm
from generator.model import ServiceStatus

HOUR = 3600
IMPAIRED = [status for status in ServiceStatus if status is not ServiceStatus.OPERATIONAL]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@st.composite
def some_spans(draw: st.DrawFn) -> list[Span]:
    """Draw spans of one service around the Unix times 0 to 100."""
    spans = []
    for number in range(draw(st.integers(0, 8))):
        start = draw(st.integers(-20, 110))
        length = draw(st.none() | st.integers(1, 60))
        spans.append(
            Span(
                incident=str(number),
                service="mail",
                status=draw(st.sampled_from(IMPAIRED)),
                start=EPOCH + timedelta(seconds=start),
                end=None if length is None else EPOCH + timedelta(seconds=start + length),
            )
        )
    return spans


def outage(make: Any, start: str, end: str, status: str = "major_outage", id_: str = "trouble") -> Any:
    """Return an incident that began and ended exactly then."""
    return make.incident({"mail": status}, make.update(start, "investigating"), make.update(end, "resolved"), id_=id_)


@given(spans=some_spans())
def test_each_second_counts_once_at_its_worst(spans: list[Span]) -> None:
    """The seconds of overlapping spans are those of their union, each with the worst status then."""
    expected = dict.fromkeys(ServiceStatus, 0)
    for second in range(100):
        instant = EPOCH + timedelta(seconds=second)
        ranks = [s.status for s in spans if s.start <= instant and (s.end is None or instant < s.end)]
        expected[max(ranks, key=severity, default=ServiceStatus.OPERATIONAL)] += 1

    found = measure(spans, 0, 100)

    assert found == Seconds(
        operational=expected[ServiceStatus.OPERATIONAL],
        degraded_performance=expected[ServiceStatus.DEGRADED_PERFORMANCE],
        partial_outage=expected[ServiceStatus.PARTIAL_OUTAGE],
        major_outage=expected[ServiceStatus.MAJOR_OUTAGE],
        under_maintenance=expected[ServiceStatus.UNDER_MAINTENANCE],
    )


@given(spans=some_spans(), cut=st.integers(0, 100), seed=st.randoms())
def test_figures_add_up_in_any_order(spans: list[Span], cut: int, seed: Any) -> None:
    """The whole is the sum of its parts, and the order of the spans does not matter."""
    shuffled = list(spans)
    seed.shuffle(shuffled)

    parts = sum_of([measure(spans, 0, cut), measure(spans, cut, 100)])

    assert parts == measure(shuffled, 0, 100)


@given(
    lost=st.integers(0, 10**9),
    kept=st.integers(0, 10**9),
    weight=st.integers(0, 100),
)
def test_uptime_is_bounded_and_never_rounded_up(lost: int, kept: int, weight: int) -> None:
    """Uptime lies between 0 and a million, and reaches the million only if nothing was lost."""
    seconds = Seconds(operational=kept, partial_outage=lost)

    ppm = uptime_ppm(seconds, {ServiceStatus.PARTIAL_OUTAGE: weight})

    if lost + kept == 0:
        assert ppm is None
    else:
        assert ppm is not None
        assert 0 <= ppm <= 1_000_000
        assert (ppm == 1_000_000) == (lost * weight == 0)


def test_one_lost_second_in_a_year_is_not_100_percent() -> None:
    """A single second of outage in 365 days shows."""
    seconds = Seconds(operational=365 * 86400 - 1, major_outage=1)

    ppm = uptime_ppm(seconds, {ServiceStatus.MAJOR_OUTAGE: 100})

    assert ppm == 999_999


def test_statuses_weigh_as_the_site_says(make: Any) -> None:
    """A partial outage counts by its weight; a delay is counted in hours, not in uptime."""
    incidents = (
        outage(make, "2024-02-18 10:00", "2024-02-18 20:00", "partial_outage"),
        outage(make, "2024-02-18 20:00", "2024-02-18 22:00", "degraded_performance", "delay"),
    )

    figure = make.facts("2024-02-19 12:00", *incidents).services[0].figures[0]

    assert figure.seconds == Seconds(operational=12 * HOUR, partial_outage=10 * HOUR, degraded_performance=2 * HOUR)
    assert figure.uptime_ppm == 875_000


def test_outage_outranks_maintenance_in_figures(make: Any) -> None:
    """An outage during planned work counts as outage, the rest of the window as maintenance."""
    work = make.maintenance("2024-02-18 08:00", "2024-02-18 12:00", make.update("2024-02-17 08:00", "scheduled"))
    trouble = outage(make, "2024-02-18 09:00", "2024-02-18 10:00")

    day = make.facts("2024-02-19 12:00", work, trouble).services[0].days[-2]

    assert day.seconds == Seconds(operational=20 * HOUR, major_outage=HOUR, under_maintenance=3 * HOUR)
    assert (day.worst, day.incidents) == (ServiceStatus.MAJOR_OUTAGE, ("work", "trouble"))


def test_bars_are_90_days_and_today(make: Any) -> None:
    """A service has 91 days, the last of which is today."""
    service = make.facts("2024-02-19 23:30").services[0]

    days = service.days

    assert len(days) == 91
    assert [day.today for day in days].count(True) == 1
    assert (days[0].date, days[-1].date) == (date(2023, 11, 22), date(2024, 2, 20))
    assert days[-1].today


def test_today_has_a_state_but_no_figures(make: Any) -> None:
    """Today says the worst so far; figures cover whole days only."""
    service = make.facts("2024-02-19 12:00", outage(make, "2024-02-19 08:00", "2024-02-19 09:00")).services[0]

    assert (service.days[-1].worst, service.days[-1].seconds) == (ServiceStatus.MAJOR_OUTAGE, Seconds())
    assert service.days[-1].incidents == ("trouble",)
    assert [figure.uptime_ppm for figure in service.figures] == [1_000_000] * 5


def test_span_that_ends_at_midnight_does_not_touch_the_next_day(make: Any) -> None:
    """An outage until local midnight belongs to the day that ends then."""
    service = make.facts("2024-02-20 12:00", outage(make, "2024-02-18 22:00", "2024-02-18 23:00")).services[0]

    touched = [day.date for day in service.days if day.incidents]

    assert touched == [date(2024, 2, 18)]


@pytest.mark.parametrize(
    ("now", "hours"), [("2024-04-01 12:00", 23), ("2024-10-28 12:00", 25), ("2024-06-02 12:00", 24)]
)
def test_days_have_their_local_length(make: Any, now: str, hours: int) -> None:
    """The day on which the clock changes has 23 or 25 hours."""
    service = make.facts(now).services[0]

    assert service.days[-2].seconds == Seconds(operational=hours * HOUR)


def test_days_before_the_record_are_not_recorded(make: Any) -> None:
    """Before the site's or the service's record began no state is claimed and no figure counts."""
    site = make.site(
        make.service("mail", since=date(2024, 2, 17)), make.service("archive"), record_since=date(2024, 2, 10)
    )
    trouble = outage(make, "2024-02-16 10:00", "2024-02-17 11:00")

    mail, archive = make.facts("2024-02-19 12:00", trouble, site=site).services

    assert [day.worst for day in mail.days[-4:]] == [
        None,
        ServiceStatus.MAJOR_OUTAGE,
        ServiceStatus.OPERATIONAL,
        ServiceStatus.OPERATIONAL,
    ]
    assert mail.days[-4].seconds == Seconds(not_recorded=24 * HOUR)
    assert mail.figures[1].seconds == Seconds(operational=36 * HOUR, major_outage=12 * HOUR, not_recorded=5 * 24 * HOUR)
    assert mail.figures[1].uptime_ppm == 750_000
    assert next(day.date for day in archive.days if day.worst is not None) == date(2024, 2, 10)


def test_nothing_on_record_has_no_uptime(make: Any) -> None:
    """A service whose record begins today has no figure, not 100 %."""
    site = make.site(make.service("mail", since=date(2024, 2, 19)))

    service = make.facts("2024-02-19 12:00", site=site).services[0]

    assert [figure.uptime_ppm for figure in service.figures] == [None] * 5
    assert service.days[-1].worst is ServiceStatus.OPERATIONAL


def test_rough_times_make_rough_figures(make: Any) -> None:
    """A figure says that a vague time went into it, one that no vague time touches does not."""
    trouble = make.incident(
        {"mail": "major_outage"},
        make.update(make.day("2024-02-15"), "investigating"),
        make.update("2024-02-15 12:00", "resolved"),
    )

    service = make.facts("2024-02-19 12:00", trouble).services[0]

    assert [figure.uptime_rough for figure in service.figures] == [False, True, True, True, True]
    assert [figure.rough for figure in service.figures] == [(), *[(ServiceStatus.MAJOR_OUTAGE,)] * 4]
    assert [day.date for day in service.days if day.rough] == [date(2024, 2, 15)]


@pytest.mark.parametrize(
    ("vague", "exact", "resting"),
    [
        ("major_outage", "2024-02-15 20:00", ["major_outage"]),
        ("major_outage", "2024-02-15 11:00", ["degraded_performance", "major_outage"]),
        ("under_maintenance", "2024-02-15 11:00", ["under_maintenance"]),
    ],
)
def test_only_what_a_vague_time_reaches_is_rough(make: Any, vague: str, exact: str, resting: list[str]) -> None:
    """The length of a state is rough if one of its times is vague, or one of a worse state that hides it."""
    first = make.incident(
        {"mail": vague},
        make.update(make.minute("2024-02-15 10:00", about=True), "investigating"),
        make.update("2024-02-15 12:00", "resolved"),
        id_="vague",
    )
    second = make.incident(
        {"mail": "degraded_performance"},
        make.update(exact, "investigating"),
        make.update("2024-02-15 21:00", "resolved"),
        id_="exact",
    )

    figure = make.facts("2024-02-19 12:00", first, second).services[0].figures[-1]

    assert list(figure.rough) == resting
    assert figure.uptime_rough == (vague == "major_outage")


def test_retracted_incident_is_left_out(make: Any) -> None:
    """A false alarm leaves no trace in the figures."""
    trouble = make.incident(
        {"mail": "major_outage"},
        make.update("2024-02-15 08:00", "investigating"),
        retracted=make.retraction("2024-02-15 09:00"),
    )

    service = make.facts("2024-02-19 12:00", trouble).services[0]

    assert [figure.uptime_ppm for figure in service.figures] == [1_000_000] * 5
