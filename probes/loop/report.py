"""Report: sums up what a prober knows, for the lines "last probed" and the pictures of response times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from probes.loop.schedule import stale_after
from probes.memory.store import Store
from probes.model import Check, Outcome, Plan
from probes.observations import Hour, Observation, Observations

__all__ = ["observed"]

_MOST_HOURS = 100_000
"""In all: with more, a file would be larger than what is read, and most of a build's time would go into it."""
_MONTH_HOURS = 720


def observed(plan: Plan, nothing: Observations, store: Store, began: datetime) -> Observations:
    """Return what a prober knows that has been at work since `began`, from observations without any check yet.

    With very many checks it is of fewer days.
    """
    pairs = [(check, service) for check in plan.checks for service in check.services]
    most = min(_MONTH_HOURS, _MOST_HOURS // max(len(pairs), 1))
    hours = (store.hours.of(check.name, service, nothing.at, most) for check, service in pairs)
    known = (_observation(*pair, store, began, found) for pair, found in zip(pairs, hours, strict=True))
    return replace(nothing, checks=tuple(known))


def _observation(check: Check, service: str, store: Store, began: datetime, hours: tuple[Hour, ...]) -> Observation:
    last, known = store.last(check.name, service), store.last(check.name, service, known=True)
    state = store.state(check.name, service)
    return Observation(
        check=check.name,
        kind=check.kind,
        service=service,
        outcome=last.outcome if last else Outcome.UNKNOWN,
        open=bool(state and state.open),
        last_result_at=known.at if known else None,
        stale_after=stale_after(check, known.at if known else began),
        hours=hours,
    )
