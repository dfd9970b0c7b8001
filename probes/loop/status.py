"""Status: shows what a prober knows, as a table for operators and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from probes.hysteresis import State
from probes.memory.store import Last, Store
from probes.model import Outcome, Plan

__all__ = ["as_json", "table"]

_HEADINGS = ("CHECK", "SERVICE", "LAST RESULT", "AGO", "TOOK", "STATE", "SINCE", "STREAK", "NOTE")
_WIDEST_NOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One check on one service."""

    check: str
    service: str
    last: Last | None
    state: State

    @property
    def word(self) -> str:
        """Return how it stands: `good`, `suspect` (bad, but not for long enough yet), `bad`, or `unknown`."""
        if self.state.open:
            return "bad"
        return "suspect" if self.state.bad_since else "good" if self.state.good else "unknown"

    @property
    def since(self) -> datetime | None:
        """Return since when it stands so."""
        if self.state.open:
            return self.state.since
        return self.state.bad_since or self.state.good_since

    @property
    def streak(self) -> tuple[int, str]:
        """Return how many results of a kind came last."""
        if self.state.good:
            return self.state.good, "good"
        bad = 0
        for _, outcome, _ in reversed(self.state.recent):
            if not outcome.bad:
                break
            bad += 1
        return bad, "bad"

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        last, (count, kind) = self.last, self.streak
        return {
            "check": self.check,
            "service": self.service,
            "last_result": last.outcome.value if last else None,
            "last_result_at": _iso(last.at) if last else None,
            "took_seconds": last.took_seconds if last else None,
            "reason": (last.reason or None) if last else None,
            "note": last.note if last else "",
            "state": self.word,
            "status": self.state.status.value if self.state.open else None,
            "since": _iso(self.since) if self.since else None,
            "streak": count,
            "streak_of": kind if count else None,
        }

    def cells(self, now: datetime) -> tuple[str, ...]:
        """Return its texts below the headings."""
        last, (count, kind) = self.last, self.streak
        result = "-"
        if last:
            result = f"{last.outcome.value} ({last.reason})" if last.reason else last.outcome.value
        took = f"{last.took_seconds:.3f} s" if last and last.took_seconds is not None else "-"
        word = f"bad: {self.state.status.value}" if self.state.open else self.word
        since = f"{self.since:%Y-%m-%d %H:%M:%SZ}" if self.since else "-"
        note = last.note[:_WIDEST_NOTE] if last and last.outcome is not Outcome.OPERATIONAL else ""
        streak = f"{count} {kind}" if count else "-"
        return self.check, self.service, result, _ago(last, now), took, word, since, streak, note


def as_json(prober: str, plan: Plan, store: Store) -> dict[str, object]:
    """Return everything for programs; times are in UTC."""
    return {
        "prober": prober,
        "offline_since": store.noted("blind_since") or None,
        "unpublished": store.waiting(),
        "unpublished_since": _iso(since) if (since := store.waiting_since()) else None,
        "alarm": _alarm(store) or None,
        "checks": [row.as_json() for row in _rows(plan, store)],
    }


def table(prober: str, plan: Plan, store: Store, now: datetime) -> str:
    """Return the checks in columns, the headings first; above them what is wrong with the prober itself."""
    cells = [_HEADINGS, *(row.cells(now) for row in _rows(plan, store))]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([*_troubles(prober, store), *lines])


def _troubles(prober: str, store: Store) -> Iterator[str]:
    offline, waiting, since, alarm = store.noted("blind_since"), store.waiting(), store.waiting_since(), _alarm(store)
    if offline:
        yield f"{prober} is offline since {datetime.fromisoformat(offline):%Y-%m-%d %H:%M:%SZ}"
    if waiting:
        events = f"{waiting} event{'' if waiting == 1 else 's'}"
        oldest = f", the oldest of {since:%Y-%m-%d %H:%M:%SZ}" if since else ""
        yield f"{events} not published yet{oldest}{f': {alarm}' if alarm else ''}"


def _alarm(store: Store) -> str:
    """Return why events are not published: what needs a person, else what may pass by itself."""
    return store.noted("alarm") or store.noted("passing")


def _rows(plan: Plan, store: Store) -> Iterator[_Row]:
    """Yield a row for each check and service, in the order of the plan."""
    for check in plan.checks:
        for service in check.services:
            yield _Row(
                check=check.name,
                service=service,
                last=store.last(check.name, service),
                state=store.state(check.name, service) or State(),
            )


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _ago(last: Last | None, now: datetime) -> str:
    if last is None:
        return "-"
    seconds = max(int((now - last.at).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
