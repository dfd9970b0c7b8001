"""A service's last ninety days as a picture, and the sentences it stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.facts import Day, Figure, Seconds, ServiceFacts, ServiceYear
from generator.i18n import N_, Speech, approximate
from generator.model import ServiceStatus

HEIGHTS = {
    ServiceStatus.UNDER_MAINTENANCE: 5,
    ServiceStatus.DEGRADED_PERFORMANCE: 6,
    ServiceStatus.PARTIAL_OUTAGE: 8,
    ServiceStatus.MAJOR_OUTAGE: 10,
}
"""The worse a day, the higher its bar, so that no one needs to tell the colours apart; a sound one is 2 high."""
STATE: Mapping[ServiceStatus, str] = {
    ServiceStatus.MAJOR_OUTAGE: N_("down"),
    ServiceStatus.PARTIAL_OUTAGE: N_("partly down"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("degraded"),
    ServiceStatus.UNDER_MAINTENANCE: N_("under maintenance"),
}
"""What a service is, where it has no length yet."""
STRETCH: Mapping[ServiceStatus, str] = {
    ServiceStatus.MAJOR_OUTAGE: N_("down for {duration}"),
    ServiceStatus.PARTIAL_OUTAGE: N_("partly down for {duration}"),
    ServiceStatus.DEGRADED_PERFORMANCE: N_("degraded for {duration}"),
    ServiceStatus.UNDER_MAINTENANCE: N_("under maintenance for {duration}"),
}

HEADS: Mapping[ServiceStatus | None, str] = {
    ServiceStatus.DEGRADED_PERFORMANCE: N_("Degraded"),
    ServiceStatus.PARTIAL_OUTAGE: N_("Partial outage"),
    ServiceStatus.MAJOR_OUTAGE: N_("Major outage"),
    ServiceStatus.UNDER_MAINTENANCE: N_("Maintenance"),
    None: N_("No data"),
}
"""What the columns of a table of lengths are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day that is not simply operational."""

    x: int
    y: int
    height: int
    state: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One bar a day, today last; sound days are one path, since most are."""

    count: int
    last: str
    """Today, as YYYY-MM-DD."""
    sound: str
    cells: tuple[Cell, ...]
    description: str
    """What the picture shows, in a sentence; the days stand in a list beside it."""


def day_bars(speech: Speech, facts: ServiceFacts) -> Bars:
    """Draw the days of a service on a grid ten units high, one unit a day."""
    cells = []
    sound = []
    for x, day in enumerate(facts.days):
        if day.worst is ServiceStatus.OPERATIONAL:
            sound.append(f"M{x} 8h.7v2h-.7z")
        elif day.worst is None:
            cells.append(Cell(x=x, y=9, height=1, state="not_recorded", words=sentence(speech, day)))
        else:
            height = HEIGHTS[day.worst]
            cells.append(Cell(x=x, y=10 - height, height=height, state=day.worst, words=sentence(speech, day)))
    return Bars(
        count=len(facts.days),
        last=facts.days[-1].date.isoformat(),
        sound="".join(sound),
        cells=tuple(cells),
        description=" ".join(_described(speech, facts)),
    )


def bad(state: ServiceStatus | None) -> bool:
    """Return whether a state is known, and not that all is well."""
    return state not in (None, ServiceStatus.OPERATIONAL)


def disturbed(facts: ServiceFacts) -> list[Day]:
    """Return the days on which something was wrong, the latest first."""
    return [day for day in reversed(facts.days) if bad(day.worst)]


def sentence(speech: Speech, day: Day) -> str:
    """Say a day: "12 February: degraded for 4 h 25 min"."""
    if day.worst is None:
        return speech.gettext("{day}: no data", day=speech.day_month(day.date))
    return speech.gettext("{day}: {what}", day=speech.day_month(day.date), what=happened(speech, day))


def happened(speech: Speech, day: Day) -> str:
    """Say what was wrong on a day, and for how long; today is not over, so it has no length yet."""
    if day.worst is None:
        return speech.gettext("no data")
    if day.today:
        return speech.gettext(STATE[day.worst])
    return speech.list(stretches(speech, day.seconds, rough=day.rough))


def lengths(speech: Speech, rows: Sequence[Figure | ServiceYear]) -> tuple[list[str], list[list[str]]]:
    """Return the heads that a table of some stretches of time needs, and of each row how long it was in which state."""
    shown = [state for state in HEADS if any(_long(row.seconds, state) for row in rows)]
    return [speech.gettext(HEADS[state]) for state in shown], [
        [_length(speech, row, state) for state in shown] for row in rows
    ]


def _length(speech: Speech, row: Figure | ServiceYear, state: ServiceStatus | None) -> str:
    long = _long(row.seconds, state)
    return approximate(speech.duration(long), state in row.rough) if long else "–"


def _long(seconds: Seconds, state: ServiceStatus | None) -> int:
    return seconds.not_recorded if state is None else seconds.lost.get(state, 0)


def stretches(speech: Speech, seconds: Seconds, *, rough: Collection[ServiceStatus]) -> list[str]:
    """Say how long each state lasted, the worst first: "partly down for 3 h", "degraded for 4 h".

    `rough` are those of which that is an estimate.
    """
    return [
        speech.gettext(STRETCH[state], duration=approximate(speech.duration(long), state in rough))
        for state, long in seconds.lost.items()
    ]


def _described(speech: Speech, facts: ServiceFacts) -> Iterator[str]:
    told = disturbed(facts)
    if not told:
        yield speech.gettext("The last 90 days and today: no incidents.")
    else:
        yield speech.ngettext(
            "The last 90 days and today: {n} day with an incident or maintenance.",
            "The last 90 days and today: {n} days with incidents or maintenance.",
            len(told),
        )
    missing = sum(day.worst is None for day in facts.days)
    if missing:
        yield speech.ngettext("No data for {n} day.", "No data for {n} days.", missing)
