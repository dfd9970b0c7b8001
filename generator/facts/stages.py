"""Stages: follow a maintenance through its window, by the clock and by what was said against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from generator.facts.edges import Edge, beginning, ending, exactly
from generator.model import Incident, Moment, Update, UpdateStatus, Window

_UNDER_WAY = (UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A state that a maintenance enters."""

    status: UpdateStatus
    edge: Edge
    moment: Moment
    told: datetime
    """When somebody said so; for the clock, the edge itself."""


class WindowChange(Enum):
    """What an update does to the window that was announced before it."""

    EXTENDED = auto()
    """It ends later and begins as announced."""
    MOVED = auto()


def last_window(incident: Incident, visible: Sequence[Update]) -> Window | None:
    """Return the window as last announced."""
    moved = (update.window for update in reversed(visible) if update.window)
    return next(moved, incident.window)


def window_changes(incident: Incident, visible: Sequence[Update]) -> int:
    """Return how many updates moved the window."""
    changes, window = 0, incident.window
    for update in visible:
        if update.window and update.window != window:
            changes, window = changes + 1, update.window
    return changes


def window_change(incident: Incident, updates: Sequence[Update], update: Update) -> WindowChange | None:
    """Return what one of some updates does to the window.

    The first one announces it and changes nothing; what is completed no longer takes longer.
    """
    window = update.window
    if window is None or update.status is UpdateStatus.COMPLETED:
        return None
    place = next((place for place, other in enumerate(updates) if other.key == update.key), 0)
    former = last_window(incident, updates[:place])
    if not place or former is None or window == former:
        return None
    longer = window.start == former.start and window.end > former.end
    return WindowChange.EXTENDED if longer else WindowChange.MOVED


def stages(incident: Incident, visible: Sequence[Update], now: datetime) -> list[Stage]:
    """Return the stages of a maintenance, earliest first, those that lie ahead of `now` included.

    What an update says stands until the window's next edge; `completed` stands until something else is said.
    Of two words on the same time, the later one is right.
    """
    window = last_window(incident, visible)
    words = _words(incident, visible, window)
    clock = [stage for stage in _clock(window) if not _overruled(stage, words)]
    course = sorted([*clock, *words], key=lambda stage: stage.edge.at)
    reached = max((place for place, stage in enumerate(course) if stage.edge.known <= now), default=0)
    # Work that would begin later, although what ends it is known to be over, never begins.
    return [
        stage
        for place, stage in enumerate(course)
        if place >= reached or stage.edge.known <= now or stage.status not in _UNDER_WAY
    ]


def stage_at(course: Sequence[Stage], now: datetime) -> UpdateStatus:
    """Return the state that a course has reached."""
    reached = (stage.status for stage in reversed(course) if stage.edge.known <= now)
    return next(reached, UpdateStatus.SCHEDULED)


def under_way(course: Sequence[Stage]) -> list[tuple[Stage, Edge | None]]:
    """Return the stretches in which the work goes on, each from a stage to the edge where it ends."""
    periods: list[tuple[Stage, Edge | None]] = []
    for stage in course:
        begun, end = periods[-1] if periods else (None, None)
        if stage.status in _UNDER_WAY:
            if begun is None or end is not None:
                periods.append((stage, None))
        elif begun:
            periods[-1] = (begun, _sooner_known(end, stage.edge))
    return periods


def completion(course: Sequence[Stage], now: datetime) -> Stage | None:
    """Return the stage that completed the work, if it is completed."""
    first: Stage | None = None
    for stage in reversed([stage for stage in course if stage.edge.known <= now]):
        if stage.status is not UpdateStatus.COMPLETED:
            break
        first = stage
    return first


def _words(incident: Incident, visible: Sequence[Update], window: Window | None) -> list[Stage]:
    words: list[Stage] = []
    for update in visible:
        word = _word(update, window)
        if word:
            _say(words, word)
    ended = incident.ended
    if ended and ended.first:
        edge = ending(ended, ended.first)
        _say(words, Stage(status=UpdateStatus.COMPLETED, edge=edge, moment=ended, told=ended.first))
    return words


def _word(update: Update, window: Window | None) -> Stage | None:
    ahead = window is not None and update.told < window.start
    status = update.status or (UpdateStatus.SCHEDULED if update.window and ahead else None)
    if status is None or (status is UpdateStatus.SCHEDULED and not ahead):
        return None
    moment = update.effective if update.status else exactly(update.told)
    edge = (ending if status is UpdateStatus.COMPLETED else beginning)(moment, update.told)
    return Stage(status=status, edge=edge, moment=moment, told=update.told)


def _say(words: list[Stage], word: Stage) -> None:
    while words and words[-1].edge.at >= word.edge.at:
        words.pop()
    words.append(word)


def _sooner_known(end: Edge | None, again: Edge) -> Edge:
    """Return the first end of a stretch; what is told again more vaguely may make it known sooner."""
    if end is None:
        return again
    return Edge(at=end.at, known=min(end.known, again.known), rough=end.rough)


def _clock(window: Window | None) -> list[Stage]:
    if window is None:
        return []
    course = ((window.start, UpdateStatus.IN_PROGRESS), (window.end, UpdateStatus.COMPLETED))
    return [Stage(status=status, edge=Edge(at=at, known=at), moment=exactly(at), told=at) for at, status in course]


def _overruled(stage: Stage, words: Sequence[Stage]) -> bool:
    at = stage.edge.at
    if any(word.edge.at <= at <= word.told for word in words):
        return True
    before = next((word for word in reversed(words) if word.told < at and word.edge.at <= at), None)
    return before is not None and before.status is UpdateStatus.COMPLETED
