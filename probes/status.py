"""What a prober knows, as a table for its operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from probes.hysteresis import State
from probes.model import Check, Outcome, Plan
from probes.store import Last, Store

__all__ = ["Row", "rows", "table"]

_HEADINGS = ("CHECK", "SERVICE", "LAST RESULT", "AGO", "TOOK", "STATE", "SINCE", "STREAK", "NOTE")
_WIDEST_NOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One check on one service."""

    check: str
    service: str
    last: Last | None
    state: State

    @property
    def word(self) -> str:
        """Return how it stands: well, suspect (bad, but not long enough), or open."""
        if self.state.open:
            return f"open: {self.state.status.value}"
        if self.state.bad_since:
            return "suspect"
        return "well" if self.state.good else "-"

    @property
    def since(self) -> datetime | None:
        """Return since when it stands so."""
        if self.state.open:
            return self.state.since
        return self.state.bad_since or self.state.good_since

    @property
    def streak(self) -> str:
        """Return how many results of a kind came last: `3 good`, `2 bad`."""
        if self.state.good:
            return f"{self.state.good} good"
        bad = 0
        for seen in reversed(self.state.recent):
            if not seen[1].bad:
                break
            bad += 1
        return f"{bad} bad" if bad else "-"

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        last = self.last
        return {
            "check": self.check,
            "service": self.service,
            "last_result": last.outcome.value if last else None,
            "last_result_at": last.at.isoformat(timespec="seconds") if last else None,
            "took_seconds": last.took_seconds if last else None,
            "reason": last.reason or None if last else None,
            "note": last.note if last else "",
            "open": self.state.open,
            "state": self.word,
            "since": self.since.isoformat(timespec="seconds") if self.since else None,
            "streak": self.streak,
        }


def rows(plan: Plan, store: Store) -> list[Row]:
    """Return a row for each check and service, in the order of the plan."""
    return [_row(check, service, store) for check in plan.checks for service in check.services]


def _row(check: Check, service: str, store: Store) -> Row:
    return Row(
        check=check.name,
        service=service,
        last=store.last(check.name, service),
        state=store.state(check.name, service) or State(),
    )


def table(found: Sequence[Row], now: datetime) -> str:
    """Return the rows in columns, the headings first."""
    cells = [_HEADINGS, *(_cells(row, now) for row in found)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cells(row: Row, now: datetime) -> tuple[str, ...]:
    last = row.last
    result = "-"
    if last:
        result = f"{last.outcome.value} ({last.reason})" if last.reason else last.outcome.value
    took = f"{last.took_seconds:.3f} s" if last and last.took_seconds is not None else "-"
    since = f"{row.since:%Y-%m-%d %H:%M:%SZ}" if row.since else "-"
    note = last.note[:_WIDEST_NOTE] if last and last.outcome is not Outcome.OPERATIONAL else ""
    return row.check, row.service, result, _ago(last, now), took, row.word, since, row.streak, note


def _ago(last: Last | None, now: datetime) -> str:
    if last is None:
        return "-"
    seconds = max(int((now - last.at).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
