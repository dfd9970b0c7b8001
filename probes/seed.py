"""How a prober that has lost its store learns from the event files what it had concluded."""

from __future__ import annotations

from collections.abc import Iterable

from probes.events import Event, EventKind
from probes.hysteresis import Step, reseeded
from probes.model import Plan
from probes.store import Store

__all__ = ["seed"]


def seed(plan: Plan, prober: str, events: Iterable[Event], store: Store) -> list[str]:
    """Plant the state of each episode of this prober that is open, where the store knows nothing of its check.

    Returns a line for the operators for each.
    """
    latest: dict[str, list[Event]] = {}
    blind: Event | None = None
    for event in sorted(events, key=lambda event: event.at):
        if event.prober != prober:
            continue
        if event.event in (EventKind.BLIND, EventKind.SEEING):
            blind = event
        else:
            latest.setdefault(event.id, []).append(event)
    if blind and blind.event is EventKind.BLIND and not store.noted("blind_since"):
        store.note("blind_since", blind.since.isoformat())
    names = {check.name for check in plan.checks}
    said = []
    for told in latest.values():
        last = told[-1]
        if last.event is EventKind.CLOSE or last.check not in names or store.state(last.check, last.service):
            continue
        worst = max(told, key=lambda event: event.status.severity)
        step = Step(
            event=EventKind.OPEN, episode=told[0].since, since=told[0].since, status=worst.status, reason=last.reason
        )
        store.plant(last.check, last.service, reseeded(step, last.at))
        said.append(f"{last.check}: {last.service} is taken to be bad still, as was published")
    return said
