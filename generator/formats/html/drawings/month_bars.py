"""A service's last twelve months as a picture, and the words it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.facts import ServiceMonth
from generator.formats.html.drawings import day_bars
from generator.formats.html.drawings.year_view import HEIGHTS, NOT_RECORDED, Month, Shape, Sign, key, month_names
from generator.i18n import Speech
from generator.model import ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBars:
    """A bar for each month, on a grid ten units high and one wide a month; the worse a month, the higher its bar."""

    width: int
    shapes: tuple[Shape, ...]
    months: tuple[Month, ...]
    description: str
    key: tuple[Sign, ...]
    """The states that it shows."""
    rows: tuple[tuple[str, str], ...]
    """Each month and what was wrong in it, the latest first."""


def month_bars(speech: Speech, months: Sequence[ServiceMonth]) -> MonthBars:
    """Draw some months of a service, and say each."""
    states = [NOT_RECORDED if month.worst is None else str(month.worst) for month in months]
    said = [(speech.month(month.first), _happened(speech, month)) for month in months]
    return MonthBars(
        width=len(months),
        shapes=tuple(
            Shape(state=state, path="".join(_bar(x, HEIGHTS[state]) for x, s in enumerate(states) if s == state))
            for state in HEIGHTS
            if state in states
        ),
        months=month_names(speech, (month.first for month in months)),
        description=" · ".join(speech.gettext("{label}: {title}", label=name, title=what) for name, what in said),
        key=key(speech, set(states)),
        rows=tuple((speech.opening(name), speech.opening(what)) for name, what in reversed(said)),
    )


def _bar(x: int, height: int) -> str:
    return f"M{x} {10 - height}h.9v{height}h-.9z"


def _happened(speech: Speech, month: ServiceMonth) -> str:
    """Say what was wrong in a month; what began today has no length yet."""
    if month.worst is None:
        return speech.gettext("no data")
    lost = day_bars.stretches(speech, month.seconds, rough=month.rough)
    if lost:
        return speech.list(lost)
    if month.worst is ServiceStatus.OPERATIONAL:
        return speech.gettext("no incidents")
    return speech.gettext(day_bars.STATE[month.worst])
