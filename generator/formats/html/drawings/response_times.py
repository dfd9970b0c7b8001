"""Response times: draw how fast a service answered, and say the same in sentences and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.facts import ResponseFacts, Responses
from generator.formats import words
from generator.i18n import Speech

HEIGHT = 100
"""The units from no time at all up to the top of the scale."""
TOPS = (
    *(0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 2, 3, 4, 6, 8, 10, 20, 30, 40),
    *(60 * minutes for minutes in (1, 2, 4, 6, 8, 10, 20, 30, 40)),
    *(3600 * hours for hours in (1, 2, 4, 6, 8, 12, 24)),
)
"""Seconds that a scale may reach up to: half of each is a plain figure too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one bar of the picture stands for."""

    when: str
    median: str
    p95: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Some hours or days, one unit wide each, with a step for each that was measured."""

    id: str
    name: str
    """The stretch of time, as the caption says it."""
    title: str
    description: str
    """What the picture shows, in sentences."""
    width: int
    grid: str
    band: str
    """From the median up to the 95th percentile."""
    median: str
    scale: tuple[str, ...]
    """What the lines across mean, from the top; the pictures of a check have it in common."""
    marks: tuple[str, ...]
    """What the lines upwards mean; they are evenly spaced, the first at the edge."""
    head: str
    rows: tuple[Row, ...]
    """The latest first; what was not measured is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What stands around a curve."""

    id: str
    titles: tuple[str, str, str]
    """What is measured, over which time, and the head of the table's first column."""
    marks: Sequence[str]
    whens: Sequence[str]
    """When each step was, the earliest first."""
    gaps: str
    """How much was not measured, as a sentence; empty if nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one check measured."""

    name: str
    pictures: tuple[Curve, ...]


def measured(speech: Speech, responses: Sequence[ResponseFacts]) -> list[Measured]:
    """Return the pictures of each check of a service; those of a kind are told apart by the checks' names."""
    count = Counter(facts.kind for facts in responses)
    return [
        Measured(name=name, pictures=(_hours(speech, facts, name, top), _days(speech, facts, name, top)))
        for facts in responses
        for name, top in ((_name(speech, facts, alone=count[facts.kind] == 1), _top(facts)),)
    ]


def _name(speech: Speech, facts: ResponseFacts, *, alone: bool) -> str:
    name = words.measured_by(speech, facts.kind)
    return name if alone else f"{name} · {facts.check}"


def _top(facts: ResponseFacts) -> float:
    slowest = max(found.p95_seconds or 0.0 for found in (*facts.hours, *facts.days))
    return next((top for top in TOPS if top >= slowest), slowest)


def _hours(speech: Speech, facts: ResponseFacts, name: str, top: float) -> Curve:
    missing = sum(found.median_seconds is None for found in facts.hours)
    return _picture(
        speech,
        facts.hours,
        top,
        _Frame(
            id=f"responses-{facts.check}-hours",
            titles=(name, speech.gettext("The last 24 hours"), speech.gettext("Hour")),
            marks=[speech.time(found.start) for found in facts.hours[::6]],
            whens=[_hour(speech, found) for found in facts.hours],
            gaps=speech.ngettext("{n} hour without a measurement.", "{n} hours without a measurement.", missing)
            if missing
            else "",
        ),
    )


def _days(speech: Speech, facts: ResponseFacts, name: str, top: float) -> Curve:
    missing = sum(found.median_seconds is None for found in facts.days)
    dates = [speech.local_date(found.start) for found in facts.days]
    return _picture(
        speech,
        facts.days,
        top,
        _Frame(
            id=f"responses-{facts.check}-days",
            titles=(name, speech.gettext("The last 30 days"), speech.gettext("Day")),
            marks=[speech.brief_day_month(date) for date in dates[::10]],
            whens=[speech.day_month(date) for date in dates],
            gaps=speech.ngettext("{n} day without a measurement.", "{n} days without a measurement.", missing)
            if missing
            else "",
        ),
    )


def _hour(speech: Speech, found: Responses) -> str:
    date = speech.brief_day_month(speech.local_date(found.start))
    return speech.gettext("{date}, {time}", date=date, time=speech.time(found.start))


def _picture(speech: Speech, found: Sequence[Responses], top: float, frame: _Frame) -> Curve:
    name, stretch, head = frame.titles
    runs = list(_runs(found, top))
    return Curve(
        id=frame.id,
        name=stretch,
        title=f"{name} · {stretch}",
        description=" ".join(filter(None, (_described(speech, found), frame.gaps))),
        width=len(found),
        grid=_grid(len(found), len(frame.marks)),
        band="".join(_band(run) for run in runs),
        median="".join(_steps("M", [(x, median) for x, median, _ in run]) for run in runs),
        scale=tuple(speech.seconds(seconds, brief=True) for seconds in (top, top / 2, 0)),
        marks=tuple(frame.marks),
        head=head,
        rows=tuple(_rows(speech, found, frame.whens)),
    )


def _runs(found: Sequence[Responses], top: float) -> Iterator[list[tuple[int, int, int]]]:
    """Yield what was measured without a gap: places across, and the heights of median and percentile from the top."""
    run: list[tuple[int, int, int]] = []
    for x, step in enumerate(found):
        if step.median_seconds is None or step.p95_seconds is None:
            if run:
                yield run
            run = []
        else:
            run.append((x, _height(step.median_seconds, top), _height(step.p95_seconds, top)))
    if run:
        yield run


def _height(seconds: float, top: float) -> int:
    return HEIGHT - round(HEIGHT * min(seconds / top, 1))


def _steps(first: str, points: Sequence[tuple[int, int]]) -> str:
    (x, y), *others = points
    return f"{first}{x} {y}H{x + 1}" + "".join(f"V{y}H{x + 1}" for x, y in others)


def _band(run: Sequence[tuple[int, int, int]]) -> str:
    """Outline what lies between percentile and median: there along the one, back along the other."""
    there = _steps("M", [(x, p95) for x, _, p95 in run])
    back = "".join(f"V{median}H{x}" for x, median, _ in reversed(run))
    return f"{there}{back}z"


def _grid(width: int, marks: int) -> str:
    across = "".join(f"M0 {y}H{width}" for y in (0, HEIGHT // 2, HEIGHT))
    return across + "".join(f"M{width * mark // marks} 0V{HEIGHT}" for mark in range(marks))


def _described(speech: Speech, found: Sequence[Responses]) -> str:
    medians = [step.median_seconds for step in found if step.median_seconds is not None]
    if not medians:
        return ""
    low, high = speech.seconds(min(medians)), speech.seconds(max(medians))
    most = speech.seconds(max(step.p95_seconds or 0.0 for step in found))
    if low == high:
        return speech.gettext(
            "Median {median}; at least 95 out of 100 responses within {most}.", median=high, most=most
        )
    return speech.gettext(
        "Median from {low} to {high}; at least 95 out of 100 responses within {most}.", low=low, high=high, most=most
    )


def _rows(speech: Speech, found: Sequence[Responses], whens: Sequence[str]) -> Iterator[Row]:
    for step, when in zip(reversed(found), reversed(whens), strict=True):
        if step.median_seconds is not None and step.p95_seconds is not None:
            yield Row(when=when, median=speech.seconds(step.median_seconds), p95=speech.seconds(step.p95_seconds))
